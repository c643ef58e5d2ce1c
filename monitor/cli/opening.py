"""Open what a command works on: the workspace, its store, its seeds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError, InternalError, OperationalError

from crawler.log.engine import open_engine
from monitor.config import find_workspace, load_config
from monitor.lock import holding
from monitor.store.migrate import migrate
from monitor.store.problems import store_problem
from monitor.store.version import HEAD, check_version, current_revision

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from monitor.config import Config
    from monitor.lock import Hold, Task


def workspace_folder(workspace: Path | None) -> Path:
    """The folder a command works in: the named one, this one, or $LENDWATCH_WORKSPACE."""
    return find_workspace(workspace, Path.cwd(), os.environ)


def open_config(workspace: Path | None, *, names: bool = True) -> Config:
    """Read the workspace's lendwatch.yaml; SeedError names every mistake in it.

    A command that alerts nobody need not wait for the `names` in subscriptions to be checked."""
    return load_config(workspace_folder(workspace), names=names)


@contextmanager
def _problems_named(database: str) -> Iterator[None]:
    """Turn what the database itself refuses (locked, full, damaged) into StoreError.

    Statements it finds wrong stay as they are: those are our mistakes."""
    try:
        yield
    except DatabaseError as error:
        if isinstance(error, (OperationalError, InternalError)) or type(error) is DatabaseError:
            raise store_problem(error, database) from error
        raise


@contextmanager
def writing_store(config: Config) -> Iterator[Engine]:
    """The store, brought to the newest schema first (with a backup when that changes it)."""
    migrate(config.database, config.workspace / "backups", datetime.now(UTC))
    engine = open_engine(config.database)
    try:
        with _problems_named(config.database):
            yield engine
    finally:
        engine.dispose()


@contextmanager
def held_store(config: Config, task: Task) -> Iterator[tuple[Engine, Hold]]:
    """The store, ours alone before its schema is touched; StoreHeld when somebody has it."""
    engine = open_engine(config.database)
    try:
        with _problems_named(config.database), holding(engine, task) as hold:
            migrate(config.database, config.workspace / "backups", datetime.now(UTC))
            yield engine, hold
    finally:
        engine.dispose()


def conduct_database(config: Config) -> str:
    """The store in which a look at a site keeps how it behaved, as crawls do; empty when there is
    none yet, or one that this lendwatch cannot write in as it is."""
    return config.database if current_revision(config.database) == HEAD else ""


@contextmanager
def reading_store(config: Config) -> Iterator[Connection]:
    """A connection that only reads; StoreError when there is nothing to read yet."""
    check_version(config.database)
    engine = open_engine(config.database)
    try:
        with _problems_named(config.database), engine.connect() as connection:
            yield connection.execution_options(lendwatch_read=True)
    finally:
        engine.dispose()
