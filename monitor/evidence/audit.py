"""Check a workspace's whole evidence: every link of the chain, every record on this disk."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from crawler.evidence.archive import machine_name
from crawler.evidence.mending import OPEN
from crawler.evidence.reading import EvidenceMissing, read_stored
from crawler.log.chain import NOTHING
from crawler.log.tables import EvidenceRow


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at so far: links, pages found whole, pages gone, pages that lie `elsewhere`,
    on a machine of another name. `head` is the last link's digest and `problem` what is wrong with
    the newest one, if anything."""

    links: int = 0
    whole: int = 0
    gone: int = 0
    elsewhere: int = 0
    head: str = NOTHING
    day: str = ""
    problem: str = ""


def audit(connection: Connection, folder: Path) -> Iterator[Audit]:
    """The state after each link, in the order of the chain."""
    state, number = Audit(), 0
    query = select(EvidenceRow.__table__).order_by(EvidenceRow.id).execution_options(yield_per=500)
    for row in connection.execute(query):
        number = number + 1 if row.day == state.day else 1
        problems = list(_link_problems(row, state, number))
        elsewhere = row.gone_at is None and _is_elsewhere(row, folder)
        present = row.gone_at is None and not elsewhere
        if present:
            problems += _record_problems(row, folder)
        where = f"page {row.number} of {row.day}: "
        state = replace(
            state,
            links=state.links + 1,
            whole=state.whole + (present and not problems),
            gone=state.gone + (row.gone_at is not None),
            elsewhere=state.elsewhere + elsewhere,
            head=row.digest,
            day=row.day,
            problem=where + "; ".join(problems) if problems else "",
        )
        number = row.number
        yield state


def _link_problems(row: Row[Any], before: Audit, number: int) -> Iterator[str]:
    if hashlib.sha256(row.entry.encode()).hexdigest() != row.digest:
        yield "its link in the chain was altered"
    entry = json.loads(row.entry)
    if entry["previous"] != before.head:
        yield "its link does not follow the one before it"
    if (entry["day"], entry["number"]) != (row.day, row.number) or row.number != number:
        yield f"it stands where page {number} belongs"


def _is_elsewhere(row: Row[Any], folder: Path) -> bool:
    path = folder / row.file
    here = path.exists() or path.with_name(path.name + OPEN).exists()
    return not here and row.machine != machine_name()


def _record_problems(row: Row[Any], folder: Path) -> list[str]:
    try:
        stored = read_stored(folder, row.file, row.start, row.length)
    except EvidenceMissing as error:
        return [str(error)]
    problems, start = [], 0
    for record in json.loads(row.entry)["records"]:
        part = stored[start : start + record["length"]]
        start += record["length"]
        if hashlib.sha256(part).hexdigest() != record["sha256"]:
            problems.append(f"its {record['type']} record in {row.file} was altered")
    return problems
