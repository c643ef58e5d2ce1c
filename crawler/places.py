"""Where a workspace keeps its seeds and its store; the same for a crawl by hand and the monitor."""

from pathlib import Path

from seeds.watchlist_files import PACKAGED

CONFIG_FILE = "lendwatch.yaml"
DATABASE_FILE = "lendwatch.db"
SECRETS_FILE = "secrets.yaml"
EVIDENCE_FOLDER = "evidence"
POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})


def seeds_folder(workspace: Path, named: str) -> Path:
    """Find the seeds: where `seeds:` says, else the workspace's own copy, else the packaged."""
    if named:
        return workspace / named
    own = workspace / "seeds"
    return own if own.is_dir() else PACKAGED


def database_url(database: str, workspace: Path) -> str:
    """Complete a `database:` to the URL SQLAlchemy takes; a relative SQLite path starts in the
    workspace, not where the command happened to run."""
    if not database:
        return f"sqlite:///{workspace / DATABASE_FILE}"
    scheme, _, rest = database.partition("://")
    if scheme in POSTGRES_SCHEMES:
        return f"postgresql+psycopg://{rest}"
    return f"sqlite:///{workspace / rest.removeprefix('/')}" if scheme == "sqlite" else database
