"""The record of every attempt to hand a message to a recipient: only this file writes it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from monitor.alerts.handover import Claim, Outcome, Replies
from monitor.store.models import DeliveryRow


def open_recipients(
    connection: Connection, message_id: str, to: Collection[str]
) -> tuple[str, ...]:
    """Those of `to` that neither have the message nor refused it."""
    closed = set(
        connection.scalars(
            select(DeliveryRow.recipient).where(
                DeliveryRow.message_id == message_id,
                DeliveryRow.outcome.in_(("sent", "refused")),
            )
        )
    )
    return tuple(recipient for recipient in dict.fromkeys(to) if recipient not in closed)


def begin(connection: Connection, claimed: Claim, now: datetime) -> None:
    """Record that an attempt begins, for every recipient of `claimed`."""
    rows = [
        {
            "message_id": claimed.message_id,
            "recipient": recipient,
            "started_at": now,
            "phase": "connecting",
        }
        for recipient in claimed.recipients
    ]
    if rows:
        connection.execute(insert(DeliveryRow), rows)


def enter_data(connection: Connection, message_id: str, recipients: Collection[str]) -> None:
    """Record that the final dot is about to be sent for `recipients`."""
    connection.execute(
        update(DeliveryRow)
        .where(_unfinished(message_id), DeliveryRow.recipient.in_(recipients))
        .values(phase="data")
    )


def end(connection: Connection, message_id: str, replies: Replies, now: datetime) -> None:
    """Record how the attempt ended for each recipient."""
    for recipient, reply in replies.items():
        connection.execute(
            update(DeliveryRow)
            .where(_unfinished(message_id), DeliveryRow.recipient == recipient)
            .values(phase="done", ended_at=now, outcome=reply.outcome, reply=reply.text)
        )


def end_all(
    connection: Connection, message_id: str, outcome: Outcome, reply: str, now: datetime
) -> None:
    """Record the same end for everyone whose attempt has not ended."""
    connection.execute(
        update(DeliveryRow)
        .where(_unfinished(message_id))
        .values(phase="done", ended_at=now, outcome=outcome, reply=reply)
    )


def end_of_dead(connection: Connection, message_id: str, now: datetime) -> bool:
    """End the attempt of a sender that died; True when the message may have arrived."""
    lost = connection.execute(
        update(DeliveryRow)
        .where(_unfinished(message_id), DeliveryRow.phase == "data")
        .values(
            phase="done",
            ended_at=now,
            outcome="unknown",
            reply="the sender died while it waited for the reply to the final dot",
        )
        .returning(DeliveryRow.id)
    ).all()
    end_all(connection, message_id, "deferred", "the sender died before it sent", now)
    return bool(lost)


def any_refused(connection: Connection, message_id: str) -> bool:
    """Whether some recipient's server said no for good."""
    refused = select(DeliveryRow.id).where(
        DeliveryRow.message_id == message_id, DeliveryRow.outcome == "refused"
    )
    return connection.execute(refused.limit(1)).first() is not None


def reopen(connection: Connection, message_ids: Collection[str]) -> None:
    """Let those who refused these messages be asked again; the replies stay on record."""
    connection.execute(
        update(DeliveryRow)
        .where(DeliveryRow.message_id.in_(message_ids), DeliveryRow.outcome == "refused")
        .values(outcome="reopened")
    )


def _unfinished(message_id: str) -> ColumnElement[bool]:
    return (DeliveryRow.message_id == message_id) & (DeliveryRow.ended_at.is_(None))
