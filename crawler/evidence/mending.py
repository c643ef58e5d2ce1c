"""End the files that a dead process left open: cut off what is no whole record."""

import fcntl
import os
import zlib
from pathlib import Path
from typing import BinaryIO

# What a file's name ends in while a process writes it.
OPEN = ".open"
_READ_BYTES = 256 * 1024


def mend(folder: Path) -> list[Path]:
    """End every open file in `folder` that no living process has; give what they are called now.

    A file without a whole record is removed. Whole records that were never logged stay: nobody
    was promised them, and nobody lost them."""
    return [
        ended
        for path in sorted(folder.glob(f"*/*{OPEN}"))
        if (ended := _mend(path, path.with_name(path.name.removesuffix(OPEN)))) is not None
    ]


def whole_records(file: BinaryIO) -> list[int]:
    """The bytes at which the file's whole records end, in order.

    Reads gzip members, one a record; stops at the first that is cut off or damaged."""
    ends: list[int] = []
    position, left = 0, b""
    while True:
        reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while not reader.eof:
            chunk = left or file.read(_READ_BYTES)
            left = b""
            if not chunk:
                return ends
            try:
                while chunk and not reader.eof:
                    # The text itself is not wanted: bounded, whatever it unfolds into.
                    reader.decompress(chunk, _READ_BYTES)
                    position += len(chunk) - len(reader.unconsumed_tail) - len(reader.unused_data)
                    chunk = reader.unconsumed_tail
            except zlib.error:
                return ends
        left = reader.unused_data
        ends.append(position)


def _mend(path: Path, ended: Path) -> Path | None:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None  # its writer ended it meanwhile
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        if not path.exists():
            return None
        ends = whole_records(file)
        if len(ends) < 2:  # the first only says who wrote the file
            path.unlink()
            return None
        file.truncate(ends[-1])
        os.fsync(file.fileno())
        path.rename(ended)
    return ended
