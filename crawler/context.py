"""What one crawl works with: its job, its store, its matcher, and who watches it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, inspect

from crawler.crawl import CrawlJob
from crawler.credentials import credentials_of
from crawler.guestbook import ConductStore
from crawler.items import Reading
from crawler.log.engine import open_engine
from crawler.log.tables import CRAWL_TABLES
from seeds.credentials import Credentials
from seeds.loader import load_watchlist
from seeds.match import Matcher
from seeds.models import Watchlist
from seeds.watchlist import PLATFORMS_FILE, TOPICS_FILE


class StoreNotReady(Exception):
    """The store has no tables for the crawler yet: let lendwatch make them first."""


@dataclass(frozen=True, slots=True)
class CrawlContext:
    """Everything a spider and its pipelines need from outside.

    `observe` is told of every article page as it is done with (committed, when it is kept).
    `conduct_store` stands in where conduct is not kept with the articles, under the source's
    name."""

    job: CrawlJob
    engine: Engine
    watchlist: Watchlist
    matcher: Matcher
    observe: Callable[[Reading], None] | None = None
    credentials: Credentials = field(default_factory=Credentials)
    conduct_store: ConductStore | None = None


def context_for(job: CrawlJob, observe: Callable[[Reading], None] | None = None) -> CrawlContext:
    """Open the store and read the watchlist of `job`; both are shared by a process's crawls.

    Raises StoreNotReady, NoCredentials, or SeedError with every mistake in the watchlist."""
    folder = Path(job.seeds)
    watchlist, matcher = _watchlist(folder, _changed_at(folder))
    return CrawlContext(
        job, store_of(job.database), watchlist, matcher, observe, credentials_of(job)
    )


@lru_cache(maxsize=4)
def store_of(database: str) -> Engine:
    """The engine of `database`, one a process. Raises StoreNotReady when its tables are missing."""
    engine = open_engine(database)
    names = inspect(engine).get_table_names()
    missing = {row.__tablename__ for row in CRAWL_TABLES} - set(names)
    if missing:
        engine.dispose()
        where = engine.url.render_as_string(hide_password=True)
        raise StoreNotReady(
            f"{where} has no table {min(missing)}; run `lendwatch crawl` or "
            "`lendwatch serve` once: they bring the store up to date"
        )
    return engine


def _changed_at(folder: Path) -> tuple[int, ...]:
    """When the watchlist's files changed, so that an edit counts from the next crawl on."""
    files = (folder / PLATFORMS_FILE, folder / TOPICS_FILE)
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


@lru_cache(maxsize=4)
def _watchlist(folder: Path, _changed: tuple[int, ...]) -> tuple[Watchlist, Matcher]:
    watchlist = load_watchlist(folder)
    return watchlist, Matcher(watchlist)
