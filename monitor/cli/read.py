"""`search`, `stories`, `story`, `sites`, `article`, `diff`, `export`: questions asked of what was
collected."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import (
    LARGEST_ID,
    Article,
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


class SiteSort(StrEnum):
    """In which order sites come."""

    LED = "led"
    COPIED = "copied"
    FASTEST = "fastest"


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
AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    for command in (search, stories, story, sites, article, diff, export):
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
    proof: Annotated[
        bool,
        typer.Option(
            "--proof", help="Prove each copy: what it shares with its original, what differs."
        ),
    ] = False,
    output: PageOutput = PageFormat.TABLE,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Show one story: every copy, how it relates to the others, what happened when.

    With --proof and --json the story has "proofs" as well, each as `lendwatch article` tells one.

    \b
    Example:
      lendwatch story 12
      lendwatch story 12 --proof
    """
    to = PageFormat.JSON if as_json else output
    if proof:
        from monitor.cli.proving import show_story_proofs

        show_story_proofs(workspace, story_id, to=to)
        return
    from monitor.cli.asking import show_story

    show_story(workspace, story_id, to=to)


def sites(
    since: Annotated[str, typer.Option(help="Stories opened on or after; or 7d.")] = "",
    until: Annotated[str, typer.Option(help="Stories opened before the end of this day.")] = "",
    sort: Annotated[
        SiteSort, typer.Option(help="Most stories led, most copied, or shortest median delay.")
    ] = SiteSort.LED,
    limit: Limit = 20,
    output: OutputFormat = Format.TABLE,
    workspace: Workspace = None,
) -> None:
    """Show which site is usually first: of stories on two sites or more, how often each site led,
    how often it copied, and how long after the lead.

    \b
    Example:
      lendwatch sites --since 90d
      lendwatch sites --sort fastest --format json
    """
    from monitor.cli.leading import show_sites

    show_sites(workspace, (since, until), sort.value, limit, output)


def article(
    named: Article,
    against: Annotated[
        str | None,
        typer.Option(metavar="ARTICLE", help="Compare with this article, side by side."),
    ] = None,
    output: PageOutput = PageFormat.TABLE,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Show one article: its text, what it mentions and why, its revisions.

    With --against and --json a proof: {"relation", "similarity", "summary", "same_title",
    "shared_headings", "older", "newer", "spans", "differences", "swaps"}. The older and the newer
    article have {"article_id", "url", "title", "body", "share", "shared", "length", "doctoring",
    "boilerplate", "cut_off" …}; spans {"older", "newer", "moved"}; differences {"kind", "facts",
    "moved", "characters", "older", "newer", "older_text", "newer_text"}; swaps {"older", "newer",
    "count"}. Places are [start, end) in the body. Kinds: replaced, name, cut, inserted, missing,
    added, moved, heading-removed, heading-added, heading-renumbered.

    \b
    Example:
      lendwatch article 34
      lendwatch article https://example.com/news/34.html
      lendwatch article 34 --against 12
    """
    to = PageFormat.JSON if as_json else output
    if against is not None:
        from monitor.cli.proving import show_comparison

        show_comparison(workspace, named, against, to=to)
        return
    from monitor.cli.asking import show_article

    show_article(workspace, named, to=to)


def diff(
    named: Article,
    revision: Annotated[
        int | None, typer.Option(min=2, max=LARGEST_ID, help="Only the edit that made it.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page to this file instead.", dir_okay=False)
    ] = None,
    output: PageOutput = PageFormat.TABLE,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Show what each edit of an article changed, its revisions side by side.

    \b
    Example:
      lendwatch diff 34
      lendwatch diff 34 --revision 2 --html edit.html
    """
    from monitor.cli.diffing import show_diff

    to = PageFormat.JSON if as_json else output
    show_diff(workspace, named, revision=revision, html=html, to=to)


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
