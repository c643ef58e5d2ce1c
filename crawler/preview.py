"""Try a source without a store: what would be collected, and what stands in the way."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.reactor import install_reactor
from twisted.internet import task
from twisted.internet.defer import Deferred

from crawler.context import CrawlContext
from crawler.crawl import CrawlJob
from crawler.crawling import Crawl
from crawler.items import Reading
from crawler.lifeline import die_with_parent
from crawler.log.engine import open_engine
from crawler.log.tables import ArticleLogRow, Base, EvidenceRow, SeenUrlRow
from crawler.logs import log_to_stderr
from crawler.options import CrawlOptions
from seeds.match import Matcher
from seeds.models import Declaration, Source, Watchlist

# Enough to judge a source by; with the polite delay of 5 s this takes a minute.
PREVIEWED_ARTICLES = 10


class PreviewJob(Declaration):
    """What the child that does the fetching is told."""

    source: Source
    watchlist: Watchlist
    options: CrawlOptions


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
    pages: tuple[PreviewedPage, ...] = ()
    failures: dict[str, int] = Field(default_factory=dict)


class PreviewFailed(Exception):
    """The child that fetches died: its last words are the message."""


def preview(source: Source, watchlist: Watchlist, options: CrawlOptions) -> Preview:
    """Fetch the source once, and its first articles; store nothing.

    Runs in a child process: a reactor can run only once in a process, and must not outlive the
    answer. Raises PreviewFailed."""
    job = PreviewJob(source=source, watchlist=watchlist, options=options)
    child = subprocess.run(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", __name__],
        input=job.model_dump_json().encode(),
        capture_output=True,
        timeout=options.crawl_timeout.total_seconds(),
        check=False,
    )
    if child.returncode != 0 or not child.stdout:
        raise PreviewFailed(child.stderr.decode("utf-8", "replace")[-2000:])
    return Preview.model_validate_json(child.stdout)


async def run_preview(job: PreviewJob, folder: Path) -> Preview:
    """Run the ordinary crawl on a store that is thrown away with `folder`."""
    first = min(job.source.max_articles, PREVIEWED_ARTICLES)
    crawl_job = CrawlJob(
        crawl_id=f"preview-{job.source.name}",
        source=job.source.model_copy(update={"max_articles": first}),
        database=f"sqlite:///{folder / 'preview.db'}",
        seeds="",
        options=job.options,
    )
    engine = open_engine(crawl_job.database)
    rows = (ArticleLogRow, EvidenceRow, SeenUrlRow)
    Base.metadata.create_all(engine, [Base.metadata.tables[row.__tablename__] for row in rows])
    matcher = Matcher(job.watchlist)
    pages: list[PreviewedPage] = []
    context = CrawlContext(
        crawl_job,
        engine,
        job.watchlist,
        matcher,
        observe=lambda reading: pages.append(_previewed(reading, matcher)),
    )
    result = await Crawl(crawl_job).run(context)
    engine.dispose()
    return Preview(
        source=result.source,
        state=result.state,
        message=result.message,
        pages=tuple(pages),
        failures=result.failures,
    )


def _previewed(reading: Reading, matcher: Matcher) -> PreviewedPage:
    article = reading.article
    if article is None:
        return PreviewedPage(url=reading.url, outcome=reading.outcome, detail=reading.detail)
    matches = matcher.match(article.title, article.body, article.boilerplate)
    return PreviewedPage(
        url=article.url,
        outcome=reading.outcome,
        title=article.title,
        author=article.author,
        published_at=article.published_at,
        characters=len(article.body),
        platforms=matches.platforms,
        topics=tuple(matches.topics),
    )


def _answer(_reactor: object, output: int) -> Deferred[None]:
    async def answer() -> None:
        job = PreviewJob.model_validate_json(sys.stdin.buffer.read())
        with tempfile.TemporaryDirectory(prefix="lendwatch-preview-") as folder:
            found = await run_preview(job, Path(folder))
        os.write(output, found.model_dump_json().encode())

    return deferred_from_coro(answer())


def _main() -> None:
    die_with_parent()
    output = os.dup(1)
    os.dup2(2, 1)
    log_to_stderr()
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    task.react(_answer, (output,))


if __name__ == "__main__":
    _main()
