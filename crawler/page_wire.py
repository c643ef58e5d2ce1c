"""What only the browser's own protocol tells of a page: bytes as they arrive, and each redirect of
what it asks for before it is followed. Playwright's routes see neither."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import CDPSession, Frame
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as BrowserPage

from crawler.outcomes import FetchRefused

# A redirect's address, and what it is for in the words of Playwright's `resource_type`.
JudgeHop = Callable[[str, str], Awaitable[None]]


class PageWire:
    """Sessions with one page, and with each of its frames that has a process of its own.

    `weigh` is told of bytes, `judge` raises FetchRefused for a redirect that is not to be followed."""

    def __init__(self, weigh: Callable[[int], None], judge: JudgeHop) -> None:
        self._weigh = weigh
        self._judge = judge
        self._sessions: dict[Frame, CDPSession] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, page: BrowserPage) -> None:
        """Listen to `page`; call it before the page goes anywhere."""
        page.on("framenavigated", self._note_frame)
        page.on("framedetached", self._forget_frame)
        await self._join(page.main_frame, await page.context.new_cdp_session(page))

    async def stop(self) -> None:
        """No more of what is under way, in any process. Never raises for a page that went away."""
        for session in list(self._sessions.values()):
            with contextlib.suppress(PlaywrightError):
                await session.send("Page.stopLoading")

    async def _join(self, frame: Frame, session: CDPSession) -> None:
        self._sessions[frame] = session
        session.on("Network.dataReceived", self._note_bytes)
        session.on("Fetch.requestPaused", lambda paused: self._begin(self._pass(session, paused)))
        await session.send("Network.enable")
        await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    def _note_bytes(self, received: dict[str, Any]) -> None:
        self._weigh(int(received["dataLength"]))

    def _note_frame(self, frame: Frame) -> None:
        if frame.parent_frame is not None:
            self._begin(self._join_frame(frame))

    def _forget_frame(self, frame: Frame) -> None:
        self._sessions.pop(frame, None)

    async def _join_frame(self, frame: Frame) -> None:
        """A frame of another site runs in another process, of which the page's session hears nothing;
        each place that it goes to may be another one."""
        if (old := self._sessions.pop(frame, None)) is not None:
            with contextlib.suppress(PlaywrightError):
                await old.detach()
        with contextlib.suppress(PlaywrightError):  # it shares the page's process, or is gone
            await self._join(frame, await frame.page.context.new_cdp_session(frame))

    async def _pass(self, session: CDPSession, paused: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"requestId": paused["requestId"]}
        method = "Fetch.continueRequest"
        if "redirectedRequestId" in paused:  # the rest was asked of the page's route already
            try:
                await self._judge(paused["request"]["url"], paused["resourceType"].lower())
            except FetchRefused:
                method, answer["errorReason"] = "Fetch.failRequest", "Aborted"
        with contextlib.suppress(PlaywrightError):  # the page went away meanwhile
            await session.send(method, answer)

    def _begin(self, doing: Awaitable[None]) -> None:
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
