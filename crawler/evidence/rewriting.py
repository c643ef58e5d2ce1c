"""Write a file of evidence anew without some of its bytes: under a new name, so that no row of the
store ever points into a file whose places have moved."""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crawler.evidence.archive import sync_folder
from crawler.evidence.mending import OPEN

_NAME = re.compile(r"(?P<stem>.+?)(?:\.r(?P<version>\d+))?\.warc\.gz")
_CHUNK = 1024 * 1024

Span = tuple[int, int]  # first byte, number of bytes


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file written anew: its name (DAY/NAME), and what stands there instead of each cut."""

    file: str
    cuts: Mapping[Span, bytes]

    def moved(self, start: int) -> int:
        """Where a byte of the old file stands now, when it was not cut."""
        before = (span for span in self.cuts if span[0] < start)
        return start + sum(len(self.cuts[span]) - span[1] for span in before)


def ended_files(folder: Path) -> list[str]:
    """All files (DAY/NAME) that nobody writes any more, oldest first."""
    return sorted(str(path.relative_to(folder)) for path in folder.glob("*/*.warc.gz"))


def open_files(folder: Path) -> list[Path]:
    """Files that a process is writing, or that one left when it died (see `mend`)."""
    return sorted(folder.glob(f"*/*{OPEN}"))


def rewrite(folder: Path, file: str, cuts: Mapping[Span, bytes]) -> Rewritten:
    """Copy an ended file, each cut replaced, and have the copy on disk. The old one stays."""
    matched = _NAME.fullmatch(file)
    assert matched is not None
    version = int(matched["version"] or 1) + 1
    written = Rewritten(f"{matched['stem']}.r{version}.warc.gz", cuts)
    target = folder / written.file
    unfinished = target.with_name(target.name + ".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, (folder / file).open("rb") as old:
            position = 0
            for start, length in sorted(cuts):
                _copy(old, out, position, start)
                out.write(cuts[start, length])
                position = start + length
            _copy(old, out, position, os.fstat(old.fileno()).st_size)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(target.parent)
    return written


def remove(folder: Path, file: str) -> None:
    """Remove a file for good."""
    (folder / file).unlink(missing_ok=True)
    sync_folder((folder / file).parent)


def superseded(files: Collection[str], pointed_to: Collection[str]) -> Iterator[str]:
    """Of each file's versions all but the one that the store points to.

    Two versions are left by a process that died between writing one and removing the other. When
    the store points to neither, the newer is right: it was written before the store was told."""
    versions: dict[str, list[tuple[int, str]]] = {}
    for file in files:
        if matched := _NAME.fullmatch(file):
            version = int(matched["version"] or 1)
            versions.setdefault(matched["stem"], []).append((version, file))
    for found in versions.values():
        names = [file for _, file in sorted(found)]
        right = next((name for name in names if name in pointed_to), names[-1])
        yield from (name for name in names if name != right)


def _copy(old: BinaryIO, out: BinaryIO, start: int, end: int) -> None:
    old.seek(start)
    while start < end:
        chunk = old.read(min(_CHUNK, end - start))
        if not chunk:
            raise OSError(f"{old.name} ended while it was read")
        out.write(chunk)
        start += len(chunk)
