"""Pages that a script makes, read in a real Chromium behind the checking proxy."""

import subprocess

import pytest
from crawl_worker import LOCAL, crawl_bench
from local_site import LocalSite, articles, serve

from crawler.browser import NoBrowser, find_browser, is_unread, launch_options
from crawler.options import CrawlOptions
from seeds.models import Selectors

pytestmark = pytest.mark.browser


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


def test_no_browser_is_left_after_a_crawl(bench, site, chromium):
    bench.crawl(site, "page", "/app/2", browser=True)
    group = str(bench.worker.process.pid)
    left = subprocess.run(
        ["ps", "-o", "args=", "-g", group], capture_output=True, text=True, check=True
    )
    assert "chrom" not in left.stdout


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
