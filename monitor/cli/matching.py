"""`lendwatch match`: what texts mention, by the pipeline's own matcher."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from monitor.cli.lines import JsonLines
from monitor.cli.printable import dump, plain
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
            _show(line["id"], found, mentions)
    return lines.bad


def _row(identifier: Any, found: Matches, mentions: list[Mention]) -> dict[str, Any]:
    return {
        "id": identifier,
        "platforms": list(found.platforms),
        "topics": {name: severity.value for name, severity in found.topics.items()},
        "mentions": [asdict(mention) for mention in mentions],
    }


def _show(identifier: Any, found: Matches, mentions: list[Mention]) -> None:
    topics = ", ".join(f"{name} ({severity.value})" for name, severity in found.topics.items())
    print(
        f"{plain(str(identifier))}: {', '.join(found.platforms) or 'no watched platform'}; {topics or '-'}"
    )
    for mention in mentions:
        mark = "+" if mention.counted else "-"
        where = f"{mention.field} {mention.start}-{mention.end}"
        print(f"  {mark} {mention.name} “{plain(mention.surface)}” {where}: {mention.reason}")
