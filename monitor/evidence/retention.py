"""Drop evidence that is older than wanted, or more than there is room for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from crawler.evidence.rewriting import Span, ended_files
from crawler.log.tables import ArticleLogRow, EvidenceRow
from crawler.options import EvidenceOptions
from monitor.evidence.erasing import settle, take_out
from monitor.store.models import ArticleRow, EventRow, OutboxRow, StoryRow


def drop_old(engine: Engine, folder: Path, options: EvidenceOptions, now: datetime) -> int:
    """Drop what `options` do not keep, oldest first; give how many pages' records went.

    Never what belongs to a story that somebody was told of, unless `drop_alerted`. Files that are
    being written are left for the next time."""
    settle(engine, folder)
    if not options.days and not options.megabytes:
        return 0
    files = ended_files(folder)
    sizes = {file: (folder / file).stat().st_size for file in files}
    excess = sum(sizes.values()) - options.megabytes * 1024 * 1024 if options.megabytes else 0
    before = now - timedelta(days=options.days) if options.days else None
    dropped = 0
    for file in files:
        if excess <= 0 and (before is None or not _may_be_older(file, before)):
            break
        with engine.connect().execution_options(lendwatch_read=True) as connection:
            rows = list(_droppable(connection, file, alerted_too=options.drop_alerted))
        cuts: dict[Span, bytes] = {}
        for row in rows:
            if excess > 0 or (before is not None and row.fetched_at < before):
                cuts[row.start, row.length] = b""
                excess -= row.length
        if cuts:
            take_out(engine, (folder, file), cuts, ("dropped", now))
            dropped += len(cuts)
    return dropped


def _may_be_older(file: str, before: datetime) -> bool:
    """Whether a file of its day can hold what was fetched `before`."""
    return file.split("/", maxsplit=1)[0] <= f"{before.astimezone(UTC):%Y-%m-%d}"


def _droppable(connection: Connection, file: str, *, alerted_too: bool) -> Iterator[Any]:
    query = (
        select(EvidenceRow.start, EvidenceRow.length, ArticleLogRow.fetched_at, ArticleRow.story_id)
        .join(ArticleLogRow, ArticleLogRow.id == EvidenceRow.log_id)
        .outerjoin(ArticleRow, ArticleRow.url == ArticleLogRow.url)
        .where(EvidenceRow.file == file)
        .order_by(EvidenceRow.start)
    )
    rows = connection.execute(query).all()
    stories = {row.story_id for row in rows if row.story_id is not None}
    told = set() if alerted_too else _told_of(connection, stories)
    yield from (row for row in rows if row.story_id not in told)


def _told_of(connection: Connection, stories: set[int]) -> set[int]:
    """Those of `stories` of which an alert was queued: of it, or of one that went into it."""
    now_in = func.coalesce(StoryRow.merged_into, EventRow.story_id)
    query = (
        select(now_in)
        .select_from(EventRow)
        .join(OutboxRow, OutboxRow.event_id == EventRow.id)
        .join(StoryRow, StoryRow.id == EventRow.story_id)
        .where(now_in.in_(stories))
    )
    return set(connection.scalars(query.distinct()))
