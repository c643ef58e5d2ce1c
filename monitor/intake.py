"""Follow the article log: each logged article becomes a new article, an edit, or nothing new.

For one logged article its article, revision, mentions, story, fingerprint, search entry, event,
outbox rows and the cursor are committed in one transaction, so that a crash neither loses nor
repeats a decision. One writer at a time, on several machines too: two copies of a story that
arrive together must not open two stories."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, Engine, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from crawler.article import LoggedArticle
from crawler.log.read import last_position, read_after
from monitor.changes.diff import UNCHANGED, Change, compare, facts_told_otherwise
from monitor.events import Event
from monitor.store.models import CursorRow, IntakeFailureRow
from monitor.store.search import index_article
from monitor.stories import index
from monitor.stories.finder import Found, find
from monitor.stories.known_texts import KnownTexts, article_by_id, current_revision, known_article
from monitor.stories.reading import read
from monitor.stories.record import (
    Arrival,
    record_edit,
    record_new,
    record_seen,
)
from monitor.stories.relation import Relation
from monitor.stories.versions import version
from seeds.match import Matcher

CURSOR = "intake"
# Entries in one transaction: enough that the commit (an fsync) is no longer what costs, few
# enough that a crawler waiting to append gets its turn within half a second.
BATCH = 50

# Copies that may state facts otherwise: what is only cut out or cut off states nothing.
_COMPARABLE = frozenset({Relation.ANNOTATED, Relation.REWRITE})
# A copy this near was not spun: with one word in twenty replaced our articles keep .79 to .94.
CLOSE = 0.95

Outcome = Literal["opened", "joined", "edited", "unchanged", "failed"]
Enqueue = Callable[[Connection, Event], object]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What one run did. `taken` counts log entries; each is in one of the others, too."""

    taken: int = 0
    opened: int = 0
    joined: int = 0
    edited: int = 0
    unchanged: int = 0
    failed: int = 0

    def plus(self, outcome: Outcome) -> "IntakeReport":
        """The report with one more entry in it."""
        return replace(self, taken=self.taken + 1, **{outcome: getattr(self, outcome) + 1})


def now_utc() -> datetime:
    """The time now, for intakes that are given no other clock."""
    return datetime.now(UTC)


class Intake:
    """Takes logged articles in. `enqueue` decides and queues alerts in the same transaction."""

    def __init__(
        self,
        engine: Engine,
        matcher: Matcher,
        enqueue: Enqueue,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._engine = engine
        self._matcher = matcher
        self._enqueue = enqueue
        self._clock = clock
        self._texts = KnownTexts(matcher)

    def run(self, limit: int = 1000) -> IntakeReport:
        """Take in at most `limit` log entries, oldest first; fewer mean the log is at its end.

        Raises what the store raises (locked, full, unreachable): the open batch is undone and
        comes again. An article that cannot be taken in goes to `intake_failure`."""
        report = IntakeReport()
        while report.taken < limit and self._behind():
            taken = self._run_batch(min(BATCH, limit - report.taken))
            if not taken:
                break
            for outcome in taken:
                report = report.plus(outcome)
        return report

    def _behind(self) -> bool:
        """Look without asking for the write lock, so that an idle intake disturbs nobody."""
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            position = connection.scalar(select(CursorRow.position).where(CursorRow.name == CURSOR))
            return last_position(connection) > (position or 0)

    def _run_batch(self, size: int) -> list[Outcome]:
        try:
            with self._engine.begin() as connection:
                entries = read_after(connection, _lock_cursor(connection), size)
                taken = [self._take(connection, entry) for entry in entries]
                if entries:
                    _move_cursor(connection, entries[-1].id)
                return taken
        except BaseException:
            # Rolled back: the same ids will be given to other texts.
            self._texts.forget()
            raise

    def _take(self, connection: Connection, entry: LoggedArticle) -> Outcome:
        try:
            with connection.begin_nested():
                return self._take_in(connection, entry)
        except (DataError, IntegrityError) as error:
            return self._refuse(connection, entry, error)
        except DBAPIError:
            raise  # the store fails, not this article: the batch comes again
        except Exception as error:  # noqa: BLE001 - the edge of one article (style.md)
            return self._refuse(connection, entry, error)

    def _refuse(self, connection: Connection, entry: LoggedArticle, error: Exception) -> Outcome:
        self._texts.forget()
        log.error("article not taken in", log_id=entry.id, url=entry.article.url, error=repr(error))
        values = {"log_id": entry.id, "failed_at": self._clock(), "error": repr(error)}
        connection.execute(insert(IntakeFailureRow).values(**values))
        return "failed"

    def _take_in(self, connection: Connection, entry: LoggedArticle) -> Outcome:
        article = entry.article
        matches = self._matcher.match(article.title, article.body, article.boilerplate)
        arrival = Arrival(entry, matches, read(article.title, article.body, matches))
        known = known_article(connection, article.url)
        if known is None:
            return self._take_new(connection, arrival)
        before = current_revision(connection, known)
        change = self._change(before, arrival)
        if change.kind == "none":
            record_seen(connection, known, entry.fetched_at)
            return "unchanged"
        event = record_edit(connection, arrival, known, change)
        if before.folded_hash != arrival.reading.edition:
            index.renew(connection, known.id, arrival.reading.fingerprint())
            index_article(connection, known.id, article.title, article.body)
        self._enqueue(connection, event)
        return "edited"

    def _take_new(self, connection: Connection, arrival: Arrival) -> Outcome:
        fingerprint = arrival.reading.fingerprint()
        looked_up = index.look_up(connection, fingerprint)
        found = find(connection, arrival.reading, looked_up.articles, self._texts.load)
        changed = self._told_otherwise(connection, arrival, found)
        event = record_new(connection, arrival, found, changed)
        assert event.article_id is not None
        article = arrival.entry.article
        index.add(connection, event.article_id, fingerprint, looked_up)
        index_article(connection, event.article_id, article.title, article.body)
        self._enqueue(connection, event)
        return "joined" if found.joins else "opened"

    def _told_otherwise(
        self, connection: Connection, arrival: Arrival, found: Found
    ) -> Change | None:
        """What a copy states otherwise than its story's lead. Equal texts state the same, and
        of a copy with passages of its own too little lines up to say."""
        if found.known is None or found.likeness.relation not in _COMPARABLE:
            return None
        lead = article_by_id(connection, found.known.lead_id)
        return facts_told_otherwise(
            version(lead, self._matcher.match(lead.title, lead.body)),
            version(arrival.entry.article, arrival.matches),
            close=found.likeness.similarity >= CLOSE,
        )

    def _change(self, before: Row[Any], arrival: Arrival) -> Change:
        article = arrival.entry.article
        if article.truncated and before.body.startswith(article.body.rstrip()):
            return UNCHANGED  # the page was cut at a limit; what is missing was not removed
        return compare(
            version(before, self._matcher.match(before.title, before.body)),
            version(article, arrival.matches),
        )


def _lock_cursor(connection: Connection) -> int:
    """Become the one writer, and give the cursor. SQLite's transactions begin IMMEDIATE; on
    PostgreSQL the cursor's row is locked until the commit."""
    if connection.dialect.name == "postgresql":
        add: Any = postgresql.insert(CursorRow)
    else:
        add = sqlite.insert(CursorRow)
    connection.execute(add.values(name=CURSOR, position=0).on_conflict_do_nothing())
    return connection.execute(
        select(CursorRow.position).where(CursorRow.name == CURSOR).with_for_update()
    ).scalar_one()


def _move_cursor(connection: Connection, position: int) -> None:
    connection.execute(update(CursorRow).where(CursorRow.name == CURSOR).values(position=position))
