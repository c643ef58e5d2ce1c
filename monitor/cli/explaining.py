"""Why each name and term in a text counted or not, as a person reads it on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from monitor.cli.printable import plain
from monitor.cli.show import console
from seeds.match import Matches, Mention

# How much of the text is shown on each side of a mention: enough to see why, short enough that
# the reason fits on the same line of 100 columns.
_AROUND = 6


def show_matches(
    identifier: Any, matches: Matches, mentions: Sequence[Mention], fields: Mapping[str, str]
) -> None:
    """Print what one text mentions, and each different mention with its reason on one line.

    `fields` holds the texts that the mentions' offsets count in."""
    output = console()
    output.print(_heading(identifier, matches), soft_wrap=True)
    if not mentions:
        return
    table = Table.grid(padding=(0, 2), pad_edge=False)
    for narrow in (True, True, True, False):
        table.add_column(no_wrap=narrow, overflow="fold")
    for mention, times in _different(mentions):
        table.add_row(*_cells(mention, times, fields), style="" if mention.counted else "dim")
    output.print(table)


def _heading(identifier: Any, matches: Matches) -> Text:
    topics = ", ".join(f"{name} ({severity.value})" for name, severity in matches.topics.items())
    heading = Text(f"{plain(str(identifier))}: ", style="bold")
    return heading + Text(
        f"{', '.join(matches.platforms) or 'no watched platform'}; {topics or 'no topic'}"
    )


def _different(mentions: Iterable[Mention]) -> list[tuple[Mention, int]]:
    """Give mentions that differ in more than their place, with how often each stands there."""
    first: dict[tuple[str, str, str, str], Mention] = {}
    times: dict[tuple[str, str, str, str], int] = {}
    for each in mentions:
        key = (each.field, each.name, each.surface, each.reason)
        first.setdefault(key, each)
        times[key] = times.get(key, 0) + 1
    return [(mention, times[key]) for key, mention in first.items()]


def _cells(
    mention: Mention, times: int, fields: Mapping[str, str]
) -> tuple[Text, Text, Text, Text]:
    mark = "+" if mention.counted else "-"
    where = f"{mention.field} {mention.start}-{mention.end}" + (f" ×{times}" if times > 1 else "")
    return (
        Text(f"  {mark} {mention.name}"),
        _in_context(mention, fields.get(mention.field, "")),
        Text(where),
        Text(plain(mention.reason)),
    )


def _in_context(mention: Mention, text: str) -> Text:
    """Show a mention between the words beside it, marked for terminals with and without colour."""
    left = text[max(0, mention.start - _AROUND) : mention.start]
    right = text[mention.end : mention.end + _AROUND]
    before = "…" if mention.start > _AROUND else ""
    after = "…" if mention.end + _AROUND < len(text) else ""
    style = "bold green" if mention.counted else "bold"
    return Text.assemble(
        before + plain(left), (f"«{plain(mention.surface)}»", style), plain(right) + after
    )
