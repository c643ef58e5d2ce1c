"""Which alerts an event makes: one for each subscription and channel, with its time. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from monitor.alerts.digest import digest_key, next_digest
from monitor.alerts.rules import decide
from monitor.config import Subscription
from monitor.events import Event


@dataclass(frozen=True, slots=True)
class Alert:
    """The decision that one subscription is told of one event on one channel."""

    event_id: int
    subscription: str
    channel: str
    due_at: datetime
    digest: str | None
    message_id: str


def plan(event: Event, subscriptions: Iterable[Subscription], now: datetime) -> list[Alert]:
    """Decide for every subscription; those that are told nothing have no alert."""
    return [
        _alert(event, subscription, channel, route == "digest", now)
        for subscription in subscriptions
        if (route := decide(event, subscription).route) != "none"
        for channel in subscription.channels
    ]


def _alert(
    event: Event, subscription: Subscription, channel: str, digested: bool, now: datetime
) -> Alert:
    name = subscription.name
    due_at = now
    if digested:
        due_at = next_digest(subscription.digest_at, subscription.timezone, now)
    return Alert(
        event_id=event.id,
        subscription=name,
        channel=channel,
        due_at=due_at,
        digest=digest_key(name, channel, due_at) if digested else None,
        message_id=message_id(event.id, event.happened_at.isoformat(), name, channel),
    )


def message_id(*parts: object) -> str:
    """Derive a Message-ID that is the same whenever and wherever it is derived again."""
    # .invalid (RFC 2606) is nobody's domain. An event's time is one of the parts so that two
    # workspaces, each with an event 1, never hide each other's mail in one mailbox.
    digest = sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:32]
    return f"<{digest}@lendwatch.invalid>"
