"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="Folder with lendwatch.yaml (default: here, then $LENDWATCH_WORKSPACE).",
        show_default=False,
    ),
]


class Format(StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


OutputFormat = Annotated[
    Format, typer.Option("--format", "-f", help="table for people; json or csv for programs.")
]
