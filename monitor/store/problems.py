"""What went wrong with the store itself, said so that its owner can mend it."""

import sqlite3

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError


class StoreError(Exception):
    """The store cannot be used as it is. The message names the place and the remedy."""


class StoreLocked(StoreError):
    """Another process holds the store: try again later."""


# SQLite's own words for a primary result code, and what to do about it.
_SQLITE_REMEDIES = {
    "readonly": "is read-only; give this user the right to write to the file and its folder",
    "disk is full": "could not grow, the disk is full; free some space, nothing was changed",
    "unable to open": "cannot be opened; create its folder, or give this user the right to use it",
    "not a database": "is not an SQLite database; name another file under `database:`",
    "malformed": "is damaged; restore the newest copy from the backups folder",
    "disk i/o error": "could not be read or written (I/O error); look at the disk and its mount",
    "does not exist": "cannot be opened; create its folder",
}
# SQLSTATE codes (PostgreSQL appendix A) and the server's own words.
_POSTGRES_REMEDIES = {
    "53100": (
        "No space left on device",
        "could not grow, the server's disk is full; free some space, nothing was changed",
    ),
    "25006": (
        "read-only transaction",
        "is read-only; connect to the primary server, or lift the restriction",
    ),
    "42501": (
        "permission denied",
        "refuses this user; GRANT it the right to create and write tables",
    ),
    "3D000": ("does not exist", "does not exist; create the database with createdb"),
    "28P01": ("password authentication failed", "refuses the password; check `database:`"),
}


def store_problem(error: Exception, database: str) -> StoreError:
    """Say in a user's words what a driver's `error` on `database` means."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    url = make_url(database)
    if isinstance(cause, sqlite3.Error):
        return _sqlite_problem(cause, url.database or database)
    place = url.render_as_string(hide_password=True)
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate == "55P03":  # lock_not_available
        return StoreLocked(f"{place} is locked by another lendwatch; try again later")
    # A connection that fails carries no SQLSTATE, only the server's words.
    for code, (words, remedy) in _POSTGRES_REMEDIES.items():
        if sqlstate == code or (sqlstate is None and words in str(cause)):
            return StoreError(f"{place} {remedy}")
    if isinstance(error, OperationalError) and sqlstate is None:
        return StoreError(f"{place} does not answer ({_line(cause)}); is the server running?")
    return StoreError(f"{place}: {_line(cause)}; run `lendwatch doctor`")


def _sqlite_problem(error: sqlite3.Error, path: str) -> StoreError:
    message = str(error)
    if "locked" in message or "busy" in message:
        return StoreLocked(f"{path} is locked by another process; try again later")
    for words, remedy in _SQLITE_REMEDIES.items():
        if words in message.lower():
            return StoreError(f"{path} {remedy}")
    return StoreError(f"{path}: {_line(error)}; run `lendwatch doctor`")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
