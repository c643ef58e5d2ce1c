"""Copy a store that is in use into one file.

Evidence is not in it: it lies in the workspace's folder `evidence`, on each machine its own:
`lendwatch backup` (monitor/backups/) takes both."""

import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from monitor.durable import sync
from monitor.store.problems import StoreError, store_problem
from monitor.store.version import BUSY_SECONDS, is_postgres, place

DUMP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made; without a `path`, `note` says why there is none."""

    path: Path | None
    note: str


def back_up(database: str, folder: Path, label: str, now: datetime) -> Backup:
    """Copy `database` as of now to `folder`/NAME-LABEL-TIME; writers may go on meanwhile.

    The copy appears under its name only when it is whole and on disk. PostgreSQL without a
    fitting pg_dump gives no copy and says so; any other failure is a StoreError."""
    url = make_url(database)
    name = Path(url.database or "store").stem
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"{name}-{label}-{stamp}{'.dump' if is_postgres(url) else '.db'}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        note = _written(url, target)
    except OSError as error:
        raise StoreError(
            f"{folder}: no backup of {place(database)} could be written ({error.strerror});"
            " mend the folder or its disk. The store was not changed"
        ) from error
    except sqlite3.Error as error:
        problem = store_problem(error, database)
        raise StoreError(f"backup to {target} failed: {problem}") from error
    return Backup(None if note else target, note)


def copy_store(url: URL, target: Path) -> str:
    """Copy the store at `url` into the empty file `target`, as of one moment; on PostgreSQL in
    pg_dump's custom format. Gives a note when there can be no copy. Raises sqlite3.Error, OSError."""
    return _dump(url, target) if is_postgres(url) else _copy(url, target)


def postgres_program(name: str) -> str | None:
    """The path of pg_dump or pg_restore on this machine, the newest there is."""
    # Debian keeps each version's programs in a folder of its own; the newest dumps them all.
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return str(newest) if newest else shutil.which(name)


def _written(url: URL, target: Path) -> str:
    """Write the copy under another name first; give a note when there can be none."""
    unfinished = target.with_name(target.name + ".part")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        note = copy_store(url, unfinished)
        if not note:
            _settle(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return note


def _copy(url: URL, target: Path) -> str:
    source = sqlite3.connect(str(url.database), timeout=BUSY_SECONDS)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        # The header says WAL, copied from the source; a backup is one file that stands alone.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"the copy is malformed: {found}")
    finally:
        copy.close()
        source.close()
    return ""


def _dump(url: URL, target: Path) -> str:
    program = postgres_program("pg_dump")
    if program is None:
        return "no backup: pg_dump is not installed on this machine"
    # The password goes by the environment: a command line can be read by every user.
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603
        [program, "--format=custom", f"--file={target}", f"--dbname={address}"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=DUMP_SECONDS,
        check=False,
    )
    return "" if done.returncode == 0 else f"no backup: pg_dump failed: {done.stderr.strip()}"


def _settle(unfinished: Path, target: Path) -> None:
    sync(unfinished)
    unfinished.replace(target)
    sync(target.parent)
