"""Which platform a name belongs to: no two may claim the same, in whatever script or width; and
which list a `+name` of a topic stands for."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from seeds.documents import Document, entries
from seeds.fold import fold_text
from seeds.mistakes import Place, did_you_mean, quote
from seeds.problems import Problem

# The keys of a topic that take words; only what a passage needs may name a list of its `words`.
_TOPIC_WORDS = ("wording_needs", "undecided", "incidental")
# The keys of a topic's group that take words; needs_each takes lists of them.
_WORDS = ("terms", "unless", "needs", "objects", "not_objects")


def claim_problems(document: Document) -> Iterator[Problem]:
    """Report names in platforms.yaml that two platforms claim, or that can match nothing.

    Names are compared folded: 用錢寶 and 用钱宝 are one name, and only one of them may claim it."""
    holders: dict[str, tuple[int, str, int]] = {}
    for place, platform in entries(document, "platforms"):
        owner = str(platform.get("name"))
        for at, surface in _names(place, platform):
            folded = fold_text(surface)
            if not any(each.isalnum() for each in folded):
                remedy = "write a name with letters or digits in it, or remove it"
                yield document.problem(at, f"{quote(surface)} is no name", remedy)
                continue
            line = document.line(at)
            index, holder, first = holders.setdefault(folded, (_index(place), owner, line))
            if index != _index(place):
                problem = f"{quote(surface)} of {owner} is a name of {holder}, too, on line {first}"
                remedy = "keep it with one of them, or give both longer names"
                yield document.problem(at, problem, remedy)


def term_problems(document: Document) -> Iterator[Problem]:
    """Report terms in topics.yaml that fold to nothing: they would match nowhere or everywhere."""
    for word, key, at, _ in _group_words(document):
        if key == "terms" and word.strip() and not fold_text(word).strip():
            yield document.problem(at, "is invisible characters only", "write a word, or remove it")


def list_problems(document: Document) -> Iterator[Problem]:
    """Report each `+name` in topics.yaml that stands for no list of its topic's `words`.

    `+platforms` needs none: in `needs` it stands for the name of any watched platform."""
    for word, key, at, lists in (*_topic_words(document), *_group_words(document)):
        allowed = [*lists, "platforms"] if "needs" in key else lists
        if word.startswith("+") and word[1:] not in allowed:
            remedy = did_you_mean(word[1:], allowed) or "list its words under `words` of the topic"
            yield document.problem(at, f"{quote(word)} stands for no list", remedy)


class _Word(NamedTuple):
    """A word of a topic: the key and the place it stands at, and the lists it may stand for."""

    word: str
    key: str
    at: Place
    lists: list[str]


def _topic_words(document: Document) -> Iterator[_Word]:
    """Give the words that stand beside the groups of every topic."""
    for place, topic in entries(document, "topics"):
        for key in _TOPIC_WORDS:
            lists = _lists(topic) if key == "wording_needs" else []
            listed = topic.get(key)
            for index, word in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(word, str):
                    yield _Word(word, key, (*place, key, index), lists)


def _lists(topic: Mapping[str, Any]) -> list[str]:
    words = topic.get("words")
    return list(words) if isinstance(words, Mapping) else []


def _group_words(document: Document) -> Iterator[_Word]:
    """Give the words of every group of every topic, whatever the key; nothing else in there."""
    for place, topic in entries(document, "topics"):
        groups, lists = topic.get("groups"), _lists(topic)
        for number, group in enumerate(groups if isinstance(groups, list) else ()):
            if isinstance(group, Mapping):
                for key, at, listed in _word_lists(group):
                    for index, word in enumerate(listed):
                        if isinstance(word, str):
                            yield _Word(word, key, (*place, "groups", number, *at, index), lists)


def _word_lists(group: Mapping[str, Any]) -> Iterator[tuple[str, Place, list[Any]]]:
    """Give every list of words of a group, with its key and its place in the group."""
    for key in _WORDS:
        if isinstance(group.get(key), list):
            yield key, (key,), group[key]
    several = group.get("needs_each")
    for index, listed in enumerate(several if isinstance(several, list) else ()):
        if isinstance(listed, list):
            yield "needs_each", ("needs_each", index), listed


def _names(place: Place, platform: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for key in ("name", "traditional"):
        if isinstance(platform.get(key), str) and platform[key].strip():
            yield (*place, key), platform[key]
    aliases = platform.get("aliases")
    for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        name = alias.get("name") if isinstance(alias, Mapping) else alias
        if isinstance(name, str) and name.strip():
            yield (*place, "aliases", index), name


def _index(place: Place) -> int:
    return int(place[1])
