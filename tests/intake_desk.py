"""An intake over one store, with a clock of its own, and articles of ours to give it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from intake_process import EVERYTHING
from our_articles import BY_KEY, WATCHLIST
from sqlalchemy import Connection, Engine, select, text

from crawler.article import Article
from crawler.log.append import Entry, append_articles
from monitor.alerts.outbox import enqueue
from monitor.events import Event
from monitor.intake import Intake, IntakeReport
from seeds.match import Matcher

MATCHER = Matcher(WATCHLIST)
NOON = datetime(2024, 11, 8, 12, tzinfo=UTC)


class Desk:
    """An intake over one store, its clock, and the events it told."""

    def __init__(self, engine: Engine, matcher: Matcher = MATCHER) -> None:
        self.engine = engine
        self.events: list[Event] = []
        self.intake = Intake(engine, matcher, self.tell, clock=lambda: NOON)
        self.minutes = 0

    def tell(self, connection: Connection, told: Event) -> None:
        self.events.append(told)
        enqueue(connection, told, [EVERYTHING], told.happened_at)

    def log(self, *articles: Article, baseline: bool = False, source: str = "portal") -> None:
        entries = []
        for article in articles:
            self.minutes += 1
            fetched_at = NOON + timedelta(minutes=self.minutes)
            entries.append(Entry(source, "crawl-1", fetched_at, "ab" * 32, baseline, article))
        with self.engine.begin() as connection:
            append_articles(connection, entries)

    def take(self, *articles: Article, baseline: bool = False) -> IntakeReport:
        self.log(*articles, baseline=baseline)
        return self.intake.run(1000)

    def rows(self, table: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(table.__table__).order_by(text("1"))))


def page(key: str, url: str = "", **changes: Any) -> Article:
    ours = BY_KEY[key]
    return replace(
        Article(url or f"https://{key}.example.com/1", ours.title, ours.body, language="zh-Hans"),
        **changes,
    )
