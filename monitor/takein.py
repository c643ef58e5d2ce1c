"""The intake as a workspace wants it: its watchlist decides mentions, its subscriptions alerts."""

from dataclasses import astuple, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from crawler.log.engine import checkpoint
from monitor.alerts.outbox import enqueue
from monitor.changes.life import Rules
from monitor.config import Config
from monitor.events import Event
from monitor.following import Follower
from monitor.intake import Intake, IntakeReport
from seeds.match import Matcher
from seeds.models import Watchlist

# Articles between two looks at what else is to be done; the intake commits every 50 of them.
AT_ONCE = 200


class TakingIn:
    """An intake that queues alerts for the workspace's subscriptions in its own transaction."""

    def __init__(self, engine: Engine, config: Config, watchlist: Watchlist) -> None:
        self._engine = engine

        def queue(connection: Connection, event: Event) -> None:
            enqueue(connection, event, config.subscriptions, datetime.now(UTC))

        self._intake = Intake(engine, Matcher(watchlist), queue)
        rules = Rules(config.rechecks.strikes, config.rechecks.over)
        self._follower = Follower(engine, rules, queue)
        self._fresh = True

    def some(self) -> IntakeReport:
        """Take in what the log has, at most AT_ONCE; when it is at its end, follow the looks.
        `idle` means that both are at their ends.

        The first time, before all else, what an earlier process could not take in."""
        report = self._intake.retry() if self._fresh else IntakeReport()
        self._fresh = False
        report = report if report.taken else self._intake.run(AT_ONCE)
        if not report.taken:
            done = self._follower.run(AT_ONCE)
            report = replace(
                report, looked=done.looked, removed=done.removed, restored=done.restored
            )
        checkpoint(self._engine)
        return report

    def all(self) -> IntakeReport:
        """Follow the logs to their ends and give the sum of what was done."""
        total = IntakeReport()
        while True:
            report = self.some()
            total = IntakeReport(*map(sum, zip(astuple(total), astuple(report), strict=True)))
            if not report.taken and report.looked < AT_ONCE:  # neither log has more
                return total
