"""The life of an article at its address: live, suspect, removed, and live again. Pure.

One look proves nothing. Removed is what several looks in a row found gone over a day or more, while
the site showed other things. A look that was blocked counts for nothing, neither way. Where all that
is known of a site is gone, it is the site that moved or broke. An article that came back and goes
again has to be gone for longer each time, so that flapping is one incident."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.changes.standing import Found, Standing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What comes back and goes again within this time is one incident.
INCIDENT = timedelta(days=30)
# A return that is not the incident's first is believed at the second look.
LOOKS_TO_RETURN = 2
# How long a removed article is asked for, and how far apart such looks come to lie: each day in the
# first week, then after a share of the time it has been gone. A return is news as the removal was,
# and what returns for a few days is missed by looks whose distance doubles. A look comes a moment after
# its crawl began: due a whole day later, it would miss the crawl of the same hour.
WAITED_FOR, RAREST = timedelta(days=365), timedelta(days=30)
DAILY, RETURN_SHARE = timedelta(hours=23, minutes=30), 1 / 7
# For the same reason so much of the time between the first strike and the last may be missing: half
# an hour of a day.
SLACK = 1 / 48


class State(StrEnum):
    """How an article stands at its address, as far as looks have told."""

    LIVE = "live"
    SUSPECT = "suspect"
    REMOVED = "removed"


class Deed(StrEnum):
    """One step of a life. `cleared`: a suspect that is there after all."""

    STRIKE = "strike"
    REMOVED = "removed"
    CLEARED = "cleared"
    BLOCKED = "blocked"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Rules:
    """How many looks in a row, over how long, make a removal. `strikes` is at least 2."""

    strikes: int = 3
    over: timedelta = DAY


@dataclass(frozen=True, slots=True)
class Around:
    """What the article's site showed since the first strike. `answers`: something else that is no
    challenge; `answered`: it did so before this look; `all_gone`: of its known articles, more than
    two, not one is there."""

    answers: bool
    answered: bool
    all_gone: bool


@dataclass(frozen=True, slots=True)
class Life:
    """A life so far. `since` is when its state began; `strikes` are looks in a row that found it
    gone, the first of them at `first_strike_at`; `held` says why those that are enough have made
    no removal. `blocked_since` is kept until a look tells something again. `sightings` are looks
    in a row that found a removed article; `returns` counts those of this incident."""

    state: State
    since: datetime
    strikes: int = 0
    first_strike_at: datetime | None = None
    held: str = ""
    blocked_since: datetime | None = None
    blocked_reason: str = ""
    sightings: int = 0
    returns: int = 0
    restored_at: datetime | None = None


WHOLE_SITE = "every article of the site is gone"
NO_ANSWER = "the site shows nothing else"


def after(
    life: Life, found: Found, at: datetime, around: Around, rules: Rules
) -> tuple[Life, Deed | None]:
    """The life after one more look at `at`, and what that look made of it: None for what is told
    already. `around` is asked only of a look that found the article gone."""
    if found.standing is Standing.BLOCKED:
        begun = life.blocked_since is None
        blocked = replace(life, blocked_since=life.blocked_since or at, blocked_reason=found.reason)
        return blocked, Deed.BLOCKED if begun else None
    life = replace(life, blocked_since=None, blocked_reason="")
    if found.standing is Standing.HERE:
        return _here(life, at)
    return _gone(life, at, around, rules)


def look_again(life: Life, at: datetime, ordinary: datetime, rules: Rules) -> datetime | None:
    """When to look next after a look at `at`; `ordinary` is when a live article is worth it. None:
    no more."""
    if life.state is State.REMOVED:
        if at - life.since > WAITED_FOR:
            return None
        pause = min(max((at - life.since) * RETURN_SHARE, DAILY), RAREST)
        return at + (_apart(life, rules) if life.sightings else pause)
    if life.blocked_since is not None:
        return at + min(max(at - life.blocked_since, HOUR), DAY)
    return ordinary if life.state is State.LIVE else _next_strike(life, at, rules)


def _next_strike(life: Life, at: datetime, rules: Rules) -> datetime:
    assert life.first_strike_at is not None
    due = life.first_strike_at + _apart(life, rules) * min(life.strikes, rules.strikes - 1)
    if due > at:
        return due
    # Enough strikes that are held back, or a look that came late: rarer as time goes by.
    return at + min(max(_apart(life, rules), (at - life.first_strike_at) / 2), RAREST)


def needed(life: Life, rules: Rules) -> timedelta:
    """How long an article has to be gone: twice as long for each return of the incident."""
    over = rules.over
    if _is_incident(life):
        over = min(over * (1 << min(life.returns, 10)), max(INCIDENT, over))
    return over * (1 - SLACK)


def _here(life: Life, at: datetime) -> tuple[Life, Deed | None]:
    if life.state is State.LIVE:
        return life, None
    again = replace(
        life, state=State.LIVE, since=at, strikes=0, first_strike_at=None, held="", sightings=0
    )
    if life.state is State.SUSPECT:
        return again, Deed.CLEARED
    sightings = life.sightings + 1
    if _is_incident(life) and sightings < LOOKS_TO_RETURN:
        return replace(life, sightings=sightings), None
    returns = life.returns + 1 if _is_incident(life) else 1
    return replace(again, returns=returns, restored_at=at), Deed.RESTORED


def _gone(life: Life, at: datetime, around: Around, rules: Rules) -> tuple[Life, Deed | None]:
    if life.state is State.REMOVED:
        return replace(life, sightings=0), None
    if life.state is State.LIVE:
        suspect = replace(life, state=State.SUSPECT, since=at, strikes=1, first_strike_at=at)
        return suspect, Deed.STRIKE
    struck = replace(life, strikes=life.strikes + 1, held="")
    assert struck.first_strike_at is not None
    told = Deed.STRIKE if struck.strikes <= rules.strikes else None
    if struck.strikes < rules.strikes or at - struck.first_strike_at < needed(struck, rules):
        return struck, told
    if around.all_gone or not around.answers:
        return replace(struck, held=WHOLE_SITE if around.all_gone else NO_ANSWER), told
    if not around.answered:
        # Its strikes are the whole site's, that answers again: this is the first of its own.
        return replace(struck, strikes=1, first_strike_at=at), Deed.STRIKE
    return replace(struck, state=State.REMOVED, since=at), Deed.REMOVED


def _is_incident(life: Life) -> bool:
    """Whether what goes on began before the article came back lately."""
    if life.restored_at is None or life.first_strike_at is None:
        return False
    return life.first_strike_at - life.restored_at <= INCIDENT


def _apart(life: Life, rules: Rules) -> timedelta:
    """The time between strikes, by which as many as it takes fit into the time it takes."""
    return needed(life, rules) / max(1, rules.strikes - 1)
