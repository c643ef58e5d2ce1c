"""`extract`, `match`, `cluster`, `compare`: the pipeline's own code on files; nothing is stored."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

JsonLines = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, stable keys.")]
Input = Annotated[str, typer.Argument(metavar="FILE", help="JSON lines; - is standard input.")]
SeedsFolder = Annotated[
    Path | None,
    typer.Option(
        "--seeds",
        help="Folder with platforms.yaml and topics.yaml (default: the packaged ones).",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command()(extract)
    app.command()(match)
    app.command()(cluster)
    app.command()(compare)


def extract(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...", help="HTML files or folders of them; - is standard input."
        ),
    ],
    jsonl: JsonLines = False,
    url: Annotated[str, typer.Option(help="The page's address, when the page does not say.")] = "",
    fetched_at: Annotated[
        datetime | None,
        typer.Option(
            help="When it was fetched; 昨天 and 3小时前 count from here.", show_default="now"
        ),
    ] = None,
) -> None:
    """Read title, author, time and body out of HTML files.

    \b
    Example:
      lendwatch extract page.html
      lendwatch extract --jsonl saved/*.html
    """
    from monitor.cli.extracting import extract_files

    failed = extract_files(paths, jsonl=jsonl, url=url, fetched_at=fetched_at)
    if failed:
        raise typer.Exit(1)


def match(
    file: Input,
    jsonl: JsonLines = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what did not count, too, and why.")
    ] = False,
    seeds: SeedsFolder = None,
) -> None:
    """Tell which platforms and topics each text mentions, and why each mention counted.

    Reads {"id", "text"} lines; an optional "title" is taken as the title.

    \b
    Example:
      echo '{"id": 1, "text": "用錢寶又開始催收了"}' | lendwatch match - --explain
    """
    from monitor.cli.matching import match_lines

    if match_lines(file, jsonl=jsonl, explain=explain, seeds=seeds):
        raise typer.Exit(1)


def cluster(file: Input, jsonl: JsonLines = False, seeds: SeedsFolder = None) -> None:
    """Group articles into stories: who repeats whom, how, and how much of it.

    Reads {"id", "title", "body"} lines in the order of their arrival.

    \b
    Example:
      lendwatch cluster articles.jsonl
      lendwatch cluster - --jsonl < articles.jsonl
    """
    from monitor.cli.clustering import cluster_lines

    if cluster_lines(file, jsonl=jsonl, seeds=seeds):
        raise typer.Exit(1)


def compare(file: Input, jsonl: JsonLines = False, seeds: SeedsFolder = None) -> None:
    """Tell what became of articles between two looks at them: nothing, an edit, gone, blocked.

    Reads {"id", "before", "after"} lines; each look is {"status", "title", "author", "date",
    "text"}, of which what is unknown may be left out. What cannot be read is blocked, never deleted.

    \b
    Example:
      lendwatch compare looks.jsonl --jsonl
    """
    from monitor.cli.comparing import compare_lines

    if compare_lines(file, jsonl=jsonl, seeds=seeds):
        raise typer.Exit(1)
