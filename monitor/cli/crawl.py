"""`crawl` and `serve`: the work itself."""

from typing import Annotated

import typer

from monitor.cli.options import Workspace


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command()(crawl)
    app.command()(serve)


def crawl(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Source names; none: all enabled ones."),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Crawl now: collect, recognise reposts, alert; a summary at the end.

    Beside a running `lendwatch serve` it asks that process to crawl the sources now.

    \b
    Example:
      lendwatch crawl -w watch
      lendwatch crawl hkma-press
    """
    import asyncio

    from monitor.cli.checking import chosen_sources
    from monitor.cli.opening import writing_store
    from monitor.cli.progress import crawling
    from monitor.cli.summing_up import show_pass
    from monitor.crawl_now import ask_running, crawl_now
    from monitor.lock import StoreHeld, holding

    config, seeds, sources = chosen_sources(workspace, names or [])
    with writing_store(config) as engine:
        try:
            with holding(engine), crawling(sources) as progress:
                summary = asyncio.run(crawl_now(engine, config, seeds, sources, progress))
        except StoreHeld as held:
            ask_running(engine, sources)
            print(f"lendwatch serve ({held}) is running: asked it to crawl {len(sources)} now")
            return
    if show_pass(config, summary):
        raise typer.Exit(1)


def serve(workspace: Workspace = None) -> None:
    """Run on schedule until told to stop: crawl, take in, alert, answer /health.

    SIGTERM or Ctrl+C stops it cleanly; a crawl that cannot end in time is recorded as
    interrupted and run again at the next start.

    \b
    Example:
      lendwatch serve -w watch
    """
    from monitor.cli.checking import checked
    from monitor.cli.opening import writing_store
    from monitor.lock import holding
    from monitor.serve import serve as run

    config, seeds = checked(workspace)
    with writing_store(config) as engine, holding(engine):
        run(engine, config, seeds)
