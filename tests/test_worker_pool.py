"""The worker pool with real crawl workers: who crawls where, and what happens when one dies."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from crawl_worker import LOCAL, Bench
from local_site import LocalSite, articles, serve
from serving import is_running

from crawler.chromium import NoBrowser, find_browser
from crawler.crawl import CrawlJob, CrawlResult
from monitor.pool import Limits, PoolClosed, WorkerPool
from monitor.process_tree import descendants
from seeds.models import Selectors

PATIENCE_SECONDS = 60
# Shorter than a site's answer is held, longer than a worker needs to start and fetch.
IMPATIENT = LOCAL.model_copy(update={"crawl_timeout": timedelta(seconds=6)})


@pytest.fixture
def sites() -> Iterator[list[LocalSite]]:
    with ExitStack() as stack:
        made = [stack.enter_context(serve(LocalSite(articles(4)))) for _ in range(2)]
        yield made
        for site in made:
            site.released.set()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, f"sqlite:///{tmp_path}/lendwatch.db", worker=None)
    yield made
    made.engine.dispose()


def with_pool(
    work: Callable[[WorkerPool], Awaitable[None]], size: int = 1, **limits: int
) -> list[dict[str, Any]]:
    """Run `work` with a pool and close it; the progress messages that came."""
    told: list[dict[str, Any]] = []

    async def run() -> None:
        pool = WorkerPool(size, told.append, limits=Limits(**limits))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await work(pool)
        finally:
            await pool.close(grace_seconds=5)

    asyncio.run(run())
    return told


async def crawl(pool: WorkerPool, job: CrawlJob) -> CrawlResult:
    async with pool.place(job.source.url):
        return await pool.crawl(job)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - of the world, which sets no event
            await asyncio.sleep(0.02)


def at_articles(site: LocalSite, count: int) -> Callable[[], bool]:
    return lambda: len(site.fetched()) >= count


def pids(pool: WorkerPool) -> list[int]:
    return [worker["pid"] for worker in pool.workers()]


def test_a_worker_that_dies_interrupts_its_crawl_and_another_takes_the_next(
    bench: Bench, sites: list[LocalSite]
) -> None:
    site = sites[0]
    site.hold_after = 1

    async def work(pool: WorkerPool) -> None:
        crawling = asyncio.create_task(crawl(pool, bench.job(site, "feed", "/feed.xml")))
        await until(at_articles(site, 2))
        (first,) = pids(pool)
        os.kill(first, signal.SIGKILL)
        result = await crawling
        assert result.state == "interrupted"
        assert "the crawl worker died (exit status -9)" in result.message
        site.hold_after = None
        site.released.set()
        again = await crawl(pool, bench.job(site, "feed", "/feed.xml"))
        assert again.state == "finished"
        assert pids(pool) != [first]

    with_pool(work)
    assert len(bench.logged()) == 4


def test_a_crawl_over_its_time_is_killed_and_its_neighbour_is_run_again(
    bench: Bench, sites: list[LocalSite]
) -> None:
    hung, neighbour = sites
    hung.hold_after = neighbour.hold_after = 1

    async def work(pool: WorkerPool) -> None:
        late = asyncio.create_task(
            crawl(pool, bench.job(hung, "feed", "/feed.xml", options=IMPATIENT))
        )
        beside = asyncio.create_task(crawl(pool, bench.job(neighbour, "feed", "/feed.xml")))
        await until(lambda: pids(pool))
        (pid,) = pids(pool)
        await until(at_articles(neighbour, 2))
        result = await late
        assert result.state == "interrupted"
        assert "crawl_timeout" in result.message
        neighbour.hold_after = None
        neighbour.released.set()
        assert (await beside).state == "finished"
        assert not is_running(pid)

    with_pool(work)
    kept = [path for path in bench.paths() if path.startswith("article/")]
    assert len(kept) >= 4


def test_when_a_worker_dies_with_two_crawls_both_are_run_again_alone(
    bench: Bench, sites: list[LocalSite]
) -> None:
    for site in sites:
        site.hold_after = 1

    async def work(pool: WorkerPool) -> None:
        both = [
            asyncio.create_task(crawl(pool, bench.job(site, "feed", "/feed.xml"))) for site in sites
        ]
        await until(lambda: all(at_articles(site, 2)() for site in sites))
        (pid,) = pids(pool)
        os.kill(pid, signal.SIGKILL)
        for site in sites:
            site.hold_after = None
            site.released.set()
        assert [result.state for result in await asyncio.gather(*both)] == ["finished"] * 2

    with_pool(work)
    assert len(bench.logged()) == 8


def test_several_crawls_run_at_once_in_one_worker(bench: Bench, sites: list[LocalSite]) -> None:
    for site in sites:
        site.hold_after = 1

    async def work(pool: WorkerPool) -> None:
        both = [
            asyncio.create_task(crawl(pool, bench.job(site, "feed", "/feed.xml"))) for site in sites
        ]
        await until(lambda: all(at_articles(site, 2)() for site in sites))
        (worker,) = pool.workers()
        assert worker["busy"] == 2
        assert worker["memory_bytes"] > 10_000_000
        for site in sites:
            site.released.set()
        assert [result.articles for result in await asyncio.gather(*both)] == [4, 4]

    told = with_pool(work)
    assert {message["event"] for message in told} >= {"started"}


class SlowSite(LocalSite):
    """Takes a moment to answer, and counts how many ask at the same time."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.inside = self.most = 0
        self.guard = threading.Lock()

    def answer(self, path: str) -> tuple[int, str, bytes, datetime]:
        with self.guard:
            self.inside += 1
            self.most = max(self.most, self.inside)
        threading.Event().wait(0.03)
        with self.guard:
            self.inside -= 1
        return super().answer(path)


def test_two_sources_that_lead_to_one_site_share_its_one_connection(
    bench: Bench, sites: list[LocalSite]
) -> None:
    polite = LOCAL.model_copy(update={"connections_per_site": 1})
    with serve(SlowSite(articles(8))) as third:
        for number, site in enumerate(sites):
            links = "".join(
                f"<item><title>{each.headline}</title><link>{third.url}{each.path}</link></item>"
                for each in third.articles[number::2]
            )
            site.answers["/feed.xml"] = f"<rss><channel>{links}</channel></rss>".encode()

        async def work(pool: WorkerPool) -> None:
            jobs = [bench.job(site, "feed", "/feed.xml", options=polite) for site in sites]
            results = await asyncio.gather(*(crawl(pool, job) for job in jobs))
            assert [result.articles for result in results] == [4, 4]

        with_pool(work)
        assert len(third.fetched()) == 8
        assert third.most == 1


def test_one_crawl_a_site_at_a_time(bench: Bench, sites: list[LocalSite]) -> None:
    site = sites[0]
    site.hold_after = 1

    async def work(pool: WorkerPool) -> None:
        first = asyncio.create_task(crawl(pool, bench.job(site, "feed", "/feed.xml")))
        second = asyncio.create_task(crawl(pool, bench.job(site, "sitemap", "/sitemap.txt")))
        await until(at_articles(site, 2))
        # Another site's crawl comes and goes meanwhile; the second of this one has not begun.
        assert (await crawl(pool, bench.job(sites[1], "feed", "/feed.xml"))).state == "finished"
        assert site.fetched("/sitemap") == []
        site.released.set()
        assert [(await each).state for each in (first, second)] == ["finished"] * 2

    with_pool(work, size=2)


def test_a_worker_is_replaced_after_so_many_crawls(bench: Bench, sites: list[LocalSite]) -> None:
    async def work(pool: WorkerPool) -> None:
        seen = []
        for _ in range(3):
            await crawl(pool, bench.job(sites[0], "feed", "/feed.xml"))
            seen += pids(pool)
            await asyncio.sleep(0)
        assert len(set(seen)) == 2

    with_pool(work, crawls_per_life=2)


def test_a_worker_is_replaced_after_so_much_memory(bench: Bench, sites: list[LocalSite]) -> None:
    async def work(pool: WorkerPool) -> None:
        await pool.warm_up()
        (first,) = pids(pool)
        await crawl(pool, bench.job(sites[0], "feed", "/feed.xml"))
        await until(lambda: not is_running(first))
        assert (await crawl(pool, bench.job(sites[0], "feed", "/feed.xml"))).state == "finished"

    with_pool(work, memory_bytes=1024)


def test_closing_begins_nothing_more_and_interrupts_what_does_not_end(
    bench: Bench, sites: list[LocalSite]
) -> None:
    site = sites[0]
    site.hold_after = 1

    async def work(pool: WorkerPool) -> None:
        runs = asyncio.create_task(crawl(pool, bench.job(site, "feed", "/feed.xml")))
        waits = asyncio.create_task(crawl(pool, bench.job(site, "sitemap", "/sitemap.txt")))
        await until(at_articles(site, 2))
        (pid,) = pids(pool)
        await pool.close(grace_seconds=0.5)
        assert not is_running(pid)
        result = await runs
        assert (result.state, result.message) == (
            "interrupted",
            "lendwatch was stopped before its end",
        )
        with pytest.raises(PoolClosed):
            await waits
        assert pool.workers() == []

    with_pool(work)


def test_a_worker_whose_supervisor_died_while_it_started_does_not_begin(
    bench: Bench, sites: list[LocalSite]
) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    job = bench.job(sites[0], "feed", "/feed.xml").model_dump_json()
    orphan = subprocess.run(
        [sys.executable, "-m", "crawler.run"],
        input=job.encode() + b"\n",
        env={**os.environ, "LENDWATCH_SUPERVISOR_PID": str(gone.pid)},
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert orphan.returncode == -signal.SIGKILL
    assert sites[0].requests == []


@pytest.mark.browser
def test_a_crawl_over_its_time_is_killed_with_its_browser(
    bench: Bench, sites: list[LocalSite]
) -> None:
    try:
        find_browser(LOCAL)
    except NoBrowser as reason:
        pytest.skip(str(reason))
    hanging = LOCAL.model_copy(update={"crawl_timeout": timedelta(seconds=15)})
    below: list[int] = []

    async def work(pool: WorkerPool) -> None:
        never = Selectors(ready="#never")
        job = bench.job(sites[0], "page", "/app/2", browser=True, selectors=never, options=hanging)
        crawling = asyncio.create_task(crawl(pool, job))
        await until(lambda: "/app/2" in sites[0].fetched("/app"))
        (pid,) = pids(pool)
        # A driver, a browser and its processes, which start when the document is there.
        await until(lambda: len(descendants(pid)) > 3)
        below.extend(descendants(pid))
        os.kill(pid, signal.SIGSTOP)  # hangs, and answers no signal that can be handled
        assert "crawl_timeout" in (await crawling).message
        await until(lambda: not any(map(is_running, [pid, *below])))

    with_pool(work)
