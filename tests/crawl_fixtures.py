"""What most tests of crawls stand on. A file that needs another worker or site has its own.

`worker` is a real crawl worker, one for a test file, which may say nothing at error level; `bench` a
store and seeds of a test's own beside it; `site` a local site of twelve articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawl_worker import Bench, CrawlWorkerProcess, crawl_bench
from local_site import LocalSite, articles, serve


@pytest.fixture(scope="module")
def worker() -> Iterator[CrawlWorkerProcess]:
    with CrawlWorkerProcess() as worker:
        yield worker
        assert worker.problems() == []


@pytest.fixture
def bench(tmp_path: Path, worker: CrawlWorkerProcess) -> Iterator[Bench]:
    with crawl_bench(tmp_path, worker) as bench:
        yield bench


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serve(LocalSite(articles(12))) as site:
        yield site
