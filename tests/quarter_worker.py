"""lendwatch's whole main job in one process whose clock is moved: `python quarter_worker.py WORKSPACE`.

In: a time a line (ISO 8601). The clock is moved there; every source that is due is crawled, all at
once, in this process; what came is taken in and alerts are queued. After a time, `all` has every
source crawled and every known article looked at. Out: a JSON line with the crawls' results and the
process's CPU seconds so far. Ends with its input."""

import asyncio
import gc
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.reactor import install_reactor
from sqlalchemy import Connection, Engine, select
from twisted.internet import task

from crawler.crawl import CrawlResult
from crawler.lifeline import die_with_parent
from crawler.log.engine import open_engine
from crawler.logs import log_to_stderr
from crawler.loop import REACTOR
from crawler.run import run_crawl
from monitor.config import load_config
from monitor.due import due_times, reconcile
from monitor.ledger import CrawlLedger
from monitor.store.migrate import migrate
from monitor.store.models import ArticleRow
from monitor.takein import TakingIn
from seeds.loader import load_seeds
from seeds.models import Source


class Job:
    """The main job over one workspace."""

    def __init__(self, workspace: Path) -> None:
        config = load_config(workspace)
        migrate(config.database, workspace / "backups")
        seeds = load_seeds(config.seeds)
        self.sources = {each.name: each for each in seeds.sources}
        self.engine: Engine = open_engine(config.database)
        self.ledger = CrawlLedger(self.engine, config)
        self.taking_in = TakingIn(self.engine, config, seeds.watchlist)

    async def once(self, *, all_of_them: bool) -> list[CrawlResult]:
        """Crawl what is due now, and take it in."""
        with self.engine.begin() as connection:
            now = datetime.now(UTC)
            reconcile(connection, list(self.sources.values()), now)
            due = [name for name, at in due_times(connection).items() if at <= now or all_of_them]
            known = known_articles(connection) if all_of_them else {}
        crawls = [self.crawl(self.sources[name], known.get(name)) for name in due]
        results = await asyncio.gather(*crawls)
        self.taking_in.all()
        return list(results)

    async def crawl(self, source: Source, rechecks: tuple[str, ...] | None) -> CrawlResult:
        job = await asyncio.to_thread(self.ledger.begin, source)
        if rechecks is not None:
            job = job.model_copy(update={"rechecks": rechecks})
        ended = await run_crawl(job)
        result, _ = await asyncio.to_thread(self.ledger.end, source, ended)
        return result


def known_articles(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The addresses of all known articles, by source."""
    found: dict[str, tuple[str, ...]] = {}
    for url, source in connection.execute(select(ArticleRow.url, ArticleRow.source)):
        found[source] = (*found.get(source, ()), url)
    return found


async def follow(answers: int) -> None:
    """Do the job at each time that comes in."""
    job = Job(Path(sys.argv[1]))
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        while line := await asyncio.to_thread(sys.stdin.readline):
            now, _, which = line.strip().partition(" ")
            clock.move_to(datetime.fromisoformat(now))
            results = await job.once(all_of_them=which == "all")
            told = {
                "results": [each.model_dump(mode="json") for each in results],
                "cpu": time.process_time(),
            }
            os.write(answers, json.dumps(told).encode() + b"\n")


def main() -> None:
    die_with_parent()
    answers = os.dup(1)
    os.dup2(2, 1)
    log_to_stderr()
    install_reactor(REACTOR)
    gc.freeze()  # as a crawl worker does (crawler/loop.py)
    gc.set_threshold(20_000, 20, 50)
    task.react(lambda _: deferred_from_coro(follow(answers)))


if __name__ == "__main__":
    main()
