"""`lendwatch compare`: two looks at one address each, judged by the monitor's own code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.changes.diff import Version
from monitor.changes.judged import Judged, judge
from monitor.cli.lines import JsonLines, kind_of
from monitor.cli.printable import dump, plain
from monitor.stories.versions import version
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

_TEXTS = ("title", "author", "date", "text")


def compare_lines(file: str, *, jsonl: bool, seeds: Path | None) -> int:
    """Judge each line of `file` and print what changed; returns how many lines were bad."""
    matcher = Matcher(load_watchlist(seeds or PACKAGED))
    lines = JsonLines(file, ("id", "before", "after"), shapes={"before": _look, "after": _look})
    for line in lines:
        judged = judge(read_look(line["before"], matcher), read_look(line["after"], matcher))
        if jsonl:
            dump(_row(line["id"], judged))
        else:
            material = ", material" if judged.material else ""
            summary = f": {plain(judged.summary)}" if judged.summary else ""
            print(f"{plain(str(line['id']))}: {judged.change}{material}{summary}")
    return lines.bad


def _look(value: Any) -> str:
    """What is wrong with one look; empty when nothing is."""
    if not isinstance(value, dict):
        return f'is {kind_of(value)}, not an object; write {{"status": 200, "title": …, "text": …}}'
    status = value.get("status", 200)
    if status is not None and (not isinstance(status, int) or isinstance(status, bool)):
        return f"has the status {status!r}; write the number of the answer, or null for none"
    for key in _TEXTS:
        given = value.get(key)
        if given is not None and not isinstance(given, str):
            return f"has as {key!r} {kind_of(given)}, not text; write it in quotes"
    return ""


def read_look(look: Mapping[str, Any], matcher: Matcher) -> tuple[int | None, Version]:
    """One look of a line, with what its text mentions."""
    title, text = look.get("title") or "", look.get("text") or ""
    shown = _Look(title, text, look.get("author") or None, look.get("date") or None)
    return look.get("status", 200), version(shown, matcher.match(title, text))


@dataclass(frozen=True, slots=True)
class _Look:
    """One look in the form of an article."""

    title: str
    body: str
    author: str | None
    published_at: str | None


def _row(identifier: Any, judged: Judged) -> dict[str, Any]:
    return {
        "id": identifier,
        "change": judged.change,
        "material": judged.material,
        "summary": judged.summary,
        "kinds": list(judged.kinds),
        "reason": judged.reason,
    }
