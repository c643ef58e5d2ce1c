"""One crawl: the job that is handed to a worker and the result that comes back."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from crawler.options import CrawlOptions
from seeds.models import Declaration, Source


class CrawlJob(Declaration):
    """Crawl one source now. Travels to a worker as JSON (`model_dump_json`)."""

    crawl_id: str
    source: Source
    database: str  # SQLAlchemy URL of the store
    seeds: str  # folder with platforms.yaml and topics.yaml
    options: CrawlOptions = CrawlOptions()
    secrets: str = ""  # path of secrets.yaml: a job may be stored, what is in that file never is
    evidence: str = ""  # folder in which kept pages are kept whole; empty: they are not
    pictures: bool = False  # with the evidence of a rendered page, what the browser showed
    # Canonical URLs of known articles of this source to look at again, the most urgent first.
    rechecks: tuple[str, ...] = ()
    # Those of them that were gone, of sites of which enough is known to judge another look.
    settled: tuple[str, ...] = ()


class CrawlResult(Declaration):
    """What one crawl did. `failures` counts fetches by outcome name (`dns`, `robots` …)."""

    crawl_id: str
    source: str
    state: Literal["finished", "failed", "interrupted"]
    started_at: datetime
    finished_at: datetime
    pages: int = 0  # article pages fetched
    articles: int = 0  # appended to the article log
    unchanged: int = 0  # answered 304, or with bytes already known
    skipped: int = 0  # fetched, mentions no watched platform
    known: int = 0  # links already seen, not fetched again
    failures: dict[str, int] = Field(default_factory=dict)
    baseline: bool = False  # its articles are a source's first: nobody is told of them
    message: str = ""  # why the source as a whole failed; empty when it did not
