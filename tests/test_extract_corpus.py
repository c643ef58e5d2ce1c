"""Extraction on real pages, against the figures asked for; skips where the corpus is absent."""

from datetime import UTC, datetime
from html import escape

import pytest
from corpus_pages import CORPUS, cases, overlap, same_author, same_day, same_minute, same_title

from crawler.article import ExtractionFailed
from crawler.charset import decode
from crawler.extract import extract
from crawler.extract.floods import without_floods
from crawler.page import Page

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason=f"no corpus at {CORPUS}"),
]

CHINESE = ("zh_pages_gne", "zh_pages_tw")


@pytest.fixture(scope="module")
def read():
    """Every Chinese page with its truth and what we read; a failure would fail the fixture."""
    return [(case, extract(case.page)) for folder in CHINESE for case in cases(folder)]


def share(results):
    return sum(results) / len(results)


def test_titles_of_real_pages(read):
    assert share([same_title(a.title, c.truth["title"]) for c, a in read]) >= 0.97


def test_days_of_real_pages(read):
    assert share([same_day(a.published_at, c.truth["date"]) for c, a in read]) >= 0.99


def test_minutes_of_real_pages(read):
    timed = [(c, a) for c, a in read if len(c.truth["date"]) > 10]
    assert share([same_minute(a.published_at, c.truth["date"]) for c, a in timed]) >= 0.92


def test_authors_of_real_pages(read):
    named = [(c, a) for c, a in read if c.truth.get("author")]
    assert share([same_author(a.author, c.truth["author"]) for c, a in named]) >= 0.75


def test_outlets_of_real_pages(read):
    sourced = [(c, a) for c, a in read if c.truth.get("source")]
    assert share([a.outlet == c.truth["source"] for c, a in sourced]) >= 0.95


def test_bodies_of_real_pages(read):
    assert share([overlap(a.body, c.truth["body"])[2] for c, a in read]) >= 0.96


def test_no_real_page_loses_more_than_a_tenth_of_its_text(read):
    lost = {c.name: overlap(a.body, c.truth["body"])[1] for c, a in read}
    assert {name: recall for name, recall in lost.items() if recall < 0.9} == {}


def test_scripts_of_real_pages_are_told_apart(read):
    assert {c.name for c, a in read if a.language != c.truth["language"]} == set()


def test_no_real_page_is_taken_for_an_attribute_flood():
    folders = (*CHINESE, "en_pages_aeb", "en_pages_wcxb", "dates_htmldate")
    texts = {case.name: decode(case.page).text for folder in folders for case in cases(folder)}
    assert {name for name, text in texts.items() if without_floods(text) != text} == set()


def test_bodies_of_english_pages():
    scores = []
    for case in cases("en_pages_aeb"):
        try:
            scores.append(overlap(extract(case.page).body, case.truth["body"])[2])
        except ExtractionFailed:
            scores.append(0.0)
    assert share(scores) >= 0.96


def test_the_seed_article_in_the_shell_of_its_site():
    lines = [
        line.strip()
        for line in (CORPUS.parent / "seed" / "article.txt").read_text("utf-8").splitlines()
    ]
    text = [line for line in lines[4:] if line]
    tail = next(position for position, line in enumerate(text) if line.startswith("延伸閱讀"))
    title = "用錢寶2024又開始催收了"
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text[:tail])
    related = "".join(f'<li><a href="/{n}">相關的文章題目第{n}篇</a></li>' for n in range(8))
    html = (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><div class='menu'><ul>{related}</ul></div>"
        f"<div><span>資深用戶</span><h1>{title}</h1><p>2024-11-08 22:41:19 瀏覽 作者:羿若鷺</p><div class='content'>{paragraphs}</div>"
        f"<div><h3>延伸閱讀主編精選推薦</h3><ul>{related}</ul></div></div>"
        f"<div><h3>最新文章</h3><ul>{related}</ul><h3>隨機看看</h3><ul>{related}</ul></div></body></html>"
    )
    url = "https://farm.example/a/1.html"
    article = extract(Page(url, url, 200, {}, html.encode(), datetime(2024, 11, 9, tzinfo=UTC)))
    assert (article.title, article.author) == (title, "羿若鷺")
    assert article.published_at.isoformat() == "2024-11-08T22:41:19+08:00"
    body = article.body.split("\n")
    assert body[0] == "引言"
    assert body[-1].startswith("用錢寶2024年的催收行動引發了社會的廣泛") or "社會的廣泛" in body[-1]
    for cut in ("15070879527", "聲明:該作品", "延伸閱讀", "最新文章"):
        assert cut not in article.body
    assert "15070879527" in article.boilerplate
