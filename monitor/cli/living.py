"""How an article stands at its address, on a terminal."""

from collections.abc import Iterator
from datetime import datetime

from monitor.cli.show import moment
from monitor.query.lives import LifeView, StepView


def standing_now(state: str, gone_since: datetime | None, zone: str) -> str:
    """A copy's state in a table: nothing for one that is there."""
    if state == "removed":
        return f"removed {moment(gone_since, zone)}"
    return "" if state == "live" else state


def life_lines(life: LifeView | None, zone: str) -> Iterator[tuple[str, str]]:
    """Labels and values: the state and since when, what is in the way, the steps, the next look."""
    if life is None:
        return
    line = f"{life.state} since {moment(life.since, zone)}"
    if life.strikes and life.state == "suspect":
        line += f", {life.strikes} looks in a row found it gone"
    yield "life", f"{line}; not told removed: {life.held}" if life.held else line
    if life.blocked_since is not None:
        yield "blocked", f"since {moment(life.blocked_since, zone)}: {life.blocked_reason}"
    for step in life.steps:
        yield "step", _step(step, zone)
    asked = f"last {moment(life.last_look_at, zone)}"
    yield "looks", f"{asked}, next {moment(life.next_look_at, zone) or 'none: gone for a year'}"


def _step(step: StepView, zone: str) -> str:
    line = f"{moment(step.happened_at, zone)} {step.deed}"
    if step.reason:
        line += f": {step.reason}"
    if step.quoted and step.quoted != f"HTTP {step.status}":
        line += f" “{step.quoted}”"
    answer = f"HTTP {step.status}" if step.status else step.outcome
    log = f", log entry {step.log_id}" if step.log_id else ""
    return f"{line} ({answer}, look {step.look_id}{log})"
