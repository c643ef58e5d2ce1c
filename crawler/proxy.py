"""A forward proxy for the browser that connects to checked addresses only.

A browser follows redirects, opens sockets and pop-ups where no hook of ours sees them; it cannot
go anywhere but through here. Start one in the process that starts the browser:

    async with CheckingProxy(allowed_networks(options)) as proxy:
        launch(args=browser_arguments(proxy.url))"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import structlog

from crawler.download import CheckedResolver
from crawler.egress import BlockedAddress, IPNetwork, check_address, check_url
from crawler.outcomes import FetchRefused
from crawler.urls import UrlParts

log = structlog.get_logger(__name__)

_REQUEST = re.compile(rb"([A-Z]{1,16}) (\S{1,8192}) HTTP/1\.[01]")
_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"upgrade", b"te"}
)
_HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_REMEMBERED = 256


_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """What one browser may take: a page opens some dozens of connections, none for long."""

    connections: int = 128
    connect_seconds: float = 10.0
    idle_seconds: float = 30.0
    tunnel_seconds: float = 120.0
    tunnel_bytes: int = 64 * 1024 * 1024


class _CannotConnect(Exception):
    """No address of the host took the connection."""


class CheckingProxy:
    """Listens on loopback, on a port of its own, until it is closed."""

    def __init__(
        self, allow: tuple[IPNetwork, ...] = (), limits: ProxyLimits | None = None
    ) -> None:
        self._allow = allow
        self._limits = limits or ProxyLimits()
        self._resolver = CheckedResolver(allow)
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._refusals: OrderedDict[str, FetchRefused] = OrderedDict()

    @property
    def url(self) -> str:
        """Where the proxy listens: `http://127.0.0.1:PORT`."""
        if self._server is None:
            raise RuntimeError("the proxy is not started; use `async with CheckingProxy(…)`")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    def refusal(self, url: str) -> FetchRefused | None:
        """Why the host of this URL was refused, if it was: the browser only shows that it failed."""
        try:
            parts = check_url(url, self._allow)
        except FetchRefused as error:
            return error
        return self._refusals.get(_key(parts))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, limit=_HEAD_BYTES, backlog=self._limits.connections
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in tuple(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._serving) >= self._limits.connections:
            await _close(writer)
            return
        self._serving.add(task)
        try:
            async with asyncio.timeout(self._limits.tunnel_seconds):
                await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser sees the connection end, which is the answer
        except asyncio.CancelledError:
            pass  # only __aexit__ cancels; asyncio 3.11 logs a cancelled handler as an error
        finally:
            self._serving.discard(task)
            await _close(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(self._limits.idle_seconds):
            head = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        request = _REQUEST.fullmatch(line)
        if request is None:
            await _answer(writer, "400 Bad Request", "not a request that a proxy serves")
            return
        method, target = request.group(1).decode(), request.group(2).decode("latin-1")
        url = f"https://{target}/" if method == "CONNECT" else target
        try:
            parts = check_url(url, self._allow)
            upstream = await self._connect(parts)
            self._refusals.pop(_key(parts), None)
        except FetchRefused as error:
            self._remember(url, error)
            await _answer(writer, "403 Forbidden", str(error))
            return
        except (_CannotConnect, OSError, TimeoutError) as error:
            await _answer(writer, "502 Bad Gateway", str(error) or "no connection")
            return
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                most = self._limits.tunnel_bytes
                await _until_one_ends(
                    self._pass_on(reader, upstream[1], most),
                    self._pass_on(upstream[0], writer, most),
                )
            else:
                upstream[1].write(_origin_head(method, parts, rest))
                # Exactly this request's body: the next request may be for another site, and
                # must not end up at this one.
                await _until_one_ends(
                    self._pass_body(reader, upstream[1], _body_length(rest)),
                    self._pass_answer(upstream[0], writer),
                )
        finally:
            await _close(upstream[1])

    async def _connect(self, parts: UrlParts) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address of the host that was checked, and checked when it stands."""
        last: Exception | None = None
        async with asyncio.timeout(self._limits.connect_seconds):
            for address in await self._resolver.resolve(parts.host, parts.port):
                try:
                    reader, writer = await asyncio.open_connection(
                        address["host"], parts.port, family=address["family"]
                    )
                except OSError as error:
                    last = error
                    continue
                try:
                    check_address(writer.get_extra_info("peername")[0], self._allow)
                except BlockedAddress:
                    await _close(writer)
                    raise
                return reader, writer
        raise _CannotConnect(f"{parts.netloc} takes no connection ({last})")

    async def _pass_answer(self, site: asyncio.StreamReader, browser: asyncio.StreamWriter) -> None:
        """Pass on a plain answer, telling the browser to use no connection twice."""
        async with asyncio.timeout(self._limits.idle_seconds):
            head = await site.readuntil(b"\r\n\r\n")
        status, *headers = head.rstrip(b"\r\n").split(b"\r\n")
        kept = _end_to_end(headers)
        browser.write(b"\r\n".join([status, *kept, b"Connection: close", b"", b""]))
        await self._pass_on(site, browser, self._limits.tunnel_bytes)

    async def _pass_on(
        self, source: asyncio.StreamReader, drain: asyncio.StreamWriter, left: int
    ) -> None:
        """Pass on until the source ends or sends more than it may."""
        while chunk := await source.read(_CHUNK):
            drain.write(chunk[:left])
            left -= len(chunk)
            if left < 0:
                return
            async with asyncio.timeout(self._limits.idle_seconds):
                await drain.drain()

    async def _pass_body(
        self, browser: asyncio.StreamReader, site: asyncio.StreamWriter, length: int
    ) -> None:
        """Pass on a request's body; what comes after it goes nowhere. Ends with the browser."""
        while chunk := await browser.read(_CHUNK):
            if length > 0:
                site.write(chunk[:length])
                length -= len(chunk)
                await site.drain()

    def _remember(self, url: str, error: FetchRefused) -> None:
        log.warning("proxy.refused", url=url[:200], reason=str(error))
        with suppress(FetchRefused):
            self._refusals[_key(check_url(url, self._allow))] = error
        while len(self._refusals) > _REMEMBERED:
            self._refusals.popitem(last=False)


async def _until_one_ends(*ways: Coroutine[None, None, None]) -> None:
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def browser_arguments(proxy_url: str) -> list[str]:
    """Chromium's arguments that leave it no way out but the proxy."""
    return [
        f"--proxy-server={proxy_url}",
        "--proxy-bypass-list=<-loopback>",  # by default loopback goes around any proxy
        # No look-ups of its own: names are resolved, and checked, by the proxy.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--disable-quic",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    ]


def _key(parts: UrlParts) -> str:
    return f"{parts.host}:{parts.port}"


def _origin_head(method: str, parts: UrlParts, headers: bytes) -> bytes:
    """The request as the site itself wants it; one a connection, so that it ends."""
    query = f"?{parts.query}" if parts.query else ""
    lines = [line for line in headers.rstrip(b"\r\n").split(b"\r\n") if _name(line) != b"host"]
    first = f"{method} {parts.path}{query} HTTP/1.1".encode("ascii")
    host = f"Host: {parts.netloc}".encode("ascii")
    return b"\r\n".join([first, host, *_end_to_end(lines), b"Connection: close", b"", b""])


def _end_to_end(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if line and _name(line) not in _HOP_BY_HOP]


def _body_length(headers: bytes) -> int:
    """Bytes of body that belong to a browser's plain request; browsers never send it chunked."""
    for line in headers.split(b"\r\n"):
        if _name(line) == b"content-length":
            value = line.split(b":", 1)[1].strip()
            return int(value) if value.isdigit() and len(value) < 10 else 0
    return 0


def _name(line: bytes) -> bytes:
    return line.split(b":", 1)[0].strip().lower()


async def _answer(writer: asyncio.StreamWriter, status: str, text: str) -> None:
    body = f"lendwatch: {text}\n".encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode("ascii") + body)
    await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.close()
        await writer.wait_closed()
