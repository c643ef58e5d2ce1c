"""Bring a store to the newest schema: lock, back up, migrate, verify, commit; or nothing.

One transaction holds all of it, on both stores, so that a kill at any point leaves the store as
it was. Alembic by default runs SQLite's statements outside a transaction and leaves an
interrupted migration half applied; `crawler.log.engine` begins real ones and `env.py` says so.
The file is never replaced: a process that has it open would go on writing to the old one."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from crawler.log.engine import open_engine
from monitor.store.backup import Backup, back_up
from monitor.store.problems import StoreError, store_problem
from monitor.store.version import HEAD, place, refuse_newer


@dataclass(frozen=True, slots=True)
class History:
    """A folder of migration scripts and the newest of them."""

    folder: Path
    head: str


RELEASED = History(Path(__file__).parent / "migrations", HEAD)

# Any constant that nothing else on the server uses: "lendw" in ASCII.
ADVISORY_LOCK = 0x6C656E6477
LOCK_WAIT = "30s"


# What nobody could collect again: no migration may leave fewer of these.
KEPT = (
    "article_log",
    "article",
    "revision",
    "story",
    "event",
    "outbox",
    "delivery",
    "evidence",
)


def upgrade(database: str, backups: Path, now: datetime, history: History = RELEASED) -> Backup:
    """Migrate `database` to the head of `history` and tell which copy was made of it before."""
    engine = open_engine(database)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Tables that others refer to can only be rebuilt with foreign keys off, and the
                # switch does nothing inside a transaction: it goes past SQLAlchemy, which would
                # begin one. `_faults` checks every key before the commit.
                driver = connection.connection.dbapi_connection
                assert driver is not None
                driver.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                return _locked_upgrade(connection, database, backups, now, history)
    except (DBAPIError, sqlite3.Error) as error:
        raise store_problem(error, database) from error
    finally:
        engine.dispose()


def _locked_upgrade(
    connection: Connection, database: str, backups: Path, now: datetime, history: History
) -> Backup:
    _lock(connection)
    # Whoever held the lock before may have done the work already.
    before = MigrationContext.configure(connection).get_current_revision()
    if before == history.head:
        return Backup(None, "")
    refuse_newer(before, database)
    label = f"before-{history.head}"
    backup = back_up(database, backups, label, now) if before else Backup(None, "")
    counts = _counts(connection)
    _run_scripts(connection, history)
    faults = _faults(connection, counts)
    if faults:
        # Leaving the transaction by an exception undoes everything.
        raise StoreError(
            f"{place(database)} cannot be brought to schema {history.head}: "
            f"{'; '.join(faults[:5])}. Nothing was changed; please report this"
        )
    return backup


def _run_scripts(connection: Connection, history: History) -> None:
    config = Config()
    config.set_main_option("script_location", str(history.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, history.head)


def _lock(connection: Connection) -> None:
    # SQLite: the transaction began IMMEDIATE, which already keeps every other writer waiting.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")


def _counts(connection: Connection) -> dict[str, int]:
    present = set(inspect(connection).get_table_names())
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
        for table in KEPT
        if table in present
    }


def _faults(connection: Connection, counts: dict[str, int]) -> list[str]:
    """Tell what is wrong with the migrated store: rows lost, keys that point nowhere, damage."""
    faults = [
        f"{table} has {after} rows of {counts[table]}"
        for table, after in _counts(connection).items()
        if after < counts.get(table, 0)
    ]
    if connection.dialect.name == "sqlite":
        faults += [
            f"{row[0]} row {row[1]} points to a missing {row[2]}"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]
        checks = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars()
        faults += [line for line in checks if line != "ok"]
    return faults
