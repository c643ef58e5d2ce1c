"""A line while crawls run or much is counted, on a terminal; nothing where nobody watches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from seeds.models import Source


def _bar(*columns: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def crawling(sources: Sequence[Source]) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Show progress on stderr for `sources`; yields the callback that takes worker messages."""
    counted = "{task.completed:.0f}/{task.total:.0f} sources · {task.fields[pages]} pages"
    pages: dict[str, int] = {}
    with _bar(TextColumn(counted)) as bar:
        task: TaskID = bar.add_task("crawling", total=len(sources), pages=0)

        def take(message: dict[str, Any]) -> None:
            pages[message.get("source", "")] = message.get("pages", 0)
            ended = 1 if message["event"] == "finished" else 0
            bar.update(task, advance=ended, pages=sum(pages.values()))

        yield take


@contextmanager
def counting(doing: str, what: str) -> Iterator[Callable[[int, int], None]]:
    """Show progress on stderr through `what`; yields the callback that takes how many are done, of
    how many."""
    counted = "{task.completed:.0f}/{task.total:.0f} {task.fields[what]}"
    with _bar(TextColumn(counted), TimeRemainingColumn()) as bar:
        task: TaskID = bar.add_task(doing, total=None, what=what)
        yield lambda done, total: bar.update(task, completed=done, total=total)
