"""Start each source's crawl when it is due.

The store holds when each source is due; APScheduler holds one in-memory job a source, for that
time. A restart, a sleep or a late start therefore gives one crawl, not one for every time that
was missed, and no crawl overlaps the one before it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from monitor.due import due_times, reconcile
from seeds.models import Source

# How soon a due time that somebody else wrote (`lendwatch crawl` beside a running supervisor)
# is seen, and how late a job is at most after the clock was set or the machine slept.
LOOK_SECONDS = 2

# How many of the next crawls are named in the log at start.
NEXT_NAMED = 3

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
        # Not APScheduler's to run: its shutdown cancels what runs, and then nothing records
        # how the crawl ended.
        self._crawls: dict[str, asyncio.Task[None]] = {}
        self._looking = asyncio.Lock()
        self._looker: asyncio.Task[None] | None = None
        self._stopped = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # None: however late a job fires (suspended machine, busy loop), it fires.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def start(self) -> None:
        """Reconcile the store with the sources and begin."""
        await asyncio.to_thread(self._reconcile)
        self._scheduler.start()
        due = await self._look()
        for name, due_at in sorted(due.items(), key=lambda item: item[1])[:NEXT_NAMED]:
            log.info("next", source=name, due_at=due_at.isoformat(timespec="seconds"))
        self._looker = asyncio.create_task(self._keep_looking(), name="schedule")

    def stop(self) -> None:
        """Start nothing more. Crawls that run go on: wait for them with `ended`."""
        self._stopped = True
        if self._looker is not None:
            self._looker.cancel()
            self._scheduler.shutdown(wait=False)

    async def ended(self) -> None:
        """Return when no crawl runs any more and each is on record."""
        await asyncio.gather(*self._crawls.values())

    def _reconcile(self) -> None:
        with self._engine.begin() as connection:
            reconcile(connection, tuple(self._sources.values()), datetime.now(UTC))

    def _due_times(self) -> dict[str, datetime]:
        with self._engine.connect() as connection:
            return due_times(connection.execution_options(lendwatch_read=True))

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look_if_possible()

    async def _look_if_possible(self) -> None:
        try:
            await self._look()
        except DBAPIError as error:
            log.warning("the schedule cannot be read, tried again", problem=str(error.orig))

    async def _look(self) -> dict[str, datetime]:
        """Give every waiting source the job its stored due time asks for.

        Under the lock no crawl ends: a due time read just before that would start it again."""
        async with self._looking:
            due = await asyncio.to_thread(self._due_times)
            if not self._stopped:
                for name in self._sources.keys() & due.keys() - self._crawls.keys():
                    self._set_job(name, due[name])
                # Its timer counts seconds; after the clock was set they end at the wrong time.
                self._scheduler.wakeup()
            return due

    def _set_job(self, name: str, due_at: datetime) -> None:
        job = self._scheduler.get_job(name)
        if job is None or job.next_run_time != due_at:
            self._scheduler.add_job(
                self._begin, DateTrigger(due_at), [name], id=name, name=name, replace_existing=True
            )

    async def _begin(self, name: str) -> None:
        if name not in self._crawls and not self._stopped:
            self._crawls[name] = asyncio.create_task(self._run(name), name=f"crawl {name}")

    async def _run(self, name: str) -> None:
        try:
            await self._crawl(self._sources[name])
        except Exception:  # the edge "one scheduled job": it stays due, the next look has it again
            log.exception("crawl failed, it is started again", source=name)
            await asyncio.sleep(LOOK_SECONDS)
        async with self._looking:
            del self._crawls[name]
        if not self._stopped:
            await self._look_if_possible()
