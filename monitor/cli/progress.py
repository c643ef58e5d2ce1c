"""A line a source while crawls run, on a terminal; nothing where nobody watches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from seeds.models import Source


@contextmanager
def crawling(sources: Sequence[Source]) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Show progress on stderr for `sources`; yields the callback that takes worker messages."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f}/{task.total:.0f} sources · {task.fields[pages]} pages"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    pages: dict[str, int] = {}
    with bar:
        task: TaskID = bar.add_task("crawling", total=len(sources), pages=0)

        def take(message: dict[str, Any]) -> None:
            pages[message.get("source", "")] = message.get("pages", 0)
            ended = 1 if message["event"] == "finished" else 0
            bar.update(task, advance=ended, pages=sum(pages.values()))

        yield take
