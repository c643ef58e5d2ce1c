"""An intake as a process of its own, to be killed: `python intake_process.py DATABASE`.

Takes in what the log holds, with the real outbox, until nothing is left."""

import sys

from our_articles import WATCHLIST
from sqlalchemy import Connection

from crawler.log.engine import open_engine
from monitor.alerts.outbox import enqueue
from monitor.config import Subscription
from monitor.events import Event, EventKind
from monitor.intake import Intake
from seeds.match import Matcher

EVERYTHING = Subscription(
    name="everything",
    events=tuple(EventKind),
    when="instant",
    timezone="Asia/Shanghai",
    to=("reader@example.com",),
)


def queue(connection: Connection, event: Event) -> None:
    enqueue(connection, event, [EVERYTHING], event.happened_at)


def main(database: str) -> None:
    engine = open_engine(database)
    intake = Intake(engine, Matcher(WATCHLIST), queue)
    print("ready", flush=True)
    while intake.run(4).taken:
        pass
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
