"""Restore a backup into a folder of its own: everything is checked first, and it appears whole.

A backup is input like any other: its names, sizes and kinds are held against its manifest before a
byte is written, and every byte against its hash before the folder gets its name."""

import errno
import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from crawler.places import CONFIG_FILE, database_url
from monitor.backups.config_copy import with_database
from monitor.backups.manifest import (
    FORMAT,
    MANIFEST,
    MANIFEST_BYTES,
    STORES,
    BackupRefused,
    Manifest,
    Member,
    most_bytes,
    name_mistake,
    read_manifest,
)
from monitor.backups.staging import staging
from monitor.durable import sync
from monitor.store.backup import postgres_program
from monitor.store.problems import StoreError, store_problem
from monitor.store.version import current_revision, is_postgres, refuse_newer

_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
# What a restored workspace needs beside its own bytes, to be opened at all.
_ROOM = 16 * 1024 * 1024


class TargetInUse(Exception):
    """The folder to restore into is none that is new or empty."""


def unpack(file: Path, into: Path, database: str = "") -> Manifest:
    """Restore `file` as the folder `into`; of a PostgreSQL store into `database`, an empty one.

    Raises BackupRefused, TargetInUse, StoreError, OSError; nothing is left behind then."""
    into = into.resolve()
    _must_be_free(into)
    with _read(file) as archive:
        manifest, infos = _checked(archive, file)
        _must_fit_store(manifest, database)
        into.parent.mkdir(parents=True, exist_ok=True)
        _must_have_room(manifest, into.parent)
        with staging(into) as folder:
            for member in manifest.members:
                _extract(archive, infos[member.name], member, folder)
            if manifest.store == "sqlite":
                _must_be_that_store(folder / STORES["sqlite"], manifest)
            else:
                _load(folder, database)
            _settle(folder)
            _must_be_free(into)
            # Over an empty folder, or none: the system does it at once or not at all.
            folder.rename(into)
            sync(into.parent)
    return manifest


@contextmanager
def _read(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except (BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise BackupRefused(f"{file} is damaged, or no backup ({error})") from error


def _must_be_free(into: Path) -> None:
    if into == Path.cwd():
        raise TargetInUse(f"{into} is where you stand; go elsewhere, and name it from there")
    if into.is_mount():
        raise TargetInUse(f"{into} is a disk of its own; name a new folder on it")
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise TargetInUse(f"{into} is not empty; name a new folder: nothing is ever overwritten")


def _checked(archive: ZipFile, file: Path) -> tuple[Manifest, dict[str, ZipInfo]]:
    """The manifest and the entry of each member, when they agree and nothing is amiss."""
    infos = {each.filename: each for each in archive.infolist()}
    if MANIFEST not in infos or infos[MANIFEST].file_size > MANIFEST_BYTES:
        raise BackupRefused(f"{file} is no backup: it has no {MANIFEST}, or one beyond all measure")
    _must_be_plain(infos[MANIFEST])
    manifest = read_manifest(archive.read(MANIFEST))
    if manifest.format > FORMAT:
        raise BackupRefused(
            f"{file} was made by a newer version: needs lendwatch ≥ {manifest.lendwatch};"
            " upgrade lendwatch. Nothing was written"
        )
    refuse_newer(manifest.revision, f"sqlite:///{file}")
    _must_agree(archive, manifest)
    for member in manifest.members:
        _must_be_plain(infos[member.name])
        _must_be_so_large(infos[member.name], member)
    return manifest, infos


def _must_agree(archive: ZipFile, manifest: Manifest) -> None:
    """Have each member named once on both sides, by a name that a backup gives."""
    names = Counter(each.name for each in manifest.members)
    named = Counter(each.filename for each in archive.infolist())
    for name, often in [*names.items(), *named.items()]:
        if often > 1:
            raise BackupRefused(f"{name!r} is in it more than once")
        if name != MANIFEST and (wrong := name_mistake(name)):
            raise BackupRefused(f"{name!r} {wrong}")
    if strange := named.keys() - names.keys() - {MANIFEST}:
        raise BackupRefused(f"{min(strange)!r} is not in its manifest")
    if lost := names.keys() - named.keys():
        raise BackupRefused(f"{min(lost)!r} is missing")
    for wanted in (CONFIG_FILE, STORES[manifest.store]):
        if wanted not in names:
            raise BackupRefused(f"{wanted!r} is missing")


def _must_be_plain(info: ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.is_dir() or kind not in {0, stat.S_IFREG}:
        raise BackupRefused(f"{info.filename!r} is no plain file")
    if info.flag_bits & _ENCRYPTED or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise BackupRefused(f"{info.filename!r} is packed in a way that no backup is")


def _must_be_so_large(info: ZipInfo, member: Member) -> None:
    most = most_bytes(member.name)
    if most is not None and member.size > most:
        raise BackupRefused(f"{member.name!r} is too large ({member.size} bytes)")
    if info.file_size != member.size:
        raise BackupRefused(f"{member.name!r} is not as large as its manifest says")


def _must_fit_store(manifest: Manifest, database: str) -> None:
    """Have a place for the store, and only where one is needed."""
    if manifest.store == "sqlite":
        if database:
            raise BackupRefused(
                "its store is SQLite and goes into the folder; leave out --database"
            )
        return
    if not database or not is_postgres(make_url(database_url(database, Path()))):
        raise BackupRefused(
            "its store is PostgreSQL: make an empty database (createdb NAME), then add"
            " --database postgresql://user@host/NAME"
        )


def _must_have_room(manifest: Manifest, disk: Path) -> None:
    needed = sum(each.size for each in manifest.members) + _ROOM
    if needed > shutil.disk_usage(disk).free:
        error = f"{needed / 1e9:.1f} GB are needed for what it unfolds into, more than there is"
        raise OSError(errno.ENOSPC, error, str(disk))


def _extract(archive: ZipFile, info: ZipInfo, member: Member, folder: Path) -> None:
    """Write one member whose name is sound, never more of it than it is said to have."""
    path = folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    digest, size = hashlib.sha256(), 0
    with archive.open(info) as packed, os.fdopen(os.open(path, how, 0o600), "wb") as out:
        while size <= member.size and (chunk := packed.read(_CHUNK)):
            size += len(chunk)
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size != member.size or digest.hexdigest() != member.sha256:
        raise BackupRefused(f"{member.name!r} is not as it was packed; take another backup")


def _must_be_that_store(path: Path, manifest: Manifest) -> None:
    revision = current_revision(f"sqlite:///{path}")
    refuse_newer(revision, f"sqlite:///{path}")
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupRefused(f"its store cannot be read ({error})") from error
    if revision != manifest.revision or found != "ok":
        raise BackupRefused(f"its store is not what its manifest says ({revision}, {found})")


def _load(folder: Path, database: str) -> None:
    """Fill the empty database, wholly or not at all, and have the configuration name it."""
    url = make_url(database_url(database, Path()))
    _must_be_empty(url)
    program = postgres_program("pg_restore")
    if program is None:
        raise StoreError(
            "pg_restore is not on this machine; install the PostgreSQL client programs (Debian:"
            " postgresql-client)"
        )
    address = url.set(drivername="postgresql", password=None).render_as_string()
    how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    dump = folder / STORES["postgresql"]
    done = subprocess.run(  # noqa: S603
        [program, *how, f"--dbname={address}", str(dump)],
        env=os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StoreError(f"pg_restore failed, nothing was restored: {done.stderr.strip()[:500]}")
    dump.unlink()
    config = folder / CONFIG_FILE
    config.write_bytes(with_database(config.read_bytes(), address))
    sync(config)


def _must_be_empty(url: URL) -> None:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            tables = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).scalar()
    except DBAPIError as error:
        raise store_problem(error, url.render_as_string(hide_password=False)) from error
    finally:
        engine.dispose()
    if tables:
        where = url.render_as_string(hide_password=True)
        raise StoreError(f"{where} is not empty; make a new database (createdb NAME) and name that")


def _settle(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            sync(path)
