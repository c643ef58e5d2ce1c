"""A real web server on loopback that misbehaves in every way the network room must survive.

Its site map is `NetworkSite.pages`: path to Answer, or to a function of the request's headers.
Special answers: `drip` sends one byte of the body each `drip` seconds; `close_early` ends the
connection in the middle of the body; `greeting` is said before anything was asked. Every request is kept in `requests` with its start time."""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"<html><body>ok</body></html>"
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0
    wait: float = 0.0
    close_early: bool = False
    chunked: bool = False


Page = Answer | Callable[[Mapping[str, str]], Answer]


@dataclass(frozen=True)
class Seen:
    path: str
    headers: Mapping[str, str]
    at: float
    open_connections: int
    body: bytes = b""


class NetworkSite:
    def __init__(
        self,
        pages: Mapping[str, Page],
        host: str = "127.0.0.1",
        greeting: bytes = b"",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.pages = dict(pages)
        self._greeting = greeting
        self.host = host
        self.port = 0
        self.requests: list[Seen] = []
        self.connections = 0
        self.busy = 0
        self.most_busy = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def paths(self) -> list[str]:
        return [seen.path for seen in self.requests]

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, self.host, 0, ssl=self._tls)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(self._greeting)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await self._answer(head, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        lines = head.split("\r\n")
        target = lines[0].split(" ")[1]
        headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in lines[1:] if x)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        self.requests.append(Seen(target, headers, time.monotonic(), self.busy, body))
        try:
            page = self.pages.get(target, self.pages.get("*", Answer(404, b"none")))
            answer = page if isinstance(page, Answer) else page(headers)
            await self._send(answer, writer)
            if headers.get("connection") == "close":
                raise ConnectionResetError
        finally:
            self.busy -= 1

    async def _send(self, answer: Answer, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(answer.wait)
        given = {name.lower() for name in answer.headers}
        lines = [f"HTTP/1.1 {answer.status} X"]
        if "content-length" not in given and not answer.chunked:
            lines.append(f"Content-Length: {len(answer.body) + (10 if answer.close_early else 0)}")
        if "content-type" not in given:
            lines.append("Content-Type: text/html")
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        if answer.drip:
            for byte in answer.body:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(answer.drip)
        else:
            writer.write(answer.body)
        await writer.drain()
        if answer.close_early:
            writer.close()
            raise ConnectionResetError
