"""Load a seeds folder (platforms.yaml, topics.yaml, sources/*.yaml) with every mistake named."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from pydantic import Field

from seeds.documents import entries, read_document, validate
from seeds.models import Alias, Declaration, Platform, Seeds, Source, Watchlist
from seeds.problems import Problem, SeedError
from seeds.source_rules import source_mistakes
from seeds.watchlist import check_watchlist, load_watchlist
from seeds.watchlist_files import PACKAGED, repeated_names

__all__ = ["PACKAGED", "expand", "load_seeds", "load_watchlist", "read_seeds"]

SOURCES_FOLDER = "sources"


class SourcesFile(Declaration):
    """The form of each file in sources/."""

    sources: tuple[Source, ...] = Field(min_length=1)


def load_seeds(folder: Path) -> Seeds:
    """Load a seeds folder; SeedError with every problem in all of its files."""
    seeds, problems = read_seeds(folder)
    if seeds is None:
        raise SeedError(problems)
    return seeds


def read_seeds(folder: Path) -> tuple[Seeds | None, tuple[Problem, ...]]:
    """Read a seeds folder, or tell all that is wrong with it."""
    watchlist, problems = check_watchlist(folder)
    files = sorted((folder / SOURCES_FOLDER).glob("*.yaml"))
    unread = sorted((folder / SOURCES_FOLDER).glob("*.yml"))
    documents = [read_document(path) for path in files]
    found = list(problems)
    sources: list[Source] = []
    for document in documents:
        loaded, wrong = validate(document, SourcesFile)
        found.extend(wrong)
        for place, entry in entries(document, "sources"):
            for inside, mistake in source_mistakes(entry, watchlist):
                found.append(document.problem(place + inside, *mistake))
        sources.extend(loaded.sources if loaded else ())
    found.extend(repeated_names(documents, "sources"))
    found.extend(
        Problem(str(path), 0, "file", "only *.yaml is read", f"rename it to {path.stem}.yaml")
        for path in unread
    )
    if not files:
        where = str(folder / SOURCES_FOLDER)
        found.append(Problem(where, 0, "file", "no *.yaml here", "declare a source in one"))
    if found or watchlist is None:
        return None, tuple(found)
    return Seeds(watchlist=watchlist, sources=tuple(sources)), ()


def expand(source: Source, watchlist: Watchlist) -> tuple[str, ...]:
    """Give the URLs a crawl of `source` starts from.

    A search asks once for each name of each watched platform (of `source.platforms`, when it
    names some), percent-encoded as UTF-8. A name that needs other words beside it is asked for
    together with the first of them: 金条 alone finds gold bars. Other kinds have one URL."""
    if source.kind != "search":
        return (source.url,)
    asked = [
        query
        for platform in watchlist.platforms
        if platform.watched and (not source.platforms or platform.name in source.platforms)
        for query in _queries(platform)
    ]
    return tuple(
        source.url.replace("{alias}", quote(each, safe="")) for each in dict.fromkeys(asked)
    )


def _queries(platform: Platform) -> Iterator[str]:
    yield platform.name
    if platform.traditional:
        yield platform.traditional
    yield from (_query(alias) for alias in platform.aliases)


def _query(alias: Alias) -> str:
    return f"{alias.name} {alias.needs[0]}" if alias.needs else alias.name
