"""What the `alerts` commands do beyond printing."""

import asyncio
import difflib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from monitor.alerts import outbox, outbox_view
from monitor.alerts.preview import preview
from monitor.alerts.trial import send_trial_mail
from monitor.cli.failures import UsageProblem
from monitor.cli.opening import open_config, reading_store, writing_store
from monitor.config import Config, Subscription


def decisions(workspace: Path | None, limit: int) -> list[dict[str, Any]]:
    """What each subscription makes of the newest events."""
    config = open_config(workspace)
    with reading_store(config) as connection:
        return decision_rows(connection, config, limit)


def decision_rows(connection: Connection, config: Config, limit: int) -> list[dict[str, Any]]:
    """The same from an open store, newest first."""
    return [
        {
            "happened_at": f"{line.event.happened_at:%Y-%m-%d %H:%M:%S}",
            "event": line.event.kind.value,
            "story": line.event.story_id,
            "title": line.title,
            "subscription": line.subscription,
            "route": line.decision.route,
            "reason": line.decision.reason,
        }
        for line in preview(connection, config.subscriptions, limit)
    ]


def outbox_rows(workspace: Path | None, state: str | None, limit: int) -> list[dict[str, Any]]:
    """The newest outbox rows, newest first."""
    config = open_config(workspace)
    with reading_store(config) as connection:
        return [asdict(line) for line in outbox_view.list_outbox(connection, state, limit)]


def retry_alerts(workspace: Path | None, ids: list[int] | None) -> int:
    """Make refused alerts due again; returns how many."""
    config = open_config(workspace)
    with writing_store(config) as engine, engine.begin() as connection:
        return outbox.retry(connection, ids or None, datetime.now(UTC))


def send_trial(workspace: Path | None, name: str) -> None:
    """Hand over one test mail and say where it went."""
    config = open_config(workspace)
    subscription = _named(config, name)
    where = asyncio.run(send_trial_mail(config, subscription, datetime.now(UTC)))
    print(f"test mail for {', '.join(subscription.to)}: {where}")


def _named(config: Config, name: str) -> Subscription:
    by_name = {subscription.name: subscription for subscription in config.subscriptions}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, by_name, n=1)
    known = ", ".join(by_name) or "none; add one under `subscriptions:` in lendwatch.yaml"
    hint = f"did you mean {near[0]}?" if near else f"there are: {known}"
    raise UsageProblem(f"lendwatch: no subscription is named {name!r}; {hint}")
