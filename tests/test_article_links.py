"""Which links of a listing page are its articles: judged by the form of address they share."""

from collections import defaultdict

import pytest
from corpus_listings import index_pages

from crawler.article_links import likely_articles
from crawler.links import Link
from crawler.listings import read_listing
from seeds.models import Selectors

HERE = "https://news.example.com/list/1"
TITLE = "用钱宝多名用户投诉遭遇催收"


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://e.com/2026/11/24/1234567.html", "", True),
        ("https://e.com/news/202611/t20261124_8123.shtml", "", True),
        ("https://e.com/a/20261124/c0012.html", "", True),
        ("https://e.com/detail?id=88231", "用钱宝多名用户投诉遭遇催收", True),
        ("https://e.com/p/9f3b27a1", "现金贷平台用钱宝再陷舆论风波", True),
        ("https://e.com/news/loan-app-accused-of-harassment", "", False),
        ("https://e.com/news/loan-app-accused-of-harassment", "Loan app accused of", True),
        ("https://e.com/finance/", "财经", False),
        ("https://e.com/finance/", "这里是一个写得很长的频道介绍文字", False),
        ("https://e.com/tag/20261124/1234", "这是一个足够长的标签的名字", False),
        ("https://e.com/page/2026", "这是一个足够长的下一页的链接", False),
        ("https://e.com/2026/11/24/1234567.jpg", "用钱宝多名用户投诉遭遇催收", False),
        ("https://e.com/report/2026-1124.pdf", "用钱宝多名用户投诉遭遇催收", False),
        ("https://e.com/", "用钱宝多名用户投诉遭遇催收", False),
        ("https://e.com/?p=4312", "用钱宝多名用户投诉遭遇催收", True),
        ("https://e.com/about/us.html", "关于我们的网站的介绍页面", False),
        ("https://e.com/user/88231", "网站的一个注册用户的主页面", False),
    ],
)
def test_articles_are_told_from_sections_and_tools(url, text, expected):
    assert bool(likely_articles([Link(url, text=text)], "https://e.com/news/")) is expected


def test_likely_articles_are_of_the_same_site_once_each_under_their_longest_text():
    title = "用钱宝多名用户投诉遭遇催收"
    links = [
        Link("https://news.example.com/2026/1124/1001.html"),
        Link("https://news.example.com/2026/1124/1001.html", text=title),
        Link("https://m.example.com/2026/1124/1002.html", text=title),
        Link("https://other.example.net/2026/1124/1003.html", text=title),
        Link("https://news.example.com/list/1", text=title),
    ]
    found = likely_articles(links, "https://news.example.com/list/1")
    assert [(link.url[-9:], link.text) for link in found] == [
        ("1001.html", title),
        ("1002.html", title),
    ]


def found(*links: tuple[str, str]) -> list[str]:
    """The paths of those links (path, text) that are taken for articles."""
    site = "https://news.example.com"
    given = [Link(site + path, text=text) for path, text in links]
    return [link.url.removeprefix(site) for link in likely_articles(given, HERE)]


def test_what_the_form_of_address_is_holds_for_each_of_its_links():
    """A short title among long ones is an article; a long name among short ones is a section."""
    news = [(f"/news/society/paper/11806{n}", TITLE) for n in range(10, 14)]
    sections = [
        (f"/channel/88{n}01", text) for n, text in enumerate(["财经", "法治", "网贷之家的全部新闻"])
    ]
    taken = found(*news, ("/news/society/paper/1180699", "借呗停贷"), *sections)
    assert taken == [path for path, _ in news] + ["/news/society/paper/1180699"]


def test_a_day_alone_is_no_number_of_an_article():
    days = [(f"/newspaper/{name}/20261124", "报纸版面的一个很长的名字") for name in ("a", "b", "c")]
    assert found(*days, ("/newspaper/a/20261124/381204.html", "短")) == []
    assert found(("/newspaper/a/20261124/381204.html", TITLE)) == [
        "/newspaper/a/20261124/381204.html"
    ]


def test_addresses_without_a_number_need_siblings_that_are_titled():
    pages = [(f"/wenzhang/{name}.html", f"{name}：{TITLE}") for name in ("cuishou", "jiebei")]
    assert found(*pages) == []
    third = ("/wenzhang/huabei.html", f"花呗：{TITLE}")
    assert found(*pages, third) == []  # each is a form of its own: nothing tells them from /about
    slugs = [(f"/{name}-you-guo-le-yi-nian", TITLE) for name in ("jiebei", "huabei")]
    assert found(*slugs) == [path for path, _ in slugs]


def test_one_article_under_two_addresses_is_taken_once_from_the_larger_list():
    main = [(f"/news/article/2026112{n}/3626239{n}/", TITLE) for n in range(4)]
    again = ("/enews/article/20261123/36262393/", TITLE[:6])
    other = ("/enews/article/20261123/36262392/", "另一篇同号的长标题文章")
    assert found(again, *main, other) == [*(path for path, _ in main), other[0]]


def test_a_lone_form_beside_a_long_list_is_a_promotion():
    news = [(f"/a/{120_000 + n}.html", TITLE) for n in range(30)]
    lone = ("/special/show.php?id=7", TITLE)
    assert lone[0] in found(*news[:10], lone)
    assert lone[0] not in found(*news, lone)


def test_lists_and_what_advertisements_hide_in_a_query_are_no_articles():
    assert found(("/NewsOtherList.aspx?kind=11", TITLE), ("/go?url=" + "K0" * 60, TITLE)) == []
    assert found(("/newslist/20261124/88123.html", TITLE)) == ["/newslist/20261124/88123.html"]


PAGES = f"""<!doctype html><html><body><a href="/2026/1124/10001.html">{TITLE}一</a></body></html>
<!DOCTYPE html><html><body><a href="/2026/1124/10002.html">{TITLE}二</a></body></html>
<?xml version="1.0"?><rss><channel><item><title>{TITLE}三</title>
<link>https://news.example.com/2026/1124/10003.html</link></item></channel></rss>"""


def test_pages_and_feeds_that_follow_in_one_answer_lose_no_link():
    listing = read_listing(PAGES, HERE, Selectors())
    assert [(link.url[-10:], link.text[-1]) for link in listing.articles] == [
        ("10001.html", "一"),
        ("10002.html", "二"),
        ("10003.html", "三"),
    ]
    chosen = read_listing(PAGES, HERE, Selectors(links="//a"))
    assert len(chosen.articles) == 2


@pytest.mark.corpus
def test_index_pages_give_their_article_links_without_a_selector():
    """Measured .98 and .99 (bench_listings); what a real page adds or loses shows here."""
    hits: dict[str, int] = defaultdict(int)
    for index in index_pages():
        taken = index.keys(link.url for link in index.read())
        hits["taken"] += len(taken)
        hits["expected"] += len(index.expected)
        hits["both"] += len(taken & index.expected)
    assert hits["both"] >= 0.95 * hits["taken"]
    assert hits["both"] >= 0.97 * hits["expected"]
