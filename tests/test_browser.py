"""Pages that a script makes, read in a real Chromium behind the checking proxy.

One worker, and so one browser, serves all tests but those that kill it."""

import os
from datetime import timedelta

import pytest
from crawl_worker import LOCAL, CrawlWorkerProcess, crawl_bench
from local_site import LocalSite, articles, serve
from network_site import Answer, NetworkSite
from scripted_pages import PAGES, scripted_answers
from sqlalchemy import text

from crawler.chromium import NoBrowser, find_browser
from crawler.options import CrawlOptions
from seeds.models import Selectors

pytestmark = pytest.mark.browser

# Children inherit the environment, so it tells a worker's browsers even when orphaned.
MARK = f"browser-test-{os.getpid()}"
READY = Selectors(ready="#app article")


@pytest.fixture
def chromium():
    try:
        return find_browser(CrawlOptions())
    except NoBrowser as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def worker():
    with CrawlWorkerProcess(LENDWATCH_TEST_MARK=f"{MARK}-shared") as worker:
        yield worker


@pytest.fixture
def bench(tmp_path, worker):
    with crawl_bench(tmp_path, worker) as bench:
        yield bench


@pytest.fixture
def site():
    with serve(LocalSite(articles(3))) as site:
        yield site


def test_a_page_made_by_a_script_is_read(bench, site, chromium):
    result = bench.crawl(site, "page", "/app/2", browser=True, selectors=READY)
    assert (result.state, result.articles, result.failures) == ("finished", 1, {})
    (logged,) = bench.logged()
    assert "第三方公司的工作人员" in logged.article.body
    assert logged.article.charset == "utf-8"
    assert bench.worker.problems() == []
    # It asked robots, once; it said who it is; it left pictures alone; the document came once.
    assert [path for path, _ in site.requests] == ["/robots.txt", "/app/2"]
    assert {headers["User-Agent"] for _, headers in site.requests} == {
        "lendwatch/0.1 (+ops@example.org)"
    }


def test_without_a_ready_selector_the_network_falls_silent_first(bench, site, chromium):
    site.answers["/late"] = b"<p>x"
    site.answers["/quiet.html"] = (
        site.articles[0]
        .html()
        .replace("<article>", "<article id='a' hidden>")
        .replace("</body>", "<style>[hidden] {display: none}</style><script>"
                 "const a = document.getElementById('a'); const kept = a.innerHTML; a.innerHTML = '';"
                 "fetch('/late').then(() => fetch('/late')).then(() => { a.innerHTML = kept; a.hidden = false; });"
                 "</script></body>")
        .encode()
    )  # fmt: skip
    result = bench.crawl(site, "page", "/quiet.html", browser=True)
    assert (result.state, result.articles) == ("finished", 1)
    assert site.fetched("/late") == ["/late", "/late"]


def test_a_page_that_never_gets_ready_is_a_timeout(bench, site, chromium):
    impatient = LOCAL.model_copy(update={"timeout": LOCAL.timeout / 20})
    never = Selectors(ready="#never")
    result = bench.crawl(site, "page", "/app/2", browser=True, selectors=never, options=impatient)
    assert (result.state, result.failures) == ("failed", {"timeout": 1})


def test_scripts_that_misbehave_cost_their_own_page_and_reach_nothing(bench, site, chromium):
    strict = LOCAL.model_copy(
        update={
            "allow_addresses": ("127.0.0.1/32",),
            "timeout": timedelta(seconds=8),
            "page_bytes": 2 * 1024 * 1024,
        }
    )
    with NetworkSite({"*": Answer(200, b"secret")}, host="127.0.0.2") as canary:
        site.answers.update(scripted_answers(canary.url))
        selectors = Selectors(links="a.title")
        result = bench.crawl(
            site, "listing", "/scripted", browser=True, options=strict, selectors=selectors
        )
        assert result.state == "finished"
        assert canary.connections == 0
    ended = outcomes(bench)
    wrong = [
        f"{page.name}: {ended.get(page.name)}, not {page.outcomes}"
        for page in PAGES
        if ended.get(page.name) not in page.outcomes
    ]
    assert wrong == []
    # What robots.txt closes was not asked for, by any script; windows got nothing at all.
    assert site.fetched("/closed/") == []
    assert site.fetched("/open/popup") + site.fetched("/open/blank") == []
    assert 2 <= len(site.fetched("/scripted/reload")) <= 1 + strict.redirects
    assert bench.worker.problems() == []


def outcomes(bench):
    """How each page's fetch ended, by the page's name."""
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        rows = connection.execute(text("SELECT url, outcome FROM seen_url")).all()
    return {url.rsplit("/", 1)[1].removesuffix(".html"): outcome for url, outcome in rows}


def test_a_site_refused_by_its_name_is_named_as_such(bench, site, chromium):
    """A host that only the proxy looks up: the browser itself just sees a connection fail."""
    site.answers["/jump.html"] = (
        b"<!doctype html><html><body><script>"
        b"document.write('<scr' + 'ipt src=\"http://localhost.localdomain/x.js\"></scr' + 'ipt>');"
        b"</script></body></html>"
    )
    result = bench.crawl(site, "page", "/jump.html", browser=True)
    assert (result.state, result.articles) == ("failed", 0)
    assert result.failures == {"layout": 1}


def test_a_list_is_unrolled_as_declared_and_no_further(bench, site, chromium):
    site.articles[:] = articles(30)
    for page in range(1, 6):
        rows = "".join(
            f"<li><a class='title' href='{each.path}'>{each.headline}</a></li>"
            for each in site.articles[page * 5 - 5 : page * 5]
        )
        site.answers[f"/rows/{page}"] = rows.encode()
    more = (
        "let page = 0, busy = false;"
        "async function more() { if (busy || page === 5) return; busy = true;"
        " const rows = await (await fetch(`/rows/${page + 1}`)).text(); page++; busy = false;"
        " document.querySelector('ul').insertAdjacentHTML('beforeend', rows);"
        " if (page === 5) document.querySelector('button')?.remove(); } more();"
    )
    shell = "<!doctype html><html><body><ul style='height: 3000px'></ul>{0}<script>{1}</script></body></html>"
    site.answers["/scroll"] = shell.format("", more + "addEventListener('scroll', more);").encode()
    site.answers["/click"] = shell.format(
        "<button onclick='more()'>加载更多</button>", more
    ).encode()
    links = Selectors(links="a.title", ready="a.title")
    cases = {
        "rounds": ("/scroll", {"scroll": True, "rounds": 2}, 15),
        "items": ("/click", {"click": "button", "items": 10}, 10),
        "end": ("/click", {"click": "//button[contains(., '加载')]"}, 25),
        "time": ("/scroll", {"scroll": True, "within": "1s"}, 5),
    }
    got = {}
    slow = LOCAL.model_copy(update={"delay": timedelta(seconds=2)})
    for name, (path, unroll, _) in cases.items():
        result = bench.crawl(
            site,
            "listing",
            path,
            browser=True,
            selectors=links,
            unroll=unroll,
            max_articles=1,
            options=slow if name == "time" else LOCAL,
        )
        got[name] = (result.state, len(site.fetched("/rows/")) * 5)
        site.requests.clear()
    assert got == {name: ("finished", wanted) for name, (_, _, wanted) in cases.items()}
