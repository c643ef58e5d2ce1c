"""Which facts a copy alters or adds: every planted one, and none where only the text was spun."""

import random
from types import SimpleNamespace

import opencc
import pytest
from our_articles import BASE, COURT, FINE, WATCHLIST, OurArticle
from planted_facts import ADDED, ALTERED, FURNITURE, REWORDED, Planted
from repost_generator import annotated, sentences_shuffled, spun, with_reposts

from monitor.changes.copies import MOST_FACTS, FactChange, facts_changed
from monitor.changes.diff import Version
from monitor.stories.versions import version
from seeds.match import Matcher

MATCHER = Matcher(WATCHLIST)
TRADITIONAL = opencc.OpenCC("s2t").convert
SIMPLIFIED = opencc.OpenCC("t2s").convert


def text(title: str, body: str) -> Version:
    article = SimpleNamespace(title=title, body=body, author=None, published_at=None)
    return version(article, MATCHER.match(title, body))


def told(copy: str, *known: OurArticle | str, title: str = "") -> tuple[FactChange, ...]:
    texts = [
        text(each.title, each.body) if isinstance(each, OurArticle) else text("", each)
        for each in known
    ]
    return facts_changed(text(title, copy), texts)


def other_script(body: str) -> str:
    return TRADITIONAL(body) if SIMPLIFIED(body) == body else SIMPLIFIED(body)


# How the copy that alters a fact may look besides; each leaves the facts alone.
FORMS = {
    "plain": lambda body, chance: body,
    "other script": lambda body, chance: other_script(body),
    "annotated": lambda body, chance: annotated(body, chance, 0.1),
    "one line": lambda body, chance: body.replace("\n", ""),
    "shuffled": sentences_shuffled,
    "furniture": lambda body, chance: f"{body}\n\n声明:本文仅代表作者个人观点。\n\n延伸阅读",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("planted", ALTERED, ids=lambda each: each.new)
def test_every_altered_fact_is_told_with_its_kind(planted: Planted, form: str) -> None:
    copy = FORMS[form](planted.body, random.Random(planted.old))
    changes = told(copy, planted.article)
    assert [each.kind for each in changes] == [planted.kind], changes


# Spinning programs replace negations and names like any other word.
FIGURES = [each for each in ALTERED if each.kind in {"amount", "date", "number"}]


@pytest.mark.parametrize("planted", FIGURES, ids=lambda each: each.new)
def test_figures_are_told_in_spun_copies_too(planted: Planted) -> None:
    copy = spun(planted.body, random.Random(planted.old), 0.05)
    assert planted.kind in {each.kind for each in told(copy, planted.article)}


def test_an_altered_fact_is_quoted_from_both_texts_in_their_own_script() -> None:
    copy = TRADITIONAL(COURT.body.replace("罚金八十万元", "罚金五十万元"))
    (change,) = told(copy, COURT)
    assert (change.before, change.after) == ("八十万元", "五十萬元")
    assert change.known_passage.endswith("构成寻衅滋事罪,判处罚金八十万元")
    assert change.passage.endswith("構成尋釁滋事罪,判處罰金五十萬元")
    assert change.known == 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("article", "paragraph", "kind"), ADDED)
def test_a_fact_that_no_known_text_has_is_told_as_added(
    article: OurArticle, paragraph: str, kind: str, form: str
) -> None:
    body = f"{article.body.strip()}\n\n{paragraph}"
    changes = told(FORMS[form](body, random.Random(paragraph)), article)
    assert kind in {each.kind for each in changes}
    assert all((each.before, each.known) == ("", None) for each in changes), changes


# Seen after these, the original has sentences that the copy lacks.
PARTS = ("first", "last", "middle", "other script, first half")
CASES = [(article, repost) for article, repost in with_reposts(BASE) if repost.leaves_facts]


@pytest.mark.parametrize(
    ("article", "repost"), CASES, ids=lambda each: getattr(each, "key", None) or each.kind
)
def test_no_kind_of_repost_alters_or_adds_a_fact(article, repost) -> None:
    changes = facts_changed(text(repost.title, repost.body), [text(article.title, article.body)])
    assert changes == ()


@pytest.mark.parametrize(
    ("article", "repost"),
    [case for case in CASES if not case[1].kind.startswith(PARTS)],
    ids=lambda each: getattr(each, "key", None) or each.kind,
)
def test_nor_does_the_original_that_is_seen_after_its_repost(article, repost) -> None:
    changes = facts_changed(text(article.title, article.body), [text(repost.title, repost.body)])
    assert changes == ()


@pytest.mark.parametrize("article", [COURT, FINE], ids=lambda each: each.key)
def test_the_whole_of_which_a_part_was_known_adds_what_the_part_lacks(article) -> None:
    part = article.body[: len(article.body) // 2]
    changes = told(article.body, part)
    assert changes
    assert all(not each.before for each in changes)
    assert told(part, article) == ()


@pytest.mark.parametrize(("article", "old", "new"), REWORDED)
def test_other_words_for_the_same_facts_alter_nothing(article, old: str, new: str) -> None:
    assert old in article.body
    assert told(article.body.replace(old, new), article) == ()


@pytest.mark.parametrize("furniture", FURNITURE)
@pytest.mark.parametrize("article", BASE, ids=lambda each: each.key)
def test_what_stands_around_a_text_adds_nothing(article, furniture: str) -> None:
    assert told(f"{article.body}\n\n{furniture}", article) == ()
    assert told(f"{furniture}\n\n{article.body}", article) == ()


def test_what_any_known_text_of_the_story_tells_is_no_news() -> None:
    changed = COURT.body.replace("罚金八十万元", "罚金五十万元")
    assert told(changed, COURT, changed) == ()
    assert told(annotated(changed, random.Random(1), 0.2), COURT, changed) == ()
    assert told(spun(changed, random.Random(1), 0.1), COURT, changed) == ()
    again = changed.replace("10月16日", "10月18日")
    assert [each.kind for each in told(again, COURT, changed)] == ["date"]
    assert told(COURT.body, changed, COURT) == (), "back to what the lead said"


def test_an_amount_or_a_platform_that_only_the_title_has_is_told() -> None:
    changes = told(COURT.body, COURT, title="米袋钱包外包催收案宣判 罚金五百万元")
    assert [(each.kind, each.after) for each in changes] == [("amount", "五百万元")]
    changes = told(COURT.body, COURT, title="云帆贷外包催收案一审宣判")
    assert [(each.kind, each.after) for each in changes] == [("name", "云帆贷")]
    for title in ("米袋钱包案:3个要点", "2025最新:米袋钱包催收案", "三名主管获刑 罚金八十万"):
        assert told(COURT.body, COURT, title=title) == ()


def test_facts_are_ordered_told_once_and_bounded() -> None:
    body = COURT.body.replace("罚金八十万元", "罚金五十万元").replace("10月16日", "10月18日")
    body = body.replace("法院没有采纳", "法院采纳了")
    assert [each.kind for each in told(body, COURT)] == ["amount", "date", "negation"]
    many = "".join(f"米袋钱包第{n}笔退款为{n * 1000 + 7}元,已经到账。" for n in range(60))
    assert len(told(f"{COURT.body}\n\n{many}", COURT)) == MOST_FACTS


@pytest.mark.parametrize("body", ["", "。", "\n", "短。", "\x00\u202e", "1" * 5000, "催" * 5000])
def test_texts_of_any_kind_compare(body: str) -> None:
    assert told(body, COURT) == () or body.startswith("1")
    told(COURT.body, body)
    assert told(body, body) == ()
