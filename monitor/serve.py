"""Run the supervisor in this process until SIGTERM or SIGINT."""

import asyncio
import signal
import sys

import structlog
from sqlalchemy import Engine

from monitor.config import Config
from monitor.lock import Hold
from monitor.logs import log_to
from monitor.supervisor import Supervisor
from seeds.models import Seeds

log = structlog.get_logger()


def serve(engine: Engine, config: Config, seeds: Seeds, hold: Hold) -> None:
    """Serve until told to stop; `hold` is our hold on the store (`monitor.lock`)."""
    log_to(sys.stderr)
    asyncio.run(_serve(engine, config, seeds, hold))
    log.info("stopped")


async def _serve(engine: Engine, config: Config, seeds: Seeds, hold: Hold) -> None:
    stop = asyncio.Event()
    supervisor = Supervisor(engine, config, seeds, hold=hold)

    def told() -> None:
        """Stop; told a second time, do not wait for the crawls."""
        if stop.is_set():
            supervisor.hurry()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    enabled = sum(source.enabled for source in seeds.sources)
    log.info("serving", workspace=str(config.workspace), sources=enabled)
    await supervisor.run(stop)
