"""Find and remove what must no longer be known: every page whose records say a string."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, select

from crawler.evidence.mending import mend
from crawler.evidence.reading import comparable, read_stored, says
from crawler.evidence.records import tombstone
from crawler.evidence.rewriting import Span, ended_files, open_files
from crawler.log.tables import ArticleLogRow, EvidenceRow
from monitor.evidence.erasing import settle, take_out

# Shorter ones stand in every page.
SHORTEST = 2


class BeingWritten(Exception):
    """A crawl writes evidence at this moment: try again when it has ended."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page whose records say it. Records that were never logged have no address and no time."""

    file: str
    span: Span
    url: str = ""
    fetched_at: datetime | None = None


def prepare(engine: Engine, folder: Path) -> None:
    """End what dead processes left, so that all evidence can be reached. Raises BeingWritten."""
    mend(folder)
    settle(engine, folder)
    if still := open_files(folder):
        raise BeingWritten(f"{still[0]} is being written by a crawl; try again when it has ended")


def find(engine: Engine, folder: Path, sought: str) -> Iterator[Found]:
    """Every page in `folder` whose records, or whose text in the log, say `sought`.

    One page is in memory at a time."""
    wanted = comparable(sought)
    for file in ended_files(folder):
        with engine.connect().execution_options(lendwatch_read=True) as connection:
            rows = connection.execute(_logged_in(file)).all()
        end = 0
        for row in rows:
            yield from _unlogged(folder, file, (end, row.start - end), wanted)
            end = row.start + row.length
            if _says(row, wanted) or says(read_stored(folder, file, row.start, row.length), wanted):
                yield Found(file, (row.start, row.length), row.url, row.fetched_at)
        size = (folder / file).stat().st_size
        yield from _unlogged(folder, file, (end, size - end), wanted)


def remove_found(engine: Engine, folder: Path, found: list[Found], now: datetime) -> None:
    """Write each file anew with a tombstone in the place of what was found in it."""
    for file in sorted({each.file for each in found}):
        cuts = {
            each.span: tombstone("forgotten", "at request", now)
            for each in found
            if each.file == file
        }
        take_out(engine, (folder, file), cuts, ("forgotten", now))


def _logged_in(file: str) -> Any:
    text = (ArticleLogRow.url, ArticleLogRow.title, ArticleLogRow.body, ArticleLogRow.boilerplate)
    return (
        select(EvidenceRow.start, EvidenceRow.length, ArticleLogRow.fetched_at, *text)
        .join(ArticleLogRow, ArticleLogRow.id == EvidenceRow.log_id)
        .where(EvidenceRow.file == file)
        .order_by(EvidenceRow.start)
    )


def _says(row: Row[Any], wanted: str) -> bool:
    return any(
        wanted in comparable(each) for each in (row.url, row.title, row.body, row.boilerplate)
    )


def _unlogged(folder: Path, file: str, span: Span, wanted: str) -> Iterator[Found]:
    """Whole records that no row points to: a process died before it logged them."""
    if span[1] > 0 and says(read_stored(folder, file, *span), wanted):
        yield Found(file, span)
