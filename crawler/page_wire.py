"""What a page in the browser does on the wire, beyond what Playwright shows: redirects before they are
followed, and bytes as they come; of its frames and workers in other processes too.

Chromium pauses every request here once more, a redirect's next hop among them. Frames of other sites
and workers live in other processes: each is attached to before it begins, and so are theirs."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

# A script of this name would be a process of its own that no page's wire shows.
NO_SHARED_WORKERS = "delete window.SharedWorker"
_ATTACHED = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False}

_Send = Callable[[str, dict[str, Any]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a redirect leads: `kind` is Playwright's resource type; `is_page`: the page itself goes."""

    url: str
    kind: str
    is_page: bool


class PageWire:
    """One page's sessions in Chromium's protocol.

    `received` is told of bytes, decoded; `follows` says whether a redirect may be followed."""

    def __init__(
        self,
        session: CDPSession,
        received: Callable[[int], None],
        follows: Callable[[Hop], Awaitable[bool]],
    ) -> None:
        self._session = session
        self._received = received
        self._follows = follows
        self._page_frame = ""
        self._numbers = count(1)
        self._ends: dict[str, Callable[[], Awaitable[object]]] = {}  # of frames, workers
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen; call it before the page goes anywhere."""
        found = await self._session.send("Target.getTargetInfo")
        self._page_frame = found["targetInfo"]["targetId"]
        for event in (
            "Fetch.requestPaused",
            "Network.dataReceived",
            "Target.attachedToTarget",
            "Target.detachedFromTarget",
            "Target.receivedMessageFromTarget",
        ):
            self._session.on(event, self._listener(event))
        await self._listen(self._session.send)
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    async def stop_loading(self) -> None:
        """End what is under way, and let the page keep what it has."""
        await self._session.send("Page.stopLoading")
        for end in list(self._ends.values()):
            await _unless_gone(end())

    def _listener(self, event: str) -> Callable[[dict[str, Any]], None]:
        return lambda told: self._hear(self._session.send, event, told)

    async def _listen(self, send: _Send) -> None:
        await send("Network.enable", {})
        await send("Target.setAutoAttach", _ATTACHED)

    def _hear(self, send: _Send, event: str, told: dict[str, Any]) -> None:
        """Something happened in the page, or in the frame or worker that `send` talks to."""
        if event == "Network.dataReceived":
            self._received(int(told["dataLength"]))
        elif event == "Fetch.requestPaused":
            self._start(self._decide(send, told))
        elif event == "Target.attachedToTarget":
            inner = self._sender(send, told["sessionId"])
            is_frame = told["targetInfo"]["type"] == "iframe"
            stop = {"expression": "window.stop()" if is_frame else "self.close()"}
            self._ends[told["sessionId"]] = partial(inner, "Runtime.evaluate", stop)
            self._start(self._join(inner, is_frame=is_frame))
        elif event == "Target.detachedFromTarget":
            self._ends.pop(told["sessionId"], None)
        elif event == "Target.receivedMessageFromTarget":
            message = json.loads(told["message"])
            inner = self._sender(send, told["sessionId"])
            self._hear(inner, message.get("method", ""), message.get("params", {}))

    def _sender(self, send: _Send, session: str) -> _Send:
        """Sends to a frame or worker, by way of what it belongs to. Nobody waits for its answer."""

        async def to(method: str, parameters: dict[str, Any]) -> None:
            message = {"id": next(self._numbers), "method": method, "params": parameters}
            told = {"sessionId": session, "message": json.dumps(message)}
            await send("Target.sendMessageToTarget", told)

        return to

    async def _join(self, send: _Send, *, is_frame: bool) -> None:
        """Listen to a frame or worker, then let it begin."""
        await self._listen(send)
        if is_frame:  # a worker's requests pass by the session of what it belongs to
            await send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
        await send("Runtime.runIfWaitingForDebugger", {})

    async def _decide(self, send: _Send, told: dict[str, Any]) -> None:
        asked = {"requestId": told["requestId"]}
        if "redirectedRequestId" in told:
            kind = told["resourceType"].lower()
            is_page = kind == "document" and told["frameId"] == self._page_frame
            if not await self._follows(Hop(told["request"]["url"], kind, is_page)):
                # Any other reason puts an error page in the page's place.
                await send("Fetch.failRequest", asked | {"errorReason": "Aborted"})
                return
        await send("Fetch.continueRequest", asked)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_unless_gone(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _unless_gone(work: Awaitable[object]) -> None:
    try:
        await work
    except PlaywrightError:
        return  # page, frame or browser went away meanwhile
