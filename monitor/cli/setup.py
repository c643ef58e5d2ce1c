"""`init`, `check`, `doctor`, `demo`: before the daily work."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Workspace


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command()(init)
    app.command()(check)
    app.command()(doctor)
    app.command()(demo)


def init(folder: Annotated[Path, typer.Argument(help="Folder to make; may exist.")]) -> None:
    """Make a workspace: a commented lendwatch.yaml and copies of the seeds to edit.

    Overwrites nothing.

    \b
    Example:
      lendwatch init watch
    """
    from monitor.workspace import init_workspace

    written = init_workspace(folder)
    for path in written:
        print(f"wrote {path}")
    if not written:
        print(f"{folder} is a workspace already; nothing was changed")
    print(
        f"\nNext: put your contact and subscriptions into {folder / 'lendwatch.yaml'}, then\n"
        f"  lendwatch check -w {folder}\n"
        f"  lendwatch crawl -w {folder}\n"
        f"  lendwatch serve -w {folder}"
    )


def check(
    workspace: Workspace = None,
    schema: Annotated[
        Path | None,
        typer.Option(help="Write JSON Schemas for editors into this folder.", show_default=False),
    ] = None,
) -> None:
    """Read every file of the workspace and report all mistakes, each with file and line.

    Examples beside rules are read with these rules: each has to mean what it says.

    \b
    Example:
      lendwatch check -w watch
      lendwatch check --schema schemas
    """
    if schema is not None:
        from monitor.cli.schemas import write_schemas

        for path in write_schemas(schema):
            print(f"wrote {path}")
        return
    from monitor.cli.checking import checked
    from monitor.cli.examples import must_mean_its_examples
    from monitor.cli.show import counted

    config, seeds = checked(workspace)
    must_mean_its_examples(config, seeds)
    enabled = sum(source.enabled for source in seeds.sources)
    watched = sum(platform.watched for platform in seeds.watchlist.platforms)
    print(
        f"{config.workspace}: no mistakes. {counted(len(seeds.sources), 'source')}"
        f" ({enabled} enabled), {counted(watched, 'watched platform')},"
        f" {counted(len(seeds.watchlist.topics), 'topic')},"
        f" {counted(len(config.subscriptions), 'subscription')}."
    )
    if not config.crawl.contact:
        print("note: crawl.contact is empty; no crawl of a public site starts without it")


def doctor(workspace: Workspace = None) -> None:
    """Look at everything lendwatch needs here and say what is missing, with the remedy.

    \b
    Example:
      lendwatch doctor -w watch
    """
    from monitor.cli.checking import checked
    from monitor.cli.show import show_marked
    from monitor.doctor import examine

    failed = 0
    for finding in examine(*checked(workspace)):
        show_marked(finding.level, finding.what, finding.remedy)
        failed += finding.level == "fail"
    if failed:
        raise typer.Exit(1)


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Workspace the demo writes.")] = Path(
        ".demo"
    ),
) -> None:
    """Crawl a bundled miniature web twice and show what was collected, joined and mailed.

    Needs no network, no mail server and no browser (with one, the scripted site is read too).

    \b
    Example:
      lendwatch demo
    """
    from monitor.cli.demoing import run_demo

    run_demo(folder)
