"""Two scheduled rounds over the miniature web, by the very supervisor that `serve` runs."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select

from monitor.config import Config
from monitor.crawl_now import ask_running
from monitor.demo.web import MiniatureWeb
from monitor.due import FAILING_AFTER, failures_in_a_row
from monitor.health import health
from monitor.store.models import CrawlRow, OutboxRow
from monitor.supervisor import Supervisor
from seeds.models import Seeds, Source

ROUNDS = 2

# How often the demo looks whether a round is over; each look is four small queries.
LOOK_SECONDS = 0.2

Tell = Callable[[dict[str, Any]], None]


async def run_rounds(
    engine: Engine, config: Config, seeds: Seeds, web: MiniatureWeb, tell: Tell
) -> None:
    """Run both rounds to their end; `tell` hears of each round and each crawl.

    The first round is what a new store is due for. For the second the sites have changed and
    every source is made due, as an hour would have done. What has failed in both is asked until it
    counts as failing."""
    stop = asyncio.Event()
    sources = [source for source in seeds.sources if source.enabled]
    running = asyncio.create_task(Supervisor(engine, config, seeds, tell).run(stop))
    try:
        crawls = 0
        for number in range(1, FAILING_AFTER + 1):
            asked = sources
            if number <= ROUNDS:
                web.round = number
            else:
                asked = await asyncio.to_thread(_failed, engine, sources)
            tell({"event": "round", "round": number})
            if number > 1:
                await asyncio.to_thread(ask_running, engine, asked)
            crawls += len(asked)
            while not await asyncio.to_thread(_over, engine, crawls):
                if running.done():
                    return
                await asyncio.sleep(LOOK_SECONDS)
    finally:
        stop.set()
        await running


def _failed(engine: Engine, sources: list[Source]) -> list[Source]:
    """Those whose last crawl failed."""
    with engine.connect().execution_options(lendwatch_read=True) as connection:
        return [each for each in sources if failures_in_a_row(connection, each.name)]


def _over(engine: Engine, crawls: int) -> bool:
    """Whether `crawls` crawls have ended, all of it is taken in, and every due mail is written."""
    now = datetime.now(UTC)
    ended = select(func.count()).select_from(CrawlRow).where(CrawlRow.state != "running")
    waiting = (
        select(func.count())
        .select_from(OutboxRow)
        .where(OutboxRow.state.in_(("pending", "sending")), OutboxRow.due_at <= now)
    )
    with engine.connect().execution_options(lendwatch_read=True) as connection:
        if (connection.execute(ended).scalar() or 0) < crawls:
            return False
        if health(connection, now).intake_behind:
            return False
        return not connection.execute(waiting).scalar()
