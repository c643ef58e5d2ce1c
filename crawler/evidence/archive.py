"""The file that this process keeps its evidence in: `evidence/DAY/NAME.warc.gz`.

While it is written it ends in `.open` and is locked, so that nobody takes it for one that a dead
process left. It is never appended to again once closed."""

import atexit
import fcntl
import os
import re
import secrets
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from crawler.evidence.mending import OPEN, mend
from crawler.evidence.records import Capture, warcinfo
from crawler.log.chain import Place

# Forgetting one page writes its whole file anew, so files stay small.
FILE_BYTES = 64 * 1024 * 1024
SOFTWARE = "lendwatch (+https://pypi.org/project/lendwatch/)"


class EvidenceNotWritten(Exception):
    """The disk took no evidence: make room or mend it; the pages are fetched again."""


def machine_name() -> str:
    """What this machine is called beside its evidence."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:63] or "host"


class Archive:
    """Appends captures to one file at a time; safe to use from several threads."""

    def __init__(self, folder: Path, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder
        self._file_bytes = file_bytes
        self._machine = machine_name()
        self._turn = threading.Lock()
        self._name = ""
        self._descriptor = -1
        self._size = 0
        self._empty = 0  # size of a file with no capture in it
        self._mended = False

    def append(self, captures: Sequence[Capture], now: datetime) -> list[Place]:
        """Write `captures` and give their places, when they are on disk to stay.

        All or none of them; raises EvidenceNotWritten."""
        if not captures:
            return []
        with self._turn:
            try:
                return self._append(captures, now)
            except OSError as error:
                self._give_up()
                raise EvidenceNotWritten(
                    f"{self._folder}: evidence could not be written ({error.strerror}); free some"
                    " space or mend the disk. The pages were not logged and are fetched again"
                ) from error

    def close(self) -> None:
        """End the file in hand, if there is one."""
        # Its content is on disk in any case; what cannot be renamed now is ended by `mend`.
        with self._turn, suppress(OSError):
            self._close()

    def _append(self, captures: Sequence[Capture], now: datetime) -> list[Place]:
        self._open(now)
        start, places = self._size, []
        for capture in captures:
            places.append(Place(self._machine, self._name, start, capture.length))
            start += capture.length
        records = (record.stored for capture in captures for record in capture.records)
        _write(self._descriptor, b"".join(records))
        os.fsync(self._descriptor)
        self._size = start
        return places

    def _open(self, now: datetime) -> None:
        """Have a file of today with room in it."""
        if not self._mended:
            mend(self._folder)
            self._mended = True
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        if self._descriptor >= 0:
            if self._name.startswith(day) and self._size < self._file_bytes:
                return
            self._close()
        self._begin(day, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        first = warcinfo(Path(self._name).name, SOFTWARE, now)
        _write(self._descriptor, first)
        self._size = self._empty = len(first)
        for folder in (self._path.parent, self._folder):
            sync_folder(folder)

    def _begin(self, day: str, stamp: str) -> None:
        self._size = self._empty = 0
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / day).mkdir(mode=0o700, exist_ok=True)
        while True:
            self._name = f"{day}/{stamp}-{self._machine}-{secrets.token_hex(4)}.warc.gz"
            how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(self._path, how, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            if self._path.exists():
                return
            # `mend` in another process saw it empty and unlocked, and removed it.
            os.close(self._descriptor)

    @property
    def _path(self) -> Path:
        return self._folder / (self._name + OPEN)

    def _give_up(self) -> None:
        """Take back what was written in part, and use another file the next time."""
        if self._descriptor < 0:
            return
        try:
            os.ftruncate(self._descriptor, self._size)
            os.fsync(self._descriptor)
            self._close()
        except OSError:
            # A disk in this state takes nothing; the next start mends the file.
            os.close(self._descriptor)
            self._descriptor = -1

    def _close(self) -> None:
        if self._descriptor < 0:
            return
        if self._size > self._empty:
            self._path.rename(self._folder / self._name)
        else:
            self._path.unlink()
        sync_folder(self._path.parent)
        os.close(self._descriptor)
        self._descriptor = -1


@lru_cache(maxsize=8)
def archive_of(folder: str) -> Archive:
    """The archive in `folder`, one a process; it is closed at the process's end."""
    archive = Archive(Path(folder))
    _ARCHIVES.append(archive)
    return archive


_ARCHIVES: list[Archive] = []


@atexit.register
def close_archives() -> None:
    """End all files of this process. A process that dies without it leaves them to `mend`."""
    for archive in _ARCHIVES:
        archive.close()


def sync_folder(folder: Path) -> None:
    """Have a new, renamed or removed name in `folder` survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
