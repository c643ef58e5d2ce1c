"""SQLite's write-ahead log stays small, whoever writes: crawls alone, and the intake."""

from datetime import UTC, datetime
from pathlib import Path

from crawl_worker import crawl_bench
from distinct_articles import distinct_article
from local_site import LocalSite, articles, serve
from workspaces import Workspace

from crawler.article import Article
from crawler.log.append import Entry, append_articles
from crawler.log.engine import WAL_BYTES, open_engine
from monitor.config import load_config
from monitor.store.migrate import migrate
from monitor.takein import TakingIn
from seeds.loader import load_watchlist

# One transaction may be written on top before anybody looks.
MOST = 2 * WAL_BYTES


def test_a_crawl_alone_keeps_the_wal_short(tmp_path: Path) -> None:
    long = "".join(distinct_article(7).paragraphs) * 40
    with crawl_bench(tmp_path) as bench, serve(LocalSite(articles(250, extra=long))) as site:
        result = bench.crawl(site, "feed", "/feed.xml", max_articles=250)
        assert result.articles == 250
        assert (tmp_path / "lendwatch.db").stat().st_size > 1.5 * MOST
        assert (tmp_path / "lendwatch.db-wal").stat().st_size < MOST


def test_the_intake_keeps_the_wal_short(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).write()
    config = load_config(workspace.folder)
    migrate(config.database, tmp_path / "backups")
    engine = open_engine(config.database)
    wal = Path(f"{engine.url.database}-wal")
    taking_in = TakingIn(engine, config, load_watchlist(config.seeds))
    longest = 0
    for number in range(24):
        with engine.begin() as connection:
            append_articles(connection, [entry(number * 60 + each) for each in range(60)])
        assert taking_in.some().opened == 60
        longest = max(longest, wal.stat().st_size)
    assert Path(engine.url.database).stat().st_size > 1.5 * MOST
    # A transaction that merges runs of the index is the largest: half as much again.
    assert longest < 1.5 * MOST
    engine.dispose()


def entry(number: int) -> Entry:
    text = distinct_article(number)
    url = f"https://news.example/{number}.html"
    body = "\n".join(text.paragraphs)
    article = Article(url=url, title=text.title, body=body, language="zh", charset="utf-8")
    return Entry("beat", "crawl-1", datetime.now(UTC), "0" * 64, baseline=False, article=article)
