"""The one process behind `lendwatch serve`: schedule, intake, delivery and health together."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import structlog
import uvicorn
from sqlalchemy import Engine

from crawler.crawl import CrawlResult
from monitor.alerts.deliver import Delivery
from monitor.config import Config, WebOptions
from monitor.crawls import record_interrupted
from monitor.dispatch import Dispatch
from monitor.health import health
from monitor.pool import WorkerPool
from monitor.schedule import Schedule
from monitor.takein import build_intake
from monitor.web.app import build_app
from monitor.worker import Progress
from seeds.models import Seeds, Source

# How often the log and the outbox are looked at when nothing announced a change: a crawl run by
# hand beside us, or a digest that has become due. Both looks are one indexed query.
IDLE_SECONDS = 5

# A crawl in a child closes its spider within seconds; a hung one is killed and recorded.
GRACE_SECONDS = 20

# One transaction of the intake at a time; between two the loop can deliver.
INTAKE_BATCH = 200

log = structlog.get_logger()


class PortTaken(Exception):
    """Something else listens where the web pages should; set another port."""


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the supervisor decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Supervisor:
    """Keeps a store up to date until `stop` is set. Hold `monitor.lock` while it runs."""

    def __init__(
        self, engine: Engine, config: Config, seeds: Seeds, progress: Progress | None = None
    ) -> None:
        self._engine = engine
        self._config = config
        self._progress = progress or (lambda _message: None)
        self.pool = WorkerPool(
            config.crawl.workers, self._on_progress, config.workspace / "logs" / "crawl.log"
        )
        self._dispatch = Dispatch(engine, config, self.pool)
        sources = tuple(source for source in seeds.sources if source.enabled)
        self.schedule = Schedule(engine, sources, self._crawl)
        self._intake = build_intake(engine, config, seeds.watchlist)
        self._delivery = Delivery(engine, config)
        self._collected = asyncio.Event()
        self._decided = asyncio.Event()
        self._started_at = datetime.now(UTC)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end cleanly: crawls first, then what they collected."""
        listening = [_listen(self._config.web)]
        await asyncio.to_thread(self._recover)
        loops = [
            asyncio.create_task(self._take_in(), name="intake"),
            asyncio.create_task(self._deliver(), name="delivery"),
        ]
        server = _Server(
            uvicorn.Config(
                build_app(self.report), log_level="warning", lifespan="off", server_header=False
            )
        )
        loops.append(asyncio.create_task(server.serve(listening), name="web"))
        await self.schedule.start()
        stopped = asyncio.create_task(stop.wait())
        ended, _ = await asyncio.wait({stopped, *loops}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping", grace_seconds=GRACE_SECONDS)
        self.schedule.stop()
        self._dispatch.stopping = True
        await self.pool.close(GRACE_SECONDS)
        server.should_exit = True
        for task in (stopped, *loops[:2]):
            task.cancel()
        await asyncio.gather(stopped, *loops, return_exceptions=True)
        await asyncio.to_thread(self._intake.run, INTAKE_BATCH)
        for task in ended - {stopped}:
            task.result()  # a loop ended by itself: let its error reach the edge

    def report(self) -> dict[str, Any]:
        """The health endpoint's answer."""
        now = datetime.now(UTC)
        with self._engine.connect() as connection:
            state = health(connection.execution_options(lendwatch_read=True), now)
        return {
            **state.to_json(),
            "now": now.isoformat(),
            "started_at": self._started_at.isoformat(),
            "workers": self.pool.workers(),
        }

    def _recover(self) -> None:
        with self._engine.begin() as connection:
            left = record_interrupted(connection, datetime.now(UTC))
        if left:
            log.warning("crawls were interrupted and run again", sources=left)

    async def _crawl(self, source: Source) -> None:
        result: CrawlResult = await self._dispatch.crawl(source)
        self._progress({"event": "finished", **result.model_dump(mode="json")})
        self._collected.set()

    def _on_progress(self, message: dict[str, Any]) -> None:
        self._progress(message)
        self._collected.set()

    async def _take_in(self) -> None:
        while True:
            report = await asyncio.to_thread(self._intake.run, INTAKE_BATCH)
            if report.taken:
                log.info("taken in", **asdict(report))
                self._decided.set()
                continue
            await _wake_or_idle(self._collected)

    async def _deliver(self) -> None:
        while True:
            report = await self._delivery.run_once(datetime.now(UTC))
            if report.sent or report.deferred or report.refused:
                log.info(
                    "delivered",
                    sent=report.sent,
                    deferred=report.deferred,
                    refused=report.refused,
                )
            await _wake_or_idle(self._decided)


def _listen(web: WebOptions) -> socket.socket:
    """Bind before anything is started, so that a taken port is one clear line."""
    try:
        bound = socket.create_server((web.host, web.port))
    except OSError as error:
        raise PortTaken(
            f"web.port {web.port} on {web.host}: {error.strerror}; set another web.port in"
            " lendwatch.yaml"
        ) from error
    log.info("health", url=f"http://{web.host}:{web.port}/health")
    return bound


async def _wake_or_idle(event: asyncio.Event) -> None:
    """Return when `event` is set, at the latest after the idle time; clears it."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), IDLE_SECONDS)
    event.clear()
