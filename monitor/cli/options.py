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


class PageFormat(StrEnum):
    """How a command prints one thing; a table of columns it is not."""

    TABLE = "table"
    JSON = "json"


# The largest number either store holds.
LARGEST_ID = 2**63 - 1

Article = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="Its number, or its address.", show_default=False)
]

PageOutput = Annotated[
    PageFormat, typer.Option("--format", "-f", help="table for people; json for programs.")
]
OutputFormat = Annotated[
    Format, typer.Option("--format", "-f", help="table for people; json or csv for programs.")
]
