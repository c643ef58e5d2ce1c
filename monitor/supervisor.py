"""The one process behind `lendwatch serve`: schedule, intake, delivery and health together."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawler.crawl import CrawlResult
from monitor.alerts.deliver import Delivery
from monitor.alerts.receivers import CHANNELS
from monitor.config import Config
from monitor.crawls import record_interrupted
from monitor.dispatch import Dispatch
from monitor.evidence.retention import drop_old
from monitor.health import health
from monitor.lock import Hold
from monitor.pool import PoolClosed, WorkerPool
from monitor.schedule import Schedule
from monitor.takein import TakingIn
from monitor.web.app import build_app
from monitor.web.server import WebServer
from monitor.worker import Progress
from seeds.models import Seeds, Source

# How often the log and the outbox are looked at when nothing announced a change: a crawl run by
# hand beside us, or a digest that has become due. Both looks are one indexed query.
IDLE_SECONDS = 5

# A crawl in a child closes its spider within a second, a hung one is killed and recorded.
# Together with the last intake it stays below the ten seconds that Docker waits.
GRACE_SECONDS = 6

log = structlog.get_logger()


class Supervisor:
    """Keeps a store up to date until `stop` is set; `hold` is its hold on the store."""

    def __init__(
        self,
        engine: Engine,
        config: Config,
        seeds: Seeds,
        progress: Progress | None = None,
        hold: Hold | None = None,
    ) -> None:
        self._engine = engine
        self._config = config
        self._progress = progress or (lambda _message: None)
        self._hold = hold or Hold()
        log_path = config.workspace / "logs" / "crawl.log"
        self.pool = WorkerPool(config.crawl.workers, self._on_progress, log_path)
        self._dispatch = Dispatch(engine, config, self.pool)
        sources = tuple(source for source in seeds.sources if source.enabled)
        self.schedule = Schedule(engine, sources, self._crawl)
        self._taking_in = TakingIn(engine, config, seeds.watchlist)
        # One for each channel: a receiver that hangs must not keep mail waiting that is due later.
        self._deliveries = {each: Delivery(engine, config, each) for each in CHANNELS}
        self._collected = asyncio.Event()
        self._decided = {each: asyncio.Event() for each in CHANNELS}
        self._held = asyncio.Event()  # never set: the hold is looked at when idle
        self._stopping = False
        self._troubles: dict[str, str] = {}
        self._retained_on: date | None = None
        self._started_at = datetime.now(UTC)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end cleanly: crawls first, then what they collected."""
        web = WebServer(build_app(self.report), self._config.web)
        await asyncio.to_thread(self._recover)
        deliveries = [
            asyncio.create_task(
                self._repeat(f"delivery by {each}", partial(self._deliver, each), decided)
            )
            for each, decided in self._decided.items()
        ]
        others = [
            asyncio.create_task(self._repeat("intake", self._take_in, self._collected)),
            asyncio.create_task(self._repeat("lock", self._keep_hold, self._held)),
            asyncio.create_task(self._repeat("evidence", self._retain, self._held)),
            asyncio.create_task(web.serve()),
        ]
        told = asyncio.create_task(stop.wait())
        try:
            await self.schedule.start()
            await asyncio.wait({told, *deliveries, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            log.info("stopping", grace_seconds=GRACE_SECONDS)
            told.cancel()
            for each in deliveries:
                each.cancel()  # it lets the message in hand come to its end
            await self._end_crawls()
            self._stopping = True
            web.stop()
            for event in (self._collected, self._held):
                event.set()
            ended = await asyncio.gather(*deliveries, *others, return_exceptions=True)
        for error in ended:
            # A loop that ended by itself: let its reason reach the edge.
            if isinstance(error, Exception):
                raise error

    def hurry(self) -> None:
        """Kill the crawls that `stop` waits for; they are recorded as interrupted."""
        self.pool.kill()

    def report(self) -> dict[str, Any]:
        """The health endpoint's answer. Raises DBAPIError when the store cannot be read."""
        now = datetime.now(UTC)
        with self._engine.connect() as connection:
            state = health(connection.execution_options(lendwatch_read=True), now)
        told = state.to_json(self._troubles.values())
        return {
            **told,
            "now": now.isoformat(),
            "started_at": self._started_at.isoformat(),
            "workers": self.pool.workers(),
        }

    def _recover(self) -> None:
        with self._engine.begin() as connection:
            left = record_interrupted(connection, datetime.now(UTC))
        if left:
            log.warning("crawls were interrupted and run again", sources=left)

    async def _end_crawls(self) -> None:
        self._dispatch.stopping = True
        self.schedule.stop()
        await self.pool.close(GRACE_SECONDS)
        await self.schedule.ended()

    async def _crawl(self, source: Source) -> None:
        try:
            result: CrawlResult = await self._dispatch.crawl(source)
        except PoolClosed:
            return  # it stays due
        self._progress({"event": "finished", **result.model_dump(mode="json")})
        self._collected.set()

    def _on_progress(self, message: dict[str, Any]) -> None:
        self._progress(message)
        self._collected.set()

    async def _repeat(
        self, name: str, work: Callable[[], Awaitable[bool]], wake: asyncio.Event
    ) -> None:
        """Do `work` again and again: at once while it says that there is more, else when woken.

        A store that cannot be used at the moment is waited for: what is to be done lies there."""
        while True:
            wake.clear()  # before, so that what is announced meanwhile gives another turn
            more = False
            try:
                more = await work()
                self._troubles.pop(name, None)
            except DBAPIError as error:
                self._troubles[name] = f"{name}: the store cannot be used: {error.orig}"
                log.warning("the store cannot be used, tried again", by=name, error=str(error.orig))
            if self._stopping and not wake.is_set():
                return
            if not more:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), IDLE_SECONDS)

    async def _take_in(self) -> bool:
        report = await asyncio.to_thread(self._taking_in.some)
        if not report.idle:
            log.info("taken in", **asdict(report))
            for decided in self._decided.values():
                decided.set()
        return not report.idle

    async def _deliver(self, channel: str) -> bool:
        report = await self._deliveries[channel].run_once(datetime.now(UTC))
        if report.sent or report.deferred or report.refused:
            log.info(
                "delivered",
                channel=channel,
                sent=report.sent,
                deferred=report.deferred,
                refused=report.refused,
            )
        # Between two attempts nothing is tried: what was wrong counts until a mail goes out again.
        if report.problem:
            self._troubles[channel] = f"{channel}: {report.problem}"
        elif report.sent or report.next_due_at is None:
            self._troubles.pop(channel, None)
        return False

    async def _retain(self) -> bool:
        """Once a day, and at the start: drop the evidence that is not to be kept any longer."""
        now = datetime.now(UTC)
        if self._retained_on == now.date():
            return False
        keep, folder = self._config.evidence, self._config.evidence_folder
        try:
            dropped = await asyncio.to_thread(drop_old, self._engine, folder, keep, now)
        except OSError as error:
            self._troubles["evidence"] = f"evidence: nothing could be dropped: {error.strerror}"
            log.warning("evidence could not be dropped, tried again", error=str(error))
            return False
        self._retained_on = now.date()
        if dropped:
            log.info("evidence dropped", pages=dropped)
        return False

    async def _keep_hold(self) -> bool:
        await asyncio.to_thread(self._hold.keep)
        return False
