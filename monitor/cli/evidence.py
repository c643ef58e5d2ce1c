"""`evidence`, `verify`, `forget`: what pages said, proved; and unsaid, on request."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Article, Workspace


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    for command in (evidence, verify, forget):
        app.command()(command)


def evidence(
    named: Article,
    to: Annotated[Path, typer.Option("--to", "-o", help="The bundle to write, a zip.")],
    every: Annotated[
        bool, typer.Option("--all", help="Every fetch, also those that changed nothing.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Bundle what an article's pages said, so that anyone can check it offline.

    All its revisions as the site sent them (WARC 1.1), the day's chain of digests, and a program
    that checks it all with plain Python. It holds whole pages, personal data unmasked.

    \b
    Example:
      lendwatch evidence 34 -o bundle.zip
    """
    from monitor.cli.evidencing import make_bundle

    make_bundle(workspace, named, to, every=every)


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A bundle; none: all evidence of the workspace."),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Check that evidence is, byte for byte, what was kept; name what is not.

    Exit codes: 0 it is, 1 something was altered or is missing, 2 no such file.

    \b
    Example:
      lendwatch verify bundle.zip
      lendwatch verify
    """
    from monitor.cli.evidencing import check_bundle, check_workspace

    altered = check_bundle(file) if file is not None else check_workspace(workspace)
    if altered:
        raise typer.Exit(1)


def forget(
    sought: Annotated[str, typer.Argument(metavar="STRING", help="A name, a number, an address.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without this nothing is changed.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Remove STRING from everything that is kept here, for good.

    Counts where it stands; --apply overwrites it in the store's texts, the search index and the
    mails in mail/, and takes the pages that say it out of the evidence, where it then stands that
    they were forgotten, and when. Width, case, white space and markup make no difference; another
    script does: forget each spelling. Articles, stories and alerts stay and nobody is mailed.

    Not reached: addresses that say it (they are counted), hashes (`lendwatch recluster --apply`
    makes those of copies anew), logs, and bundles and backups that were made before. A page that
    still says it is collected with it when it next changes.

    \b
    Example:
      lendwatch forget 13800000000
      lendwatch forget 13800000000 --apply
    """
    from monitor.cli.forgetting import forget_string

    forget_string(workspace, sought, apply=apply)
