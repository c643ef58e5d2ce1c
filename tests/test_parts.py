"""Articles that go on over several pages: which page is next, and what becomes of them all."""

from datetime import UTC, datetime
from html import escape

import pytest
from crawl_worker import crawl_bench
from local_site import LocalSite, articles, serve

from crawler.extract import extract_parts
from crawler.extract.parts import next_part, part_number
from crawler.page import Page

FIRST = "https://news.example.com/c/2024/11/1001.html"
TEXTS = [
    "记者从多位借款人处了解到，用钱宝的催收人员自上周起再次频繁拨打通讯录中联系人的电话。",
    "对此平台方面回应称，已经注意到相关的投诉，将对合作机构的作业过程逐一进行核查和处理。",
    "律师表示，向与债务无关的第三人透露欠款信息，涉嫌侵犯个人信息，借款人可以保留证据。",
]
TITLE = "用钱宝再被投诉骚扰联系人"


def page(url: str, body: str, codec: str = "utf-8") -> Page:
    return Page(url, url, 200, {}, body.encode(codec), datetime(2024, 11, 9, tzinfo=UTC))


def part(number: int, pager: str, *, title: str = TITLE) -> str:
    return (
        f"<html><head><title>{title}_示例新闻网</title></head><body><h1>{title}</h1>"
        f"<p>2024-11-08 22:41 来源：示例新闻网 作者：羿若鹭</p><div class='content'>"
        f"<p>{TEXTS[number - 1] * 2}</p></div><div class='pages'>{pager}</div>"
        "<p>上一篇：<a href='1000.html'>别的文章的题目</a></p>"
        "<p>下一篇：<a href='1002.html'>另一篇文章的题目</a></p></body></html>"
    )


@pytest.mark.parametrize(
    ("url", "first", "number"),
    [
        ("https://a.example/c/1_2.html", "https://a.example/c/1.html", 2),
        ("https://a.example/c/1-2.html", "https://a.example/c/1.html", 2),
        ("https://a.example/c/1_3.shtml", "https://a.example/c/1_1.shtml", 3),
        ("https://a.example/c/1/2", "https://a.example/c/1", 2),
        ("https://a.example/c/1/2.html", "https://a.example/c/1.html", 2),
        ("https://a.example/c/1/2/", "https://a.example/c/1/", 2),
        ("https://a.example/c?id=7&page=2", "https://a.example/c?id=7", 2),
        ("https://a.example/c?id=7&page=2", "https://a.example/c?id=7&page=1", 2),
        # Other articles, comments, other sites.
        ("https://a.example/c/2.html", "https://a.example/c/1.html", None),
        ("https://a.example/c/1002.html", "https://a.example/c/1001.html", None),
        ("https://a.example/c/1_2024.html", "https://a.example/c/1.html", None),
        ("https://a.example/c/loan-2/", "https://a.example/c/loan/", None),
        ("https://a.example/c?id=8", "https://a.example/c?id=7", None),
        ("https://a.example/c?id=7&cpage=2", "https://a.example/c?id=7", None),
        ("https://b.example/c/1_2.html", "https://a.example/c/1.html", None),
    ],
)
def test_the_address_tells_the_pages_of_an_article_from_other_articles(url, first, number):
    assert part_number(url, first) == number


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize(
    "pager",
    [
        "<span>1</span> <a href='1001_2.html'>2</a> <a href='1001_2.html'>下一页</a>",
        "<a class='next' href=/c/2024/11/1001_2.html><b>下一頁</b></a>",
        "<a href='1001.html?page=2'>[2]</a> <a href='1001.html?page=2' rel='next'></a>",
    ],
)
def test_the_next_page_is_found_in_any_encoding(pager, codec):
    pager = pager.replace("页", "頁") if codec == "big5" else pager
    found = next_part([page(FIRST, f"<p>{pager}<p>", codec=codec)])
    assert found in (
        "https://news.example.com/c/2024/11/1001_2.html",
        "https://news.example.com/c/2024/11/1001.html?page=2",
    )


@pytest.mark.parametrize(
    "html",
    [
        "<a href='1002.html'>下一篇</a><a href='1002.html' rel='next'>下一页</a>",
        "<link rel='next' href='/c/2024/11/1002.html'>",
        "<a href='javascript:void(0)'>下一页</a><a href='#2'>下一页</a>",
        "<a href='1001_2.html'>相关阅读：两年之后</a> <a href='/list/2'>下一页</a>",
        "<a href='1001_9.html'>下一页</a>",
        "<a href='1001_2.html'" * 50 + "下一页",
    ],
)
def test_what_is_no_next_page_of_the_article_is_not_followed(html):
    assert next_part([page(FIRST, html)]) is None


def test_a_page_that_comes_back_again_ends_the_article():
    same = part(1, "<a href='1001.html?page=2'>2</a> <a href='1001.html?page=3'>3</a> 下一页")
    pages = [page(FIRST, same), page(f"{FIRST}?page=2", same)]
    assert next_part(pages[:1]) == f"{FIRST}?page=2"
    assert next_part(pages) is None


def test_one_article_is_made_of_its_pages_and_repeats_nothing():
    pages = [
        page(FIRST, part(1, "1 <a href='1001_2.html'>2</a> <a href='1001_2.html'>下一页</a>")),
        page(FIRST.replace(".html", "_2.html"), part(2, "<a href='1001_3.html'>下一页</a>")),
        page(FIRST.replace(".html", "_3.html"), part(3, "", title=f"{TITLE}(3)")),
    ]
    assert next_part(pages[:2]) == "https://news.example.com/c/2024/11/1001_3.html"
    article = extract_parts(pages)
    assert article.body.split("\n") == [text * 2 for text in TEXTS]
    assert (article.url, article.title, article.author) == (FIRST, TITLE, "羿若鹭")
    assert not article.truncated
    assert article.boilerplate.count("上一篇") <= 1
    assert extract_parts(pages[:1]).body == TEXTS[0] * 2
    empty = page(FIRST.replace(".html", "_4.html"), "<html><body><img src='a.png'></body></html>")
    assert extract_parts([*pages, empty]) == article


def test_a_crawl_joins_an_article_and_reads_its_pages_again_when_one_changes(tmp_path, worker):
    with serve(LocalSite(articles(1))) as site, crawl_bench(tmp_path, worker) as bench:

        def answer(path: str, number: int, pager: str) -> None:
            site.answers[path] = part(number, pager).encode()

        answer("/article/1.html", 1, "<a href='1_2.html'>下一页</a>")
        answer("/article/1_2.html", 2, "<a href='1_3.html'>下一页</a>")
        answer("/article/1_3.html", 3, "")
        bench.crawl(site, "page", "/article/1.html")
        site.answers["/article/1_3.html"] = 503
        assert bench.crawl(site, "page", "/article/1.html").failures == {}
        answer("/article/1_3.html", 3, "")
        bench.crawl(site, "page", "/article/1.html")
        assert bench.crawl(site, "page", "/article/1.html").unchanged == 1
        whole, cut, again = (logged.article for logged in bench.logged())
        assert whole.url == f"{site.url}/article/1.html"
        assert [whole.body.count(text) for text in TEXTS] == [2, 2, 2]
        assert [cut.body.count(escape(text)) for text in TEXTS] == [2, 2, 0]
        assert (whole.truncated, cut.truncated, again.truncated) == (False, True, False)
        assert again == whole
