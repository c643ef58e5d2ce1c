"""From a source to the article log: real crawls of a real local site, in a real worker."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from crawl_worker import LOCAL, crawl_bench, wait_until_past, write_seeds
from local_site import NOON, LocalArticle, LocalSite, articles, serve

from crawler.log.engine import open_engine
from crawler.log.read import read_after
from crawler.log.seen import KEPT, LISTED, SKIPPED, find_seen
from crawler.log.tables import Base
from seeds.models import Selectors

REPOSITORY = Path(__file__).parent.parent
LISTING = Selectors(links="a.title", next="a.next")


def numbers(bench) -> list[int]:
    return sorted(int(path.split("/")[1].split(".")[0]) for path in bench.paths())


def seen(bench, *urls: str):
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        return find_seen(connection, urls)


@pytest.mark.parametrize(
    ("kind", "path", "found"),
    [
        ("feed", "/feed.xml", 12),
        ("feed", "/atom.xml", 12),
        ("feed", "/rdf.xml", 12),
        ("sitemap", "/sitemap.xml", 12),
        ("sitemap", "/sitemap-news.xml", 6),
        ("sitemap", "/sitemap-archive.xml.gz", 6),
        ("sitemap", "/sitemap.txt", 12),
        ("listing", "/list/1", 5),
        ("listing", "/gbk/1", 5),
        ("page", "/article/7.html", 1),
    ],
)
def test_every_kind_of_source_brings_its_articles(bench, site, kind, path, found):
    result = bench.crawl(site, kind, path)
    assert (result.state, result.articles, result.failures) == ("finished", found, {})
    assert len(bench.logged()) == found


def test_a_crawl_fills_either_store(tmp_path, worker, site, database_url):
    with crawl_bench(tmp_path, worker, database_url) as bench:
        assert bench.crawl(site, "feed", "/feed.xml").articles == 12
        assert bench.crawl(site, "feed", "/feed.xml").unchanged == 1
        assert numbers(bench) == list(range(1, 13))


def test_an_article_is_logged_with_where_it_came_from(bench, site):
    bench.crawl(site, "feed", "/feed.xml", max_articles=1, baseline=True)
    (logged,) = bench.logged()
    assert logged.source == "local-feed"
    assert logged.crawl_id == "crawl-1"
    assert logged.baseline
    assert len(logged.raw_hash) == 64
    assert logged.article.url == f"{site.url}/article/12.html"
    assert logged.article.title == "用钱宝被指暴力催收 第12位用户讲述经历"
    assert "第三方公司的工作人员" in logged.article.body


def test_a_second_crawl_fetches_the_feed_and_nothing_else(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    before = len(site.requests)
    result = bench.crawl(site, "feed", "/feed.xml")
    assert (result.state, result.articles, result.unchanged) == ("finished", 0, 1)
    assert [path for path, _ in site.requests[before:]] == ["/feed.xml"]
    assert "If-None-Match" in site.requests[-1][1]


def test_an_unchanged_feed_without_validators_is_known_by_its_bytes(bench, site):
    site.validators = False
    bench.crawl(site, "feed", "/feed.xml")
    result = bench.crawl(site, "feed", "/feed.xml")
    assert (result.unchanged, result.known) == (1, 0)


def test_a_new_article_on_a_feed_is_all_that_is_fetched(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    site.articles.insert(0, LocalArticle(99, updated_at=NOON + timedelta(hours=1)))
    before = len(site.fetched())
    result = bench.crawl(site, "feed", "/feed.xml")
    assert (result.articles, result.known) == (1, 12)
    assert site.fetched()[before:] == ["/article/99.html"]


def test_an_edited_article_that_its_feed_dates_anew_is_fetched_again(bench, site):
    bench.crawl(site, "feed", "/atom.xml")
    (kept,) = (each for each in bench.logged() if each.article.url.endswith("/5.html"))
    later = kept.fetched_at + timedelta(seconds=1)
    site.edit(5, extra="更正：平台方面补充说明，涉事机构已于当日被终止合作。", updated_at=later)
    wait_until_past(later)
    result = bench.crawl(site, "feed", "/atom.xml")
    assert (result.articles, result.known) == (1, 11)
    newest = bench.logged()[-1]
    assert newest.article.url.endswith("/article/5.html")
    assert "更正" in newest.article.body


def test_an_edit_that_takes_the_platforms_name_out_is_kept(bench, site):
    bench.crawl(site, "feed", "/atom.xml")
    later = bench.logged()[-1].fetched_at + timedelta(seconds=1)
    site.edit(5, name="某平台", updated_at=later)
    wait_until_past(later)
    result = bench.crawl(site, "feed", "/atom.xml")
    assert (result.articles, result.skipped) == (1, 0)
    newest = bench.logged()[-1].article
    assert newest.url.endswith("/article/5.html")
    assert "用钱宝" not in newest.title + newest.body


def test_a_feed_that_only_claims_an_update_costs_one_conditional_request(bench, site):
    bench.crawl(site, "feed", "/atom.xml")
    later = bench.logged()[-1].fetched_at + timedelta(seconds=1)
    wait_until_past(later)
    site.edit(5, updated_at=later)
    result = bench.crawl(site, "feed", "/atom.xml")
    assert (result.articles, result.unchanged, result.pages) == (0, 1, 0)


def test_what_mentions_no_watched_platform_is_seen_and_not_kept(bench):
    with serve(LocalSite(articles(2, name="某银行理财"))) as site:
        result = bench.crawl(site, "feed", "/feed.xml")
        assert (result.state, result.articles, result.skipped) == ("finished", 0, 2)
        assert bench.logged() == []
        url = f"{site.url}/article/1.html"
        assert seen(bench, url)[url].outcome == SKIPPED


def test_keep_all_keeps_what_mentions_nothing(bench):
    with serve(LocalSite(articles(2, name="某银行理财"))) as site:
        result = bench.crawl(site, "feed", "/feed.xml", keep="all")
    assert (result.articles, result.skipped) == (2, 0)


def test_a_traditional_page_mentions_the_simplified_name(bench):
    with serve(LocalSite(articles(1, name="用錢寶"))) as site:
        assert bench.crawl(site, "feed", "/feed.xml").articles == 1


def test_pagination_is_followed_up_to_max_pages(bench, site):
    bench.crawl(site, "listing", "/list/1", selectors=LISTING, max_pages=2)
    assert numbers(bench) == list(range(3, 13))
    assert site.fetched("/list/") == ["/list/1", "/list/2"]


def test_a_listing_without_selectors_leaves_navigation_and_other_sites_alone(bench, site):
    bench.crawl(site, "listing", "/list/1")
    assert set(site.fetched("/")) == {
        "/robots.txt",
        "/list/1",
        *(f"/article/{number}.html" for number in range(8, 13)),
    }


def test_include_and_exclude_choose_among_the_links(bench, site):
    bench.crawl(site, "feed", "/feed.xml", include=(r"/article/1\d",), exclude=(r"/11\.",))
    assert numbers(bench) == [10, 12]


def test_max_articles_bounds_a_crawl_and_the_next_goes_on(bench, site):
    first = bench.crawl(site, "feed", "/feed.xml", max_articles=5)
    assert first.articles == 5
    second = bench.crawl(site, "feed", "/feed.xml", max_articles=5)
    assert (second.articles, second.known, second.unchanged) == (5, 5, 0)
    third = bench.crawl(site, "feed", "/feed.xml", max_articles=5)
    assert (third.articles, third.known) == (2, 10)
    assert numbers(bench) == list(range(1, 13))


def test_the_newest_of_a_sitemap_come_first(bench, site):
    bench.crawl(site, "sitemap", "/sitemap-archive.xml.gz", max_articles=2)
    assert numbers(bench) == [5, 6]


def test_a_sitemap_index_is_read_again_though_it_stays_the_same(bench, site):
    bench.crawl(site, "sitemap", "/sitemap.xml")
    before = len(site.requests)
    result = bench.crawl(site, "sitemap", "/sitemap.xml")
    asked = [path for path, _ in site.requests[before:]]
    assert sorted(asked) == ["/sitemap-archive.xml.gz", "/sitemap-news.xml", "/sitemap.xml"]
    assert result.unchanged == 2


def test_a_sitemap_index_that_names_itself_ends(bench, site):
    site.answers["/loop.xml"] = (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<sitemap><loc>{site.url}/loop.xml</loc></sitemap></sitemapindex>"
    ).encode()
    result = bench.crawl(site, "sitemap", "/loop.xml")
    assert result.state == "finished"
    assert len(site.fetched("/loop.xml")) <= 3


@pytest.mark.parametrize("path", ["/search?q={alias}", "/search.rss?q={alias}"])
def test_a_search_asks_for_every_name_and_reads_pages_and_feeds(bench, path):
    mixed = [LocalArticle(1), LocalArticle(2, name="用錢寶"), LocalArticle(3, name="借呗")]
    with serve(LocalSite([*mixed, LocalArticle(4, name="某银行")])) as site:
        result = bench.crawl(site, "search", path)
        assert (result.state, result.articles) == ("finished", 3)
        assert len(site.fetched("/search")) == 3  # 用钱宝, 用錢寶, 借呗
        assert numbers(bench) == [1, 2, 3]


SEARCH = "/search?q={alias}"
WATCHED = ("用钱宝", "用錢寶", "借呗")  # the names of the bench's watchlist
RESULTS = "<!doctype html><title>{0}_搜索</title><p>没有找到与“{0}”有关的内容。</p>"


def empty_results(site, page=RESULTS):
    for name in WATCHED:
        site.answers[SEARCH.format(alias=quote(name))] = page.format(name).encode()


def test_a_search_that_has_nothing_about_one_name_is_as_good_as_any(bench):
    with serve(LocalSite([LocalArticle(1)])) as site:  # of 用钱宝
        result = bench.crawl(site, "search", SEARCH)
        assert (result.state, result.articles, result.failures) == ("finished", 1, {})
        again = bench.crawl(site, "search", SEARCH)
        assert (again.state, again.failures, again.message) == ("finished", {}, "")


def test_a_search_that_has_nothing_at_all_fails_unless_it_says_so_and_never_had(bench, site):
    empty_results(site)
    result = bench.crawl(site, "search", SEARCH)
    assert (result.state, result.articles, result.failures) == ("finished", 0, {})
    empty_results(site, "<!doctype html><title>新版首页</title>")
    result = bench.crawl(site, "search", SEARCH)
    assert result.state == "failed"
    assert result.message.startswith("no-links: ")
    assert result.message.endswith("(and 2 more)")
    site.answers.clear()
    assert bench.crawl(site, "search", SEARCH, max_articles=2).articles == 2
    empty_results(site)
    result = bench.crawl(site, "search", SEARCH)
    assert (result.state, result.message.partition(":")[0]) == ("failed", "no-links")


def test_a_page_is_read_again_each_time_and_logged_when_it_changed(bench, site):
    assert bench.crawl(site, "page", "/article/3.html").articles == 1
    again = bench.crawl(site, "page", "/article/3.html")
    assert (again.articles, again.unchanged) == (0, 1)
    site.edit(3, extra="更正：上文中的金额应为三千元，特此更正并向读者致歉。")
    assert bench.crawl(site, "page", "/article/3.html").articles == 1
    assert len(bench.logged()) == 2


@pytest.mark.parametrize(
    ("kind", "path", "outcome"),
    [
        ("feed", "/page-instead.xml", "not-a-feed"),
        ("feed", "/nowhere.xml", "not-found"),
        ("listing", "/feed.xml", "no-links"),
        ("sitemap", "/page-instead.xml", "not-a-sitemap"),
        ("sitemap", "/dtd.xml", "not-a-sitemap"),
    ],
)
def test_a_source_that_gives_no_list_fails_by_name(bench, site, kind, path, outcome):
    result = bench.crawl(site, kind, path)
    assert (result.state, result.failures) == ("failed", {outcome: 1})
    assert result.message.startswith(f"{outcome}: ")
    assert site.fetched() == []
    assert f"{site.url}{path}" in result.message


def test_an_entity_bomb_is_refused_and_costs_no_memory(bench, site):
    before = bench.worker.resident_bytes("VmHWM")
    result = bench.crawl(site, "feed", "/bomb.xml")
    assert (result.state, result.failures) == ("failed", {"not-a-feed": 1})
    assert "declares entities" in result.message
    assert bench.worker.resident_bytes("VmHWM") - before < 32 * 1024 * 1024


def test_a_failed_article_is_counted_and_tried_again_though_the_feed_stays_the_same(bench, site):
    site.answers["/article/4.html"] = 404
    first = bench.crawl(site, "feed", "/feed.xml")
    assert (first.state, first.articles, first.failures) == ("finished", 11, {"not-found": 1})
    del site.answers["/article/4.html"]
    second = bench.crawl(site, "feed", "/feed.xml")
    assert (second.articles, second.known, second.unchanged) == (1, 11, 0)


def test_a_link_that_fails_again_rests(bench, site):
    site.answers["/article/4.html"] = 404
    for _ in range(4):
        bench.crawl(site, "feed", "/feed.xml")
    assert site.fetched("/article/4.html") == ["/article/4.html"] * 2
    url = f"{site.url}/article/4.html"
    assert (seen(bench, url)[url].outcome, seen(bench, url)[url].failures) == ("not-found", 2)


def test_a_page_without_an_article_is_a_changed_layout(bench, site):
    site.answers["/article/4.html"] = b"<html><body></body></html>"
    result = bench.crawl(site, "feed", "/feed.xml")
    assert result.failures == {"layout": 1}
    url = f"{site.url}/article/4.html"
    assert seen(bench, url)[url].outcome == "layout"


def test_a_captcha_in_place_of_an_article_is_named_and_no_new_text(bench, site):
    assert bench.crawl(site, "page", "/article/3.html", keep="all").articles == 1
    captcha = "<title>安全验证</title><p>访问过于频繁，请拖动下方滑块完成拼图后继续访问。</p>"
    site.answers["/article/3.html"] = captcha.encode()
    result = bench.crawl(site, "page", "/article/3.html", keep="all")
    assert (result.state, result.articles, result.failures) == ("failed", 0, {"captcha": 1})
    assert len(bench.logged()) == 1


def test_a_source_whose_every_article_fails_has_failed(bench, site):
    for article in site.articles:
        site.answers[article.path] = 403
    result = bench.crawl(site, "feed", "/feed.xml")
    assert (result.state, result.failures) == ("failed", {"blocked": 12})
    assert "12 blocked" in result.message


def test_what_robots_forbids_is_not_fetched(bench, site):
    site.answers["/robots.txt"] = b"User-agent: lendwatch\nDisallow: /article/1\n"
    result = bench.crawl(site, "feed", "/feed.xml")
    assert result.articles == 8
    assert result.failures == {"robots": 4}


def test_an_address_that_is_not_public_is_not_crawled(bench, site):
    closed = LOCAL.model_copy(update={"allow_addresses": ()})
    result = bench.crawl(site, "feed", "/feed.xml", options=closed)
    assert (result.state, result.failures) == ("failed", {"blocked-address": 1})
    assert site.requests == []


def test_no_crawl_without_a_contact(bench, site):
    nameless = LOCAL.model_copy(update={"contact": ""})
    # Our own loopback needs none …
    assert bench.crawl(site, "feed", "/feed.xml", options=nameless).state == "finished"
    # … anybody else does, before anything is fetched.
    job = bench.job(site, "feed", "/feed.xml", options=nameless)
    public = job.source.model_copy(update={"url": "https://news.example.com/feed.xml"})
    result = bench.worker.crawl(job.model_copy(update={"source": public}))
    assert (result.state, result.failures) == ("failed", {"no-contact": 1})
    assert "crawl.contact" in result.message


def test_the_canonical_address_of_a_page_counts_on_its_own_site_only(bench, site):
    page = site.articles[0].html()
    for number, target in ((1, f"{site.url}/article/12.html"), (2, "https://other.example/x")):
        link = f"<link rel='canonical' href='{target}'>"
        site.answers[f"/article/{number}.html"] = page.replace("</head>", f"{link}</head>").encode()
    site.articles = site.articles[-2:]
    bench.crawl(site, "feed", "/feed.xml")
    assert bench.paths() == ["article/12.html", "article/2.html"]
    known = seen(bench, f"{site.url}/article/1.html", f"{site.url}/article/12.html")
    assert [row.outcome for row in known.values()] == [KEPT, KEPT]


def test_a_source_whose_links_all_rest_is_still_failing(bench, site):
    for article in site.articles:
        site.answers[article.path] = 403
    states = [bench.crawl(site, "feed", "/feed.xml").state for _ in range(3)]
    assert states == ["failed", "failed", "failed"]
    assert len(site.fetched()) == 24  # twice each; then they rest


def test_keep_all_takes_up_what_another_source_passed_over(bench):
    with serve(LocalSite(articles(2, name="某银行理财"))) as site:
        assert bench.crawl(site, "feed", "/feed.xml").skipped == 2
        assert bench.crawl(site, "feed", "/atom.xml", keep="all").articles == 2


def test_a_full_crawl_asks_for_no_further_sitemap(bench, site):
    bench.crawl(site, "sitemap", "/sitemap.xml", max_articles=3)
    assert site.fetched("/sitemap") == ["/sitemap.xml", "/sitemap-archive.xml.gz"]
    bench.crawl(site, "sitemap", "/sitemap.xml", max_articles=50)
    assert numbers(bench) == list(range(1, 13))


def test_a_crawl_that_runs_out_of_time_ends_in_good_order(bench, site):
    slow = LOCAL.model_copy(
        update={"delay": timedelta(seconds=0.2), "crawl_timeout": timedelta(seconds=1.5)}
    )
    result = bench.crawl(site, "feed", "/feed.xml", options=slow)
    assert (result.state, result.failures) == ("finished", {})
    assert 0 < result.articles < 12
    assert (result.finished_at - result.started_at) < timedelta(seconds=10)
    assert bench.crawl(site, "feed", "/feed.xml").articles == 12 - result.articles
    assert numbers(bench) == list(range(1, 13))


def test_a_list_is_remembered_only_when_its_links_are_dealt_with(bench, site):
    url = f"{site.url}/feed.xml"
    site.answers["/article/4.html"] = 500
    bench.crawl(site, "feed", "/feed.xml")
    assert url not in seen(bench, url)
    del site.answers["/article/4.html"]
    bench.crawl(site, "feed", "/feed.xml")
    assert seen(bench, url)[url].outcome == LISTED


def test_scrapy_lists_the_kinds_of_source(tmp_path):
    listed = scrapy_command(tmp_path, "list")
    assert listed.stdout.split() == ["feed", "listing", "page", "search", "sitemap"]


def test_scrapy_crawls_a_source_of_a_workspace_by_hand(tmp_path, site):
    write_workspace(tmp_path, site)
    done = scrapy_command(tmp_path, "crawl", "feed", "-a", "source=beat")
    assert done.returncode == 0, done.stderr
    engine = open_engine(f"sqlite:///{tmp_path}/lendwatch.db")
    with engine.connect() as connection:
        assert len(read_after(connection, 0, 100)) == 12
    engine.dispose()
    assert "'lendwatch/articles': 12" in done.stderr


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nope", "no such source; of kind feed there are: beat"),
        ("shelf", "source shelf is a listing: scrapy crawl listing -a source=shelf"),
    ],
)
def test_by_hand_a_wrong_source_is_named(tmp_path, site, source, message):
    write_workspace(tmp_path, site)
    done = scrapy_command(tmp_path, "crawl", "feed", "-a", f"source={source}")
    assert message in done.stderr
    assert site.requests == []


def test_by_hand_a_store_without_tables_is_named(tmp_path, site):
    write_workspace(tmp_path, site, tables=False)
    done = scrapy_command(tmp_path, "crawl", "feed", "-a", "source=beat")
    assert "has no table article_log" in done.stderr


def write_workspace(folder: Path, site: LocalSite, *, tables: bool = True) -> None:
    (folder / "lendwatch.yaml").write_text(
        "crawl:\n  contact: ops@example.org\n  delay: 0s\n  allow_addresses: [127.0.0.0/8]\n"
        "web:\n  port: 8642\n"
    )
    seeds = folder / "seeds"
    (seeds / "sources").mkdir(parents=True)
    write_seeds(seeds)
    (seeds / "sources" / "local.yaml").write_text(
        "sources:\n"
        f"  - {{name: beat, kind: feed, url: '{site.url}/feed.xml', every: 1h}}\n"
        f"  - {{name: shelf, kind: listing, url: '{site.url}/list/1', every: 1h}}\n"
    )
    if tables:
        engine = open_engine(f"sqlite:///{folder}/lendwatch.db")
        Base.metadata.create_all(engine)
        engine.dispose()


def scrapy_command(workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "LENDWATCH_WORKSPACE": str(workspace)},
        capture_output=True,
        text=True,
        check=False,
    )
