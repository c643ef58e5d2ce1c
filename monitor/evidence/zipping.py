"""Write a bundle's zip in the one form that `verify` accepts, to appear under its name when whole."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from monitor.evidence.verify import central_entry, end_of_zip, local_header

# The zip's own fields end there; a bundle of one article is far below it.
_MOST_BYTES = 2**32 - 2**20


class BundleTooLarge(Exception):
    """The bundle would be 4 GiB or more, which a plain zip cannot hold."""


class PlainZip:
    """Appends files, stored as they are. `digests` has each one's SHA-256 in hex."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[tuple[str, int, int, int]] = []
        self.digests: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Append one file; `name` is ASCII. Raises BundleTooLarge."""
        offset = self._file.tell()
        self._file.write(local_header(name, 0, 0))
        crc, size, digest = 0, 0, hashlib.sha256()
        for chunk in chunks:
            self._file.write(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            digest.update(chunk)
            if offset + size > _MOST_BYTES:
                raise BundleTooLarge("the bundle would pass 4 GiB; leave out --all")
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(local_header(name, crc, size))
        self._file.seek(end)
        self._entries.append((name, crc, size, offset))
        self.digests[name] = digest.hexdigest()

    def end(self) -> None:
        """Append the table of contents."""
        offset = self._file.tell()
        table = b"".join(central_entry(*entry) for entry in self._entries)
        self._file.write(table + end_of_zip(len(self._entries), len(table), offset))


@contextmanager
def appearing(target: Path) -> Iterator[BinaryIO]:
    """A file to write; it appears as `target` when all went well, whole and on disk."""
    unfinished = target.with_name(target.name + ".part")
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
