"""Try a source without a store: what would be collected, and what stands in the way."""

from typing import Literal

from pydantic import AwareDatetime, Field

from crawler.child import ask_child
from crawler.options import CrawlOptions
from seeds.models import Declaration, Source, Watchlist

_CHILD = "crawler.previewing"
# What the conduct towards an address is reported under: the command's name. No source's has a space.
TRIAL = "sources test"


class PreviewJob(Declaration):
    """What the child that does the fetching is told."""

    source: Source
    watchlist: Watchlist
    options: CrawlOptions
    secrets: str = ""  # path of secrets.yaml
    database: str = ""  # SQLAlchemy URL of the store in which conduct is kept; empty: in none
    conduct_of: str = ""  # the name it is kept under; empty: the source's


class PreviewedPage(Declaration):
    """One article page: what was read out of it and what would become of it."""

    url: str
    outcome: str  # kept, skipped, or the name of a failure
    detail: str = ""
    title: str = ""
    author: str | None = None
    published_at: AwareDatetime | None = None
    characters: int = 0
    platforms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class Preview(Declaration):
    """What a first crawl of a source would bring, judged by its first pages.

    `failures` counts fetches by outcome, lists and articles alike; `message` says why the
    source as a whole gives nothing."""

    source: str
    state: Literal["finished", "failed", "interrupted"]
    message: str = ""
    robots: str = ""  # what robots.txt says of the source's own address
    pages: tuple[PreviewedPage, ...] = ()
    failures: dict[str, int] = Field(default_factory=dict)


def preview(job: PreviewJob) -> Preview:
    """Fetch the source once, and its first articles; store nothing but the conduct.

    The turns and robots.txt of the crawls in `job.database` hold for it, and it for them.
    Raises TrialFailed when the child that fetches gave no answer."""
    seconds = job.options.crawl_timeout.total_seconds()
    return Preview.model_validate_json(ask_child(_CHILD, job.model_dump_json(), seconds))
