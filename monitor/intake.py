"""Follow the article log: each logged article becomes a new article, an edit, or nothing new.

For one logged article its article, revision, mentions, story, fingerprint, search entry, event,
outbox rows and the cursor are committed in one transaction, so that a crash neither loses nor
repeats a decision. One writer at a time, on several machines too: two copies of a story that
arrive together must not open two stories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import structlog
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from crawler.article import LoggedArticle
from crawler.log.dialect import insert_into
from crawler.log.read import read_after
from monitor.store.models import ArticleRow, CursorRow, IntakeFailureRow
from monitor.stories.arrival import Arrival, arrive
from monitor.stories.batch import Batch, Enqueue, Taken
from monitor.stories.known_texts import KnownTexts
from seeds.match import Matcher

CURSOR = "intake"
# Entries in one transaction: enough that the commit (an fsync) and the index's look-up, which asks
# for all texts at once, are no longer what costs, few enough that a crawler waiting to append gets
# its turn within half a second. Of long texts fewer: they are in memory together.
BATCH = 200
CHARACTERS = 1_000_000

Outcome = Taken | Literal["failed"]

# Built once: each takes longer to build than to run, and every run asks.
_AT = select(CursorRow.position).where(CursorRow.name == bindparam("which"))
_AT_ALONE = _AT.with_for_update()
_MOVE = (
    update(CursorRow).where(CursorRow.name == bindparam("which")).values(position=bindparam("to"))
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What one run did. `taken` counts log entries; each is in one of the six after it, too.

    The last three are of the looks that were followed (`monitor/following.py`)."""

    taken: int = 0
    opened: int = 0
    joined: int = 0
    edited: int = 0
    unchanged: int = 0
    absent: int = 0
    failed: int = 0
    looked: int = 0
    removed: int = 0
    restored: int = 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not self.taken and not self.looked

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
        while report.taken < limit:
            position, entries = self._waiting(min(BATCH, limit - report.taken))
            if not entries:
                break
            for outcome in self._run_batch(position, entries):
                report = report.plus(outcome)
        return report

    def retry(self) -> IntakeReport:
        """Take in once more what could not be taken in: an upgrade may have mended the reason.

        What fails again stays on record. What was logged again since needs no second look."""
        report = IntakeReport()
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            failed = connection.scalars(select(IntakeFailureRow.log_id)).all()
        for log_id in sorted(failed):
            with self._engine.begin() as connection:
                lock_cursor(connection, CURSOR)
                row = IntakeFailureRow.log_id == log_id
                if not connection.execute(delete(IntakeFailureRow).where(row)).rowcount:
                    continue  # another intake was quicker
                entry = read_after(connection, log_id - 1, 1)[0]
                if not _is_superseded(connection, entry):
                    report = report.plus(self._take(connection, entry))
        self._texts.forget()
        return report

    def _waiting(self, size: int) -> tuple[int, Sequence[LoggedArticle]]:
        """Where the cursor stands, and what comes next. Looks without asking for the write lock,
        so that an idle intake disturbs nobody."""
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            begun = position_of(connection, CURSOR)
            return begun, read_after(connection, begun, size, characters=CHARACTERS)

    def _run_batch(self, position: int, entries: Sequence[LoggedArticle]) -> list[Outcome]:
        """Take a batch in as one; when an article fails, once more, each by itself, so that it
        fails alone. Nothing, when another intake was quicker."""
        try:
            # Before the lock is asked for: it needs no store, and takes longest.
            arrivals = [arrive(each, self._matcher) for each in entries]
            return self._commit(position, entries, lambda one: self._take_together(one, arrivals))
        except Exception as error:
            if _is_of_the_store(error):
                raise
            log.info("a batch is taken in again, article by article", error=repr(error))
        return self._commit(position, entries, lambda one: self._take_each(one, entries))

    def _commit(
        self,
        position: int,
        entries: Sequence[LoggedArticle],
        take: Callable[[Connection], list[Outcome]],
    ) -> list[Outcome]:
        try:
            with self._engine.begin() as connection:
                if lock_cursor(connection, CURSOR) != position:
                    return []
                taken = take(connection)
                move_cursor(connection, CURSOR, entries[-1].id)
                return taken
        except BaseException:
            # Rolled back: the same ids will be given to other texts.
            self._texts.forget()
            raise

    def _take_together(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Outcome]:
        batch = Batch(connection, arrivals, self._texts, self._enqueue)
        outcomes: list[Outcome] = [batch.take(each) for each in arrivals]
        batch.write()
        return outcomes

    def _take_each(self, connection: Connection, entries: Sequence[LoggedArticle]) -> list[Outcome]:
        return [self._take(connection, each) for each in entries]

    def _take(self, connection: Connection, entry: LoggedArticle) -> Outcome:
        try:
            with connection.begin_nested():
                return self._take_together(connection, [arrive(entry, self._matcher)])[0]
        except Exception as error:  # the edge of one article (style.md)
            if _is_of_the_store(error):
                raise
            return self._refuse(connection, entry, error)

    def _refuse(self, connection: Connection, entry: LoggedArticle, error: Exception) -> Outcome:
        self._texts.forget()
        log.error("article not taken in", log_id=entry.id, url=entry.article.url, error=repr(error))
        values = {"log_id": entry.id, "failed_at": self._clock(), "error": repr(error)}
        connection.execute(insert(IntakeFailureRow).values(**values))
        return "failed"


def _is_of_the_store(error: Exception) -> bool:
    """Whether the store fails, not an article: then all comes again, and nothing is refused."""
    return isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError)


def _is_superseded(connection: Connection, entry: LoggedArticle) -> bool:
    """Whether the article is known from a later fetch: its older text would look like an edit."""
    seen = select(ArticleRow.last_seen_at).where(ArticleRow.url == entry.article.url)
    last_seen_at = connection.scalar(seen)
    return last_seen_at is not None and last_seen_at >= entry.fetched_at


def lock_cursor(connection: Connection, name: str) -> int:
    """Become the one who follows a log, and give the cursor. SQLite's transactions begin IMMEDIATE;
    on PostgreSQL the cursor's row is locked until the commit."""
    stood: int | None = connection.scalar(_AT_ALONE, {"which": name})
    if stood is None:  # its first batch; another process may begin at the same moment
        begin = insert_into(connection, CursorRow).values(name=name, position=0)
        connection.execute(begin.on_conflict_do_nothing())
        stood = connection.execute(_AT_ALONE, {"which": name}).scalar_one()
    return stood


def position_of(connection: Connection, name: str) -> int:
    """How far a log was followed."""
    return connection.scalar(_AT, {"which": name}) or 0


def move_cursor(connection: Connection, name: str, position: int) -> None:
    """Put on record how far a log was followed."""
    connection.execute(_MOVE, {"which": name, "to": position})
