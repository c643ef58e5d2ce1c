"""Take records out of evidence for good, so that a crash at any point loses no other record.

First the file is written anew without them, then one transaction tells the store where everything
is now, then the old file goes. Whoever dies in between leaves two versions of a file; the next one
removes the wrong one (`settle`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, select

from crawler.evidence.rewriting import Span, ended_files, remove, rewrite, superseded
from crawler.log.chain import Place, bury, move
from crawler.log.tables import EvidenceRow

Gone = Literal["dropped", "forgotten"]


def settle(engine: Engine, folder: Path) -> None:
    """Finish what a process that died while taking records out left half done."""
    for unfinished in folder.glob("*/*.warc.gz.part"):
        unfinished.unlink()
    files = ended_files(folder)
    with engine.connect().execution_options(lendwatch_read=True) as connection:
        # Only files that have two versions are looked up: as a rule there are none.
        twice = set(superseded(files, ()))
        if not twice:
            return
        named = select(EvidenceRow.file).where(EvidenceRow.file.in_(files)).distinct()
        pointed_to = set(connection.scalars(named))
    for file in superseded(files, pointed_to):
        remove(folder, file)


def rows_in(connection: Connection, file: str) -> Sequence[Row[Any]]:
    """The evidence rows of a file, in the order of their places."""
    query = select(EvidenceRow.__table__).where(EvidenceRow.file == file)
    return connection.execute(query.order_by(EvidenceRow.start)).all()


def take_out(
    engine: Engine, place: tuple[Path, str], cuts: Mapping[Span, bytes], gone: tuple[Gone, datetime]
) -> None:
    """Cut spans out of a file (folder, DAY/NAME), each replaced by its bytes; note what is gone
    and where the rest went."""
    folder, file = place
    written = rewrite(folder, file, cuts)
    with engine.begin() as connection:
        rows = rows_in(connection, file)
        buried = [row.id for row in rows if (row.start, row.length) in cuts]
        moved = {
            row.id: Place(row.machine, written.file, written.moved(row.start), row.length)
            for row in rows
            if (row.start, row.length) not in cuts
        }
        bury(connection, buried, *gone)
        move(connection, moved)
    remove(folder, file)
