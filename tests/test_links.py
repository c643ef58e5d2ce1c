"""The pure readers: links, listings, feeds, sitemaps, addresses, and when a link is due."""

import doctest
import gzip
import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import crawler.article_links
import crawler.frontier
from crawler.canonical import address_of, named_address
from crawler.counts import Counts
from crawler.crawling import why_failed
from crawler.extract.floods import first_tags
from crawler.feeds import NotAFeed, read_feed
from crawler.frontier import is_due, rest_after
from crawler.links import (
    Link,
    LinkRules,
    absolute,
    newest_first,
    without_build_times,
)
from crawler.listings import BadSelector, read_listing
from crawler.log.seen import KEPT, SeenUrl
from crawler.page import Page
from crawler.sitemaps import NotASitemap, read_sitemap
from seeds.models import Selectors, Source

NOW = datetime(2026, 11, 24, 8, 30, 0, 500_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SHARED = Path(os.environ.get("LENDWATCH_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the third-party corpus is absent")


def page(body: bytes, url: str = "https://news.example.com/list/1", **headers: str) -> Page:
    return Page(url, url, 200, headers, body, NOW)


@pytest.mark.parametrize("module", [crawler.article_links, crawler.frontier])
def test_the_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0


def test_include_and_exclude_run_on_re2():
    source = Source(
        name="s", kind="feed", url="https://e.com/f", include=(r"/news/\d+",), exclude=("video",)
    )
    rules = LinkRules(source)
    assert rules.admit("https://e.com/news/12")
    assert not rules.admit("https://e.com/news/12/video")
    assert not rules.admit("https://e.com/other/12")


def test_a_time_that_every_entry_shares_is_when_the_list_was_made():
    same = [Link(f"https://e.com/{number}", NOW) for number in range(3)]
    assert {link.updated_at for link in without_build_times(same)} == {None}
    differ = [*same, Link("https://e.com/9", NOW + SECOND)]
    assert without_build_times(differ) == differ
    assert without_build_times(same[:1]) == same[:1]


def test_the_newest_come_first_and_the_undated_last():
    links = [Link("a"), Link("b", NOW), Link("c", NOW + SECOND), Link("d")]
    assert [link.url for link in newest_first(links)] == ["c", "b", "a", "d"]


@pytest.mark.parametrize(
    ("updated_at", "seen", "due"),
    [
        (None, None, True),
        (None, SeenUrl("u", KEPT, NOW - SECOND), False),
        (NOW - 2 * SECOND, SeenUrl("u", KEPT, NOW - SECOND), False),
        (NOW, SeenUrl("u", KEPT, NOW - SECOND), True),
        # A feed tells whole seconds: a change in the second of our fetch counts as later.
        (NOW.replace(microsecond=0), SeenUrl("u", KEPT, NOW), True),
        # A time that has not come yet says nothing.
        (NOW + timedelta(hours=8), SeenUrl("u", KEPT, NOW - SECOND), False),
        (None, SeenUrl("u", "timeout", NOW, failures=1), True),
        (None, SeenUrl("u", "timeout", NOW - timedelta(minutes=59), failures=2), False),
        (None, SeenUrl("u", "timeout", NOW - timedelta(minutes=60), failures=2), True),
        (None, SeenUrl("u", "not-found", NOW - timedelta(days=6), failures=40), False),
        (None, SeenUrl("u", "not-found", NOW - timedelta(days=7), failures=40), True),
    ],
)
def test_when_a_link_is_due(updated_at, seen, due):
    assert is_due(Link("u", updated_at), seen, NOW) is due


def test_rest_doubles_up_to_a_week():
    rests = [rest_after(failures) for failures in (0, 1, 2, 3, 10, 10**6)]
    hours = [rest.total_seconds() / 3600 for rest in rests]
    assert hours == [0, 0, 1, 2, 168, 168]


@pytest.mark.parametrize(
    ("counts", "failed_starts", "resting", "message"),
    [
        (Counts(), {}, 0, ""),
        (Counts(known=3), {}, 2, ""),
        (Counts(unchanged=1), {}, 0, ""),
        (Counts(articles=1, failures={"dns": 1}), {"a": "dns: x"}, 0, ""),
        (Counts(failures={"dns": 2}), {"a": "dns: x", "b": "dns: y"}, 0, "dns: x (and 1 more)"),
        (Counts(failures={"blocked": 3, "dns": 1}), {"a": "dns: x"}, 0, "3 blocked, 1 dns"),
        (Counts(), {}, 4, "4 failed before and rest"),
    ],
)
def test_when_a_source_as_a_whole_has_failed(counts, failed_starts, resting, message):
    why = why_failed(counts, ["a", "b"], failed_starts, resting)
    assert why.endswith(message)
    assert bool(why) is bool(message)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a.html?spm=1&id=2", "https://news.example.com/a.html?id=2"),
        ("//cdn.example.com/x", "https://cdn.example.com/x"),
        ("javascript:void(0)", None),
        ("mailto:a@b.c", None),
        ("file:///etc/passwd", None),
        ("http://a\\@b/", None),
    ],
)
def test_links_become_absolute_or_nothing(link, expected):
    assert absolute(link, "https://news.example.com/list/1") == expected


LISTING = """<html><head><base href="https://news.example.com/deep/"></head><body>
<div class="item"><a href="1.html"> 一  二 </a></div><div class="item"><a href="2.html">二</a></div>
<div class="item">no link</div><a class="more" href="/list/2">下一页</a></body></html>"""


@pytest.mark.parametrize(
    "selector",
    [
        ".item a",
        ".item",
        "a[href$=html]",
        "//div[@class='item']/a",
        "//div/a/@href",
        ".item a::attr(href)",
    ],
)
def test_a_selector_may_find_links_what_holds_them_or_their_addresses(selector):
    listing = read_listing(
        LISTING, "https://news.example.com/list/1", Selectors(links=selector, next=".more")
    )
    assert [link.url for link in listing.articles] == [
        "https://news.example.com/deep/1.html",
        "https://news.example.com/deep/2.html",
    ]
    assert listing.next_url == "https://news.example.com/list/2"


def test_a_next_link_to_the_page_itself_ends_the_pages():
    text = "<html><a rel='next' href='/list/1'>下一页</a></html>"
    assert read_listing(text, "https://news.example.com/list/1", Selectors()).next_url is None


def test_rel_next_is_followed_without_a_selector():
    text = "<html><head><link rel='next' href='/list/2'></head><body></body></html>"
    listing = read_listing(text, "https://news.example.com/list/1", Selectors())
    assert listing.next_url == "https://news.example.com/list/2"


@pytest.mark.parametrize("text", ["", "   ", "<!-- nothing -->", "\x00"])
def test_an_empty_listing_has_no_links(text):
    assert read_listing(text, "https://news.example.com/", Selectors()).articles == ()


@pytest.mark.parametrize("selector", ["a[", "//a[", "//a[re:test(@href,'x')]"])
def test_a_selector_that_cannot_run_is_named(selector):
    with pytest.raises(BadSelector, match="CSS or XPath"):
        read_listing(LISTING, "https://news.example.com/", Selectors(links=selector))


RSS = "<rss version='2.0'><channel><title>t</title>%s</channel></rss>"


def test_feed_entries_without_links_are_passed_over():
    items = (
        "<item><title>none</title></item>"
        "<item><title>guid</title><guid>https://e.com/1</guid></item>"
        "<item><title>bad</title><link>javascript:x</link></item>"
        "<item><title>relative</title><link>/2</link></item>"
    )
    links = read_feed(page((RSS % items).encode(), "https://e.com/feed"), 100)
    assert [link.url for link in links] == ["https://e.com/1", "https://e.com/2"]


def test_a_feed_is_read_up_to_its_limit():
    items = "".join(f"<item><link>https://e.com/{n}</link></item>" for n in range(20))
    assert len(read_feed(page((RSS % items).encode()), 7)) == 7


def test_a_json_feed_gives_addresses_titles_and_times():
    items = [
        {"id": "1", "url": "/1", "title": "一", "date_published": "2026-11-24T10:00:00+08:00"},
        {"id": "https://e.com/2", "external_url": 7, "date_modified": "soon"},
        {"id": "3", "title": "no address"},
        "no item",
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    links = read_feed(page(body, "https://e.com/feed.json"), 100)
    assert [(link.url, link.text) for link in links] == [
        ("https://e.com/1", "一"),
        ("https://e.com/2", ""),
    ]
    assert links[0].updated_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert len(read_feed(page(body), 1)) == 1


def test_a_feed_without_entries_is_still_a_feed():
    assert read_feed(page((RSS % "").encode()), 100) == []


@pytest.mark.parametrize(
    ("body", "came"),
    [
        (b"", "an empty answer"),
        (b"<!DOCTYPE html><html><body>moved</body></html>", "an HTML page"),
        (b'{"error": 1}', "JSON that is no JSON Feed"),
        (b"[" * 100_000, "JSON that is no JSON Feed"),
        (b"<?xml version='1.0'?><CHANNEL HREF='/'><TITLE>t</TITLE></CHANNEL>", "CDF"),
        (b"<?xml version='1.0'?><opml/>", "XML that is no feed"),
        (b"nothing to speak of", "application/json"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'/>", "declares entities"),
        ("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'b'>]><r/>".encode("utf-16"), "entities"),
    ],
)
def test_what_is_no_feed_is_named(body, came):
    with pytest.raises(NotAFeed, match=came):
        read_feed(page(body, **{"content-type": "application/json"}), 100)


SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>%s</urlset>"


def test_a_sitemap_gives_addresses_and_times():
    entries = (
        "<url><loc> https://e.com/1 </loc><lastmod>2026-11-24T10:00:00+08:00</lastmod></url>"
        "<url><loc>https://e.com/2</loc><lastmod>2026-11-23</lastmod></url>"
        "<url><loc>https://e.com/3</loc><lastmod>yesterday</lastmod></url>"
        "<url><lastmod>2026-11-23</lastmod></url>"
        "<url><loc>https://e.com/4</loc><image:image xmlns:image='http://i'>"
        "<image:loc>https://e.com/4.jpg</image:loc></image:image></url>"
    )
    sitemap = read_sitemap(page((SITEMAP % entries).encode()), 100, 10_000)
    assert [
        (link.url, link.updated_at and link.updated_at.isoformat()) for link in sitemap.articles
    ] == [
        ("https://e.com/1", "2026-11-24T10:00:00+08:00"),
        ("https://e.com/2", "2026-11-23T00:00:00+00:00"),
        ("https://e.com/3", None),
        ("https://e.com/4", None),
    ]


def test_a_sitemap_is_cut_at_its_limit_and_says_so():
    entries = "".join(f"<url><loc>https://e.com/{n}</loc></url>" for n in range(20))
    sitemap = read_sitemap(page((SITEMAP % entries).encode()), 7, 10_000)
    assert (len(sitemap.articles), sitemap.cut) == (7, True)


def test_a_truncated_sitemap_gives_what_stands_before_the_break():
    body = (SITEMAP % "<url><loc>https://e.com/1</loc></url><url><loc>https://e").encode()[:-9]
    sitemap = read_sitemap(page(body), 100, 10_000)
    assert ([link.url for link in sitemap.articles], sitemap.cut) == (["https://e.com/1"], True)


def test_an_index_names_further_sitemaps():
    body = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"
    sitemap = read_sitemap(page(body, "https://e.com/sitemap.xml"), 100, 10_000)
    assert [link.url for link in sitemap.sitemaps] == ["https://e.com/a.xml"]


@pytest.mark.parametrize(
    ("body", "came"),
    [
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"<html><body>moved</body></html>", "an HTML page"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>", "a document type"),
        (b"<urlset><!ENTITY a 'b'></urlset>", "a document type"),
        (b"nothing here", "lists no address"),
        (b"", "lists no address"),
        (b"\x1f\x8bbroken", "broken gzip"),
        (gzip.compress(b"<urlset>" + b" " * 200_000, mtime=0), "unpacks to more than 10000 bytes"),
        (b"<urlset><url>", "not readable XML"),
    ],
)
def test_what_is_no_sitemap_is_named(body, came):
    with pytest.raises(NotASitemap, match=came):
        read_sitemap(page(body), 100, 10_000)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="/news/1.html">', "/news/1.html"),
        ("<LINK href='/news/1.html?spm=x' rel='nofollow CANONICAL'/>", "/news/1.html"),
        ("<link rel=canonical href=/news/1.html>", "/news/1.html"),
        ('<link rel="canonical" href="/n?a=1&amp;id=2">', "/n?a=1&id=2"),
        ('<link rel="canonical" href="https://m.example.com/x/1">', "https://m.example.com/x/1"),
        ('<link rel="canonical" href="https://other.example.net/x">', "/news/2026/9.html"),
        ('<link rel="canonical" href="/">', "/news/2026/9.html"),
        ('<link rel="canonical" href="/news/">', "/news/2026/9.html"),
        ('<link rel="canonical" href="/news/2026">', "/news/2026/9.html"),
        ('<link rel="canonical" href="">', "/news/2026/9.html"),
        ('<link rel="canonical" href="javascript:x">', "/news/2026/9.html"),
        ('<!-- <link rel="canonical" href="/news/1.html"> -->', "/news/2026/9.html"),
        ('</head><body><link rel="canonical" href="/news/1.html">', "/news/2026/9.html"),
        ('<link rel="alternate" href="/news/1.html">', "/news/2026/9.html"),
    ],
)
def test_a_page_may_name_its_own_address_within_its_site(head, expected):
    body = f"<html><head>{head}</head><body>x</body></html>".encode()
    found = address_of(page(body, "https://www.example.com/news/2026/9.html?spm=1#top"))
    assert found == absolute(expected, "https://www.example.com/")


@needs_corpus
@pytest.mark.corpus
def test_every_feed_of_the_corpus_is_read_or_refused_by_name():
    files = [
        path
        for path in (CORPUS / "feeds").rglob("*")
        if path.suffix in {".xml", ".rss", ".txt", ".json"}
    ]
    read, reasons = 0, []
    for path in files:
        try:
            read_feed(page(path.read_bytes(), f"http://127.0.0.1:8097/{path.name}"), 5_000)
        except NotAFeed as error:
            reasons.append(str(error).partition(" answered ")[2])
        else:
            read += 1
    assert read > 400
    channels = [reason for reason in reasons if reason.startswith("a channel (CDF)")]
    assert len(channels) == 6
    assert len(reasons) - len(channels) <= 3  # two excerpts of running text, the index itself


@needs_corpus
@pytest.mark.corpus
def test_old_chinese_feeds_give_every_entry_whatever_their_encoding():
    listing = CORPUS / "feeds" / "index.jsonl"
    declared = [json.loads(line) for line in listing.read_text("utf-8").splitlines()]
    old = [each for each in declared if each.get("kind") == "feed"]
    assert len(old) >= 16
    for each in old:
        found = read_feed(page((CORPUS / "feeds" / each["file"]).read_bytes()), 5_000)
        assert len(found) == each["items"], each["file"]
        assert "\ufffd" not in "".join(link.text for link in found), each["file"]


@needs_corpus
@pytest.mark.corpus
def test_every_sitemap_of_the_corpus_is_read_or_refused_by_name():
    found = {}
    for path in sorted((CORPUS / "sitemaps").iterdir()):
        if path.suffix == ".md":
            continue
        try:
            sitemap = read_sitemap(
                page(path.read_bytes(), f"https://e.com/{path.name}"), 50_000, 2**23
            )
        except NotASitemap:
            found[path.name] = None
        else:
            found[path.name] = len(sitemap.articles) + len(sitemap.sitemaps)
    assert [name for name, count in found.items() if count is None] == ["trafilatura__feed.json"]
    assert all(count for count in found.values() if count is not None)


ONE_LINK = '<a href="/2026/11/24/1234.html">用钱宝催收的一个长标题</a>'


@pytest.mark.parametrize(
    "before",
    ["<p " + " ".join(f"a{n}=1" for n in range(30_000)) + ">", "<div>" * 2_000],
    ids=["attributes", "depth"],
)
def test_what_a_listing_is_padded_with_hides_no_link_and_costs_no_minutes(before):
    started = time.monotonic()
    listing = read_listing(before + ONE_LINK, "https://news.example.com/", Selectors())
    assert [link.url for link in listing.articles] == [
        "https://news.example.com/2026/11/24/1234.html"
    ]
    assert time.monotonic() - started < 2  # 30,000 attributes take libxml2 six seconds


def test_a_page_of_nothing_but_tags_is_read_up_to_its_200_000th():
    text = "<b>x</b>" * 150_000 + ONE_LINK
    assert first_tags(text).count("<") == 200_000
    assert read_listing(text, "https://news.example.com/", Selectors()).articles == ()
    assert first_tags(text[:800_000]) == text[:800_000]


CANONICAL = '<link rel="canonical" href="https://a.example/1">'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://a.example/1?utm_source=x">', "https://a.example/1"),
        ('<meta property="og:url" content="https://a.example/2">', "https://a.example/2"),
        (
            '<meta property="og:url" content="https://a.example/2">' + CANONICAL,
            "https://a.example/1",
        ),
        ('<link rel="canonical" href="/1">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<!-- <meta property="og:url" content="https://a.example/2"> -->', None),
        ("", None),
    ],
)
def test_a_saved_page_goes_by_the_address_it_gives_itself(head: str, expected: str | None) -> None:
    assert named_address(f"<html><head>{head}</head><body></body></html>".encode()) == expected
