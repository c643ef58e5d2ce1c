"""Clustering a stream of documents: the code behind `lendwatch cluster`, and its figures."""

import random
import re
from itertools import permutations

import opencc
import pytest
from our_articles import ALL, BASE, BRIEF, BY_KEY, FARM, GUIDE, WATCHLIST
from repost_generator import swapped, with_reposts
from shared_corpus import json_lines, shared_file
from unseen_articles import UNSEEN_ALL, UNSEEN_BASE

from monitor.stories.cluster import Clustered, Document, cluster
from monitor.stories.relation import Relation
from seeds.match import Matcher
from seeds.models import Platform, Watchlist

MATCHER = Matcher(WATCHLIST)
NEWS = "corpus/reposts_news2018"


def clustered(documents: list[Document], matcher: Matcher = MATCHER) -> dict[str, Clustered]:
    return {each.id: each for each in cluster(documents, matcher)}


def document(key: str, as_id: str | None = None) -> Document:
    return Document(as_id or key, BY_KEY[key].title, BY_KEY[key].body)


HALVES = {"tuned on": (BASE, ALL), "unseen": (UNSEEN_BASE, UNSEEN_ALL)}


def all_copies(half: str) -> list[Document]:
    base, articles = HALVES[half]
    return [
        *(Document(each.key, each.title, each.body) for each in articles),
        *(
            Document(f"{article.key} {repost.kind}", repost.title, repost.body)
            for article, repost in with_reposts(base)
        ),
    ]


def of_two(document: str) -> bool:
    """Whether a document is made of two articles, in the story of one of which it may be."""
    return "glued" in document or "quoted" in document


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("seed", range(5))
def test_copies_find_their_story_in_any_order_of_arrival(half: str, seed: int) -> None:
    documents = all_copies(half)
    random.Random(seed).shuffle(documents)
    found = clustered(documents)
    home = {each.key: found[each.key].story for each in HALVES[half][1]}
    assert len(set(home.values())) == len(home), "two articles are in one story"
    stray = [
        each.id
        for each in found.values()
        if each.story != home[each.id.split(" ")[0]] and not of_two(each.id)
    ]
    assert stray == []
    astray = [each for each in found if of_two(each) and found[each].story not in home.values()]
    assert astray == []


def test_two_halves_are_one_story_once_the_whole_arrives() -> None:
    body = BY_KEY["privacy"].body
    half = len(body) // 2
    title = BY_KEY["privacy"].title
    found = clustered(
        [
            document("farm"),
            Document("second", f"{title}(下)", body[half:]),
            Document("first", title, body[:half]),
            Document("whole", title, body),
        ]
    )
    assert {found[each].story for each in ("first", "second", "whole")} == {"second"}
    assert (found["first"].relation, found["first"].of) == (Relation.PARTIAL, "whole")
    assert found["farm"].story == "farm"


@pytest.mark.parametrize("order", list(permutations(["farm", "guide", "round-up"])))
def test_a_round_up_never_makes_one_story_of_its_items(order: tuple[str, ...]) -> None:
    documents = {
        "farm": document("farm"),
        "guide": document("guide"),
        "round-up": Document("round-up", "本周借贷要闻", f"{FARM.body}\n\n{GUIDE.body}"),
    }
    copies = [
        Document(f"{each} again", BY_KEY[each].title, BY_KEY[each].body + "\n\n(完)")
        for each in ("farm", "guide")
    ]
    found = clustered([*(documents[each] for each in order), *copies])
    assert found["farm"].story != found["guide"].story
    for each in ("farm", "guide"):
        assert found[f"{each} again"].story == found[each].story


# Two articles about one platform, and one that has more than half of each, word for word.
QUOTING = Document(
    "quoting",
    "两起事件放在一起看",
    "多家网贷平台近日被消费者协会点名，本报记者就此走访了几位借款人，下面是其中的两个例子，文中人物均为化名。\n\n"
    f"{BY_KEY['guide'].body[:400]}\n\n{BY_KEY['fine'].body[:410]}",
)


@pytest.mark.parametrize("order", list(permutations(["guide", "fine", "quoting"])))
def test_an_article_that_quotes_two_at_length_is_a_guest_of_one(order: tuple[str, ...]) -> None:
    documents = {"quoting": QUOTING, "guide": document("guide"), "fine": document("fine")}
    glued = Document("glued", "本周要闻", f"{BY_KEY['fine'].body}\n\n{GUIDE.body}")
    again = [Document("guide again", "又一起", GUIDE.body), document("fine", "fine again"), glued]
    found = clustered([*(documents[each] for each in order), *again])
    assert found["guide"].story != found["fine"].story
    assert found["guide again"].story == found["guide"].story
    assert found["fine again"].story == found["fine"].story
    if order[0] != "quoting":
        assert found["quoting"].relation is Relation.PARTIAL
        assert found["quoting"].of in {"guide", "fine"}
    else:
        assert (found[order[1]].relation, found[order[1]].of) == (Relation.PARTIAL, "quoting")
        assert found[order[2]].relation is Relation.NEW


def test_the_story_is_named_by_its_first_document_and_of_by_the_nearest() -> None:
    copy = Document("copy", FARM.title, FARM.body + "\n\n声明:本文仅代表作者个人观点。")
    found = clustered([document("farm"), document("court"), copy])
    assert found["farm"] == Clustered("farm", "farm", Relation.NEW, None, 0.0)
    assert found["copy"] == Clustered("copy", "farm", Relation.EXACT, "farm", 1.0)


def test_swaps_and_siblings_open_their_own_stories_and_name_their_origin() -> None:
    swap = swapped(FARM, "青禾借", "顺信花")
    found = clustered(
        [document("farm"), Document("swap", swap.title, swap.body), document("farm-sibling")]
    )
    assert (found["swap"].story, found["swap"].relation, found["swap"].of) == (
        "swap",
        Relation.PLATFORM_SWAP,
        "farm",
    )
    assert (found["farm-sibling"].story, found["farm-sibling"].of) == ("farm-sibling", "farm")
    assert found["farm-sibling"].relation is Relation.TEMPLATE_SIBLING


def test_a_copy_of_a_swapped_text_joins_the_swaps_story() -> None:
    swap = swapped(FARM, "青禾借", "顺信花")
    found = clustered(
        [
            document("farm"),
            Document("swap", swap.title, swap.body),
            Document("copy", swap.title, swap.body.replace("\n\n", "\n")),
        ]
    )
    assert (found["copy"].story, found["copy"].relation) == ("swap", Relation.EXACT)


def test_a_round_up_does_not_drag_another_article_into_a_story() -> None:
    round_up = Document("round-up", "本周借贷要闻", f"{FARM.body}\n\n{GUIDE.body}")
    found = clustered([document("farm"), round_up, document("guide")])
    assert found["round-up"].story == "farm"
    assert found["guide"].story == "guide"


def test_a_second_part_joins_through_the_whole_when_it_carries_its_title() -> None:
    body = BY_KEY["privacy"].body
    half = len(body) // 2
    title = BY_KEY["privacy"].title
    found = clustered(
        [
            Document("first", title, body[:half]),
            Document("whole", title, body),
            Document("second", f"{title}(下)", body[half:]),
        ]
    )
    assert {each.story for each in found.values()} == {"first"}


def test_a_part_that_comes_first_is_joined_by_the_whole() -> None:
    found = clustered([Document("part", GUIDE.title, GUIDE.body[200:]), document("guide")])
    assert (found["guide"].story, found["guide"].relation) == ("part", Relation.PARTIAL)


def test_a_brief_is_not_merged_into_the_report_that_contains_it() -> None:
    report = Document("report", "另一篇报道", f"{FARM.body}\n\n{BRIEF.body}")
    found = clustered([document("brief"), report])
    assert found["report"].relation is Relation.NEW


def test_documents_without_text_open_stories_of_their_own() -> None:
    found = clustered([Document(str(number), "图集", "") for number in range(3)])
    assert {each.story for each in found.values()} == {"0", "1", "2"}


@pytest.mark.corpus
def test_the_copies_of_the_seed_article_are_one_story_among_its_siblings() -> None:
    body = shared_file("seed/article.txt").read_text(encoding="utf-8")
    title = "用錢寶2024又開始催收了"
    names = (Platform(name="用钱宝", traditional="用錢寶"), *WATCHLIST.platforms)
    found = clustered(
        [
            document("farm"),
            Document("seed", title, body),
            Document("simplified", title, opencc.OpenCC("t2s").convert(body)),
            Document("plain", title, re.sub(r"\([^()\d]{1,7}\)", "", body)),
            Document(
                "prose", title, "\n".join(each for each in body.splitlines() if len(each) > 25)
            ),
            Document("swap", title, body.replace("用錢寶", "雲帆貸")),
        ],
        Matcher(Watchlist(platforms=names, topics=())),
    )
    assert {key for key, each in found.items() if each.story == "seed"} == {
        "seed",
        "simplified",
        "plain",
        "prose",
    }
    assert (found["swap"].relation, found["swap"].story) == (Relation.PLATFORM_SWAP, "swap")


@pytest.mark.corpus
@pytest.mark.parametrize("seed", range(2))
def test_real_reposts_are_found_among_the_background(seed: int) -> None:
    together, apart, documents = real_news()
    order = list(documents.values())
    random.Random(seed).shuffle(order)
    found = clustered(order)
    right = sum(found[one].story == found[other].story for one, other in together)
    wrong = sum(found[one].story == found[other].story for one, other in apart)
    alone = {each for each in documents if each.startswith("single ")}
    wrong += sum(each.relation.joins for each in found.values() if each.id in alone)
    recall, precision = right / len(together), right / (right + wrong)
    partial = partial_found(found)
    print(
        f"real reposts: precision {precision:.3f}, recall {recall:.3f}, partial {partial:.3f}, "
        f"{len(order)} documents"
    )
    assert precision >= 0.98
    assert recall >= 0.97
    assert partial >= 0.8


def partial_found(found: dict[str, Clustered]) -> float:
    """The share of the pairs labelled "partial" that are in one story, one of them as `partial`."""
    pairs = [p for p in json_lines(shared_file(f"{NEWS}/pairs.jsonl")) if p["label"] == "partial"]
    sides = [tuple(found[pair[side]["id"]] for side in "ab") for pair in pairs]
    named = sum(
        one.story == other.story and Relation.PARTIAL in {one.relation, other.relation}
        for one, other in sides
    )
    return named / len(pairs)


def real_news() -> tuple[list[tuple[str, str]], list[tuple[str, str]], dict[str, Document]]:
    """Pairs that belong together, pairs that do not, and every document of the set.

    All of it was looked at while tuning. Eight singles are in one of the other lists, too: those
    are no singles."""
    together: list[tuple[str, str]] = []
    apart: list[tuple[str, str]] = []
    documents: dict[str, Document] = {}
    bodies: set[str] = set()

    def add(name: str, title: str, body: str) -> str:
        documents[name] = Document(name, title, body)
        bodies.add(name)
        return name

    for pair in json_lines(shared_file(f"{NEWS}/pairs.jsonl")):
        ids = tuple(add(pair[s]["id"], pair[s]["title"], pair[s]["body"]) for s in "ab")
        if pair["should_cluster"] is not None:
            (together if pair["should_cluster"] else apart).append((ids[0], ids[1]))
    for equal in json_lines(shared_file(f"{NEWS}/exact_same_body.jsonl")):
        ids = [
            add(*each) for each in zip(equal["ids"], equal["titles"], equal["bodies"], strict=True)
        ]
        (together if equal["should_cluster"] else apart).extend((ids[0], each) for each in ids[1:])
    for single in json_lines(shared_file(f"{NEWS}/background_singles.jsonl")):
        if single["id"] not in documents:
            add(f"single {single['id']}", single["title"], single["body"])
    lending: dict[str, str] = {}
    for article in json_lines(shared_file(f"{NEWS}/lending_articles.jsonl")):
        if article["id"] in documents:
            continue
        add(article["id"], article["title"], article["body"])
        for other, group in lending.items():
            if group == article["cluster"]:
                together.append((other, article["id"]))
            else:
                apart.append((other, article["id"]))
        lending[article["id"]] = article["cluster"]
    return together, apart, documents
