"""One crawl worker: a long-lived child process that takes crawls and sends back results.

Extraction and browsers live in the child; whatever they do, the supervisor's loop stays free
and the child can be killed. The protocol is one JSON object a line: jobs in, events out.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import IO, Any

import structlog

from crawler.crawl import CrawlJob, CrawlResult
from monitor.process_tree import kill_tree, resident_bytes

Progress = Callable[[dict[str, Any]], None]

# A line carries one job or one result; the longest seen is a source with its selectors, 3 kB.
LINE_BYTES = 1024 * 1024

# Between a child's end of output and its end; a child that closed its output and lives is stuck.
END_SECONDS = 10

log = structlog.get_logger()


class WorkerDied(Exception):
    """The child ended before the crawl did. `alone`: no other crawl can have been the reason."""

    def __init__(self, message: str, *, alone: bool) -> None:
        super().__init__(message)
        self.alone = alone


class CrawlWorker:
    """A child process running `python -m crawler.run`; start it, hand it jobs, stop it."""

    def __init__(self, progress: Progress, log_to: IO[bytes] | None) -> None:
        self._progress = progress
        self._log_to = log_to
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._results: dict[str, asyncio.Future[CrawlResult]] = {}
        self._killed_for: str | None = None  # the crawl that hung
        self.taken = 0  # crawls since the process started
        self.retiring = False

    @property
    def busy(self) -> int:
        """How many crawls it has in hand."""
        return len(self._results)

    @property
    def pid(self) -> int | None:
        """The child's process id, None before it starts."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the child runs and can take a crawl."""
        return (
            self._process is not None
            and self._process.returncode is None
            and self._killed_for is None
        )

    async def start(self) -> None:
        """Start the child in a session of its own: Ctrl+C on a terminal reaches only us."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "crawler.run",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._log_to,
            limit=LINE_BYTES,
            # crawler/lifeline.py compares it with its real parent.
            env={**os.environ, "LENDWATCH_SUPERVISOR_PID": str(os.getpid())},
            start_new_session=True,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def crawl(self, job: CrawlJob) -> CrawlResult:
        """Run one crawl to its end. Raises WorkerDied when the child ends before.

        A crawl that outlives `options.crawl_timeout` takes the child down with it, because a
        hung reactor or browser answers no gentler request."""
        assert self._process is not None, "start() comes first"
        assert self._process.stdin is not None
        result: asyncio.Future[CrawlResult] = asyncio.get_running_loop().create_future()
        self._results[job.crawl_id] = result
        self.taken += 1
        try:
            # A child that is gone breaks the pipe; the reader then fails the result.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._process.stdin.write(job.model_dump_json().encode() + b"\n")
                await self._process.stdin.drain()
            limit = job.options.crawl_timeout.total_seconds()
            done, _ = await asyncio.wait({result}, timeout=limit)
            if not done:
                log.warning("crawl hangs, its worker is killed", crawl=job.crawl_id, seconds=limit)
                self._killed_for = job.crawl_id
                self.kill()
            return await result
        finally:
            del self._results[job.crawl_id]

    def memory_bytes(self) -> int:
        """Resident memory of the child, without its browser; 0 when it cannot be read."""
        return resident_bytes(self.pid) if self.pid else 0

    def kill(self) -> None:
        """Kill the child and whatever it started, the browser too."""
        if self._process is not None and self._process.returncode is None:
            kill_tree(self._process.pid)

    async def stop(self, grace_seconds: float) -> None:
        """Ask the child to end its crawls now; kill it when it has not after the grace."""
        if self._process is None or self._reader is None:
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        done, _ = await asyncio.wait({self._reader}, timeout=grace_seconds)
        if not done:
            self.kill()
        await self._reader

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Follow the child to its end; whatever ends it, every crawl in hand learns of it."""
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                self._take(json.loads(line))
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except (ValueError, TimeoutError) as error:  # a line that is none, or too long
            log.warning("crawl worker cannot be understood, it is killed", error=repr(error))
            self.kill()
            await process.wait()
        finally:
            self._fail_all(process.returncode)

    def _take(self, message: dict[str, Any]) -> None:
        if message["event"] != "finished":
            self._progress(message)
            return
        del message["event"]
        result = CrawlResult.model_validate(message)
        waiting = self._results.get(result.crawl_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(result)

    def _fail_all(self, status: int | None) -> None:
        waiting = {name: each for name, each in self._results.items() if not each.done()}
        for crawl_id, each in waiting.items():
            if crawl_id == self._killed_for:
                died = WorkerDied("no end within crawl_timeout; its worker was killed", alone=True)
            else:
                alone = len(waiting) == 1 and self._killed_for is None
                died = WorkerDied(f"the crawl worker died (exit status {status})", alone=alone)
            each.set_exception(died)
