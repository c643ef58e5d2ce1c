"""The chain of digests over all evidence. The only writer of `evidence`.

A link is a line of JSON with the digests of one page's records and the digest of the link before
it: whoever removes, reorders or alters one breaks every later one. A day's first link names the
last one of the day before. Links hold no address and no text, so that they can stay for ever."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from crawler.log.append import APPEND_LOCK
from crawler.log.tables import EvidenceRow

# What the very first link names as the one before it.
NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page's records lie: on whose disk, in which file (DAY/NAME), from which byte on."""

    machine: str
    file: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Link:
    """A page to chain. `records` are (kind, length, SHA-256 in hex) of each record as stored."""

    log_id: int
    state: str
    place: Place
    records: tuple[tuple[str, int, str], ...]


def chain(connection: Connection, links: Sequence[Link], now: datetime) -> None:
    """Append `links` in order, within the transaction that logs their articles.

    One writer at a time, as in `append_articles`, so that two processes never fork the chain.
    A clock that was set back does not reopen a day."""
    if not links:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(APPEND_LOCK)))
    newest = select(EvidenceRow.day, EvidenceRow.number, EvidenceRow.digest)
    last = connection.execute(newest.order_by(EvidenceRow.id.desc()).limit(1)).first()
    day, number, digest = last if last is not None else ("", 0, NOTHING)
    today = max(day, f"{now.astimezone(UTC):%Y-%m-%d}")
    number = number if today == day else 0
    rows = []
    for link in links:
        number += 1
        entry = _entry(link, today, number, digest, now)
        digest = hashlib.sha256(entry.encode()).hexdigest()
        rows.append(_row(link, today, number, entry, digest))
    connection.execute(insert(EvidenceRow), rows)


def move(connection: Connection, places: Mapping[int, Place]) -> None:
    """Note where records lie now, by the row's id: their file was written anew."""
    statement = (
        update(EvidenceRow)
        .where(EvidenceRow.id == bindparam("row"))
        .values(file=bindparam("to_file"), start=bindparam("to_start"))
    )
    if places:
        connection.execute(
            statement,
            [
                {"row": row, "to_file": place.file, "to_start": place.start}
                for row, place in places.items()
            ],
        )


def bury(connection: Connection, rows: Sequence[int], state: str, now: datetime) -> None:
    """Note that records are gone: `dropped` by retention or `forgotten` on request."""
    if rows:
        connection.execute(
            update(EvidenceRow)
            .where(EvidenceRow.id == bindparam("row"))
            .values(state=state, gone_at=now, file="", start=0),
            [{"row": row} for row in rows],
        )


def _entry(link: Link, day: str, number: int, before: str, now: datetime) -> str:
    entry = {
        "day": day,
        "number": number,
        "chained_at": now.astimezone(UTC).isoformat(),
        "records": [
            {"type": kind, "length": length, "sha256": digest}
            for kind, length, digest in link.records
        ],
        "previous": before,
    }
    return json.dumps(entry, sort_keys=True, separators=(",", ":"))


def _row(link: Link, day: str, number: int, entry: str, digest: str) -> dict[str, Any]:
    return {
        "day": day,
        "number": number,
        "entry": entry,
        "digest": digest,
        "log_id": link.log_id,
        "machine": link.place.machine,
        "file": link.place.file,
        "start": link.place.start,
        "length": link.place.length,
        "state": link.state,
    }
