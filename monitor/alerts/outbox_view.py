"""What waits, what went, what was refused: the outbox as a person asks for it. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from monitor.store.models import ArticleRow, DeliveryRow, EventRow, OutboxRow

# What a deferred or refused message is retried for is all in one screen; the rest by --limit.
LINES = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to hand a message to one recipient; `outcome` None while it lasts."""

    recipient: str
    started_at: datetime
    outcome: str | None
    reply: str | None


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One alert with all that happened to it.

    `possible_duplicates` counts the attempts whose final reply was lost: each may have left a
    second copy (with the same Message-ID) in a mailbox."""

    id: int
    event_id: int
    event: str
    story_id: int | None
    title: str  # the article's; of a source event the source
    subscription: str
    channel: str
    state: str
    due_at: datetime
    digest: str | None
    attempts: int
    message_id: str
    created_at: datetime
    sent_at: datetime | None
    last_reply: str | None
    possible_duplicates: int
    deliveries: tuple[Attempt, ...]


def list_outbox(
    connection: Connection, state: str | None = None, limit: int = LINES
) -> list[OutboxLine]:
    """List alerts, newest first; `state` is pending, sending, sent or refused (None: all)."""
    query = (
        select(
            OutboxRow.__table__,
            EventRow.kind,
            EventRow.story_id,
            func.coalesce(ArticleRow.title, EventRow.source).label("title"),
        )
        .join(EventRow, EventRow.id == OutboxRow.event_id)
        .outerjoin(ArticleRow, ArticleRow.id == EventRow.article_id)
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(OutboxRow.state == state)
    rows = connection.execute(query).all()
    attempts = _attempts(connection, {row.message_id for row in rows})
    return [
        OutboxLine(
            id=row.id,
            event_id=row.event_id,
            event=row.kind,
            story_id=row.story_id,
            title=row.title,
            subscription=row.subscription,
            channel=row.channel,
            state=row.state,
            due_at=row.due_at,
            digest=row.digest,
            attempts=row.attempts,
            message_id=row.message_id,
            created_at=row.created_at,
            sent_at=row.sent_at,
            last_reply=row.last_reply,
            possible_duplicates=_lost(attempts.get(row.message_id, [])),
            deliveries=tuple(attempts.get(row.message_id, [])),
        )
        for row in rows
    ]


def _attempts(connection: Connection, identities: set[str]) -> dict[str, list[Attempt]]:
    query = (
        select(DeliveryRow.__table__)
        .where(DeliveryRow.message_id.in_(identities))
        .order_by(DeliveryRow.id)
    )
    found: dict[str, list[Attempt]] = {}
    for row in connection.execute(query):
        attempt = Attempt(row.recipient, row.started_at, row.outcome, row.reply)
        found.setdefault(row.message_id, []).append(attempt)
    return found


def _lost(attempts: Sequence[Attempt]) -> int:
    return sum(attempt.outcome == "unknown" for attempt in attempts)


def possible_duplicates(connection: Connection) -> int:
    """How often a reply to a final dot was lost, ever: the second copies that may exist."""
    query = select(func.count()).where(DeliveryRow.outcome == "unknown")
    return connection.execute(query).scalar_one()


def has_work(connection: Connection, channel: str, now: datetime) -> bool:
    """Whether anything is due at `now`, or being sent by somebody who may have died."""
    return is_due(connection, channel, now) or _any(
        connection, channel, OutboxRow.state == "sending"
    )


def is_due(connection: Connection, channel: str, now: datetime) -> bool:
    """Whether anything is due at `now`."""
    due = (OutboxRow.state == "pending") & (OutboxRow.due_at <= now)
    return _any(connection, channel, due)


def _any(connection: Connection, channel: str, which: ColumnElement[bool]) -> bool:
    found = select(OutboxRow.id).where(which, OutboxRow.channel == channel).limit(1)
    return connection.execute(found).first() is not None


def next_due_at(connection: Connection, channel: str) -> datetime | None:
    """When the next message is due; None when nothing waits."""
    waits = (OutboxRow.state == "pending") & (OutboxRow.channel == channel)
    return connection.execute(select(func.min(OutboxRow.due_at)).where(waits)).scalar_one()
