"""One POST through the egress guard: what is connected to is checked at the socket, no redirect is
followed, and the answer is bounded in time and size."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import aiohttp

from crawler.download import checked_connector
from crawler.egress import IPNetwork, check_url
from crawler.waits import retry_after

# Of an answer, what a person may want to read of it.
_READ_BYTES = 2_000


class NotSent(Exception):
    """No connection stood: nothing can have been handed over."""


class AnswerLost(Exception):
    """What was sent may have arrived; no answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: the beginning of its text, and how long it asks to be left alone."""

    status: int
    reason: str
    text: str
    location: str = ""
    wait: timedelta = timedelta(0)


class Poster:
    """Posts to public addresses, and to those of `allow`; one for as long as a run lasts."""

    def __init__(self, allow: tuple[IPNetwork, ...], timeout: timedelta) -> None:
        self._allow = allow
        seconds = timeout.total_seconds()
        # Looking up and TLS are part of `connect`: until it has ended, nothing was sent.
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=seconds / 2)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            # A kept connection that the server has closed meanwhile would lose a message's answer.
            connector=checked_connector(self._allow, force_close=True),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        before_sending: Callable[[], Awaitable[None]],
    ) -> Answer:
        """Post `body`. Raises FetchRefused (not to this address), NotSent, AnswerLost.

        `before_sending` is awaited when the address was judged and nothing has been sent."""
        check_url(url, self._allow)
        if self._session is None:
            raise RuntimeError("not entered; use `async with Poster(…)`")
        await before_sending()
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return await _answer(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"no connection: {error}") from error
        except (aiohttp.ClientError, OSError) as error:  # asyncio's TimeoutError is one
            raise AnswerLost(f"no answer: {error or type(error).__name__}") from error


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    text = b""
    with suppress(aiohttp.ClientError, OSError):  # its status stands, whatever becomes of its text
        text = await response.content.read(_READ_BYTES)
    asked = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
    return Answer(
        status=response.status,
        reason=response.reason or "",
        text=text.decode("utf-8", "replace"),
        location=response.headers.get("Location", ""),
        wait=asked or timedelta(0),
    )
