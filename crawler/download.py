"""The one HTTP client of the crawler: it connects to checked addresses only, within limits.

DOWNLOAD_HANDLERS = {"http": "crawler.download.CheckedDownloadHandler", "https": the same,
"data": None, "file": None, "ftp": None, "s3": None}."""

import ipaddress
import re
import socket
import ssl
import time
from dataclasses import replace
from functools import lru_cache
from typing import Any, NoReturn

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import (
    BaseStreamingDownloadHandler,
    _BaseResponseArgs,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.ssl import _make_ssl_context

from crawler.egress import IPNetwork, allowed_networks, check_address, check_addresses, check_url
from crawler.exchange import Exchange, in_all, left_out, sent
from crawler.lookup import lookups
from crawler.outcomes import TooLarge
from crawler.page import Wire

# Request.meta key: True asks that the exchange is kept as it crosses the network; then its Wire.
WIRE = "lendwatch_wire"
# Request.meta key: True asks the browser for a picture of what it shows; then its bytes (PNG).
PICTURE = "lendwatch_picture"
# Request.meta key: read this many bytes of the body and leave the rest (robots.txt).
CUT_AT = "lendwatch_cut_at"
_NOT_MODIFIED = 304
# Some sites send 20 kB policies and cookies in one line; aiohttp's own 8,190 fails on them.
_LONGEST_HEADER = 64 * 1024
# Reading the system's certificates takes 16 ms; a crawl inside a running worker takes 10.
_TLS_CONTEXTS: dict[tuple[str, ...], ssl.SSLContext] = {}
_TLS_SETTINGS = (
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "DOWNLOAD_TLS_MIN_VERSION",
    "DOWNLOAD_TLS_MAX_VERSION",
    "DOWNLOADER_CLIENT_TLS_CIPHERS",
)
# Their messages carry the SSL context's address in memory (`ssl:<ssl.SSLContext object at …>`).
_WORDY = (DownloadConnectionRefusedError, CannotResolveHostError, DownloadFailedError)
_SSL_NOISE = re.compile(r" ssl:(?:<[^>]*>|\w+)")


def _tls_context(settings: BaseSettings) -> ssl.SSLContext:
    """One context for all crawls of a process that ask for the same."""
    key = tuple(str(settings[name]) for name in _TLS_SETTINGS)
    if key not in _TLS_CONTEXTS:
        _TLS_CONTEXTS[key] = _make_ssl_context(settings)
    return _TLS_CONTEXTS[key]


class CheckedResolver(AbstractResolver):
    """The process's look-ups; a host with any non-public address has none at all."""

    def __init__(self, allow: tuple[IPNetwork, ...]) -> None:
        self._allow = allow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of the host, each of them public. Raises BlockedAddress, OSError."""
        found = await lookups().addresses(host, port, family)
        check_addresses(host, [each["host"] for each in found], self._allow)
        return found

    async def close(self) -> None:
        """Nothing is held open."""


def checked_connector(allow: tuple[IPNetwork, ...], **options: Any) -> aiohttp.TCPConnector:
    """A connector that opens sockets to public addresses only, and to those of `allow`.

    The last gate: asked for each address about to be connected to, literal or looked up."""

    def open_socket(address: Any) -> socket.socket:
        family, kind, proto, _, sockaddr = address
        check_address(str(sockaddr[0]), allow)
        return socket.socket(family=family, type=kind, proto=proto)

    return aiohttp.TCPConnector(
        resolver=CheckedResolver(allow),
        socket_factory=open_socket,
        use_dns_cache=False,  # crawler.lookup remembers
        **options,
    )


def _wire_of(response: _ClientResponse, address: str) -> Wire:
    """What was sent and what came back, up to the body."""
    asked, version = response.request_info, response.version
    protocol = f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1"
    return Wire(
        request_line=f"{asked.method} {asked.url.raw_path_qs} HTTP/1.1".encode(),
        request_headers=tuple(
            (name.encode(), value.encode("utf-8", "surrogateescape"))
            for name, value in asked.headers.items()
        ),
        status_line=f"{protocol} {response.status} {response.reason or ''}".rstrip().encode(
            "utf-8", "surrogateescape"
        ),
        headers=tuple(response.raw_headers),
        address=address,
    )


# An address is read again with every answer that it gives.
_ip_address = lru_cache(maxsize=1024)(ipaddress.ip_address)


class CheckedDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler with the egress guard at the socket and a deadline over all hops.

    Scrapy marks its handler experimental because it lacks SOCKS and per-request bind addresses,
    which we do not use. Of the two there it is the one that lets us see each socket's address
    before the first packet."""

    experimental = False
    supports_proxies = False
    lazy = True  # most crawls need one scheme of the two

    def __init__(self, crawler: Crawler) -> None:
        # Not AiohttpDownloadHandler's: it would open a session whose connector checks nothing.
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._allow = allowed_networks(crawler.settings["LENDWATCH_OPTIONS"])
        self._ssl_context = _tls_context(crawler.settings)
        self._session = aiohttp.ClientSession(
            connector=self._connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )

    async def download_request(self, request: Request) -> Response:
        """Fetch one hop. A redirect's next hop inherits what is left of the time."""
        check_url(request.url, self._allow)
        started = time.monotonic()
        try:
            response = await super().download_request(request)
        except _WORDY as error:
            error.args = (_SSL_NOISE.sub("", str(error)),)
            raise
        if WIRE in request.meta:
            request.meta[WIRE] = replace(request.meta[WIRE], body=response.body)
        if 300 <= response.status < 400:
            left = request.meta.get("download_timeout", 0) - (time.monotonic() - started)
            request.meta["download_timeout"] = max(left, 0.001)
        return response

    def _connector(self) -> aiohttp.TCPConnector:
        return checked_connector(
            self._allow,
            local_addr=self._bind_address,
            limit=self._pool_size_total,
            limit_per_host=self._pool_size_per_host,
        )

    def _make_request(self, request: Request, timeout: float) -> Exchange:  # type: ignore[override]
        # No empty body: it would be announced (`Content-Length: 0`) and written by a task of its own.
        asked = self._session.request(
            request.method,
            request.url,
            data=request.body or None,
            headers=sent(request.headers),
            skip_auto_headers=left_out(request),
            timeout=in_all(timeout),
            ssl=self._ssl_context,
            allow_redirects=False,
        )
        return Exchange(asked, request.url, timeout)

    async def _read_response(self, response: _ClientResponse, request: Request) -> Response:
        """The answer, within the limits. Unlike Scrapy's, it signals to nobody that parts came."""
        headers, cut_at = self._extract_headers(response), request.meta.get(CUT_AT)
        most = request.meta.get("download_maxsize", self._default_maxsize)
        if (
            most
            and not cut_at
            and (announced := headers.get("Content-Length"))
            and int(announced) > most
        ):
            self._cancel_maxsize(int(announced), most, request, expected=True)
        args = self._build_base_response_args(response, request, headers)
        try:
            body = await self._body(response, request, most, cut_at)
        except aiohttp.ClientPayloadError as error:
            raise ResponseDataLossError(str(error)) from error
        kind = responsetypes.from_args(headers=headers, url=args["url"], body=body)
        # They are put on as they are: given with the rest they would be written anew.
        bare: dict[str, Any] = {**args, "headers": None}
        found: Response = kind(**bare, body=body)
        found.headers = headers
        return found

    async def _body(
        self, response: _ClientResponse, request: Request, most: int, cut_at: int | None
    ) -> bytes:
        chunks, size = [], 0
        async for chunk in response.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if cut_at and size >= cut_at:
                return b"".join(chunks)[:cut_at]
            if most and size > most:
                self._cancel_maxsize(size, most, request, expected=False)
        return b"".join(chunks)

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """The bytes as sent: aiohttp's own text form cannot be encoded again when they are GBK."""
        return Headers(response.raw_headers)

    @staticmethod
    def _build_base_response_args(
        response: _ClientResponse, request: Request, headers: Headers
    ) -> _BaseResponseArgs:
        version, connection = response.version, response._ssl_object  # noqa: SLF001  # our own base
        assert response._peername is not None  # noqa: SLF001  # as above
        args: _BaseResponseArgs = {
            "status": response.status,
            "url": request.url,
            "headers": headers,
            "certificate": connection.getpeercert(binary_form=True) if connection else None,
            "ip_address": _ip_address(response._peername[0]),  # noqa: SLF001  # as above
            "protocol": f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1",
        }
        if response.status == _NOT_MODIFIED:
            request.meta.pop(WIRE, None)  # nothing new came: no evidence is made of it
        elif WIRE in request.meta:
            request.meta[WIRE] = _wire_of(response, str(args["ip_address"]))
        return args

    @staticmethod
    def _cancel_maxsize(size: int, limit: int, request: Request, *, expected: bool) -> NoReturn:
        said = "announces" if expected else "sent"
        raise TooLarge(f"{request.url} {said} {size} bytes; page_bytes allows {limit}")
