"""`backup`, `restore`: a workspace in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Workspace


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command()(backup)
    app.command()(restore)


def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write, a zip.")],
    workspace: Workspace = None,
) -> None:
    """Write the whole workspace into one file, also while `serve` works on it.

    The store as of one moment, the evidence, mails written as files, lendwatch.yaml and the seeds,
    with the SHA-256 of each. No secrets: secrets.yaml and `database:` stay out, logs too. It holds
    whole pages, personal data unmasked. FILE is replaced only when the new one is whole.

    \b
    Example:
      lendwatch backup watch.zip
    """
    from monitor.cli.archiving import back_up_workspace

    back_up_workspace(workspace, to)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    into: Annotated[Path, typer.Option(help="The workspace to make: a new or empty folder.")],
    database: Annotated[
        str,
        typer.Option(help="An empty PostgreSQL database, for a store that was one."),
    ] = "",
) -> None:
    """Make a workspace of a backup, wholly or not at all.

    Every name, size and hash is checked first. A dump of a PostgreSQL store can hold any command:
    restore only what you made. Secrets are not in it: give them again.

    \b
    Example:
      lendwatch restore watch.zip --into watch2
    """
    from monitor.cli.archiving import restore_workspace

    restore_workspace(file, into, database)
