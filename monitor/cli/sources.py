"""The `sources` commands: where lendwatch looks, and how it behaves there."""

from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.options import Format, OutputFormat, Workspace

app = typer.Typer(
    help="The declared sources: list them, try one, find and add more.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Into = Annotated[str, typer.Option("--file", help="File in seeds/sources to write into.")]
Baseline = Annotated[
    bool,
    typer.Option(
        "--baseline/--no-baseline", help="Whether the first crawl collects without alerting."
    ),
]


@app.command("list")
def list_sources(
    workspace: Workspace = None, output: OutputFormat = Format.TABLE, as_json: AsJson = False
) -> None:
    """Show every declared source: its last success and yield, its last error, its next run.

    Below the table, what is failing: how often since its last success, when and why last.

    \b
    Example:
      lendwatch sources list
      lendwatch sources list --json
    """
    from monitor.cli.sourcing import show_sources

    show_sources(workspace, Format.JSON if as_json else output)


@app.command("test")
def try_source(
    name_or_url: Annotated[str, typer.Argument(metavar="NAME-or-URL")],
    workspace: Workspace = None,
    output: OutputFormat = Format.TABLE,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Articles to fetch at the most.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Fetch a source once and show what it would collect; stores no article.

    A URL is taken as a feed when it answers with one, as a listing page otherwise.

    \b
    Example:
      lendwatch sources test hkma-press
      lendwatch sources test https://news.example/finance/
    """
    from monitor.cli.sourcing import show_preview

    chosen = Format.JSON if as_json else output
    if show_preview(workspace, name_or_url, limit=limit, output=chosen):
        raise typer.Exit(1)


@app.command("discover")
def discover_sources(
    url: Annotated[str, typer.Argument(help="A home page.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Look around on a site for feeds, listing pages and sitemaps; stores none of it.

    Reads what the home page and robots.txt name, the usual places where they name nothing, and
    the sections of this beat. For a listing page it proposes a selector, with the titles it finds.

    \b
    Example:
      lendwatch sources discover https://news.example/
    """
    from monitor.cli.discovering import show_discovery

    if show_discovery(workspace, url, as_json=as_json):
        raise typer.Exit(1)


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Its address; {alias} in it: a search.")],
    workspace: Workspace = None,
    name: Annotated[str | None, typer.Option(help="Default: after its address.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="feed, sitemap, listing, search or page; then it is not fetched."),
    ] = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="URL is a home page: look around, and choose.")
    ] = False,
    choose: Annotated[
        int | None, typer.Option(min=1, help="With --discover: the number it is shown under.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    every: Annotated[str | None, typer.Option(help="30m, 2h, 1d (default: by kind).")] = None,
    cron: Annotated[str | None, typer.Option(help="Instead of --every: '0 8 * * *'.")] = None,
    links: Annotated[str | None, typer.Option(help="Selector of a listing's links.")] = None,
    include: Annotated[
        list[str] | None, typer.Option(help="Pattern that article addresses match; repeatable.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Pattern that none of them matches; repeatable.")
    ] = None,
    platform: Annotated[
        list[str] | None, typer.Option(help="Search: ask for this one only; repeatable.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Its pages are drawn by scripts.")
    ] = False,
    keep_all: Annotated[
        bool, typer.Option("--keep-all", help="Keep articles that mention no watched platform.")
    ] = False,
    baseline: Baseline = True,
    disabled: Annotated[
        bool, typer.Option("--disabled", help="Declare it, do not crawl it yet.")
    ] = False,
    file: Into = "added.yaml",
) -> None:
    """Declare a source: write an entry, with a comment, into the workspace's seeds/sources.

    Without --kind the address is fetched once, to see what it is. What is declared already is
    refused, and everything is loaded with the new entry before it is written.

    \b
    Example:
      lendwatch sources add https://news.example/rss.xml
      lendwatch sources add https://news.example/ --discover
      lendwatch sources add 'https://news.example/search?q={alias}' --every 6h --platform 用钱宝
    """
    from monitor.cli.adding import Wish, add_source

    keys: dict[str, Any] = {
        "title": title,
        "every": every,
        "cron": cron,
        "selectors": {"links": links} if links else None,
        "include": include,
        "exclude": exclude,
        "platforms": platform,
        "browser": browser or None,
        "keep": "all" if keep_all else None,
        "baseline": baseline,
        "enabled": False if disabled else None,
    }
    given = {key: value for key, value in keys.items() if value not in (None, [])}
    add_source(workspace, Wish(url, name, kind, discover, choose, file, given))


@app.command("import")
def import_opml(
    opml: Annotated[Path, typer.Argument(metavar="FILE", help="OPML, as feed readers export it.")],
    workspace: Workspace = None,
    baseline: Baseline = True,
    file: Into = "imported.yaml",
) -> None:
    """Declare the feeds of an OPML file, and the pages of outlines without a feed.

    Prints a line for each outline: added, declared already, or refused and why.

    \b
    Example:
      lendwatch sources import subscriptions.opml
    """
    from monitor.cli.adding import import_sources

    import_sources(workspace, opml, into=file, baseline=baseline)


@app.command("politeness")
def show_politeness(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Default: every source.")] = "",
    workspace: Workspace = None,
    output: OutputFormat = Format.TABLE,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Show how each source's crawls behaved: requests, gaps, robots.txt, refusals, waits.

    Gaps and delays are in seconds. No site is asked before the time it waits until. What
    `sources discover` and `sources test URL` asked for stands under their own names. Columns that
    are empty or 0 in every row are left out of the table.

    \b
    Example:
      lendwatch sources politeness
      lendwatch sources politeness hkma-press --json
    """
    from monitor.cli.guesting import show_conduct

    show_conduct(workspace, name, Format.JSON if as_json else output)
