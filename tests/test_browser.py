"""Pages that a script makes, read in a real Chromium behind the checking proxy."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from crawl_worker import LOCAL, PATIENCE_SECONDS, CrawlWorkerProcess, crawl_bench
from local_site import LocalSite, articles, serve


from crawler.chromium import NoBrowser, find_browser, launch_options
from crawler.options import CrawlOptions
from seeds.models import Selectors

pytestmark = pytest.mark.browser

# Children inherit the environment, so it tells a worker's browsers even when orphaned.
MARK = f"browser-test-{os.getpid()}"


@pytest.fixture
def chromium():
    try:
        return find_browser(CrawlOptions())
    except NoBrowser as reason:
        pytest.skip(str(reason))


@pytest.fixture
def bench(tmp_path):
    with crawl_bench(tmp_path) as bench:
        yield bench


@pytest.fixture
def site():
    with serve(LocalSite(articles(3))) as site:
        yield site


def test_a_page_made_by_a_script_is_read(bench, site, chromium):
    result = bench.crawl(
        site, "page", "/app/2", browser=True, selectors=Selectors(ready="#app article")
    )
    assert (result.state, result.articles, result.failures) == ("finished", 1, {})
    (logged,) = bench.logged()
    assert "第三方公司的工作人员" in logged.article.body
    assert logged.article.charset == "utf-8"
    assert bench.worker.problems() == []


def test_without_a_ready_selector_the_network_falls_silent_first(bench, site, chromium):
    result = bench.crawl(site, "page", "/app/2", browser=True)
    assert (result.state, result.articles) == ("finished", 1)


def test_the_browser_asks_robots_and_says_who_it_is(bench, site, chromium):
    bench.crawl(site, "page", "/app/2", browser=True)
    assert "/robots.txt" in site.fetched("/")
    headers = next(headers for path, headers in site.requests if path == "/app/2")
    assert headers["User-Agent"] == "lendwatch/0.1 (+ops@example.org)"


def test_pictures_are_not_fetched(bench, site, chromium):
    bench.crawl(site, "page", "/app/2", browser=True)
    assert not [path for path in site.fetched("/") if path.startswith("/pic/")]


def test_a_page_that_never_gets_ready_is_a_timeout(bench, site, chromium):
    impatient = LOCAL.model_copy(update={"timeout": LOCAL.timeout / 20})
    result = bench.crawl(
        site,
        "page",
        "/app/2",
        browser=True,
        selectors=Selectors(ready="#never"),
        options=impatient,
    )
    assert result.state == "failed"
    assert result.failures == {"timeout": 1}


def test_the_browser_reaches_no_address_that_is_not_allowed(bench, site, chromium):
    site.answers["/jump"] = (
        "<!doctype html><html><body><script>"
        f"location.href = {site.url.replace('127.0.0.1', '[::1]')!r};</script></body></html>"
    ).encode()
    result = bench.crawl(site, "page", "/jump", browser=True)
    assert result.state == "failed"
    assert result.failures == {"blocked-address": 1}
    assert result.articles == 0


def test_no_browser_is_left_after_a_crawl(tmp_path, site, chromium):
    with (
        CrawlWorkerProcess(LENDWATCH_TEST_MARK=MARK) as worker,
        crawl_bench(tmp_path, worker) as bench,
    ):
        assert bench.crawl(site, "page", "/app/2", browser=True).articles == 1
        assert marked_processes() == ["python"]


def test_a_browser_dies_with_a_worker_that_is_killed(tmp_path, site, chromium):
    never = Selectors(ready="#never")
    with (
        CrawlWorkerProcess(LENDWATCH_TEST_MARK=MARK) as worker,
        crawl_bench(tmp_path, worker) as bench,
    ):
        worker.send(bench.job(site, "page", "/app/2", browser=True, selectors=never))
        wait_until(lambda: any(path == "/app/2" for path, _ in site.requests))
        assert any("chrom" in name for name in marked_processes())
        worker.process.kill()
        wait_until(lambda: marked_processes() == [])


def test_a_missing_browser_fails_the_source_and_names_the_remedy(bench, site):
    nowhere = LOCAL.model_copy(update={"browser_path": "/nowhere/chromium"})
    result = bench.crawl(site, "page", "/app/2", browser=True, options=nowhere)
    assert (result.state, result.failures) == ("failed", {"no-browser": 1})
    assert "/nowhere/chromium" in result.message
    # The other sources go on in the same worker.
    assert bench.crawl(site, "page", "/article/2.html").articles == 1


def test_the_sandbox_is_off_only_for_root(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert launch_options("/usr/bin/chromium")["chromium_sandbox"] is False
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert launch_options("/usr/bin/chromium")["chromium_sandbox"] is True


def test_only_what_carries_no_text_is_left_out():
    class Asked:
        def __init__(self, resource_type):
            self.resource_type = resource_type

    kinds = ["document", "script", "xhr", "image", "media", "font", "stylesheet"]
    assert [kind for kind in kinds if is_unread(Asked(kind))] == ["image", "media", "font"]


def marked_processes() -> list[str]:
    """Programs of the processes that carry our mark, each once."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"LENDWATCH_TEST_MARK={MARK}".encode() in (folder / "environ").read_bytes():
                found.add((folder / "exe").readlink().name.rstrip("0123456789."))
        except OSError:
            continue  # it ended meanwhile, or is a zombie
    return sorted(found)


def wait_until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        if is_so():
            return
        pause.wait(0.05)
    raise AssertionError("it never came to be")
