"""How results look on a terminal, and as JSON or CSV for programs."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.cli.options import Format
from monitor.cli.printable import json_text, plain
from monitor.query.export import safe_cell

# Wide enough for a title and a site when the output is no terminal but still a table.
PIPED_WIDTH = 160

MARKS = {"ok": ("✓", "green"), "note": ("·", "yellow"), "fail": ("✗", "red")}


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line: Rich would call it a failure."""
        raise BrokenPipeError


def console() -> Console:
    """Standard output. Page text is printed as text: no markup in it is ever interpreted."""
    terminal = sys.stdout.isatty()
    return _Output(
        markup=False, highlight=False, emoji=False, width=None if terminal else PIPED_WIDTH
    )


def show_json(value: object) -> None:
    """Print `value` as indented JSON; times in ISO 8601."""
    print(json_text(value, indent=2))


def counted(number: int, thing: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def moment(value: datetime | None, zone: str) -> str:
    """A time as people in `zone` read it, to the minute; empty when there is none."""
    return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if value else ""


def show_rows(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], output: Format, zone: str = "UTC"
) -> None:
    """Print `rows`: as JSON everything in them, as CSV and table these `columns`.

    A table shows times in `zone`; for programs they are ISO 8601 in UTC."""
    if output is Format.JSON:
        show_json(list(rows))
    elif output is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([safe_cell(plain(row.get(column))) for column in columns])
    else:
        table = Table(box=None, pad_edge=False)
        for column in columns:
            table.add_column(column.replace("_", " "), overflow="fold")
        for row in rows:
            table.add_row(*(Text(_shown(row.get(column), zone)) for column in columns))
        console().print(table)


def _shown(value: object, zone: str) -> str:
    return moment(value, zone) if isinstance(value, datetime) else plain(value)


def show_marked(level: str, what: str, remedy: str = "") -> None:
    """Print one line with its mark, and the remedy below it."""
    mark, colour = MARKS[level]
    line = Text.assemble((mark, colour), " ", plain(what))
    console().print(line)
    if remedy:
        console().print(Text(f"    {plain(remedy)}", style="dim"))
