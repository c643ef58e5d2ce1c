"""Read the examples that stand beside rules with these very rules: does each mean what it says?

A rule that its author understood otherwise than the matcher is found by its own examples, before
an article is read wrongly. Loading the seeds does not do this; `lendwatch check` does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seeds.documents import read_document
from seeds.match import Matcher
from seeds.match.mentions import NOT_WATCHED, Matches
from seeds.mistakes import Place, quote
from seeds.models import Examples, Watchlist
from seeds.problems import Problem
from seeds.watchlist_files import PLATFORMS_FILE, TOPICS_FILE

_REMEDIES = {
    True: "loosen the rule (`needs`, `counts_in`), or move the sentence to `rejects`",
    False: "add what it reads like to `unless`, or move the sentence to `counts`",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that speaks of a platform or topic, or (`counts` False) does not.

    `place` is where it stands in its file, platforms.yaml or topics.yaml."""

    kind: Literal["platform", "topic"]
    name: str
    sentence: str
    counts: bool
    place: Place


def examples_of(watchlist: Watchlist) -> Iterator[Example]:
    """Give every example of a watchlist."""
    for index, platform in enumerate(watchlist.platforms):
        for number, alias in enumerate(platform.aliases):
            at: Place = ("platforms", index, "aliases", number)
            yield from _examples("platform", platform.name, alias.examples, at)
    for index, topic in enumerate(watchlist.topics):
        for number, group in enumerate(topic.groups):
            yield from _examples(
                "topic", topic.name, group.examples, ("topics", index, "groups", number)
            )


def misreading(matcher: Matcher, example: Example) -> str | None:
    """Say what was found in an example that is read otherwise than it says; None if it is not."""
    matches = matcher.match("", example.sentence)
    if _speaks_of(matches, example) is example.counts:
        return None
    own = [each for each in matches.mentions if each.name == example.name]
    return "; ".join(f"{quote(each.surface)}: {each.reason}" for each in own) or "nothing was found"


def example_problems(folder: Path, watchlist: Watchlist) -> Iterator[Problem]:
    """Report every example that is read otherwise than it says; `watchlist` came from `folder`."""
    matcher = Matcher(watchlist)
    documents = {
        "platform": read_document(folder / PLATFORMS_FILE),
        "topic": read_document(folder / TOPICS_FILE),
    }
    for each in examples_of(watchlist):
        found = misreading(matcher, each)
        if found is not None:
            verb = "is not read as" if each.counts else "is read as"
            problem = f"{quote(each.sentence)} {verb} {each.name} ({found})"
            yield documents[each.kind].problem(each.place, problem, _REMEDIES[each.counts])


def _examples(
    kind: Literal["platform", "topic"], name: str, examples: Examples, rule: Place
) -> Iterator[Example]:
    """Give the examples of the rule that stands at `rule`."""
    for side, sentences in (("counts", examples.counts), ("rejects", examples.rejects)):
        for index, sentence in enumerate(sentences):
            place = (*rule, "examples", side, index)
            yield Example(kind, name, sentence, side == "counts", place)


def _speaks_of(matches: Matches, example: Example) -> bool:
    """Tell whether a text speaks of the platform, watched or only known, or is about the topic."""
    if example.kind == "topic":
        return example.name in matches.topics
    return example.name in matches.platforms or any(
        each.name == example.name and each.reason == NOT_WATCHED for each in matches.mentions
    )
