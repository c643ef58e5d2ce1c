"""Make a backup: one file with all of a workspace that could not be collected again.

The store is copied first, as of one moment, then the evidence: pages are on disk before the store
is told of them, so what the copy points to is there. Whoever works on the store goes on."""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url

from crawler.evidence.archive import machine_name
from crawler.evidence.mending import OPEN
from crawler.log.engine import open_engine
from crawler.log.tables import EvidenceRow
from crawler.places import CONFIG_FILE
from monitor.backups.config_copy import portable
from monitor.backups.manifest import (
    FORMAT,
    MANIFEST,
    STORES,
    Manifest,
    Member,
    name_mistake,
    written,
)
from monitor.backups.staging import staging
from monitor.config import Config
from monitor.durable import sync
from monitor.store.backup import copy_store
from monitor.store.models import OutboxRow
from monitor.store.problems import StoreError, StoreLocked, store_problem
from monitor.store.version import current_revision, is_postgres, place, refuse_newer
from seeds.watchlist_files import PACKAGED

# The first schema that has evidence.
_EVIDENCE_SINCE = "0007"
# Retention takes files away once a day, each in well under a second.
_ATTEMPTS = 3
_CHUNK = 1024 * 1024

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Packed:
    """What was written. Files of evidence that the store names and that are not in it: `missing`
    should be on this machine, `elsewhere` are on others."""

    manifest: Manifest
    size: int
    missing: tuple[str, ...]
    elsewhere: tuple[str, ...]


class EvidenceMoved(Exception):
    """Retention or `forget` wrote evidence anew between the two copies."""


def pack(config: Config, target: Path, now: datetime) -> Packed:
    """Write the backup of a workspace to `target`; what stood there is replaced, at the end.

    Raises StoreError, StoreLocked (try again later), OSError."""
    revision = current_revision(config.database)
    refuse_newer(revision, config.database)
    if revision is None:
        raise StoreError(f"{place(config.database)} holds nothing yet; run `lendwatch crawl` first")
    with staging(target) as folder:
        for _ in range(_ATTEMPTS):
            try:
                packed = _Packing(config, folder, revision, now).run()
            except EvidenceMoved:
                continue
            (folder / "archive").replace(target)
            sync(target.parent)
            return packed
    raise StoreLocked("evidence is being taken out of the workspace; try again when that is done")


class _Packing:
    """One attempt."""

    def __init__(self, config: Config, folder: Path, revision: str, now: datetime) -> None:
        self._config = config
        self._folder = folder
        self._revision = revision
        self._now = now
        self._members: list[Member] = []

    def run(self) -> Packed:
        """Write the file `archive` in the folder, and have it on disk."""
        url = make_url(self._config.database)
        kind = "postgresql" if is_postgres(url) else "sqlite"
        before = self._asked(_pointed_to)
        waiting = self._asked(_waiting)
        copy, archive = self._folder / "store", self._folder / "archive"
        copy.unlink(missing_ok=True)
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            note = copy_store(url, copy)
        except sqlite3.Error as error:
            problem = store_problem(error, self._config.database)
            raise StoreError(f"the store could not be copied: {problem}") from error
        if note:
            raise StoreError(
                f"{note}; install the PostgreSQL client programs (Debian: postgresql-client) of"
                " the server's version or newer, then run it again"
            )
        descriptor = os.open(archive, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            with ZipFile(file, "w", allowZip64=True) as archived:
                self._write_all(archived, STORES[kind])
                absent = self._absent(before)
                manifest = Manifest(
                    format=FORMAT,
                    lendwatch=version("lendwatch"),
                    revision=self._revision,
                    store="postgresql" if kind == "postgresql" else "sqlite",
                    made_at=self._now,
                    waiting=waiting,
                    members=tuple(self._members),
                )
                archived.writestr(self._info(MANIFEST, ZIP_DEFLATED), written(manifest))
            file.flush()
            os.fsync(file.fileno())
            ours = tuple(each for each in absent if before[each] == machine_name())
            others = tuple(each for each in absent if before[each] != machine_name())
            return Packed(manifest, file.seek(0, os.SEEK_END), ours, others)

    def _write_all(self, archive: ZipFile, store: str) -> None:
        workspace, raw = self._config.workspace, (self._config.workspace / CONFIG_FILE).read_bytes()
        self._write(archive, CONFIG_FILE, portable(raw, str(workspace / CONFIG_FILE)))
        self._copy(archive, store, self._folder / "store")
        (self._folder / "store").unlink()
        for name, path in _files(self._config):
            self._copy(archive, name, path)

    def _copy(self, archive: ZipFile, name: str, path: Path) -> None:
        """Add a file as long as it is now: a crawl may be appending to it."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            # Ended by its writer, or taken away; the second is noticed at the end.
            name, path = name.removesuffix(OPEN), path.with_name(path.name.removesuffix(OPEN))
            if any(each.name == name for each in self._members) or not path.exists():
                return
            file = path.open("rb")
        with file:
            left = os.fstat(file.fileno()).st_size
            # Evidence is compressed already.
            info = self._info(name, ZIP_STORED if ".warc.gz" in name else ZIP_DEFLATED)
            digest, size = hashlib.sha256(), 0
            with archive.open(info, "w", force_zip64=True) as out:
                while left and (chunk := file.read(min(left, _CHUNK))):
                    out.write(chunk)
                    digest.update(chunk)
                    size, left = size + len(chunk), left - len(chunk)
        self._members.append(Member(name=name, size=size, sha256=digest.hexdigest()))

    def _write(self, archive: ZipFile, name: str, content: bytes) -> None:
        archive.writestr(self._info(name, ZIP_DEFLATED), content)
        digest = hashlib.sha256(content).hexdigest()
        self._members.append(Member(name=name, size=len(content), sha256=digest))

    def _info(self, name: str, how: int) -> ZipInfo:
        info = ZipInfo(name, self._now.astimezone(UTC).timetuple()[:6])
        info.compress_type = how
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        return info

    def _absent(self, before: Mapping[str, str]) -> list[str]:
        """Files that the store named and still names, and that are not here. Raises EvidenceMoved."""
        packed = {each.name.removeprefix("evidence/").removesuffix(OPEN) for each in self._members}
        if before.keys() - self._asked(_pointed_to).keys():
            raise EvidenceMoved
        return sorted(before.keys() - packed)

    def _asked(self, question: Callable[[Connection, str], Answer]) -> Answer:
        engine = open_engine(self._config.database)
        try:
            with engine.connect().execution_options(lendwatch_read=True) as connection:
                return question(connection, self._revision)
        finally:
            engine.dispose()


def _pointed_to(connection: Connection, revision: str) -> dict[str, str]:
    """Every file that the store names, with its machine."""
    if revision < _EVIDENCE_SINCE:
        return {}
    query = select(EvidenceRow.file, EvidenceRow.machine).where(EvidenceRow.file != "").distinct()
    return {row.file: row.machine for row in connection.execute(query)}


def _waiting(connection: Connection, _revision: str) -> int:
    query = select(func.count()).where(OutboxRow.state.in_(("pending", "sending")))
    return connection.scalar(query) or 0


def _files(config: Config) -> Iterator[tuple[str, Path]]:
    """What goes in beside store and configuration, by its name in the backup."""
    yield from _below(config.evidence_folder, "evidence", "*/*.warc.gz*")
    yield from _below(config.workspace / "mail", "mail", "*.eml")
    if config.seeds != PACKAGED.absolute():
        yield from _below(config.seeds, "seeds", "**/*.yaml")
    if (config.workspace / "scrapy.cfg").is_file():
        yield "scrapy.cfg", config.workspace / "scrapy.cfg"


def _below(folder: Path, root: str, pattern: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.glob(pattern)):
        name = f"{root}/{path.relative_to(folder).as_posix()}"
        if path.is_file() and not name_mistake(name):
            yield name, path
