"""Looking around on a site: what it offers, by the rules of a crawl, with nothing stored."""

from datetime import timedelta

from local_site import LocalSite, articles, serve
from plain_site import plain_sites

from crawler.discovery import Discovery, Offer, discover
from crawler.listings import read_listing
from crawler.offers import announced, sections
from crawler.options import CrawlOptions
from crawler.proposals import propose
from seeds.models import Selectors

OWN = CrawlOptions(contact="ops@example.org", delay=timedelta(0), allow_addresses=("127.0.0.0/8",))
HERE = "https://news.example.com/"


def shown(found: Discovery) -> list[tuple[str, str, str, int, str | None]]:
    return [
        (each.kind, each.url.split("/", 3)[3], each.found_by, each.links, each.selector)
        for each in found.offers
        if each.works
    ]


def test_a_home_page_leads_to_its_feeds_lists_and_sitemaps() -> None:
    site = LocalSite(articles(12))
    site.robots += (
        "Crawl-delay: 0.01\nDisallow: /list/2\nSitemap: http://169.254.169.254/sitemap.xml\n"
    )
    with serve(site):
        found = discover(f"{site.url}/", OWN)
    assert shown(found) == [
        ("feed", "feed.xml", "link rel=alternate", 12, None),
        ("listing", "", "the address itself", 5, "a.title"),
        ("listing", "list/1", "section 财经", 5, "a.title"),
        ("sitemap", "sitemap.xml", "robots.txt", 2, None),
    ]
    assert found.robots == "allowed; a request each 0.01 s"
    feed = found.offers[0]
    assert feed.samples == tuple(each.headline for each in site.articles[:3])
    assert feed.newest == site.articles[0].updated_at
    refused = {each.url.split("/", 3)[3]: each for each in found.offers if not each.works}
    outcomes = {path: each.outcome for path, each in refused.items()}
    assert outcomes == {
        "page-instead.xml": "not-a-feed",
        "list/2": "robots",
        "sitemap.xml": "blocked-address",
    }
    assert refused["list/2"].robots == "refused to lendwatch: robots.txt"
    asked = [path for path, _ in site.requests]
    assert asked[:2] == ["/robots.txt", "/"]
    assert sorted(asked[2:]) == ["/feed.xml", "/list/1", "/page-instead.xml", "/sitemap.xml"]


def test_where_nothing_is_named_the_usual_places_are_asked() -> None:
    with plain_sites() as (site,):
        site.pages["/"] = ("text/html", "<title>空</title><p>什么也没有</p>".encode())
        site.feed("/rss.xml", {"/2026/1124/1.html": "标题"})
        site.sitemap("/sitemap_index.xml", ["/2026/1124/1.html"])
        found = discover(site.url, OWN)
        asked = list(site.requests)
    assert [(each[0], each[1], each[2]) for each in shown(found)] == [
        ("feed", "rss.xml", "usual place"),
        ("sitemap", "sitemap_index.xml", "usual place"),
    ]
    # What is only a guess is not told as a failure; the page itself is.
    assert [each.outcome for each in found.offers if not each.works] == ["no-links"]
    assert asked == [
        "/robots.txt", "/", "/feed", "/rss.xml", "/sitemap.xml", "/sitemap_index.xml"
    ]  # fmt: skip


def test_what_may_not_be_fetched_is_not_and_says_so() -> None:
    site = LocalSite(articles(3), robots="User-agent: *\nDisallow: /\n")
    with serve(site):
        closed = discover(site.url, OWN)
        private = discover(site.url, CrawlOptions(contact="ops@example.org"))
    assert closed.message.startswith("robots: ")
    assert closed.robots == "refused to lendwatch: robots.txt"
    assert private.message.startswith("blocked-address: ")
    assert [path for path, _ in site.requests] == ["/robots.txt"]


def test_feeds_are_announced_by_type_or_told_by_their_links() -> None:
    text = """<head><link rel="alternate stylesheet" type="text/css" href="/a.css">
    <LINK REL='Alternate' TYPE='application/atom+xml; charset=utf-8' HREF='/atom' TITLE='全部'>
    <link rel=alternate type=application/feed+json href="https://cdn.example.net/f.json"></head>
    <a href="/rss/finance.xml">财经</a><a href="/x">RSS 订阅</a><a href="javascript:rss()">RSS</a>
    <a href="/rss/finance.xml">又一次</a><a href="/feedback">反馈</a><a href="/?format=rss">f</a>"""
    assert [(each.url, each.found_by, each.title) for each in announced(text, HERE)] == [
        (f"{HERE}atom", "link rel=alternate", "全部"),
        ("https://cdn.example.net/f.json", "link rel=alternate", ""),
        (f"{HERE}rss/finance.xml", "link on the page", "财经"),
        (f"{HERE}x", "link on the page", "RSS 订阅"),
        (f"{HERE}?format=rss", "link on the page", "f"),
    ]
    assert announced("", HERE) == []


def test_the_sections_of_this_beat_come_first() -> None:
    text = """<a href="/">首页</a><a href="/sh/">社会</a><a href="/p2p/">互联网金融</a>
    <a href="/cj/">财经</a><a href="https://else.example.net/cj/">财经</a><a href="/ty/">体育</a>
    <a href="/app.apk">新闻客户端</a><a href="/1.html">金融监管总局发布新规定</a><a href="/sh/">社会新闻</a>"""
    found = sections(text, HERE, 3)
    assert [each.url.removeprefix(HERE) for each in found] == ["p2p/", "cj/", "sh/"]


def page_of_links(row: str) -> str:
    rows = "".join(
        row.format(n=n, number=1000 + n, title=f"用钱宝被投诉暴力催收之{n}") for n in range(1, 6)
    )
    return f"<nav><a href='/a'>首页</a><a href='/b.html'>财经</a></nav><ul>{rows}</ul>"


def test_a_selector_is_proposed_that_selects_the_articles_and_nothing_else() -> None:
    cases = {
        "<li><a class='css-1x9f3k2 tit' href='/{number}.html'>{title}</a></li>": "a.tit",
        "<li class='item'><h3><a href='/{number}.html'>{title}</a></h3><a href='/u'>作者</a></li>": "li.item h3 a",
        "<li><a href='/news/{number}.html'>{title}</a></li>": 'a[href*="/news/"]',
        "<li><a href='show.php?id={number}'>{title}</a></li>": 'a[href*="show.php"]',
        "<li><a href='/{number}.html'>{title}</a></li>": None,
    }
    for row, selector in cases.items():
        text = page_of_links(row)
        links = read_listing(text, HERE, Selectors()).articles
        assert len(links) == 5, row
        proposal = propose(text, HERE, links, 3)
        assert (proposal.selector if proposal else None) == selector, row
        if proposal:
            chosen = read_listing(text, HERE, Selectors(links=proposal.selector)).articles
            assert [link.url for link in chosen] == [link.url for link in links]
            assert proposal.titles == tuple(link.text for link in links[:3])


def test_an_offer_says_whether_it_works() -> None:
    assert Offer(kind="feed", url="https://e.com/", found_by="x").works
    assert not Offer(kind="feed", url="https://e.com/", found_by="x", outcome="dns").works
