"""A site that changes its layout is told once, though its crawls finish; and so is its recovery."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from test_due import source

from crawler.crawl import CrawlResult
from monitor.config import Config
from monitor.due import due_times, failures_in_a_row, reconcile
from monitor.layout_canary import PagesRead, layout_change
from monitor.ledger import CrawlLedger
from monitor.query.source_record import source_records
from monitor.store.models import CrawlRow, EventRow

GOOD, BAD, QUIET = PagesRead(9, 1), PagesRead(1, 9), PagesRead(0, 0)


def test_the_canary_falls_when_articles_do_and_not_before():
    usual = [GOOD] * 5
    for crawls, falls in (
        ([], False),
        ([BAD], False),
        ([BAD, *usual], True),
        ([GOOD, *usual], False),
        ([BAD, GOOD], False),  # ten pages are not yet what is usual
        ([PagesRead(0, 3), QUIET, PagesRead(0, 3), PagesRead(0, 4), *usual], True),
        ([PagesRead(0, 3), QUIET, *usual], False),  # three pages are three videos
        ([PagesRead(4, 6), *usual], True),
        ([PagesRead(5, 5), *usual], False),
        ([PagesRead(1, 9), *[PagesRead(4, 6)] * 9], False),  # never had many
        ([BAD, *[PagesRead(1, 9, doubtful=True)] * 20, *usual], True),  # does not get used to it
        ([GOOD, *[PagesRead(1, 9, doubtful=True)] * 20, *usual], False),
        ([PagesRead(3, 0), BAD, *usual], False),  # the newest crawl reads all: mended
    ):
        message = layout_change(crawls) if crawls else ""
        assert bool(message) is falls, (crawls, message)
    assert "found in 1 of the newest 10 pages, before in 45 of 50" in layout_change([BAD, *usual])


def ended(job, state: str, articles: int, failures: dict[str, int]) -> CrawlResult:
    now = datetime.now(UTC)
    return CrawlResult(
        crawl_id=job.crawl_id,
        source=job.source.name,
        state=state,
        started_at=now,
        finished_at=now,
        pages=articles + sum(failures.values()),
        articles=articles,
        failures=failures,
        message="dns: no such host" if state == "failed" else "",
    )


def test_a_changed_layout_is_told_once_and_its_recovery_once(engine, tmp_path: Path):
    good, bad = ("finished", 10, {}), ("finished", 1, {"layout": 9})
    down = ("failed", 0, {"dns": 1})
    ledger = CrawlLedger(
        engine, Config(workspace=tmp_path, database=str(engine.url), seeds=tmp_path)
    )
    beat = source("beat", every="1h")
    with engine.begin() as connection:
        reconcile(connection, [beat], datetime.now(UTC))
    told, failures = [], []
    for ending in [good] * 3 + [bad] * 4 + [good] * 2 + [down] * 5 + [good]:
        ledger.end(beat, ended(ledger.begin(beat), *ending))
        with engine.connect() as connection:
            kinds = connection.execute(select(EventRow.kind).order_by(EventRow.id)).scalars()
            told.append(len(list(kinds)))
            failures.append(failures_in_a_row(connection, "beat"))
            due = due_times(connection)["beat"]
            if failures[-1] and told[-1] == 1:
                assert (due - datetime.now(UTC)).total_seconds() < 3700, "asked as often as ever"
    assert told == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4]
    assert failures[:9] == [0, 0, 0, 3, 4, 5, 6, 0, 0]
    with engine.connect() as connection:
        events = connection.execute(select(EventRow).order_by(EventRow.id)).all()
        messages = connection.execute(select(CrawlRow.message).order_by(CrawlRow.started_at))
        record = source_records(connection, datetime.now(UTC))["beat"]
        doubts = [each for each in messages.scalars() if each.startswith("layout changed: ")]
    kinds = [event.kind for event in events]
    assert kinds == ["SourceFailing", "SourceRecovered"] * 2
    assert "found in 1 of the newest 10 pages" in events[0].details["message"]
    assert [event.details["failures"] for event in events] == [0, 6, 3, 5]
    assert len(doubts) == 4
    assert (record.state, record.articles_in_week) == ("finished", 64)
    assert record.succeeded_at == record.finished_at
    assert not record.is_failing
    assert record.error == "dns: no such host"
