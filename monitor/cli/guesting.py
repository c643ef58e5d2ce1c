"""What `sources politeness` does beyond parsing its options."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.cli.checking import checked, named_source
from monitor.cli.opening import reading_store
from monitor.cli.options import Format
from monitor.cli.show import show_rows
from monitor.query.politeness import Politeness, politeness
from monitor.store.version import current_revision

_COLUMNS = (
    "source",
    "site",
    "requests",
    "smallest_gap",
    "crawl_delay",
    "robots",
    "robots_refused",
    "status_429",
    "status_503",
    "captchas",
    "page_requests",
    "cut_pages",
    "cut_by",
    "waiting_until",
)


def show_conduct(workspace: Path | None, name: str, output: Format) -> None:
    """Print a row a source and site, or those of one source."""
    config, seeds = checked(workspace)
    names = [named_source(seeds, name).name] if name else []
    found: list[Politeness] = []
    if current_revision(config.database) is not None:
        with reading_store(config) as connection:
            found = politeness(connection, datetime.now(UTC), names)
    rows = [_row(each) for each in found]
    columns = _told_of(rows) if output is Format.TABLE else _COLUMNS
    show_rows(rows, columns, output, config.timezone)


def _told_of(rows: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """The columns in which any row has something: all fourteen fit no terminal."""
    return [name for name in _COLUMNS if not rows or any(row[name] for row in rows)]


def _row(each: Politeness) -> dict[str, Any]:
    row = asdict(each)
    if each.smallest_gap is not None:
        row["smallest_gap"] = round(each.smallest_gap, 3)
    return row
