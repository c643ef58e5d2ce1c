"""Which platform a name belongs to: no two may claim the same, in whatever script or width."""

from collections.abc import Iterator, Mapping
from typing import Any

from seeds.documents import Document, entries
from seeds.fold import fold_text
from seeds.mistakes import Place, quote
from seeds.problems import Problem


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
    for place, topic in entries(document, "topics"):
        groups = topic.get("groups")
        for number, group in enumerate(groups if isinstance(groups, list) else ()):
            terms = group.get("terms") if isinstance(group, Mapping) else None
            for index, term in enumerate(terms if isinstance(terms, list) else ()):
                if isinstance(term, str) and term.strip() and not fold_text(term).strip():
                    at = (*place, "groups", number, "terms", index)
                    problem = "is invisible characters only"
                    yield document.problem(at, problem, "write a word, or remove it")


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
