"""Why a filter may have found nothing: names that the seeds do not know."""

import difflib
from collections.abc import Iterable, Iterator

from seeds.fold import search_key
from seeds.models import Seeds


def unknown_names(
    seeds: Seeds, platforms: Iterable[str], topics: Iterable[str], sources: Iterable[str]
) -> Iterator[str]:
    """One note for each name in a filter that is no platform's, topic's or source's.

    Notes, not errors: articles keep the names they were stored under."""
    watched = [each for each in seeds.watchlist.platforms if each.watched]
    names = [name for each in watched for name in (each.name, *(a.name for a in each.aliases))]
    known = set(map(search_key, names))
    for name in platforms:
        if search_key(name) not in known:
            yield _note("watched platform", name, names)
    for what, given, there in (
        ("topic", topics, [topic.name for topic in seeds.watchlist.topics]),
        ("source", sources, [source.name for source in seeds.sources]),
    ):
        for name in given:
            if name not in there:
                yield _note(what, name, there)


def _note(what: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "see the workspace's seeds"
    return f"no {what} is named {name!r}; {hint}"
