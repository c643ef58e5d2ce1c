"""What the subscriptions make of what happened lately, without sending anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from monitor.alerts.facts import recent_events
from monitor.alerts.rules import Decision, decide
from monitor.config import Subscription
from monitor.events import Event
from monitor.store.models import ArticleRow


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One subscription's decision on one event; `title` is the article's, or the source.

    `channels`: those the alert would take, none where nothing is sent."""

    event: Event
    title: str
    subscription: str
    decision: Decision
    channels: tuple[str, ...]


def preview(
    connection: Connection, subscriptions: Sequence[Subscription], limit: int = 20
) -> list[PreviewLine]:
    """Decide again on the last `limit` events, newest first, for every subscription."""
    events = recent_events(connection, limit)
    titles = _titles(connection, events)
    return [
        PreviewLine(
            event=event,
            title=titles.get(event.article_id, event.source),
            subscription=subscription.name,
            decision=decision,
            channels=subscription.channels if decision.route != "none" else (),
        )
        for event in events
        for subscription in subscriptions
        for decision in (decide(event, subscription),)
    ]


def _titles(connection: Connection, events: Sequence[Event]) -> dict[int | None, str]:
    query = select(ArticleRow.id, ArticleRow.title).where(
        ArticleRow.id.in_({event.article_id for event in events if event.article_id})
    )
    return {row.id: row.title for row in connection.execute(query)}
