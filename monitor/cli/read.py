"""`search`, `stories`, `story`, `article`, `export`: questions asked of what was collected."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import (
    LARGEST_ID,
    Format,
    OutputFormat,
    PageFormat,
    PageOutput,
    Workspace,
)


class Sort(StrEnum):
    """In which order search results come."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class ExportFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSONL = "jsonl"


Platforms = Annotated[
    list[str] | None,
    typer.Option("--platform", help="Only about this platform (any of its names); repeatable."),
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", help="Only about this topic; repeatable.")
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", help="Only from this source; repeatable.")
]
Since = Annotated[
    str, typer.Option(help="First seen on or after: 2026-11-01, or 7d for the last seven days.")
]
Until = Annotated[str, typer.Option(help="First seen before the end of this day.")]
Limit = Annotated[int, typer.Option(help="Rows at the most.")]
Number = Annotated[int, typer.Argument(metavar="ID", min=1, max=LARGEST_ID)]


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    for command in (search, stories, story, article, export):
        app.command()(command)


def search(
    query: Annotated[str, typer.Argument(help='Words; "a phrase"; -without; a OR b.')] = "",
    platform: Platforms = None,
    topic: Topics = None,
    source: Sources = None,
    since: Since = "",
    until: Until = "",
    story_only: Annotated[
        bool, typer.Option("--story-only", help="One result a story: its earliest copy.")
    ] = False,
    sort: Annotated[Sort, typer.Option()] = Sort.RELEVANCE,
    limit: Limit = 20,
    output: OutputFormat = Format.TABLE,
    workspace: Workspace = None,
) -> None:
    """Search titles and texts, in either script; from one character up.

    \b
    Example:
      lendwatch search 催收 --platform 用錢寶
      lendwatch search '"联系第三方" -京东' --since 7d --format json
    """
    from monitor.cli.asking import Asked, show_search

    asked = Asked(query, platform, topic, source, since, until)
    show_search(workspace, asked, story_only=story_only, sort=sort.value, limit=limit, to=output)


def stories(
    platform: Platforms = None,
    topic: Topics = None,
    source: Sources = None,
    since: Since = "",
    until: Until = "",
    recycled: Annotated[
        bool | None,
        typer.Option(
            "--recycled/--no-recycled",
            help="Only stories that brought nothing new, or only the others.",
        ),
    ] = None,
    limit: Limit = 20,
    output: OutputFormat = Format.TABLE,
    workspace: Workspace = None,
) -> None:
    """List stories, newest first: the lead's title, copies, sites, whether it is an old story.

    \b
    Example:
      lendwatch stories --topic collection --since 7d --no-recycled
    """
    from monitor.cli.asking import Asked, show_stories

    asked = Asked("", platform, topic, source, since, until)
    show_stories(workspace, asked, recycled=recycled, limit=limit, to=output)


def story(
    story_id: Number,
    output: PageOutput = PageFormat.TABLE,
    workspace: Workspace = None,
) -> None:
    """Show one story: every copy, how it relates to the others, what happened when.

    \b
    Example:
      lendwatch story 12
    """
    from monitor.cli.asking import show_story

    show_story(workspace, story_id, to=output)


def article(
    article_id: Number,
    output: PageOutput = PageFormat.TABLE,
    workspace: Workspace = None,
) -> None:
    """Show one article: its text, what it mentions and why, its revisions.

    \b
    Example:
      lendwatch article 34
    """
    from monitor.cli.asking import show_article

    show_article(workspace, article_id, to=output)


def export(
    output: Annotated[
        ExportFormat, typer.Option("--format", "-f", help="csv opens in spreadsheets.")
    ] = ExportFormat.CSV,
    query: Annotated[str, typer.Option(help="Only what this search finds.")] = "",
    platform: Platforms = None,
    topic: Topics = None,
    source: Sources = None,
    since: Since = "",
    until: Until = "",
    to: Annotated[
        Path | None, typer.Option("--to", "-o", help="File (default: standard output).")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Write all matching articles as CSV or JSON lines; personal data is masked.

    \b
    Example:
      lendwatch export --format csv --topic collection -o collection.csv
    """
    from monitor.cli.asking import Asked, write_export

    asked = Asked(query, platform, topic, source, since, until)
    write_export(workspace, asked, output.value, to)
