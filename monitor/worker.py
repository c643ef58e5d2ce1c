"""One crawl worker: a long-lived child process that takes crawls and sends back results.

Extraction and browsers live in the child; whatever they do, the supervisor's loop stays free
and the child can be killed. The protocol is one JSON object a line: jobs in, events out.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import structlog

from crawler.crawl import CrawlJob, CrawlResult

Progress = Callable[[dict[str, Any]], None]

# A line carries one job or one result; the longest seen is a source with its selectors, 3 kB.
LINE_BYTES = 1024 * 1024

log = structlog.get_logger()


class CrawlWorker:
    """A child process running `python -m crawler.run`; start it, hand it jobs, stop it."""

    def __init__(self, progress: Progress, log_to: IO[bytes] | None) -> None:
        self._progress = progress
        self._log_to = log_to
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._jobs: dict[str, tuple[CrawlJob, datetime, asyncio.Future[CrawlResult]]] = {}
        self.taken = 0  # crawls since the process started
        self.retiring = False

    @property
    def busy(self) -> int:
        """How many crawls it has in hand."""
        return len(self._jobs)

    @property
    def pid(self) -> int | None:
        """The child's process id, None before it starts."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the child runs and can take a crawl."""
        return self._process is not None and self._process.returncode is None

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
            start_new_session=True,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def crawl(self, job: CrawlJob) -> CrawlResult:
        """Run one crawl to its end. A child that dies meanwhile gives state `interrupted`.

        A crawl that outlives `options.crawl_timeout` takes the child down with it, because a
        hung reactor or browser answers no gentler request."""
        assert self._process is not None, "start() comes first"
        assert self._process.stdin is not None
        future: asyncio.Future[CrawlResult] = asyncio.get_running_loop().create_future()
        self._jobs[job.crawl_id] = (job, datetime.now(UTC), future)
        self.taken += 1
        try:
            self._process.stdin.write(job.model_dump_json().encode() + b"\n")
            await self._process.stdin.drain()
            limit = job.options.crawl_timeout.total_seconds()
            return await asyncio.wait_for(asyncio.shield(future), limit)
        except TimeoutError:
            log.warning("crawl hangs, its worker is killed", crawl=job.crawl_id, seconds=limit)
            self._give_up(job, f"no end after {job.options.crawl_timeout}; the worker was killed")
            self.kill()
            return await future
        except (BrokenPipeError, ConnectionResetError):
            return await future  # the reader sees the end of the child and resolves it
        finally:
            self._jobs.pop(job.crawl_id, None)

    def memory_bytes(self) -> int:
        """Resident memory of the child; 0 when it cannot be read."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "x 0")
        return int(line.split()[1]) * 1024

    def kill(self) -> None:
        """Kill the child and whatever it started (its session holds the browser too)."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def stop(self, grace_seconds: float) -> None:
        """Ask the child to end its crawls now; kill it when it has not after the grace."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), grace_seconds)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        if self._reader is not None:
            await self._reader

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            message = json.loads(line)
            event = message.pop("event")
            if event == "finished":
                result = CrawlResult.model_validate(message)
                self._resolve(result)
            else:
                self._progress({"event": event, **message})
        await process.wait()
        for job, _, _ in list(self._jobs.values()):
            self._give_up(job, f"the crawl worker died (exit {process.returncode})")

    def _give_up(self, job: CrawlJob, message: str) -> None:
        held = self._jobs.get(job.crawl_id)
        if held is None:
            return
        self._resolve(
            CrawlResult(
                crawl_id=job.crawl_id,
                source=job.source.name,
                state="interrupted",
                started_at=held[1],
                finished_at=datetime.now(UTC),
                message=message,
            )
        )

    def _resolve(self, result: CrawlResult) -> None:
        held = self._jobs.get(result.crawl_id)
        if held is not None and not held[2].done():
            held[2].set_result(result)
