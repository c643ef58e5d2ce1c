"""Start each source's crawl when it is due.

APScheduler holds one in-memory job a source; the store holds when each is due. A job is added
only for the due time it has, so that a restart, a sleep or a late start gives one crawl, not
one for every time that was missed, and no crawl overlaps the one before it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine

from monitor.due import due_times, reconcile
from seeds.models import Source

# How soon a due time that somebody else wrote (`lendwatch crawl` beside a running supervisor)
# is seen; also what brings the schedule back after the clock was set.
LOOK_SECONDS = 5

log = structlog.get_logger()


class Schedule:
    """Runs `crawl(source)` whenever a source is due; `crawl` stores the next due time itself."""

    def __init__(
        self,
        engine: Engine,
        sources: Sequence[Source],
        crawl: Callable[[Source], Awaitable[None]],
    ) -> None:
        self._engine = engine
        self._sources = {source.name: source for source in sources}
        self._crawl = crawl
        self._running: set[str] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # None: however late a job fires (suspended machine, busy loop), it fires.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def start(self) -> None:
        """Reconcile the store with the sources and begin."""
        await asyncio.to_thread(self._reconcile)
        self._scheduler.add_job(
            self._look, IntervalTrigger(seconds=LOOK_SECONDS), id="look", name="look"
        )
        self._scheduler.start()
        due = await self._look()
        for name, due_at in sorted(due.items(), key=lambda item: item[1])[:3]:
            log.info("next", source=name, due_at=due_at.isoformat(timespec="seconds"))

    def stop(self) -> None:
        """Start nothing more; crawls that run are the worker pool's to end."""
        self._scheduler.shutdown(wait=False)

    def _reconcile(self) -> None:
        with self._engine.begin() as connection:
            reconcile(connection, tuple(self._sources.values()), datetime.now(UTC))

    def _due_times(self) -> dict[str, datetime]:
        with self._engine.connect() as connection:
            read = connection.execution_options(lendwatch_read=True)
            return due_times(read)

    async def _look(self) -> dict[str, datetime]:
        """Give every waiting source the job its stored due time asks for."""
        due = await asyncio.to_thread(self._due_times)
        for name, due_at in due.items():
            if name in self._running or name not in self._sources:
                continue
            job = self._scheduler.get_job(name)
            if job is None or job.next_run_time != due_at:
                self._add(name, due_at)
        return due

    def _add(self, name: str, due_at: datetime) -> None:
        self._scheduler.add_job(
            self._run, DateTrigger(due_at), args=[name], id=name, name=name, replace_existing=True
        )

    async def _run(self, name: str) -> None:
        if name in self._running:
            return
        self._running.add(name)
        try:
            await self._crawl(self._sources[name])
        finally:
            self._running.discard(name)
        await self._look()
