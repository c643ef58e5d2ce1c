"""`crawl`, `serve`, `rematch` and `recluster`: the work itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Config
    from monitor.lock import StoreHeld
    from seeds.models import Source


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command()(crawl)
    app.command()(serve)
    app.command()(rematch)
    app.command()(recluster)


Apply = Annotated[bool, typer.Option("--apply", help="Write it; without this nothing is changed.")]
Shown = Annotated[
    int, typer.Option("--limit", min=0, help="Changed articles to show; 0 shows all of them.")
]


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
    from monitor.cli.opening import held_store
    from monitor.cli.progress import crawling
    from monitor.cli.summing_up import show_pass
    from monitor.crawl_now import crawl_now
    from monitor.lock import StoreHeld
    from monitor.logs import log_to_file

    config, seeds, sources = chosen_sources(workspace, names or [])
    try:
        with (
            held_store(config, "crawl") as (engine, _),
            log_to_file(config.workspace / "logs" / "lendwatch.log"),
            crawling(sources) as progress,
        ):
            summary = asyncio.run(crawl_now(engine, config, seeds, sources, progress))
    except StoreHeld as held:
        if held.holder.task != "serve":
            raise
        _ask(config, sources, held)
        return
    if show_pass(config, summary) or len(summary.results) < len(sources):
        raise typer.Exit(1)


def _ask(config: Config, sources: Sequence[Source], held: StoreHeld) -> None:
    """Have the running supervisor crawl `sources`, and say what it will not."""
    from monitor.cli.failures import CommandFailed
    from monitor.cli.opening import writing_store
    from monitor.crawl_now import ask_running

    with writing_store(config) as engine:
        unknown = ask_running(engine, sources)
    asked = len(sources) - len(unknown)
    if asked:
        print(f"lendwatch serve ({held.holder}) is running: asked it to crawl {asked} now")
    if unknown:
        raise CommandFailed(
            f"the running `lendwatch serve` does not know {', '.join(unknown)}; enable what is"
            " disabled, and restart it to have it read the seeds again"
        )


def serve(workspace: Workspace = None) -> None:
    """Run on schedule until told to stop: crawl, take in, alert, answer /health.

    SIGTERM or Ctrl+C stops it cleanly; a crawl that cannot end in time is recorded as
    interrupted and run again at the next start.

    \b
    Example:
      lendwatch serve -w watch
    """
    from monitor.cli.checking import checked, must_name_contact
    from monitor.cli.opening import held_store
    from monitor.serve import serve as run

    config, seeds = checked(workspace)
    must_name_contact(config)
    with held_store(config, "serve") as (engine, hold):
        run(engine, config, seeds, hold)


def rematch(
    apply: Apply = False,
    limit: Shown = 20,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object for each changed article.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Read the stored past again after platforms.yaml, topics.yaml or lendwatch changed.

    Shows which articles would be about something else, or likely a content farm's; --apply writes it. Nobody is mailed about
    old stories. `lendwatch serve` reads its watchlist at the start: stop it, apply, start it again.

    \b
    Example:
      lendwatch rematch
      lendwatch rematch --apply
    """
    from monitor.cli.rematching import rematch_store

    rematch_store(workspace, apply=apply, limit=limit, jsonl=jsonl)


def recluster(
    apply: Apply = False,
    limit: Shown = 20,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object for each changed article, one in all.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Compare all stored articles again, after lendwatch learned to recognise copies otherwise.

    Shows which stories would merge or split and which articles would move, and why; --apply
    writes it. Stories keep their numbers; the number of one that merges leads to where it went.
    Nobody is mailed. Working it out takes about 2.5 kB of disk an article in the workspace, given
    back however it ends, and some milliseconds an article. Stop `lendwatch serve` before --apply.

    \b
    Example:
      lendwatch recluster
      lendwatch recluster --apply
    """
    from monitor.cli.reclustering import recluster_store

    recluster_store(workspace, apply=apply, limit=limit, jsonl=jsonl)
