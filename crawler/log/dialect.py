"""The one place that reaches for what only a store's own dialect can say."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection


def insert_into(connection: Connection, row: Any) -> Any:
    """An insert that knows ON CONFLICT, in the dialect of the store that `connection` is to."""
    return insert_for(connection.dialect.name, row)


def insert_for(name: str, row: Any) -> Any:
    """The same in the dialect of that name.

    The module is loaded by its name, as the engine did before: PostgreSQL's takes 0.04 s, which
    nobody with an SQLite store should wait for at every command."""
    dialect = import_module(f"sqlalchemy.dialects.{name}")
    return dialect.insert(row)
