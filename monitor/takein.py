"""The intake as a workspace wants it: its watchlist decides mentions, its subscriptions alerts."""

from dataclasses import astuple
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from monitor.alerts.outbox import enqueue
from monitor.config import Config
from monitor.events import Event
from monitor.intake import Intake, IntakeReport
from seeds.match import Matcher
from seeds.models import Watchlist

# Articles between two looks at whether the log has more; the intake commits every 50 of them.
AT_ONCE = 500


def build_intake(engine: Engine, config: Config, watchlist: Watchlist) -> Intake:
    """An intake that queues alerts for the workspace's subscriptions in its own transaction."""

    def queue(connection: Connection, event: Event) -> None:
        enqueue(connection, event, config.subscriptions, datetime.now(UTC))

    return Intake(engine, Matcher(watchlist), queue)


def take_in_all(intake: Intake) -> IntakeReport:
    """Follow the log to its end and give the sum of what was done."""
    total = IntakeReport()
    while (report := intake.run(AT_ONCE)).taken:
        total = IntakeReport(*map(sum, zip(astuple(total), astuple(report), strict=True)))
    return total
