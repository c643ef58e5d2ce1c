"""The files platforms.yaml and topics.yaml: their form, and what their names must not do."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import Field

from seeds.documents import Document, entries, read_document, validate
from seeds.mistakes import quote
from seeds.models import Declaration, Platform, Topic, Watchlist
from seeds.problems import Problem

# The seeds that come with lendwatch; `lendwatch init` copies them into a workspace.
PACKAGED = Path(__file__).parent
PLATFORMS_FILE = "platforms.yaml"
TOPICS_FILE = "topics.yaml"

Check = Callable[[Document], Iterator[Problem]]


class PlatformsFile(Declaration):
    """The form of platforms.yaml."""

    platforms: tuple[Platform, ...] = Field(min_length=1)


class TopicsFile(Declaration):
    """The form of topics.yaml."""

    topics: tuple[Topic, ...] = Field(min_length=1)


def read_watchlist(
    folder: Path, checks: Sequence[Check] = ()
) -> tuple[Watchlist | None, tuple[Problem, ...]]:
    """Read the watchlist of a seeds folder, or tell all that is wrong with it.

    `checks` look further than the form of each file (see seeds/watchlist.py); who only needs
    the names, as the configuration does, starts faster without them."""
    platforms_document = read_document(folder / PLATFORMS_FILE)
    topics_document = read_document(folder / TOPICS_FILE)
    platforms, platform_problems = validate(platforms_document, PlatformsFile)
    topics, topic_problems = validate(topics_document, TopicsFile)
    problems = (
        *platform_problems,
        *topic_problems,
        *repeated_names([platforms_document], "platforms"),
        *repeated_names([topics_document], "topics"),
        *(each for check in checks for each in check(platforms_document)),
        *(each for check in checks for each in check(topics_document)),
    )
    if problems or platforms is None or topics is None:
        return None, problems
    return Watchlist(platforms=platforms.platforms, topics=topics.topics), ()


def repeated_names(documents: list[Document], key: str) -> Iterator[Problem]:
    """Report entries under `key`, over all documents, whose name was taken before."""
    first: dict[str, str] = {}
    for document in documents:
        for place, entry in entries(document, key):
            name = entry.get("name")
            if not isinstance(name, str):
                continue
            at = (*place, "name")
            here = f"{document.file}:{document.line(at)}"
            if name in first:
                problem = f"the name {quote(name)} is taken, on {first[name]}"
                yield document.problem(at, problem, "give one of them another name")
            first.setdefault(name, here)
