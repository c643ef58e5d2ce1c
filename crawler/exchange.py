"""One request to the HTTP client: what is sent of it, how long it may take, what its failures are called."""

from collections.abc import Awaitable
from functools import lru_cache
from types import TracebackType
from typing import Any

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers

# What aiohttp raises, the special before the general, and Scrapy's name for it.
_NAMED: tuple[tuple[type[Exception], type[Exception]], ...] = (
    (aiohttp.InvalidUrlClientError, UnsupportedURLSchemeError),
    (aiohttp.NonHttpUrlClientError, UnsupportedURLSchemeError),
    (aiohttp.ClientConnectorDNSError, CannotResolveHostError),
    (aiohttp.ClientConnectorError, DownloadConnectionRefusedError),
    (aiohttp.ClientError, DownloadFailedError),
)

_OF_ITSELF = (b"Accept", b"Accept-Encoding", b"User-Agent")


class Exchange:
    """A request on its way: `async with` it for its answer. What goes wrong has Scrapy's names."""

    def __init__(self, asked: Awaitable[Any], url: str, seconds: float) -> None:
        self._asked = asked
        self._url = url
        self._seconds = seconds
        self._response: Any = None

    async def __aenter__(self) -> _ClientResponse:
        try:
            self._response = await self._asked
        except Exception as error:
            raise self._named(error) from error
        response: _ClientResponse = self._response
        return response

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._response.__aexit__(kind, error, at)
        if isinstance(error, Exception) and (named := self._named(error)) is not error:
            raise named from error

    def _named(self, error: Exception) -> Exception:
        if isinstance(error, TimeoutError):
            took = f"Getting {self._url} took longer than {self._seconds} seconds."
            return DownloadTimeoutError(took)
        for theirs, ours in _NAMED:
            if isinstance(error, theirs):
                return ours(str(error))
        return error


def sent(headers: Headers) -> list[tuple[str, str]]:
    """A request's headers, but for what is for a proxy: there are none."""
    return [
        (name.decode(), value.decode())
        for name, values in dict.items(headers)
        if name != b"Proxy-Authorization"
        for value in values
    ]


def left_out(request: Request) -> list[str] | None:
    """What aiohttp would say of itself where the request says nothing; None when there is nothing:
    then it need not look each name up."""
    said = dict.keys(request.headers)
    left = [name for name in _OF_ITSELF if name not in said]
    if request.body and b"Content-Type" not in said:
        left.append(b"Content-Type")
    return [name.decode() for name in left] or None


@lru_cache(maxsize=64)
def in_all(seconds: float) -> aiohttp.ClientTimeout:
    """A limit on the whole exchange."""
    return aiohttp.ClientTimeout(total=seconds)
