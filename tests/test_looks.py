"""Known articles are looked at again: what is fetched, what is written down, what is forgotten."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from crawl_worker import Bench, crawl_bench
from local_site import LocalArticle, LocalSite
from sqlalchemy import select

from crawler.crawl import CrawlResult
from crawler.log.looks import Look, last_look, looks_after
from crawler.log.seen import find_seen
from crawler.log.tables import PolitenessRow
from crawler.rechecking import places_to_compare

SOFT_404 = (
    "<title>页面不存在</title><p>抱歉，您访问的页面不存在或者已被删除，请返回首页。</p>".encode()
)
BARE = "<title>出错了</title><p>内容已删除</p>".encode()
CAPTCHA = "<title>安全验证</title><p>访问过于频繁，请拖动下方滑块完成拼图后继续访问。</p>".encode()
COUNTER = "</nav><script>visits = 8123</script>"


@dataclass(frozen=True)
class Case:
    """What is done to an article's address, and the look that comes of it."""

    answer: int | str | bytes | tuple[int, bytes] | None
    outcome: str
    status: int | None
    words: str = ""
    times: int = 1  # requests


CASES = {
    1: Case(None, "unchanged", 304),
    2: Case(LocalArticle(2, extra="更正：涉事机构已被终止合作。").html().encode(), "kept", 200),
    3: Case((404, SOFT_404), "not-found", 404, "您访问的页面不存在"),
    4: Case((410, BARE), "gone", 410, "内容已删除"),
    5: Case("/", "skipped", 200),
    6: Case(SOFT_404, "kept", 200),
    7: Case(BARE, "layout", 200, "内容已删除"),
    8: Case(CAPTCHA, "captcha", 200, "拖动下方滑块"),
    9: Case(500, "server-error", 500, "error"),
    10: Case((451, SOFT_404), "blocked", 451, "您访问的页面不存在"),
    11: Case(LocalArticle(11, name="某平台").html().encode(), "kept", 200),
    12: Case(LocalArticle(12).html().replace("</nav>", COUNTER).encode(), "unchanged", 200),
}


def recheck(
    bench: Bench,
    site: LocalSite,
    *numbers: int,
    path: str = "/feed.xml",
    settled: Sequence[int] = (),
) -> CrawlResult:
    again, gone = (
        tuple(f"{site.url}/article/{number}.html" for number in each) for each in (numbers, settled)
    )
    asked = {"rechecks": again, "settled": gone}
    return bench.worker.crawl(bench.job(site, "feed", path).model_copy(update=asked))


def looks(bench: Bench, after: int = 0) -> list[Look]:
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        return [kept.look for kept in looks_after(connection, after, 1000)]


def position(bench: Bench) -> int:
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        return last_look(connection)


def nowhere(crawl: int) -> str:
    return f"/article/{hashlib.sha256(f'crawl-{crawl}'.encode()).hexdigest()[:16]}.html"


def test_every_way_an_article_can_stand_there_is_written_down_and_its_return(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    assert looks(bench) == []  # nothing was known yet
    for number, case in CASES.items():
        if case.answer is not None:
            site.answers[f"/article/{number}.html"] = case.answer
    before = len(site.requests)
    result = recheck(bench, site, *CASES)
    assert (result.state, result.message) == ("finished", "")
    asked = Counter(path for path, _ in site.requests[before:])
    by_role = {look.role: look for look in looks(bench)}
    found = {look.url: look for look in looks(bench) if look.role == "article"}
    assert len(looks(bench)) == len(CASES) + 2
    logged = {entry.id: entry for entry in bench.logged()}
    for number, case in CASES.items():
        url = f"{site.url}/article/{number}.html"
        look = found[url]
        assert (look.outcome, look.status) == (case.outcome, case.status), number
        assert (case.words in look.text) if case.words else look.text == "" or number == 5, number
        assert asked[f"/article/{number}.html"] == case.times, number
        assert (look.source, look.site) == ("local-feed", site.url.removeprefix("http://"))
        assert (look.log_id is not None) == (case.outcome == "kept"), number
        if look.log_id is not None:
            assert logged[look.log_id].article.url == url
        assert look.address == (f"{site.url}/" if number == 5 else url)
    # What the site shows elsewhere, once for all of them, and nothing of it is an article.
    assert (asked["/"], asked[nowhere(2)]) == (2, 1)  # once for the redirect to it
    assert (by_role["home"].outcome, by_role["home"].status) == ("ok", 200)
    # Read in one way, so that one can be told by the other.
    led_home = found[f"{site.url}/article/5.html"]
    assert (led_home.title, led_home.text) == (by_role["home"].title, by_role["home"].text)
    assert by_role["home"].title == "本地新闻网"
    assert (by_role["nowhere"].outcome, by_role["nowhere"].status) == ("not-found", 404)
    assert len(logged) == 12 + 3
    # The lists are remembered: a known article that is gone has nobody read them again.
    assert asked["/feed.xml"] == 1
    site.answers.clear()
    before, after = len(site.requests), position(bench)
    result = recheck(bench, site, *CASES)
    assert (result.state, result.known, result.failures) == ("finished", 0, {})
    found = [look for look in looks(bench, after) if look.role == "article"]
    back = {look.url.rsplit("/", 1)[1]: look.outcome for look in found}
    anew = {2, 6, 11}  # something else was kept last
    assert back == {f"{n}.html": "kept" if n in anew else "unchanged" for n in CASES}
    asked = Counter(path for path, _ in site.requests[before:])
    assert set(asked.values()) == {1}
    with bench.engine.connect() as connection:
        (requests,) = connection.execute(select(PolitenessRow.requests)).scalars()
    assert requests == len(site.requests)


def test_what_is_settled_asks_nothing_more_of_its_site(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    site.answers |= {"/article/3.html": 404, "/article/4.html": 404}
    recheck(bench, site, 3, settled=[3])
    assert [(look.role, look.outcome) for look in looks(bench)] == [("article", "not-found")]
    recheck(bench, site, 3, 4, settled=[3])
    assert Counter(look.role for look in looks(bench)) == {"article": 3, "home": 1, "nowhere": 1}


def test_the_same_bytes_without_validators_are_unchanged(bench, site):
    site.validators = False
    bench.crawl(site, "feed", "/feed.xml")
    site.answers["/article/3.html"] = 404
    recheck(bench, site, 2, 3)
    del site.answers["/article/3.html"]
    recheck(bench, site, 3)
    outcomes = [(look.outcome, look.status) for look in looks(bench) if look.role == "article"]
    assert sorted(outcomes) == [("not-found", 404), ("unchanged", 200), ("unchanged", 200)]


def test_a_known_article_gone_is_no_matter_of_its_source(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    site.articles = site.articles[:-1]  # the feed changes too: no link on it is new
    for number in (1, 12):
        site.answers[f"/article/{number}.html"] = 404
    result = recheck(bench, site, 1, 12)
    assert (result.state, result.failures) == ("finished", {"not-found": 2})
    # Met as a recheck: the feed does not have it fetched again, now or in the next crawl.
    assert site.fetched("/article/12.html") == ["/article/12.html"] * 2
    again = bench.crawl(site, "feed", "/feed.xml")
    assert (again.unchanged, again.known, again.failures) == (1, 0, {})
    # Lists that fail have the crawl fail; the articles are looked at all the same.
    site.answers["/feed.xml"] = 500
    after = position(bench)
    failing = recheck(bench, site, 2, 3)
    assert (failing.state, failing.unchanged) == ("failed", 2)
    assert [look.outcome for look in looks(bench, after)] == ["unchanged"] * 2
    # An empty feed and an article that is gone: still nothing the matter with the source.
    site.answers["/feed.xml"] = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
    assert recheck(bench, site, 1).state == "finished"


def test_a_list_that_has_a_known_article_fetched_has_it_looked_at(bench, site):
    bench.crawl(site, "page", "/article/3.html")
    assert bench.crawl(site, "page", "/article/3.html").unchanged == 1
    site.answers["/article/3.html"] = (404, BARE)
    assert bench.crawl(site, "page", "/article/3.html").state == "failed"
    found = [(look.role, look.outcome) for look in looks(bench)]
    assert found[:2] == [("article", "unchanged"), ("article", "not-found")]
    assert sorted(found[2:]) == [("home", "ok"), ("nowhere", "not-found")]


def test_what_asks_not_to_be_kept_is_told_of_and_not_kept(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    hidden = b"<meta name=robots content=noindex>" + SOFT_404
    site.answers |= {"/article/3.html": hidden, nowhere(2): hidden, "/": CAPTCHA}
    recheck(bench, site, 3)
    found = {look.role: (look.outcome, look.title, look.text) for look in looks(bench)}
    assert found["article"] == found["nowhere"] == ("noindex", "", "")
    assert found["home"][:2] == ("captcha", "安全验证")


def test_robots_rules_hold_for_what_is_compared_with(bench, site):
    site.answers["/robots.txt"] = f"User-agent: *\nDisallow: {nowhere(2)}\n".encode()
    bench.crawl(site, "feed", "/feed.xml")
    site.answers["/article/3.html"] = 404
    recheck(bench, site, 3)
    found = {look.role: (look.outcome, look.status) for look in looks(bench)}
    assert found == {
        "article": ("not-found", 404),
        "home": ("ok", 200),
        "nowhere": ("robots", None),
    }
    assert nowhere(2) not in site.fetched("/")


def test_every_guard_holds_for_a_look(bench, site):
    site.answers["/robots.txt"] = b"User-agent: *\nDisallow: /article/3.html\n"
    bench.crawl(site, "feed", "/feed.xml")
    site.answers |= {
        "/article/4.html": "http://169.254.169.254/latest/",
        "/article/5.html": "/article/3.html",
        "/article/6.html": "/article/6.html",
        "/article/7.html": b"<p>" + b"x" * (9 << 20),
        "/article/8.html": "/article/9.html",
    }
    recheck(bench, site, 3, 4, 5, 6, 7, 8)
    at_articles = [look for look in looks(bench) if look.role == "article"]
    found = {look.url.rpartition("/")[2]: look.outcome for look in at_articles}
    assert found == {
        "3.html": "robots",
        "4.html": "blocked-address",
        "5.html": "robots",
        "6.html": "redirects",
        "7.html": "too-large",
        "8.html": "kept",  # by its redirect, not as the list's link
    }
    assert "/article/3.html" not in site.fetched("/")


def test_looks_are_committed_with_what_they_tell_of(tmp_path, worker, site, database_url):
    with crawl_bench(tmp_path, worker, database_url) as bench:
        bench.crawl(site, "feed", "/feed.xml")
        site.edit(3, extra="更正：涉事机构已被终止合作。")
        site.answers["/article/4.html"] = 404
        recheck(bench, site, 3, 4)
        del site.answers["/article/4.html"]
        recheck(bench, site, 4)
        found = [look for look in looks(bench) if look.role == "article"]
        assert sorted(look.outcome for look in found) == ["kept", "not-found", "unchanged"]
        (edited,) = (look for look in found if look.outcome == "kept")
        assert edited.log_id == bench.logged()[-1].id
        url = f"{site.url}/article/4.html"
        with bench.engine.connect() as connection:
            seen = find_seen(connection, [url])[url]
        assert (seen.outcome, seen.kept, seen.failures) == ("kept", True, 0)


@pytest.mark.parametrize(
    ("url", "beside"),
    [
        ("https://e.com/a/1.html", "https://e.com/a/{}.html"),
        ("https://e.com/a/1/", "https://e.com/a/{}/"),
        ("https://e.com/1", "https://e.com/{}"),
        ("https://e.com/show.php?c=2&id=17", "https://e.com/show.php?c=2&id={}"),
        ("https://e.com/v1.2-news", "https://e.com/{}"),
        ("https://e.com/?p=17", "https://e.com/?p={}"),
        ("https://e.com/", "https://e.com/{}/"),
    ],
)
def test_a_made_up_address_stands_beside_the_articles(url, beside):
    places = dict(places_to_compare(url, "crawl-2"))
    name = hashlib.sha256(b"crawl-2").hexdigest()[:16]
    assert places["nowhere"] == beside.format(name)
    assert places.get("home", url) == "https://e.com/"
