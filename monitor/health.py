"""Whether lendwatch is well: what runs, what is next, what failed, what waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from crawler.log.looks import last_look
from crawler.log.read import last_position
from monitor.crawls import LastCrawl, last_crawls
from monitor.due import FAILING_AFTER
from monitor.following import CURSOR as LOOKS
from monitor.intake import CURSOR as INTAKE
from monitor.store.models import CrawlRow, CursorRow, IntakeFailureRow, OutboxRow, ScheduleRow

# The next few due sources are what a person looks for; the whole list is `sources list`.
NEXT_SHOWN = 5

# A due source waits for its site and for a place among the crawls, each of which another crawl
# may hold for crawl_timeout (30 minutes); one that waits longer means that the schedule stands.
LATE_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Health:
    """A moment's state. `problems` is empty when all is well, and each line names a remedy.

    `failed` are the sources whose last crawl did not finish, `failing` those that fail for so
    long that an event told of it."""

    running: tuple[dict[str, Any], ...]
    next: tuple[dict[str, Any], ...]
    failed: tuple[dict[str, Any], ...]
    failing: tuple[dict[str, Any], ...]
    intake_behind: int
    intake_failures: int
    outbox: dict[str, int]
    problems: tuple[str, ...]

    def to_json(self, more_problems: Iterable[str] = ()) -> dict[str, Any]:
        """The health endpoint's answer; times are ISO 8601 in UTC."""
        problems = [*self.problems, *more_problems]
        status = "degraded" if problems else "ok"
        return {"status": status, **asdict(self), "problems": problems}


def health(connection: Connection, now: datetime) -> Health:
    """Read the state of schedule, crawls, intake and outbox; writes nothing."""
    schedule = connection.execute(
        select(ScheduleRow.source, ScheduleRow.due_at, ScheduleRow.failures).order_by(
            ScheduleRow.due_at
        )
    ).all()
    running = connection.execute(
        select(CrawlRow.source, CrawlRow.started_at)
        .where(CrawlRow.state == "running")
        .order_by(CrawlRow.started_at)
    ).all()
    at_work = {row.source for row in running}
    waiting = [row for row in schedule if row.source not in at_work]
    failed = _failed(schedule, last_crawls(connection))
    failing = tuple(each for each in failed if each["failures"] >= FAILING_AFTER)
    outbox = _outbox(connection)
    failures = connection.execute(select(func.count()).select_from(IntakeFailureRow)).scalar() or 0
    late = [row.source for row in waiting if now - row.due_at > LATE_AFTER]
    return Health(
        running=tuple(
            {"source": row.source, "since": row.started_at.isoformat()} for row in running
        ),
        next=tuple(
            {"source": row.source, "due_at": row.due_at.isoformat()} for row in waiting[:NEXT_SHOWN]
        ),
        failed=failed,
        failing=failing,
        intake_behind=_behind(connection),
        intake_failures=failures,
        outbox=outbox,
        problems=tuple(_problems(failing, late, failures, outbox.get("refused", 0))),
    )


def _failed(
    schedule: Sequence[Row[str, datetime, int]], last: Mapping[str, LastCrawl]
) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "source": row.source,
            "failures": row.failures,
            "at": last[row.source].finished_at.isoformat() if row.source in last else None,
            "message": last[row.source].message if row.source in last else "",
        }
        for row in schedule
        if row.failures
    )


def _outbox(connection: Connection) -> dict[str, int]:
    query = select(OutboxRow.state, func.count().label("rows")).group_by(OutboxRow.state)
    return {row.state: row.rows for row in connection.execute(query)}


def _behind(connection: Connection) -> int:
    """How many logged articles and looks were not followed yet."""
    rows = connection.execute(select(CursorRow.name, CursorRow.position))
    positions = {row.name: row.position for row in rows}
    return sum(
        max(0, newest - positions.get(name, 0))
        for name, newest in ((INTAKE, last_position(connection)), (LOOKS, last_look(connection)))
    )


def _problems(
    failing: tuple[dict[str, Any], ...], late: list[str], failures: int, refused: int
) -> list[str]:
    problems = [
        f"source {row['source']} failed {row['failures']} times in a row: {row['message']}"
        for row in failing
    ]
    if late:
        problems.append(f"due but not started: {', '.join(late)}; is `lendwatch serve` running?")
    if failures:
        problems.append(f"{failures} articles could not be taken in; see `lendwatch doctor`")
    if refused:
        problems.append(
            f"{refused} mails were refused; see `lendwatch alerts outbox --state refused`"
        )
    return problems
