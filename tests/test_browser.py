"""Pages that a script makes, read in a real Chromium behind the checking proxy.

One worker, and so one browser, serves all tests but those that kill it."""

import asyncio
import os
import signal
import struct
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bench.soak_browser import soak
from crawl_worker import LOCAL, PATIENCE_SECONDS, CrawlWorkerProcess, crawl_bench
from local_site import LocalArticle, LocalSite, articles, serve
from network_site import Answer, NetworkSite
from playwright.async_api import async_playwright
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scripted_pages import PAGES, scripted_answers
from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator

from crawler.chromium import NoBrowser, find_browser, launch_options
from crawler.log.rendering import USELESS_AFTER, Rendering
from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused, Outcome, of_error
from crawler.page_gate import PageGate
from monitor.process_tree import descendants
from monitor.query.politeness import politeness
from seeds.models import Selectors

pytestmark = pytest.mark.browser

# Children inherit the environment, so it tells a worker's browsers even when orphaned.
MARK = f"browser-test-{os.getpid()}"
READY = Selectors(ready="#app article")


@pytest.fixture(scope="module")
def worker():
    """One that knows the names of a site's two hosts, and of another site's."""
    names = "news.example.com api.example.com elsewhere.example.org"
    program = str(Path(__file__).parent / "named_worker.py")
    with CrawlWorkerProcess(program, LENDWATCH_TEST_NAMES=names) as worker:
        yield worker


@pytest.fixture
def chromium():
    try:
        return find_browser(CrawlOptions())
    except NoBrowser as reason:
        pytest.skip(str(reason))


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


def test_what_the_browser_showed_is_kept_beside_what_the_site_sent(bench, site, chromium, tmp_path):
    job = bench.job(site, "page", "/app/2", browser=True, selectors=READY)
    kept = job.model_copy(update={"evidence": str(tmp_path / "evidence"), "pictures": True})
    assert bench.worker.crawl(kept).articles == 1
    (path,) = (tmp_path / "evidence").rglob("*.warc.gz*")
    with path.open("rb") as file:
        records = [(each.rec_type, each.raw_stream.read()) for each in ArchiveIterator(file)]
    kinds = ["warcinfo", "request", "response", "resource", "resource", "metadata"]
    assert [kind for kind, _ in records] == kinds
    sent, shown, picture = (block for _, block in records[2:5])
    assert "<title>应用" in sent.decode()
    assert "<title>用钱宝" in shown.decode()
    width, height = struct.unpack(">II", picture[16:24])
    assert picture.startswith(b"\x89PNG")
    assert (width, height > 400) == (1280, True)


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
            "redirects": 3,
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


# Pages of a site, and what each must have got before it is ready to be read. HTTPS is another origin of
# the site, one whose robots.txt cannot be reached; OTHER one that answers; ELSEWHERE another site,
# whose frames have a process of their own.
MADE = {
    "robots": """
        ask('/closed/xhr'); ask('HTTPS/xhr'); frame('HTTPS/frame'); part('HTTPS/part.js');
        ask('OTHER/closed/xhr'); frame('OTHER/closed/frame');
        ready(ask('/open/long?' + 'x'.repeat(9000)), ask('OTHER/open/xhr'), frame('OTHER/open/frame'), part('OTHER/closed/part.js'),
          ask('ELSEWHERE/closed/xhr'), frame('ELSEWHERE/closed/frame'));""",
    "redirects": """
        frame('/open/frame-hop'); if (self.SharedWorker) new SharedWorker('/open/shared.js');
        const from = new Worker(URL.createObjectURL(new Blob([
          "fetch('SELF/open/worker-hop').catch(() => 0).then(() => postMessage('asked'))"])));
        frame('ELSEWHERE/hops');
        ready(ask('/open/hop'), ask('/open/hops'), ask('OTHER/open/hop'),
          new Promise(on => { from.onmessage = on; }), new Promise(on => { onmessage = on; }));""",
    "bytes": """
        ready(fetch('DRIP').then(r => r.text()).catch(() => told('用钱宝催收的长流被切断了')),
          ask('/open/much').then(r => r.text()).catch(() => 0).then(() => ask('/open/later')));""",
    "frame-bytes": """
        frame('ELSEWHERE/frame');
        ready(new Promise(on => { onmessage = on; }).then(() => told('用钱宝催收的框架被切断了')));""",
    "number": "ready(...Array.from({length: 25}, (_, n) => ask(`/open/many?${n}`)));",
}
ASKING = """
    const ask = url => fetch(url, {mode: 'no-cors'}).catch(() => 0);
    const add = (tag, url) => new Promise(on => { const e = document.createElement(tag);
      e.src = url; e.onload = on; e.onerror = on; document.body.append(e); });
    const frame = url => add('iframe', url), part = url => add('script', url);
    const told = text => { document.title = document.querySelector('h1').textContent = text; };
    const ready = (...all) => Promise.all(all).then(() => { document.body.id = 'ready'; });
"""


def test_what_a_page_consists_of_is_asked_of_robots_and_has_an_end(bench, site, chromium):
    closed = "User-agent: *\nDisallow: /closed/\n"
    endless = Answer(200, bytes(100_000), {"Access-Control-Allow-Origin": "*"}, drip=0.01)
    small = LOCAL.model_copy(update={"view_bytes": 400_000, "view_requests": 20})
    with (
        serve(LocalSite([], robots=closed)) as other,
        serve(LocalSite([], robots=closed)) as elsewhere,
        NetworkSite({"/": endless}) as slow,
    ):
        site.url = site.url.replace("127.0.0.1", "news.example.com")
        other.url = other.url.replace("127.0.0.1", "api.example.com")
        elsewhere.url = elsewhere.url.replace("127.0.0.1", "elsewhere.example.org")
        places = {
            "SELF": site.url,
            "HTTPS": site.url.replace("http:", "https:"),
            "OTHER": other.url,
            "ELSEWHERE": elsewhere.url,
            "DRIP": slow.url,
        }

        def page(script, html="<body>"):
            for name, url in places.items():
                script = script.replace(name, url)
            return f"{html}<script>{ASKING}{script}</script>".encode()

        site.robots = closed
        site.answers |= {
            "/open/much": bytes(8_000_000),
            "/open/hop": "/closed/hop",
            "/open/hops": "/open/second-hop",
            "/open/second-hop": f"{other.url}/open/landed",
            "/open/frame-hop": f"{other.url}/closed/frame-hop",
            "/open/worker-hop": "/closed/worker-hop",
            "/open/shared.js": ("text/javascript", b"fetch('/closed/shared')"),
        }
        other.answers |= {"/open/hop": f"{site.url}/closed/back", "/open/landed": b"x"}
        elsewhere.answers |= {
            "/hops": page(
                "Promise.all([ask('SELF/open/hop'), ask('SELF/open/hops')])"
                ".then(() => parent.postMessage('asked', '*'));"
            ),
            "/frame": page(
                "fetch('DRIP').then(r => r.text()).catch(() => parent.postMessage('cut', '*'));"
                "ask('/much').then(r => r.text()).catch(() => 0).then(() => ask('/later'));"
            ),
            "/much": bytes(8_000_000),
        }
        for number, (name, script) in enumerate(MADE.items(), 1):
            article = LocalArticle(number).html().replace("</body></html>", "")
            site.answers[f"/made/{name}"] = page(script, article)
            result = bench.crawl(
                site,
                "page",
                f"/made/{name}",
                browser=True,
                options=small,
                selectors=Selectors(ready="#ready"),
            )
            assert (name, result.articles, result.failures) == (name, 1, {})
    assert site.fetched("/closed/") == []
    assert site.fetched("/open/shared") == site.fetched("/open/long") == []
    hops = Counter(path for path in site.fetched("/open/") if "hop" in path)
    assert hops == {
        "/open/hop": 2, "/open/hops": 2, "/open/second-hop": 2, "/open/frame-hop": 1,
        "/open/worker-hop": 1,
    }  # fmt: skip
    asked = Counter(path for path, _ in other.requests)
    assert asked == {
        "/robots.txt": 1, "/open/xhr": 1, "/open/frame": 1, "/closed/part.js": 1, "/open/hop": 1,
        "/open/landed": 2,
    }, "what a page consists of may come from wherever it lies"  # fmt: skip
    visited = {path for path, _ in elsewhere.requests}
    assert visited == {"/closed/xhr", "/closed/frame", "/hops", "/frame", "/much"}, "any visitor's"
    assert site.fetched("/open/much") == ["/open/much"]
    assert site.fetched("/open/later") == []
    titles = {each.article.url.rsplit("/", 1)[1]: each.article.title for each in bench.logged()}
    assert titles["bytes"] == "用钱宝催收的长流被切断了", "what is under way ends too"
    assert titles["frame-bytes"] == "用钱宝催收的框架被切断了", "in whichever process"
    assert len(site.fetched("/open/many")) == 20
    cuts = [line["limit"] for line in bench.worker.log if line["event"] == "page.cut"]
    assert cuts == ["view_bytes 400000", "view_bytes 400000", "view_requests 20"]
    with bench.engine.connect() as connection:
        (row,) = politeness(connection, datetime.now(UTC))
    assert (row.cut_pages, row.cut_by) == (3, "view_requests 20")
    assert row.page_requests == 6 + 12 + 2 + 3 + 20
    # Of ten; a frame that nothing waits for may be judged when its page is gone.
    assert 9 <= row.robots_refused <= 10


def test_a_request_that_cannot_be_judged_fails_at_once(chromium):
    """Of a crawl that has not begun nobody can tell what its sites' robots.txt says."""
    settings = {"LENDWATCH_OPTIONS": LOCAL}
    document = HtmlResponse(
        "http://127.0.0.1:1/page",
        body=b"<script>fetch('/x').catch(() => { document.title = 'told'; });</script>",
        encoding="utf-8",
    )

    async def show() -> FetchRefused | None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**launch_options(chromium))
            page = await browser.new_page()
            gate = PageGate(document, Crawler(Spider, settings), frozenset())
            await gate.watch(page)
            await page.goto(document.url)
            await page.wait_for_function("document.title === 'told'", timeout=10_000)
            await asyncio.wait_for(gate.unless_ended(asyncio.Event().wait()), 10)
            await browser.close()
            return gate.refusal

    refusal = asyncio.run(show())
    assert refusal is not None
    assert of_error(refusal) is Outcome.CRASH
    assert "/x could not be judged: Crawler.get_downloader_middleware()" in str(refusal)


def outcomes(bench):
    """How each page's fetch ended, by the page's name."""
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        rows = connection.execute(text("SELECT url, outcome FROM seen_url")).all()
    return {url.rsplit("/", 1)[1].removesuffix(".html"): outcome for url, outcome in rows}


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
    shell = "<!doctype html><html><head><meta charset='utf-8'><style>li {{height: 400px}}</style></head><body><ul></ul>{0}<script>{1}</script></body></html>"
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
    slow = LOCAL.model_copy(update={"delay": timedelta(seconds=25)})
    for name, (path, unroll, _) in cases.items():
        result = bench.crawl(
            site,
            "listing",
            path,
            browser=True,
            selectors=links,
            unroll=unroll,
            include=("/none/",),  # only the list matters here
            options=slow if name == "time" else LOCAL,
        )
        got[name] = (result.state, len(site.fetched("/rows/")) * 5)
        site.requests.clear()
    assert got == {name: ("finished", wanted) for name, (_, _, wanted) in cases.items()}


def test_credentials_go_to_the_sources_own_host_and_stand_nowhere_else(bench, site, chromium):
    secret, token = "c00kie-value-7731", "t0ken-value-9944"
    secrets = bench.folder / "secrets.yaml"
    secrets.write_text(
        "sources:\n  local-listing:\n"
        f"    cookies: 'SESSION={secret}; lang=zh'\n    headers: {{X-Token: {token}}}\n"
    )
    page = (
        "<!doctype html><html><head><meta charset='utf-8'></head><body>"
        "<a class='title' href='/app/1?a'>用钱宝催收报道之一</a><a class='title' href='OTHER/app/2'>二</a>"
        "<a class='title' href='/moved'>用钱宝催收报道之三</a>"
        "<script>fetch('/xhr'); fetch('OTHER/xhr', {mode: 'no-cors', credentials: 'include'})</script>"
    )
    with serve(LocalSite(articles(3))) as other:
        other.url = other.url.replace("127.0.0.1", "localhost")
        site.answers["/list"] = page.replace("OTHER", other.url).encode()
        site.answers["/moved"] = f"{other.url}/app/3"
        job = bench.job(
            site,
            "listing",
            "/list",
            browser=True,
            credentials=True,
            selectors=Selectors(links="a.title"),
        )
        refused = bench.worker.crawl(job)
        secrets.chmod(0o600)
        result = bench.worker.crawl(job.model_copy(update={"secrets": str(secrets)}))
        assert (refused.state, refused.failures) == ("failed", {"no-credentials": 1})
        assert "LENDWATCH_SOURCE_LOCAL_LISTING_COOKIES" in refused.message
        assert (result.state, result.articles) == ("finished", 3)
        shown = [
            (path, headers.get("Cookie", ""), headers.get("X-Token"))
            for path, headers in site.requests
        ]
        assert ("/robots.txt", "", None) in shown
        assert ("/xhr", f"SESSION={secret}; lang=zh", None) in shown
        for path in ("/list", "/app/1?a", "/moved"):
            assert (path, f"SESSION={secret}; lang=zh", token) in shown
        assert {"/xhr", "/app/2", "/app/3"} <= {path for path, _ in other.requests}
        for _, headers in other.requests:
            assert "Cookie" not in headers
            assert "X-Token" not in headers
    told = str([*bench.worker.log, result, refused]).encode()
    kept = b"".join(path.read_bytes() for path in bench.folder.glob("lendwatch.db*"))
    for value in (secret.encode(), token.encode()):
        assert value not in told
        assert value not in kept


def test_auto_renders_what_shows_no_article_and_remembers_it(bench, site, chromium):
    site.articles[:] = articles(6)
    rows = "".join(f"<li><a class='title' href='{path}'>用钱宝催收报道{path}</a></li>" for path in (
        "/article/1.html", "/article/2.html"))  # fmt: skip
    site.answers["/news"] = f"<!doctype html><html><body>{rows}</body></html>".encode()
    auto = {"browser": "auto", "selectors": Selectors(links="a.title")}
    # Nothing needs it: no browser is even asked for.
    nowhere = LOCAL.model_copy(update={"browser_path": "/nowhere/chromium"})
    result = bench.crawl(site, "listing", "/news", **auto, options=nowhere)
    assert (result.state, result.articles, result.failures) == ("finished", 2, {})
    assert remembered(bench) == {"article": (False, 0), "list": (False, 0)}
    # The site is rebuilt: its list is plain still, its articles are not.
    rows = "".join(
        f"<li><a class='title' href='/app/{n}'>用钱宝催收报道之{n}</a></li>" for n in (3, 4)
    )
    site.answers["/news"] = f"<!doctype html><html><body>{rows}</body></html>".encode()
    missing = bench.crawl(site, "listing", "/news", **auto, options=nowhere)
    assert missing.failures == {"no-browser": 2}
    assert bench.crawl(site, "listing", "/news", **auto).articles == 2
    assert remembered(bench) == {"article": (True, 0), "list": (False, 0)}
    # From then on it is rendered whatever the plain page shows, so that nothing looks edited.
    plain = site.articles[0].html().replace("讲述经历", "讲述经历（精简版）")
    site.answers["/app/5"] = plain.replace(
        "</body>",
        "<script>document.title = document.querySelector('h1').textContent = '用钱宝催收的完整报道标题'</script></body>",
    ).encode()
    site.answers["/news"] = "<a class='title' href='/app/5'>用钱宝催收报道之五</a>".encode()
    assert bench.crawl(site, "listing", "/news", **auto).articles == 1
    assert bench.logged()[-1].article.title == "用钱宝催收的完整报道标题"


def remembered(bench):
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        rows = connection.execute(text("SELECT role, needed, misses FROM rendering")).all()
    return {role: (bool(needed), misses) for role, needed, misses in rows}


def test_what_no_rendering_helps_is_left_alone_for_a_day_and_probed_again():
    at = datetime(2026, 11, 24, tzinfo=UTC)
    known = Rendering()
    for _ in range(USELESS_AFTER):
        assert not known.is_useless(at)
        known = known.rendered(helped=False, now=at)
    assert known.is_useless(at + timedelta(hours=23))
    assert not known.is_useless(at + timedelta(hours=24))
    helped = known.rendered(helped=True, now=at)
    assert helped == Rendering(needed=True, misses=0, judged_at=at)
    # Rendering on is no new judgement: after a week the plain page is asked again.
    later = helped.rendered(helped=True, now=at + timedelta(days=6))
    assert later.is_certain(at + timedelta(days=6))
    assert not later.is_certain(at + timedelta(days=7))
    assert later.plain_was_enough(at) == Rendering(judged_at=at)


def test_a_browser_that_is_killed_is_started_again_and_no_page_is_lost(tmp_path, site, chromium):
    """Twice the browser itself, once a page's own process, while pages are being shown."""
    site.articles[:] = articles(12)
    rows = "".join(
        f"<li><a class='title' href='/app/{n}'>用钱宝催收之{n}</a></li>" for n in range(1, 13)
    )
    site.answers["/news"] = f"<!doctype html><html><body>{rows}</body></html>".encode()
    with (
        CrawlWorkerProcess() as worker,
        crawl_bench(tmp_path, worker) as bench,
    ):
        job = bench.job(
            site, "listing", "/news", browser=True, selectors=Selectors(links="a.title")
        )
        worker.send(job)
        for kept, kind in ((0, ""), (1, "--type=renderer"), (3, "")):
            wait_until(lambda kept=kept: len(bench.logged()) >= kept)
            wait_until(lambda kind=kind: kill_chromium(worker, kind))
        result = worker.result_of(job)
        told = [line for line in worker.log if line["level"] == "warning"]
        assert (result.state, result.articles, result.failures) == ("finished", 12, {}), told
        assert sum("browser.restarted" in line["event"] for line in worker.log) >= 1


def kill_chromium(worker: CrawlWorkerProcess, kind: str) -> bool:
    """Kill -9 a process of the worker's browser: its first, or one of this kind."""
    for pid, line in chromium_processes(worker):
        if kind in line if kind else "--type=" not in line:
            os.kill(pid, signal.SIGKILL)
            return True
    return False


def chromium_processes(worker: CrawlWorkerProcess) -> list[tuple[int, str]]:
    """Their ids and command lines. A page's own process shows no environment: no mark."""
    found = []
    for pid in descendants(worker.process.pid):
        with suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if "chrom" in line.partition(" ")[0] and "crashpad" not in line.partition(" ")[0]:
                found.append((pid, line))
    return sorted(found)


def test_memory_stays_bounded_over_thirty_pages(tmp_path, site, chromium):
    """The short form of tests/bench/soak_browser.py."""
    with CrawlWorkerProcess() as worker, crawl_bench(tmp_path, worker) as bench:
        quarters = soak(bench, site, 30)
        assert max(quarters) < 1024**3
        assert quarters[-1] < quarters[1] * 1.25


def test_no_browser_is_left_after_a_worker(tmp_path, site, chromium):
    mark = f"{MARK}-ends"
    with (
        CrawlWorkerProcess(LENDWATCH_TEST_MARK=mark) as worker,
        crawl_bench(tmp_path, worker) as bench,
    ):
        assert bench.crawl(site, "page", "/app/2", browser=True).articles == 1
        # It waits for another crawl, the page's process gone; it goes with its worker.
        wait_until(lambda: not pages_of(worker))
        worker.process.stdin.close()
        worker.wait()
        wait_until(lambda: marked(mark) == [])


def test_a_browser_dies_with_a_worker_that_is_killed(tmp_path, site, chromium):
    mark = f"{MARK}-dies"
    never = Selectors(ready="#never")
    with (
        CrawlWorkerProcess(LENDWATCH_TEST_MARK=mark) as worker,
        crawl_bench(tmp_path, worker) as bench,
    ):
        worker.send(bench.job(site, "page", "/app/2", browser=True, selectors=never))
        wait_until(lambda: chromium_processes(worker))
        worker.process.kill()
        wait_until(lambda: marked(mark) == [])


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


def pages_of(worker: CrawlWorkerProcess) -> list[str]:
    return [line for _, line in chromium_processes(worker) if "--type=renderer" in line]


def marked(mark: str) -> list[int]:
    """The living processes that carry the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is a zombie
            environment = (folder / "environ").read_bytes()
            if f"LENDWATCH_TEST_MARK={mark}\0".encode() in environment:
                (folder / "exe").readlink()
                found.append(int(folder.name))
    return found


def wait_until(is_so: Callable[[], object]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        if is_so():
            return
        pause.wait(0.05)
    raise AssertionError("it never came to be")
