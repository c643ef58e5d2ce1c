"""`lendwatch match`: what texts mention, by the pipeline's own matcher."""

from pathlib import Path
from typing import Any

from monitor.cli.explaining import show_matches
from monitor.cli.lines import JsonLines
from monitor.cli.printable import dump
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher, Matches, Mention


def match_lines(file: str, *, jsonl: bool, explain: bool, seeds: Path | None) -> int:
    """Match every line of `file` and print it; returns how many lines were bad."""
    matcher = Matcher(load_watchlist(seeds or PACKAGED))
    lines = JsonLines(file, ("id", "text"), optional=("title",))
    for line in lines:
        found = matcher.match(line["title"], line["text"])
        mentions = [each for each in found.mentions if each.counted or explain]
        if jsonl:
            dump(_row(line["id"], found, mentions))
        else:
            fields = {"title": line["title"], "body": line["text"], "boilerplate": line["text"]}
            show_matches(line["id"], found, mentions, fields)
    return lines.bad


def _row(identifier: Any, found: Matches, mentions: list[Mention]) -> dict[str, Any]:
    return {
        "id": identifier,
        "platforms": list(found.platforms),
        "topics": {name: severity.value for name, severity in found.topics.items()},
        "mentions": [mention._asdict() for mention in mentions],
    }
