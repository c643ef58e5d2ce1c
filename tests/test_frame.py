"""A page that differs only around its article is known for it; whatever could be the article's is read."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from local_site import LocalArticle, LocalSite, serve
from timeline_site import ADVERTISEMENTS, HEADLINES, LAYOUTS

from crawler.article import ExtractionFailed
from crawler.extract import extract, extract_around
from crawler.extract.frame import fits, frame_of
from crawler.log.seen import find_seen
from crawler.page import Page
from seeds.models import Selectors

URL = "https://news.example.com/news/7.html"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TITLE = "用钱宝逾期账户移交外包公司，借款人称一天接到14个催收电话"
LINES = [
    (
        "从1月1日起，用钱宝的逾期用户陆续发现，打来电话的不再是平台客服，而是从没听说过的公司。记者看到的委托函显示，"
        "用钱宝与三家外包公司签了催收合同，移交的账户有一万六千余个。"
    ),
    (
        "住在合肥的林先生欠款2600元，逾期第二十一天。他给记者看了通话记录：一天之内陌生号码一共打来14次。电话那头的人"
        "先报出他的身份证后四位，再报出他单位的名称。更让他难受的是第二天，他的母亲、前同事和一位多年没联系的同学先后"
        "收到短信，内容都是请转告他尽快处理债务。他说自己从来没有把这些人填成联系人。"
    ),
    (
        "用钱宝在给本报的回复里表示，公司要求合作机构每天致电不超过三次，不得联系借款人以外的第三方，违规的会扣减服务费。"
        "回复没有说明移交账户之前是否通知过用户。一位在外包公司做了两年的坐席告诉记者，他们的收入按照回款比例计算，"
        "规定写在墙上，但是主管看的是回款，打多少个电话没有人真正去数。"
    ),
]
SAID = ("2026-11-23 09:30", "记者 林予安", "江城晚报")


def html(
    layout: int = 0, ad: str = ADVERTISEMENTS[1], counter: str = "阅读 5120 评论 33", seed: int = 1
):
    related = "".join(
        f"<li><a href='/local/{HEADLINES.index(each)}.html'>{each}</a></li>"
        for each in random.Random(seed).sample(HEADLINES, 4)
    )
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{TITLE}_江城晚报</title></head><body>"
        f"<nav><a href='/'>首页</a> <a href='/channel/1'>财经</a></nav><div class='ad'>广告：{ad}</div>"
        f"{LAYOUTS[layout](TITLE, LINES, SAID)}<div class='tools'>{counter}</div>"
        f"<aside><h3>相关阅读</h3><ul>{related}</ul></aside><footer>版权所有 江城晚报</footer></body></html>"
    )


def page(text: str, *, codec: str = "utf-8", **changes) -> Page:
    kind = {"content-type": "text/html; charset=utf-8"}
    return replace(Page(URL, URL, 200, kind, text.encode(codec), NOW), **changes)


def taken(text: str) -> str | None:
    first = page(text)
    return frame_of(first, extract_around(first)[1])


@pytest.mark.parametrize("layout", range(4))
def test_counters_advertisements_and_lists_of_others_are_around_the_article(layout):
    frame = taken(html(layout))
    assert len(frame) < 100
    for seed, ad in enumerate(ADVERTISEMENTS):
        other = page(html(layout, ad=ad, counter=f"阅读 {977 * seed} 评论 {seed}", seed=seed))
        assert fits(other, frame)
        assert extract(other) == extract(page(html(layout)))


# What was there, and what is there now while the counter and the advertisement differ too.
EDITS = {
    "a number": ("2600元", "2800元"),
    "a negation": ("不得联系", "可以联系"),
    "a white space": ("欠款2600", "欠款 2600"),
    "the title": (f"<h1>{TITLE}", f"<h1>{TITLE[:-4]}短信"),
    "the title in the head": (f"<title>{TITLE}", f"<title>{TITLE[:-4]}短信"),
    "the date": ("2026-11-23 09:30", "2026-11-24 09:30"),
    "the author": ("记者 林予安", "记者 陈予安"),
    "the outlet": ("来源：江城晚报", "来源：东南日报"),
    "a date in the head": ("</head>", "<meta name='pubdate' content='2026-11-20'></head>"),
    "an author in the head": ("</head>", "<meta name='author' content='陈予安'></head>"),
    "another address in the head": ("</head>", "<link rel='canonical' href='/2026/9.html'></head>"),
    "noindex": ("</head>", "<meta name='robots' content='noindex'></head>"),
    "a paragraph more": ("</article>", "<p>平台随后致歉，并停止了与三家公司的合作。</p></article>"),
    "a paragraph less": (f"<p>{LINES[1]}</p>", ""),
    "a correction below": ("<div class='tools'>", "<p>更正：欠款应为2800元</p><div class='tools'>"),
    "a correction above": ("<div class='ad'>", "<div class='note'>更正</div><div class='ad'>"),
    "a short correction in a counter's place": ("'tools'>", "'tools'>更正 金额应为2800元"),
    "a retraction in an advertisement's place": (f"广告：{ADVERTISEMENTS[0]}", "本文已撤稿"),
    "a correction in a counter's place": ("'tools'>", "'tools'>更正：上文的欠款应为两千八百元，特此说明。"),
    "a date in a counter's place": ("'tools'>", "'tools'>更新时间：2026-11-24 10:00 "),
    "an author in a list's place": ("<footer>版权所有 江城晚报", "<footer>作者：陈予安"),
    "an outlet in a list's place": ("<footer>版权所有 江城晚报", "<footer>来源：东南日报"),
    "nothing in an advertisement's place": (f"广告：{ADVERTISEMENTS[0]}", ""),
    "the title in an advertisement's place": (f"广告：{ADVERTISEMENTS[0]}", TITLE[:20]),
    "the article hidden": ("<article>", "<article style='display:none'>"),
    "a wall before the article": ("<article>", "<div class='wall'>登录后继续阅读</div><article>"),
    "a script": ("</body>", "<script>var pubtime='2026-11-20 08:00'</script></body>"),
    "a comment": ("</body>", "<!-- 2 --></body>"),
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_what_may_be_the_articles_makes_another_page(what):
    before, now = EDITS[what]
    restless = html(ad=ADVERTISEMENTS[0], counter="阅读 5121 评论 34", seed=2)
    assert fits(page(restless), taken(html()))
    assert before in restless
    assert not fits(page(restless.replace(before, now)), taken(html()))


def test_another_page_is_another_page():
    frame = taken(html())
    restless = html(counter="阅读 5121 评论 34")
    assert fits(page(restless), frame)
    for changes in (
        {"url": f"{URL}?from=home"},
        {"headers": {"content-type": "text/html; charset=gb18030"}},
        {"robots_tags": ("noindex",)},
        {"rendered": True},
        {"body": restless.encode("gb18030")},
        {"body": b""},
        {
            "body": "<html><body><h1>页面不存在</h1><p>您访问的文章已被删除</p></body></html>".encode()
        },
    ):
        assert not fits(page(restless, **changes), frame)


@pytest.mark.parametrize(
    "text",
    [
        html()
        .replace("2026-11-23 09:30", "")
        .replace("1月1日", "年初"),  # a date that others guess
        re.sub("<title>.*?</title>", "<title>江城晚报</title>", html()),  # a title by position
        html().replace(LINES[1], "").replace(LINES[2], ""),  # a text that others must judge
    ],
)
def test_no_frame_is_taken_where_the_whole_page_has_a_say(text):
    assert taken(text) is None


def test_no_frame_is_taken_of_what_a_selector_chose():
    first = page(html())
    assert extract_around(first, Selectors(body="article"))[1] == ()


def test_a_line_of_which_there_is_another_copy_is_not_around():
    twice = html().replace("<footer>", "<script>var c='<b>阅读 5120 评论 33</b>'</script><footer>")
    assert not fits(page(twice.replace("5120", "5121", 1)), taken(twice))


def test_whatever_fits_reads_the_same():
    """Pages changed at random: texts swapped, cut, put in other places, numbers raised."""
    chance = random.Random(20261124)
    seen = 0
    for _ in range(1500):
        layout = chance.randrange(4)
        before = html(layout, seed=chance.randrange(9))
        after = html(
            layout, chance.choice(ADVERTISEMENTS), f"阅读 {chance.randrange(99999)} 评论 4"
        )
        for _ in range(chance.randrange(3)):
            after = mutated(after, chance)
        if (frame := taken(before)) and fits(page(after), frame):
            seen += 1
            assert told(after) == told(before)
    assert seen > 300


def told(text: str) -> object:
    try:
        return extract(page(text))
    except ExtractionFailed as error:
        return str(error)


def mutated(text: str, chance: random.Random) -> str:
    parts = re.split(r"(<[^>]*>)", text)
    here, there = chance.randrange(len(parts)), chance.randrange(len(parts))
    way = chance.randrange(5)
    if way == 0:
        parts[here] = re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10), parts[here])
    elif way == 1:
        parts[here], parts[there] = parts[there], parts[here]
    elif way == 2 and not here % 2:
        parts[here] = parts[here][: len(parts[here]) // 2]
    elif way == 3 and not here % 2:
        parts[here] = chance.choice(
            ["更正", "11月20日", "作者：陈予安", "陈予安", TITLE, "下一页", "", LINES[0][:18]]
        )
    elif way == 4:
        parts.insert(here, parts[there])
    return "".join(parts)


def test_a_restless_page_is_known_by_its_frame_until_it_is_edited(bench):
    article = LocalArticle(1, extra="当地消费者协会提醒，遇到骚扰应保留录音和短信。" * 12)
    site = LocalSite([article], validators=False)

    def shows(count: int, text: str = article.html()) -> None:
        counted = f"<div>阅读 {count} 次</div><footer>"
        site.answers[article.path] = text.replace("<footer>", counted).encode()

    def looks() -> tuple[int, int]:
        result = bench.crawl(site, "page", article.path)
        return result.articles, result.unchanged

    def frame() -> str | None:
        with bench.engine.connect() as connection:
            return find_seen(connection, [url])[url].frame

    with serve(site):
        url = f"{site.url}{article.path}"
        shows(1)
        assert looks() == (1, 0)
        assert frame() is None
        shows(2)
        assert looks() == (0, 1)
        first = frame()
        assert first
        shows(3)
        assert looks() == (0, 1)
        assert frame() == first
        shows(4, article.html().replace("保留录音", "删除录音"))
        assert looks() == (1, 0)
        assert frame() not in (first, None)
        shows(5, "<html><body><h1>页面不存在</h1><p>您访问的文章不存在或已被删除</p></body></html>")
        assert looks()[1] == 0
