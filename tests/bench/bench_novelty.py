"""What saying what is new costs the intake.

    python -m tests.bench.bench_novelty

Distinct articles about watched platforms, each opening a story (the dearest kind), through a real
intake over SQLite; the processor time that is spent on their sentences, of the whole."""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from distinct_articles import distinct_article
from intake_desk import Desk

from crawler.article import Article
from crawler.log.engine import open_engine
from monitor.store.migrate import migrate
from monitor.stories.sentences import Sentences
from seeds.loader import PACKAGED
from seeds.match import Matcher
from seeds.watchlist import load_watchlist

ARTICLES = 500


def timed(spent: list[float], name: str):
    """Wrap a method of `Sentences` so that its processor time is counted."""
    method = getattr(Sentences, name)

    def counted(*arguments):
        started = time.process_time()
        result = method(*arguments)
        spent.append(time.process_time() - started)
        return result

    return counted


def main() -> None:
    articles = [
        Article(
            f"https://s{n % 40}.example.com/{n}",
            each.title,
            "\n".join(each.paragraphs),
            language="zh-Hans",
        )
        for n in range(ARTICLES)
        for each in (distinct_article(n),)
    ]
    spent: list[float] = []
    kept = {name: getattr(Sentences, name) for name in ("add", "judge", "write")}
    with tempfile.TemporaryDirectory() as scratch:
        database = f"sqlite:///{Path(scratch) / 'bench.db'}"
        migrate(database, Path(scratch), datetime.now(UTC))
        engine = open_engine(database)
        desk = Desk(engine, Matcher(load_watchlist(PACKAGED)))
        desk.log(*articles)
        for name in kept:
            setattr(Sentences, name, timed(spent, name))
        started = time.process_time()
        report = desk.intake.run(ARTICLES)
        whole = time.process_time() - started
        for name, method in kept.items():
            setattr(Sentences, name, method)
        engine.dispose()
    ours = sum(spent)
    print(
        f"novelty, {report.opened} stories opened of {ARTICLES} articles: {ours / ARTICLES * 1000:.2f}"
        f" ms CPU an article, {ours / (whole - ours):.0%} upon {(whole - ours) / ARTICLES * 1000:.2f}"
        " ms of the intake without it"
    )


if __name__ == "__main__":
    main()
