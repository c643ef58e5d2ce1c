"""Run the ordinary crawl of a source on a store that is thrown away: `python -m crawler.previewing`."""

import tempfile
from pathlib import Path

from crawler.answering import answer_parent
from crawler.conduct import conduct_store_of
from crawler.context import CrawlContext
from crawler.crawl import CrawlJob
from crawler.crawling import Crawl
from crawler.credentials import credentials_of
from crawler.items import Reading
from crawler.log.engine import open_engine
from crawler.log.tables import make_tables
from crawler.preview import Preview, PreviewedPage, PreviewJob
from crawler.verdicts import robots_verdict
from seeds.loader import expand
from seeds.match import Matcher
from seeds.secrets_file import NoCredentials

# Enough to judge a source by; with the polite delay of 5 s this takes a minute.
PREVIEWED_ARTICLES = 10


async def run_preview(job: PreviewJob, folder: Path) -> Preview:
    """Run the ordinary crawl on a store that is thrown away with `folder`."""
    first = min(job.source.max_articles, PREVIEWED_ARTICLES)
    crawl_job = CrawlJob(
        crawl_id=f"preview-{job.source.name}",
        source=job.source.model_copy(update={"max_articles": first}),
        database=f"sqlite:///{folder / 'preview.db'}",
        seeds="",
        options=job.options,
        secrets=job.secrets,
    )
    engine = open_engine(crawl_job.database)
    make_tables(engine)
    matcher = Matcher(job.watchlist)
    pages: list[PreviewedPage] = []
    try:
        credentials = credentials_of(crawl_job)
    except NoCredentials as error:
        engine.dispose()
        return Preview(source=job.source.name, state="failed", message=str(error))
    context = CrawlContext(
        crawl_job,
        engine,
        job.watchlist,
        matcher,
        observe=lambda reading: pages.append(_previewed(reading, matcher)),
        credentials=credentials,
        conduct_store=conduct_store_of(job.database, job.conduct_of or job.source.name),
    )
    result = await Crawl(crawl_job).run(context)
    engine.dispose()
    return Preview(
        source=result.source,
        state=result.state,
        message=result.message,
        robots=robots_verdict(next(iter(expand(job.source, job.watchlist))), job.options),
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


async def _answer(question: bytes) -> str:
    job = PreviewJob.model_validate_json(question)
    with tempfile.TemporaryDirectory(prefix="lendwatch-preview-") as folder:
        found = await run_preview(job, Path(folder))
    return found.model_dump_json()


if __name__ == "__main__":
    answer_parent(_answer)
