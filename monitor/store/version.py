"""Which schema a store has, read without loading Alembic: every command asks this first."""

import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from monitor.store.problems import StoreError, store_problem

# The newest migration and those before it; a test holds them equal to the scripts. A revision
# carries the lendwatch version that brought it, so that an older one can say what is needed.
REVISIONS = (
    "0001_v0_1_0",
    "0002_v0_2_0",
    "0003_v0_3_0",
    "0004_v0_3_0",
    "0005_v0_3_0",
    "0006_v0_3_0",
    "0007_v0_3_0",
    "0008_v0_3_0",
    "0009_v0_3_0",
    "0010_v0_3_0",
    "0011_v0_3_0",
    "0012_v0_3_0",
    "0013_v0_3_0",
    "0014_v0_3_0",
)
HEAD = REVISIONS[-1]

BUSY_SECONDS = 30


def current_revision(database: str) -> str | None:
    """Read the store's schema revision; None when there is no store yet.

    Creates nothing. A store that cannot be read is a StoreError."""
    url = make_url(database)
    try:
        return _postgres_revision(url) if is_postgres(url) else _sqlite_revision(url)
    except (sqlite3.Error, DBAPIError) as error:
        raise store_problem(error, database) from error


def check_version(database: str) -> None:
    """Refuse a store that this lendwatch cannot use as it is; changes nothing."""
    revision = current_revision(database)
    refuse_newer(revision, database)
    if revision is None:
        raise StoreError(f"{place(database)} holds nothing yet; run `lendwatch crawl` first")
    if revision != HEAD:
        raise StoreError(
            f"{place(database)} has schema {revision}, this lendwatch uses {HEAD};"
            " the next `lendwatch crawl` or `lendwatch serve` brings it up to date"
        )


def refuse_newer(revision: str | None, database: str) -> None:
    """Raise StoreError for a revision that only a newer lendwatch can know."""
    if revision is None or revision in REVISIONS:
        return
    version = re.search(r"_v(\d+)_(\d+)_(\d+)$", revision)
    needed = ".".join(version.groups()) if version else f"one that knows schema {revision}"
    raise StoreError(
        f"{place(database)} was written by a newer version: needs lendwatch ≥ {needed};"
        " upgrade lendwatch, or restore the backup made before the upgrade. Nothing was changed"
    )


def is_postgres(url: URL) -> bool:
    """Say whether `url` names a PostgreSQL database."""
    return url.get_backend_name() == "postgresql"


def place(database: str) -> str:
    """Name the store as its owner does: a path, or a URL without its password."""
    url = make_url(database)
    return url.render_as_string(hide_password=True) if is_postgres(url) else url.database or ""


def _sqlite_revision(url: URL) -> str | None:
    path = Path(url.database or "")
    if not path.exists() or path.stat().st_size == 0:
        return None
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in tables:
            _refuse_unmarked(bool(tables), str(path))
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        connection.close()
    return row[0] if row else None


def _postgres_revision(url: URL) -> str | None:
    # SQLAlchemy loads psycopg (90 ms) only when such a store is really asked for.
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        marked, used = connection.exec_driver_sql(
            "SELECT to_regclass('alembic_version') IS NOT NULL, to_regclass('article_log') IS NOT NULL"
        ).one()
        if not marked:
            _refuse_unmarked(used, url.render_as_string(hide_password=True))
            return None
        revision: str | None = connection.exec_driver_sql(
            "SELECT version_num FROM alembic_version"
        ).scalar()
    return revision


def _refuse_unmarked(used: bool, where: str) -> None:
    if used:
        raise StoreError(
            f"{where} holds tables but no schema version, so it is no lendwatch store;"
            " name another database under `database:`"
        )
