"""Looking names up: one answer serves who paces a request, who checks it and who connects.

Two look-ups of one name can differ (DNS rebinding, round robin); one that is kept cannot."""

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from weakref import WeakKeyDictionary

from aiohttp.abc import ResolveResult

# How long an answer is believed: within one crawl, shorter than any sane record's life.
_BELIEVED_SECONDS = 30.0
# A name that could not be looked up is asked for again soon, but not twice for one request.
_FAILED_SECONDS = 3.0
_MOST_NAMES = 1024

_Task = asyncio.Task[list[ResolveResult]]


class Lookups:
    """The system's resolver with a short memory; whoever asks for a name at the same time shares."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[str, int, int], tuple[float, _Task]] = OrderedDict()

    async def addresses(
        self, host: str, port: int, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of the host. Raises OSError when it has none."""
        key = (host, port, int(family))
        entry = self._kept.get(key)
        if entry is None or entry[0] <= self._clock():
            task = asyncio.create_task(_ask(host, port, family))
            # Until it is answered it is the answer: the resolver's own time-out ends it.
            self._kept[key] = entry = (float("inf"), task)
            task.add_done_callback(lambda done: self._believe(key, done))
            while len(self._kept) > _MOST_NAMES:
                self._kept.popitem(last=False)
        return await asyncio.shield(entry[1])

    def _believe(self, key: tuple[str, int, int], task: _Task) -> None:
        failed = task.cancelled() or task.exception() is not None
        if key in self._kept and self._kept[key][1] is task:
            seconds = _FAILED_SECONDS if failed else _BELIEVED_SECONDS
            self._kept[key] = (self._clock() + seconds, task)


async def _ask(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return [
        ResolveResult(
            hostname=host,
            host=str(sockaddr[0]),
            port=port,
            family=kind,
            proto=proto,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, _, proto, _, sockaddr in found
    ]


_OF_LOOP: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookups] = WeakKeyDictionary()


def lookups() -> Lookups:
    """The look-ups of this process (of its running event loop, of which it has one)."""
    return _OF_LOOP.setdefault(asyncio.get_running_loop(), Lookups())
