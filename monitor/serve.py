"""Run the supervisor in this process until SIGTERM or SIGINT."""

import asyncio
import signal
import sys

import structlog
from sqlalchemy import Engine

from monitor.config import Config
from monitor.logs import log_to
from monitor.supervisor import Supervisor
from seeds.models import Seeds

log = structlog.get_logger()


def serve(engine: Engine, config: Config, seeds: Seeds) -> None:
    """Serve until told to stop; the caller holds the store (`monitor.lock`)."""
    log_to(sys.stderr)
    asyncio.run(_serve(engine, config, seeds))
    log.info("stopped")


async def _serve(engine: Engine, config: Config, seeds: Seeds) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    enabled = sum(source.enabled for source in seeds.sources)
    log.info("serving", workspace=str(config.workspace), sources=enabled)
    await Supervisor(engine, config, seeds).run(stop)
