"""What the `alerts` commands do beyond printing."""

import asyncio
import difflib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from monitor.alerts import outbox
from monitor.alerts.preview import preview
from monitor.alerts.trial import send_trial as hand_over_trial
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.opening import open_config, reading_store, writing_store
from monitor.cli.options import Format
from monitor.cli.printable import plain
from monitor.cli.show import show_rows
from monitor.config import Config, Subscription
from monitor.masking import mask


def show_decisions(workspace: Path | None, limit: int, output: Format) -> None:
    """Print what each subscription makes of the newest events."""
    config = open_config(workspace)
    with reading_store(config) as connection:
        rows = decision_rows(connection, config, limit)
    columns = ("happened_at", "event", "title", "subscription", "route", "channels", "reason")
    show_rows(rows, columns, output, config.timezone)


def decision_rows(connection: Connection, config: Config, limit: int) -> list[dict[str, Any]]:
    """What each subscription makes of the newest events, newest first."""
    return [
        {
            "happened_at": line.event.happened_at,
            "event": line.event.kind.value,
            "story": line.event.story_id,
            "title": mask(line.title),
            "subscription": line.subscription,
            "route": line.decision.route,
            "channels": line.channels,
            "reason": line.decision.reason,
        }
        for line in preview(connection, config.subscriptions, limit)
    ]


def show_outbox(workspace: Path | None, state: str | None, limit: int, output: Format) -> None:
    """Print the newest outbox rows, newest first."""
    config = open_config(workspace)
    with reading_store(config) as connection:
        lines = outbox.list_outbox(connection, state, limit)
    rows = [{**asdict(line), "title": mask(line.title)} for line in lines]
    columns = (
        "id", "state", "event", "title", "subscription", "due_at", "attempts", "last_reply",
    )  # fmt: skip
    show_rows(rows, columns, output, config.timezone)


def retry_alerts(workspace: Path | None, ids: list[int] | None) -> int:
    """Make refused alerts due again; returns how many, CommandFailed when one named was not."""
    config = open_config(workspace)
    with writing_store(config) as engine, engine.begin() as connection:
        count = outbox.retry(connection, ids or None, datetime.now(UTC))
    if ids and count < len(set(ids)):
        raise CommandFailed(
            f"{count} of {len(set(ids))} will be tried again; the others are no refused alerts:"
            " `lendwatch alerts outbox --state refused` lists those"
        )
    return count


def send_trial(workspace: Path | None, name: str) -> None:
    """Hand over one test message a channel and say where each went."""
    config = open_config(workspace)
    subscription = _named(config, name)
    asyncio.run(_print_trial(config, subscription))


async def _print_trial(config: Config, subscription: Subscription) -> None:
    async for line in hand_over_trial(config, subscription, datetime.now(UTC)):
        print(plain(line))


def _named(config: Config, name: str) -> Subscription:
    by_name = {subscription.name: subscription for subscription in config.subscriptions}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, by_name, n=1)
    known = ", ".join(by_name) or "none; add one under `subscriptions:` in lendwatch.yaml"
    hint = f"did you mean {near[0]}?" if near else f"there are: {known}"
    raise UsageProblem(f"no subscription is named {name!r}; {hint}")
