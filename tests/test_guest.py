"""A good guest: what pages ask of robots, endless paths, captchas, turns by address, the report."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from crawl_worker import CrawlWorkerProcess, crawl_bench
from local_site import LocalArticle, LocalSite, articles, serve
from network_crawl import LOCAL, fetch_all
from network_site import Answer, NetworkSite
from scrapy.http import Headers
from serving import eventually
from sqlalchemy import select, update
from test_politeness import FIVE, Clock

from crawler.article import Article
from crawler.challenges import is_challenge_answer
from crawler.directives import Directives, directives_of
from crawler.discovery import DISCOVERY, discover
from crawler.log.manners import SiteTurn, book_turn, drop_turns, find_turns, record_turns
from crawler.log.tables import RobotsFileRow
from crawler.outcomes import Outcome, SiteThrottled
from crawler.pace import Standing
from crawler.page import Page
from crawler.preview import TRIAL, PreviewJob, preview
from crawler.traps import PathBudget, shape_of, trap_in
from crawler.unread import why_no_article, why_no_list, why_no_text
from crawler.urls import site_of
from monitor.query.politeness import politeness
from seeds.loader import load_watchlist
from seeds.models import Source

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
PROSE = "多位用户反映，逾期后接到大量电话，有人称自己是第三方公司的工作人员。" * 12


def page(body: str | bytes = "", *tags: str, **headers: str) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page("https://e.com/1", "https://e.com/1", 200, headers, raw, NOW, robots_tags=tags)


def meta(content: str, name: str = "robots") -> str:
    return f'<html><head><meta name="{name}" content="{content}"></head><body>x</body></html>'


NOTHING = Directives()
NOINDEX = Directives(noindex=True)
DIRECTIVES = [
    (page(meta("index, follow")), NOTHING),
    (page(meta("noindex")), NOINDEX),
    (page(meta("NoIndex,NoFollow")), Directives(noindex=True, nofollow=True)),
    (page(meta("none")), Directives(noindex=True, nofollow=True)),
    (page(meta("noarchive, max-snippet:20")), Directives(noarchive=True)),
    (page(meta("noindex", "LendWatch")), NOINDEX),
    (page(meta("noindex", "googlebot")), NOTHING),
    (page("<head><META content='noindex' data-x=1 NAME=robots /></head>"), NOINDEX),
    (page("<head><!-- <meta name=robots content=noindex> --></head>"), NOTHING),
    (page("<head><script>'<meta name=robots content=noindex>'</script></head>"), NOTHING),
    (page("<body><meta name=robots content=noindex></body>"), NOTHING),
    (page(meta("noindex").encode("utf-16")), NOINDEX),
    (page("<p>noindex</p>", "noindex"), NOINDEX),
    (page("", "noarchive", "nofollow"), Directives(noarchive=True, nofollow=True)),
    (page("", "googlebot: noindex", "nofollow"), Directives(nofollow=True)),
    (page("", "googlebot: nofollow, lendwatch: noindex"), NOINDEX),
    (page("", "otherbot: noindex, nofollow"), NOTHING),
    (page("", "lendwatch: none"), Directives(noindex=True, nofollow=True)),
    (page("", "unavailable_after: 25 Jun 2010 15:00:00 GMT"), NOINDEX),
    (page("", "unavailable_after: Wednesday, 25-Aug-2010 15:00:00 GMT"), NOINDEX),
    (page(meta("unavailable_after: 2026-11-24T03:59:00+00:00")), NOINDEX),
    (page("", "unavailable_after: 2099-01-01"), NOTHING),
    (page("", "unavailable_after: some day"), NOTHING),
]


def test_what_a_page_asks_of_robots_is_understood_for_all_and_by_name():
    for number, (asked, forbidden) in enumerate(DIRECTIVES):
        assert directives_of(asked, "lendwatch") == forbidden, (number, asked.robots_tags)


TRAPS = {
    "https://e.com/a/b/a/b/a/b/1.html": "repeats",
    "https://e.com/news/news/news/": "repeats",
    "https://e.com/" + "/".join(f"p{n}" for n in range(25)): "25 folders deep",
    "https://e.com/calendar/2031/05/": "calendar",
    "https://e.com/rili?date=1987-03": "calendar",
    "https://e.com/events/2026-12/": None,
    "https://e.com/list?a=1&a=2&a=3&a=4&a=5": "parameters",
    "https://e.com/list?" + "&".join(f"k{n}=1" for n in range(25)): "parameters",
    "https://e.com/2011/11/11/11.html": None,
    "https://e.com/1/1/1/1.html": None,
    "https://e.com/news/2031/05/the-debt-of-2031.html": None,
    "https://e.com/news/2026/11/24/8123.html": None,
    "https://e.com/tags/a/a/b.html": None,
}


def test_endless_addresses_are_told_from_articles():
    for url, reason in TRAPS.items():
        found = trap_in(url, NOW)
        assert found is None if reason is None else reason in (found or ""), (url, found)
    alike = ["https://e.com/n/20261124/1.html", "https://e.com/n/20261125/22.html"]
    assert len(set(map(shape_of, alike))) == 1
    assert shape_of("https://e.com/p?id=1&page=2") == shape_of("https://e.com/q?page=9&id=7")
    budget = PathBudget(3, ["https://e.com/n/1/0.html"])
    taken = [budget.take(f"https://e.com/n/{day}/1.html") for day in range(4)]
    assert taken == [True, True, False, False]
    assert budget.take("https://e.com/other/1.html")


def test_a_firewalls_page_is_a_captcha_whatever_its_status():
    plain = Headers({})
    assert is_challenge_answer(403, Headers({"cf-mitigated": "challenge"}), b"")
    assert is_challenge_answer(202, Headers({"X-Amzn-Waf-Action": "captcha"}), b"")
    assert is_challenge_answer(503, plain, b"<script>window._cf_chl_opt={}</script>")
    assert is_challenge_answer(405, plain, b"<script src=//g.alicdn.com/aliyun_waf.js>")
    assert not is_challenge_answer(403, plain, b"<h1>403 Forbidden</h1>")
    assert not is_challenge_answer(200, plain, b"<script src=/cdn-cgi/challenge-platform/x>")


def test_a_page_without_an_article_ends_by_its_reason():
    waf = page("<script src=https://turing.captcha.qcloud.com/TCaptcha.js></script>")
    mojibake = page(b"<p>\xff\xfe\xfd\xfc" * 30, **{"content-type": "text/html"})
    garbled, short = "催收\ufffd\ufffd" * 50, Article("https://e.com/1", "标题", "请稍候")
    for found, outcome in (
        (why_no_article(waf, "x"), Outcome.CAPTCHA),
        (why_no_article(page(b"%PDF-1.7 \x00"), "x"), Outcome.NOT_A_PAGE),
        (why_no_article(page(b"\x01", **{"content-type": "image/webp"}), "x"), Outcome.NOT_A_PAGE),
        (why_no_article(page("<p>没有正文</p>"), "x"), Outcome.LAYOUT),
        (why_no_text(mojibake, Article("https://e.com/1", "a", garbled)), Outcome.CHARSET),
        (why_no_text(waf, short), Outcome.CAPTCHA),
        (why_no_list(waf, Outcome.NOT_A_FEED, "x"), Outcome.CAPTCHA),
        (why_no_list(page("<html>"), Outcome.NOT_A_FEED, "x"), Outcome.NOT_A_FEED),
    ):
        assert found is not None
        assert found[0] is outcome, found
    assert why_no_text(waf, Article("https://e.com/1", "标题", PROSE)) is None


def visits_of(*visits: tuple[str, tuple[str, ...], float, bool]) -> list[float]:
    """Start times of visits one after another: (site, addresses, seconds it takes, robots.txt)."""

    async def run() -> list[float]:
        clock, started = Clock(), []
        for site, addresses, lasts, rules in visits:
            async with clock.turns.turn(site, FIVE, addresses=addresses, rules=rules):
                started.append(clock.now - 100)
                await clock.sleep(lasts)
        return started

    return asyncio.run(run())


def test_turns_are_kept_by_address_after_slow_answers_and_by_robots_files():
    one, two = ("8.8.8.8",), ("8.8.4.4",)
    assert visits_of(("a.com", one, 0, False), ("b.com", one, 0, False)) == [0, 5]
    assert visits_of(("a.com", one, 0, False), ("b.com", two, 0, False)) == [0, 0]
    assert visits_of(("a.com", one + two, 0, False), ("b.com", two, 0, False)) == [0, 5]
    # The delay begins when the answer ends; one of 12 s is followed by 12 s of rest, of 200 by 60.
    assert visits_of(("a.com", one, 1, False), ("a.com", one, 0, False)) == [0, 6]
    assert visits_of(("a.com", one, 12, False), ("b.com", one, 0, False)) == [0, 24]
    assert visits_of(("a.com", one, 200, False), ("a.com", one, 0, False)) == [0, 260]
    robots = ("a.com", one, 0, True), ("a.com", one, 0, False), ("a.com", one, 0, True)
    assert visits_of(*robots) == [0, 5, 10]


def test_two_requests_to_one_address_are_never_under_way_together():
    async def run() -> int:
        clock, inside, seen = Clock(), 0, []

        async def visit(site: str) -> None:
            nonlocal inside
            async with clock.turns.turn(site, FIVE, addresses=("8.8.8.8", "8.8.4.4")):
                inside += 1
                seen.append(inside)
                await clock.sleep(1)
                inside -= 1

        await asyncio.gather(*(visit(f"{name}.com") for name in "abcdef"))
        return max(seen)

    assert asyncio.run(run()) == 1


def test_what_a_site_asked_for_is_taken_up_and_never_shortened():
    async def run() -> None:
        clock = Clock()
        clock.turns.restore("a.com", FIVE, Standing(7, 600, 3))
        clock.turns.restore("a.com", FIVE, Standing(-3, -9, 0))
        assert clock.turns.standing("a.com") == Standing(7, 600, 3)
        with pytest.raises(SiteThrottled, match="600 s of it are left"):
            await clock.visit("a.com")
        assert clock.turns.refused("a.com", FIVE, None) == 240, "the fourth in a row"
        pauses = [clock.turns.challenged("b.com", FIVE) for _ in range(4)]
        clock.turns.answered("b.com")
        assert [*pauses, clock.turns.challenged("b.com", FIVE)] == [30, 60, 120, 240, 480]
        clock.turns.welcomed("b.com")
        assert clock.turns.challenged("b.com", FIVE) == 30

    asyncio.run(run())


def test_two_names_of_one_server_share_its_pace_on_the_wire():
    with NetworkSite({"/robots.txt": Answer(404), "*": Answer()}) as site:
        urls = [f"http://{name}.example.test:{site.port}/{name}" for name in ("a", "b")]
        names = {"a.example.test": ["127.0.0.1"], "b.example.test": ["127.0.0.1"]}
        urls[1] = urls[1].replace("b.example.test", "b.other.test")
        names["b.other.test"] = ["127.0.0.1"]
        options = LOCAL.model_copy(update={"delay": timedelta(seconds=0.2)})
        results = fetch_all(urls, options, names)
        times = [seen.at for seen in site.requests]
        assert site.most_busy == 1
    assert {ended.outcome for ended in results.values()} == {Outcome.OK}
    assert len(times) == 4
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.18


@pytest.fixture
def bench(tmp_path):
    with crawl_bench(tmp_path) as bench:
        yield bench


def report(bench, name: str | None):
    with bench.engine.connect() as connection:
        return politeness(connection, datetime.now(UTC), [name] if name else [])


def test_a_crawl_honours_noindex_traps_budgets_and_captchas_and_reports_them(bench):
    with serve(LocalSite(articles(12))) as site:
        hidden = site.articles[0].html().replace("<head>", "<head><meta name=robots content=none>")
        waf = "<html><title>x</title><script>initGeetest({})</script><p>请稍候</p></html>"
        site.answers[site.articles[0].path] = hidden.encode()
        site.answers[site.articles[1].path] = waf.encode()
        trap = f"{site.url}/x/x/x/1.html"
        site.answers["/sitemap.txt"] = "\n".join(
            [trap, *(f"{site.url}{each.path}" for each in site.articles)]
        ).encode()
        options = {"options": LOCAL_BUDGET, "max_articles": 10}
        first = bench.crawl(site, "sitemap", "/sitemap.txt", **options)
        assert first.failures == {"captcha": 1, "noindex": 1, "trap": 1}
        assert first.articles == 8
        again = bench.crawl(site, "sitemap", "/sitemap.txt", **options)
        assert again.failures["path-budget"] == 2, "the budget is the day's, not the crawl's"
        assert site.fetched().count(site.articles[0].path) == 1, "noindex is not asked for again"
        assert "/x/x/x/1.html" not in site.fetched("/x")
        listing = b"<html><head><meta name=robots content=nofollow></head><a href=/article/3.html>"
        site.answers["/list/9"] = listing
        refused = bench.crawl(site, "listing", "/list/9")
        assert (refused.state, refused.failures) == ("failed", {"nofollow": 1})
    (row,) = report(bench, "local-sitemap")
    assert (row.captchas, row.robots, row.status_429, row.waiting_until) == (
        2,
        "robots.txt",
        0,
        None,
    )
    assert row.requests == len([path for path, _ in site.requests if not path.startswith("/list")])
    assert row.robots_allowed == row.requests - 1
    assert row.smallest_gap is not None
    assert bench.worker.problems() == []


LOCAL_BUDGET = LOCAL.model_copy(
    update={"allow_addresses": ("127.0.0.0/8",), "path_budget": 10, "contact": "a@example.org"}
)


def test_a_retry_after_outlives_a_killed_process(bench):
    asked = Answer(429, b"", {"Retry-After": "7200"})
    with NetworkSite({"/robots.txt": Answer(404), "/feed": asked}) as site:
        bench.crawl(site, "feed", "/feed")
        bench.worker.process.kill()
        with CrawlWorkerProcess() as other:
            result = other.crawl(bench.job(site, "feed", "/feed"))
        assert site.paths() == ["/robots.txt", "/feed"], "not even robots.txt is asked for"
    assert (result.state, result.failures) == ("failed", {"throttled": 1})
    (row,) = report(bench, "local-feed")
    assert row.status_429 == 1
    assert timedelta(hours=1.9) < row.waiting_until - datetime.now(UTC) <= timedelta(hours=2)


def test_turns_are_booked_in_the_store_one_after_another(engine):
    delays = {"a.com": 5.0, "address 8.8.8.8": 5.0}

    def after(seconds):
        return NOW + timedelta(seconds=seconds)

    def book(places=delays, at=0.0, rules=False):
        with engine.begin() as connection:
            stood = book_turn(connection, places, after(at), rules=rules)
        return max(0.0, *((each.next_at - after(at)).total_seconds() for each in stood))

    def held(at):
        with engine.begin() as connection:
            found = find_turns(connection, after(at))
        return {each.site: (each.next_at, each.paused_until, each.challenges) for each in found}

    assert [book(), book(), book(at=1)] == [0, 5, 9], "each begins where the one before ends"
    other = {"b.com": 60.0, "address 8.8.8.8": 5.0}
    assert book(other, at=2) == 13, "an address is shared"
    assert held(15) == {
        "address 8.8.8.8": (after(20), NOW, 0),
        "b.com": (after(75), after(2), 0),
    }
    rules = {"b.com": 5.0}
    book(rules, at=20, rules=True)
    assert held(30)["b.com"][0] == after(75), "a Crawl-delay stays, and robots.txt waits 5 s of it"
    pause = SiteTurn("a.com", after(0), after(600), 2, challenges=3)
    with engine.begin() as connection:
        record_turns(connection, [pause], after(30))
        record_turns(connection, [SiteTurn("a.com", NOW, NOW, 0, 3)], after(31))
    assert held(40)["a.com"] == (after(15), after(600), 3), "nobody shortens another's pause"
    book(at=40)
    assert held(40)["a.com"][0] == after(15), "what is paused is not booked"
    # A clock that ran ahead by days, and was set right, has not shut the site for so long.
    days = timedelta(days=3)
    with engine.begin() as connection:
        record_turns(connection, [SiteTurn("c.com", NOW + days, NOW + days, 1)], NOW + days)
    assert book({"c.com": 5.0}) == 0
    # The longest Crawl-delay is believed, and those who do not wait for it do not lengthen it.
    day = {"d.com": 86_400.0}
    assert [book(day, at=at) for at in (0, 100, 200)] == [0, 86_300, 86_200]
    with engine.begin() as connection:
        drop_turns(connection, NOW + timedelta(days=3, seconds=90))
    assert held(0).keys() == {"a.com", "c.com"}, "those that refused"


def test_two_processes_keep_one_pace_and_one_that_is_killed_leaves_its_turn(bench):
    """One server under two names; each worker crawls another of them."""
    page = Answer(200, LocalArticle(1).html().encode(), {"Content-Type": "text/html"})
    slow = LOCAL.model_copy(update={"delay": timedelta(seconds=1)})
    with (
        NetworkSite({"/robots.txt": Answer(404), "*": page}) as site,
        CrawlWorkerProcess() as other,
    ):

        def job(name):
            url = site.url.replace("127.0.0.1", name)
            return bench.job(LocalSite([], url=url), "page", "/article/1.html", options=slow)

        jobs = [(bench.worker, job("127.0.0.1")), (other, job("localhost"))]
        for worker, each in jobs:
            worker.send(each)
        assert [worker.result_of(each).articles for worker, each in jobs] == [1, 1]
        assert len(site.requests) == 4
        other.send(job("localhost"))
        eventually(lambda: len(site.requests) == 5)
        other.process.kill()
        bench.worker.crawl(job("127.0.0.1"))
        times = [seen.at for seen in site.requests]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 5
    assert min(gaps) > 0.95, gaps


def test_looking_at_a_site_takes_the_turns_of_crawls_and_is_reported(bench):
    answers = {"/robots.txt": Answer(200, b"User-agent: *\nDisallow: /no"), "/": Answer()}
    answers["/feed"] = Answer(429, b"", {"Retry-After": "7200"})
    with NetworkSite(answers) as site:
        bench.crawl(site, "page", "/")
        now, free = datetime.now(UTC), time.monotonic() + 4
        asked = {site_of(site.url): 2, f"address 127.0.0.1 port {site.port}": 4}
        waits = [
            SiteTurn(name, now + timedelta(seconds=left), now, 0) for name, left in asked.items()
        ]
        with bench.engine.begin() as connection:
            record_turns(connection, waits, now)
        found = discover(f"{site.url}/", LOCAL, around=False, database=bench.database)
        assert site.paths() == ["/robots.txt", "/", "/"], "robots.txt is known from the crawl"
        assert site.requests[-1].at > free - 0.1
        assert found.robots == "allowed; a request each 0 s"
        source = Source(name="trial", kind="feed", url=f"{site.url}/feed")
        job = PreviewJob(
            source=source,
            watchlist=load_watchlist(bench.folder),
            options=LOCAL,
            database=bench.database,
            conduct_of=TRIAL,
        )
        tried = [preview(job).failures for _ in range(2)]
        assert tried == [{"throttled": 1}] * 2
        assert site.paths()[3:] == ["/feed"], "the first was told to wait, which holds for all"
        crawled = bench.crawl(site, "page", "/")
    assert crawled.failures == {"throttled": 1}
    rows = {row.source: (row.requests, row.status_429) for row in report(bench, None)}
    assert rows == {"local-page": (2, 0), DISCOVERY: (1, 0), TRIAL: (1, 1)}
    assert bench.logged() == []


def test_a_robots_file_is_asked_for_once_a_day_by_all_processes(bench):
    with NetworkSite({"/robots.txt": Answer(200, b"User-agent: *\nDisallow: /feed")}) as site:

        def crawl_elsewhere():
            with CrawlWorkerProcess() as other:
                return other.crawl(bench.job(site, "feed", "/feed"))

        bench.crawl(site, "feed", "/feed")
        result = crawl_elsewhere()
        assert site.paths() == ["/robots.txt"], "the second process knows the first one's answer"
        assert (result.state, result.failures) == ("failed", {"robots": 1})
        with bench.engine.begin() as connection:
            (kept,) = connection.execute(select(RobotsFileRow.body)).scalars()
            assert kept == b"User-agent: *\nDisallow: /feed"
            old = datetime.now(UTC) - timedelta(hours=24, minutes=1)
            connection.execute(update(RobotsFileRow).values(fetched_at=old))
        crawl_elsewhere()
        assert site.paths() == ["/robots.txt"] * 2, "a day later it is asked for again"
