"""Follow the log of looks: each look goes into the life of its article.

In one transaction a batch are committed: lives, their steps, events, outbox rows and the cursor, so
that a crash neither loses nor repeats a decision. One writer at a time, on several machines too. A
look whose entry the intake has not taken yet waits: what it shows has to be judged there first."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

from crawler.log.looks import KeptLook, Look, last_look, looks_after
from monitor.changes.life import Around, Deed, Life, Rules, State, after, look_again
from monitor.changes.lives import Known, Lives, add_step, call_witnesses, keep_pace, pace_of
from monitor.changes.looked import around, found_by
from monitor.changes.revisits import History, Pace, next_visit, seen_again
from monitor.changes.standing import Found, Standing
from monitor.changes.told import told
from monitor.events import Event
from monitor.intake import CURSOR as INTAKE
from monitor.intake import lock_cursor, move_cursor, position_of
from monitor.stories.events import record_events

CURSOR = "looks"
# Enough that the commit and what is read and written once a batch are no longer what costs; most
# looks found nothing and take a fraction of a millisecond.
BATCH = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Followed:
    """What one run did: looks followed, and articles told to be removed or restored."""

    looked: int = 0
    removed: int = 0
    restored: int = 0


class Follower:
    """Follows looks. `enqueue` decides and queues alerts in the same transaction."""

    def __init__(
        self, engine: Engine, rules: Rules, enqueue: Callable[[Connection, Event], object]
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._enqueue = enqueue

    def run(self, limit: int = 1000) -> Followed:
        """Follow at most `limit` looks, oldest first; none mean that the log is at its end, or
        waits for the intake."""
        done = Followed()
        while done.looked < limit and self._behind():
            size = min(BATCH, limit - done.looked)
            looked, deeds = self._batch(size)
            done = Followed(
                done.looked + looked,
                done.removed + deeds.count(Deed.REMOVED),
                done.restored + deeds.count(Deed.RESTORED),
            )
            if looked < size:
                break
        return done

    def _behind(self) -> bool:
        """Look without asking for the write lock, so that an idle follower disturbs nobody."""
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            return last_look(connection) > position_of(connection, CURSOR)

    def _batch(self, size: int) -> tuple[int, list[Deed | None]]:
        with self._engine.begin() as connection:
            begun = lock_cursor(connection, CURSOR)
            taken = position_of(connection, INTAKE)
            looks = list(
                takewhile(
                    lambda each: (each.look.log_id or 0) <= taken,
                    looks_after(connection, begun, size),
                )
            )
            of_articles = {each.look.url for each in looks if each.look.role == "article"}
            lives, paces = Lives(connection, sorted(of_articles)), Paces(connection)
            deeds = [self._follow(connection, each, lives, paces) for each in looks]
            lives.store()
            paces.write()
            if looks:
                move_cursor(connection, CURSOR, looks[-1].id)
            return len(looks), deeds

    def _follow(
        self, connection: Connection, kept: KeptLook, lives: Lives, paces: "Paces"
    ) -> Deed | None:
        """Take one look into the life of its article; what a site shows elsewhere is only asked
        for by such looks."""
        look = kept.look
        known = lives.known(look.url) if look.role == "article" else None
        if known is None:
            return None
        found, shown = found_by(connection, known, look)
        suspected = found.standing is Standing.GONE and known.life.state is State.SUSPECT
        if suspected:
            lives.store()  # the others of its site are asked how they stand
        told_by_site = around(connection, known, shown) if suspected else _UNASKED
        life, deed = after(known.life, found, look.looked_at, told_by_site, self._rules)
        history = _history_after(known, found, look.looked_at)
        pace, price = paces.after(known, found, look.looked_at)
        ordinary = next_visit(history, pace, price)
        again = look_again(life, look.looked_at, ordinary, self._rules)
        changed = {
            **{name: getattr(life, name) for name in _LIFE},
            "state": life.state.value,
            **_findings(known, found, look),
            **{name: getattr(history, name) for name in _KEPT_OF_HISTORY},
            "next_look_at": again,
        }
        lives.change(known, changed)
        if deed is not None:
            lives.store()
            self._tell(connection, known, deed, (kept, found))
        return deed

    def _tell(
        self, connection: Connection, known: Known, deed: Deed, by: tuple[KeptLook, Found]
    ) -> None:
        kept, found = by
        add_step(connection, known.row.article_id, deed, kept, found)
        log.info("life.step", deed=deed.value, url=known.row.url, reason=found.reason)
        if deed is Deed.STRIKE and known.life.state is State.LIVE:
            call_witnesses(connection, known.row)
        if deed in (Deed.REMOVED, Deed.RESTORED):
            event = told(connection, known, deed, kept.look)
            for each in record_events(connection, [event]):
                self._enqueue(connection, each)


class Paces:
    """The paces of sites within one batch: read once and written once a site."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[Pace, float]] = {}
        self._changed: set[str] = set()

    def after(self, known: Known, found: Found, at: datetime) -> tuple[Pace, float]:
        """The pace of an article's site with this look in it, and the price of a look there."""
        site = known.row.site
        if site not in self._known:
            self._known[site] = pace_of(self._connection, site)
        pace, price = self._known[site]
        if found.standing is Standing.HERE:
            pace = seen_again(pace, known.history, at, _is_changed(known))
            self._known[site] = pace, price
            self._changed.add(site)
        return pace, price

    def write(self) -> None:
        """Store what changed."""
        for site in sorted(self._changed):
            keep_pace(self._connection, site, self._known[site][0])


_UNASKED = Around(answers=False, answered=False, all_gone=False)
_LIFE = tuple(each.name for each in fields(Life))
_KEPT_OF_HISTORY = ("last_look_at", "looks", "changes", "last_change_at")


def _is_changed(known: Known) -> bool:
    return bool(known.row.revision_count > known.row.revision)


def _history_after(known: Known, found: Found, at: datetime) -> History:
    """What looks told, with one more; one that was blocked told nothing."""
    history = known.history
    if found.standing is Standing.BLOCKED:
        return history
    changed = found.standing is Standing.HERE and _is_changed(known)
    latest = max(history.last_look_at, at)
    return replace(
        history,
        last_look_at=latest,
        looks=history.looks + 1,
        changes=history.changes + changed,
        watched=max(0.0, (latest - history.first_seen_at).total_seconds()),
        last_change_at=at if changed else history.last_change_at,
    )


def _findings(known: Known, found: Found, look: Look) -> dict[str, Any]:
    """What is remembered of a finding: of a page that was logged, so that it is known again."""
    values: dict[str, Any] = {}
    if found.standing is not Standing.BLOCKED:
        values["found"] = found.standing.value
    if found.standing is Standing.HERE:
        values["revision"] = known.row.revision_count
    if look.log_id is not None:
        values |= {
            "kept": found.standing.value,
            "kept_reason": found.reason,
            "kept_quoted": found.quoted[:500],
        }
    return values
