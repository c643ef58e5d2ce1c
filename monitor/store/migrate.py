"""Bring a store to the schema of this lendwatch; applied by every command that writes."""

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from monitor.store.problems import StoreError, StoreLocked
from monitor.store.version import HEAD, check_version, current_revision, is_postgres, refuse_newer

__all__ = ["MigrationReport", "StoreError", "StoreLocked", "check_version", "migrate"]


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What was done. `before` is None for a new store, and equals `after` when nothing was.

    `backup` is the copy made before; when an old store has none, `note` says why."""

    before: str | None
    after: str
    backup: Path | None = None
    note: str = ""

    @property
    def applied(self) -> bool:
        """Say whether anything was changed."""
        return self.before != self.after


def migrate(database: str, backups: Path, now: datetime | None = None) -> MigrationReport:
    """Create or upgrade `database`, wholly or not at all; with nothing to do it only looks.

    `now` stamps the backup's name. Raises StoreError (StoreLocked: try again later), naming
    place and remedy, for a store that is newer, damaged, read-only or full."""
    before = current_revision(database)
    refuse_newer(before, database)
    if before == HEAD:
        return MigrationReport(before, HEAD)
    _make_folder(database)
    # Alembic takes 150 ms to load, and nearly every start finds nothing to do.
    upgrade = importlib.import_module("monitor.store.upgrade")
    backup = upgrade.upgrade(database, backups, now or datetime.now(UTC))
    return MigrationReport(before, HEAD, backup.path, backup.note)


def _make_folder(database: str) -> None:
    url = make_url(database)
    if is_postgres(url) or not url.database:
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be created ({error.strerror})") from error
