"""The `sources` commands: where lendwatch looks, and how it behaves there."""

from typing import Annotated

import typer

from monitor.cli.options import Format, OutputFormat, Workspace

app = typer.Typer(help="The declared sources: list them, try one.", no_args_is_help=True)


@app.command("list")
def list_sources(workspace: Workspace = None, output: OutputFormat = Format.TABLE) -> None:
    """Show every declared source: its timing, its last crawl, when it is due.

    \b
    Example:
      lendwatch sources list
      lendwatch sources list --format json
    """
    from monitor.cli.sourcing import show_sources

    show_sources(workspace, output)


@app.command("test")
def try_source(
    name_or_url: Annotated[str, typer.Argument(metavar="NAME-or-URL")],
    workspace: Workspace = None,
    output: OutputFormat = Format.TABLE,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Articles to fetch at the most.")] = 5,
) -> None:
    """Fetch a source once and show what it would collect; stores nothing.

    A URL is taken as a feed when it answers with one, as a listing page otherwise.

    \b
    Example:
      lendwatch sources test hkma-press
      lendwatch sources test https://news.example/finance/
    """
    from monitor.cli.sourcing import show_preview

    if show_preview(workspace, name_or_url, limit=limit, output=output):
        raise typer.Exit(1)


@app.command("politeness")
def show_politeness(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Default: every source.")] = "",
    workspace: Workspace = None,
    output: OutputFormat = Format.TABLE,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Show how each source's crawls behaved: requests, gaps, robots.txt, refusals, waits.

    Gaps and delays are in seconds. No site is asked before the time it waits until.

    \b
    Example:
      lendwatch sources politeness
      lendwatch sources politeness hkma-press --json
    """
    from monitor.cli.guesting import show_conduct

    show_conduct(workspace, name, Format.JSON if as_json else output)
