"""Run lendwatch through the timeline's quarter, and hold what it told against the truth.

`run` moves the clock of the sites and of the monitor from crawl to crawl; `Told.problems` says
what was told wrongly, twice, late or never."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from timeline_script import BLOCKED, START, Look, Script, Truth, scripted, truths
from timeline_site import NAMES, TimelineSite, timeline_sites
from workspaces import Workspace

LIFE = ("ArticleEdited", "ArticleRemoved", "ArticleRestored")
# The longest that the monitor may leave an article unseen.
LATEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Event:
    """One event that the monitor recorded; `article` is the timeline's number."""

    kind: str
    at: datetime
    article: int | None
    source: str
    details: dict[str, Any]


@dataclass
class Told:
    """What a run saw and told: `cpu` seconds of the monitor, by tick."""

    script: Script
    looks: list[Look]
    events: list[Event]
    ticks: list[datetime]
    cpu: list[float]
    requests: int
    failures: Counter[str]

    @property
    def truths(self) -> list[Truth]:
        return truths(self.script, self.looks)

    def problems(self) -> list[str]:
        """What is wrong, one line each."""
        left = [each for each in self.events if each.kind in LIFE]
        found = []
        for truth in self.truths:
            fitting = [each for each in left if fits(each, truth)]
            if fitting:
                left.remove(fitting[0])
                at, latest = self._tick(truth.at), self._next(self._tick(truth.latest))
                if not at <= fitting[0].at < latest:
                    found.append(f"not in its time ({fitting[0].at:%m-%d %H:%M}): {_said(truth)}")
            elif not truth.may_be_missed:
                found.append(f"never told: {_said(truth)}")
        found += [
            f"told, and not so: {each.kind} of {each.article} at {each.at:%m-%d %H:%M}: {each.details}"
            for each in left
        ]
        return found + self._unseen() + self._failing()

    def _unseen(self) -> list[str]:
        """What happened, and no look was made in time."""
        known = {(each.kind, each.article, each.since) for each in self.truths}
        return [
            f"never seen: {kind} of {number} at {at:%m-%d %H:%M}"
            for kind, number, at in sorted(scripted(self.script))
            if (kind, number, at) not in known and at + LATEST < self.ticks[-1]
        ]

    def _failing(self) -> list[str]:
        """A site's trouble makes one SourceFailing at most, and nothing else makes one."""
        troubles: Counter[str] = Counter(
            f"site-{each.site}"
            for each in self.script.steps
            if each.article is None and each.do in BLOCKED | {"redesign"}
        )
        found = []
        for kind in ("SourceFailing", "SourceRecovered"):
            told = Counter(each.source for each in self.events if each.kind == kind)
            found += [f"{kind} of {name}: {told[name]}" for name in told - troubles]
        return found

    def _tick(self, at: datetime) -> datetime:
        return max(each for each in self.ticks if each <= at)

    def _next(self, at: datetime) -> datetime:
        later = [each for each in self.ticks if each > at]
        return later[0] if later else at + timedelta(days=1)


def fits(event: Event, truth: Truth) -> bool:
    """Whether the event may be the one that is true."""
    return (
        event.kind == truth.kind
        and event.article == truth.article
        and (truth.material is None or bool(event.details.get("material")) == truth.material)
        and event.at >= truth.since
    )


def _said(truth: Truth) -> str:
    return (
        f"{truth.kind} ({truth.did}) of {truth.article}, since {truth.since:%m-%d %H:%M}, "
        f"known from {truth.at:%m-%d %H:%M} to {truth.latest:%m-%d %H:%M}"
    )


class MovedMonitor:
    """tests/quarter_worker.py over one workspace."""

    def __init__(self, folder: Path) -> None:
        self.log = (folder / "worker.log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("quarter_worker.py")), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def at(self, now: datetime, which: str = "") -> dict[str, Any]:
        """Have it do its job at `now` (`all`: and look at all known articles); the crawls' results
        and the CPU seconds so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{now.isoformat()} {which}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the monitor ended; see {self.log.name}"
        told: dict[str, Any] = json.loads(answer)
        return told

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        self.log.close()


@contextmanager
def monitored(
    folder: Path, sites: TimelineSite, every: timedelta, sources: Iterable[int] = range(len(NAMES))
) -> Iterator[MovedMonitor]:
    """The monitor over a new workspace in which the sites are sources."""
    write_workspace(folder, sites, every, sources)
    with closing(MovedMonitor(folder)) as monitor:
        yield monitor


def write_workspace(
    folder: Path, sites: TimelineSite, every: timedelta, sources: Iterable[int]
) -> None:
    """Every site by its feed or, every second one, by its channel."""
    workspace = Workspace(folder)
    for site in sources:
        kind, path = ("feed", "/feed.xml") if site % 2 else ("listing", "/channel/1")
        # A crawl ends a moment after its time: due again at the next.
        minutes = int(every.total_seconds() // 60) - 5
        workspace.add(f"site-{site}", kind, sites.urls[site] + path, every=f"{minutes}m")
    workspace.write()


def run(folder: Path, script: Script, every: timedelta, days: float | None = None) -> Told:
    """Run the monitor through the script, with a crawl `every` so often."""
    until = START + timedelta(days=script.days if days is None else days)
    with timeline_sites(script) as sites, monitored(folder, sites, every) as monitor:
        told = Told(script, sites.looks, [], [], [], 0, Counter())
        now = START
        while now <= until:
            sites.move(now)
            done = monitor.at(now)
            told.ticks.append(now)
            told.cpu.append(done["cpu"])
            for result in done["results"]:
                told.failures.update(result["failures"])
            now += every
        told.requests = sites.requests.total()
        told.events = events_of(folder, sites)
    return told


def events_of(folder: Path, sites: TimelineSite) -> list[Event]:
    """All events of the workspace, in order."""
    engine = create_engine(f"sqlite:///{folder / 'lendwatch.db'}")
    query = text(
        "SELECT kind, happened_at, url, event.source, details FROM event "
        "LEFT JOIN article ON article.id = event.article_id ORDER BY event.id"
    )
    with engine.connect() as connection:
        rows: Sequence[Any] = connection.execute(query).all()
    engine.dispose()
    return [
        Event(kind, _time(at), sites.article_at(url) if url else None, source, json.loads(details))
        for kind, at, url, source, details in rows
    ]


def _time(stored: Any) -> datetime:
    parsed = datetime.fromisoformat(str(stored))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=START.tzinfo)
