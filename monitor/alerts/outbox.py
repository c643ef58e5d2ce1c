"""The durable queue of alerts: only this file writes it (the record of attempts: attempts.py).

A row goes pending → sending → sent or refused, or back to pending when the attempt is deferred.
`sending` is a claim with an owner and an end, so that two deliverers never send one message.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, text, update

from crawler.log.dialect import insert_into
from monitor.alerts import attempts
from monitor.alerts.backoff import GIVE_UP_AFTER, retry_at
from monitor.alerts.handover import Claim, ClaimLost, Outcome, Replies
from monitor.alerts.outbox_view import (
    OutboxLine,
    has_work,
    is_due,
    list_outbox,
    next_due_at,
)
from monitor.alerts.plan import message_id, plan
from monitor.config import Subscription
from monitor.events import Event
from monitor.store.models import OutboxRow

__all__ = [
    "OutboxLine",
    "claim",
    "enqueue",
    "finish",
    "has_work",
    "is_due",
    "list_outbox",
    "next_due_at",
    "postpone",
    "record_dot",
    "recover",
    "refuse",
    "retry",
]

# Longer than an attempt can take: ten minutes for the final dot and the time-outs before it.
# After it another deliverer may take the message over.
LEASE = timedelta(minutes=15)

# Any constant nothing else in the database takes ("lendwatch" in hex, plus one).
_CLAIM_KEY = 0x6C656E65


def enqueue(
    connection: Connection, event: Event, subscriptions: Iterable[Subscription], now: datetime
) -> int:
    """Queue `event` for everyone who is to be told; the caller's transaction decides its fate.

    Returns how many rows are new: the same event again adds none."""
    added = 0
    for alert in plan(event, subscriptions, now):
        statement = insert_into(connection, OutboxRow).values(
            event_id=alert.event_id,
            subscription=alert.subscription,
            channel=alert.channel,
            state="pending",
            due_at=alert.due_at,
            digest=alert.digest,
            message_id=alert.message_id,
            created_at=now,
            give_up_at=alert.due_at + GIVE_UP_AFTER,
        )
        new = connection.execute(statement.on_conflict_do_nothing().returning(OutboxRow.id))
        added += len(new.all())
    return added


def claim(
    connection: Connection,
    owner: str,
    to: Mapping[str, tuple[str, ...]],
    now: datetime,
    channel: str,
) -> Claim | None:
    """Take the channel's message that has been due longest, or None when nothing is due.

    `to` names each subscription's recipients there. Records the attempt as begun."""
    # SQLite's transactions begin IMMEDIATE; on PostgreSQL two claims could split a digest.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIM_KEY})
    first = connection.execute(
        select(OutboxRow.__table__)
        .where(OutboxRow.state == "pending", OutboxRow.due_at <= now, OutboxRow.channel == channel)
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(1)
    ).first()
    if first is None:
        return None
    rows = _one_message(connection, first, now)
    # What a digest carries is fixed by its first attempt: a retry is the same message, and an
    # alert that came too late for it makes another one.
    fresh = first.digest and first.attempts == 0
    identity = message_id(first.digest, first.message_id) if fresh else first.message_id
    claimed = Claim(
        message_id=identity,
        subscription=first.subscription,
        channel=first.channel,
        digest=first.digest,
        row_ids=tuple(row.id for row in rows),
        event_ids=tuple(row.event_id for row in rows),
        attempts=first.attempts + 1,
        created_at=min(row.created_at for row in rows),
        owner=owner,
        recipients=attempts.open_recipients(connection, identity, to.get(first.subscription, ())),
    )
    _begin(connection, claimed, now)
    return claimed


def _one_message(connection: Connection, first: Row[Any], now: datetime) -> Sequence[Row[Any]]:
    if first.digest is None:
        return [first]
    if first.attempts:
        together = OutboxRow.message_id == first.message_id
    else:
        together = (OutboxRow.digest == first.digest) & (OutboxRow.attempts == 0)
    return connection.execute(
        select(OutboxRow.__table__)
        .where(OutboxRow.state == "pending", OutboxRow.due_at <= now, together)
        .order_by(OutboxRow.event_id)
    ).all()


def _begin(connection: Connection, claimed: Claim, now: datetime) -> None:
    connection.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(claimed.row_ids))
        .values(
            state="sending",
            message_id=claimed.message_id,
            attempts=claimed.attempts,
            claimed_by=claimed.owner,
            claimed_until=now + LEASE,
        )
    )
    attempts.begin(connection, claimed, now)


def record_dot(
    connection: Connection, claimed: Claim, recipients: Collection[str], now: datetime
) -> None:
    """Put on record that the final dot is about to be sent for these recipients.

    From here on a crash leaves the outcome unknown. ClaimLost when the claim is not ours."""
    _hold(connection, claimed, claimed_until=now + LEASE)
    attempts.enter_data(connection, claimed.message_id, recipients)


def finish(connection: Connection, claimed: Claim, replies: Replies, now: datetime) -> Outcome:
    """Record how an attempt ended for each recipient, and what becomes of the message.

    Returns `sent` (everyone has it), `deferred` (someone waits for a retry) or `refused`
    (someone does not get it; whoever else was addressed has it)."""
    attempts.end(connection, claimed.message_id, replies, now)
    outcome = _settled(connection, claimed, replies, now)
    values: dict[str, Any] = {"state": outcome}
    if outcome == "deferred":
        due_at = retry_at(claimed.message_id, claimed.attempts, now)
        values = {"state": "pending", "due_at": due_at}
    if any(reply.outcome == "sent" for reply in replies.values()):
        values["sent_at"] = now
    _release(connection, claimed, last_reply=_in_one_line(replies), **values)
    return outcome


def _settled(connection: Connection, claimed: Claim, replies: Replies, now: datetime) -> Outcome:
    if any(reply.outcome in {"deferred", "unknown"} for reply in replies.values()):
        give_up_at = connection.scalars(
            select(OutboxRow.give_up_at).where(OutboxRow.id == claimed.row_ids[0])
        ).one()
        return "deferred" if now < give_up_at else "refused"
    return "refused" if attempts.any_refused(connection, claimed.message_id) else "sent"


def _in_one_line(replies: Replies) -> str:
    texts = {reply.text for reply in replies.values()}
    if len(texts) == 1:
        return texts.pop()
    return "; ".join(f"{recipient}: {reply.text}" for recipient, reply in replies.items())


def refuse(connection: Connection, claimed: Claim, reason: str, now: datetime) -> None:
    """Record that the message itself cannot be sent, whoever it is for."""
    attempts.end_all(connection, claimed.message_id, "refused", reason, now)
    _release(connection, claimed, state="refused", last_reply=reason)


def postpone(
    connection: Connection,
    claimed: Claim,
    reason: str,
    now: datetime,
    wait: timedelta = timedelta(0),
) -> int:
    """Put back `claimed` and all else that is due on the same way, because nobody can be reached
    there at the moment: one mail server takes all mail, each subscription has a webhook of its own.

    Not an attempt for those that were only waiting. `wait`: no sooner than that. Returns how many
    messages now wait."""
    until = retry_at(claimed.message_id, claimed.attempts, now, unreachable=True)
    until = max(until, now + wait)
    same_way = OutboxRow.channel == claimed.channel
    if claimed.channel == "webhook":
        same_way &= OutboxRow.subscription == claimed.subscription
    attempts.end_all(connection, claimed.message_id, "deferred", reason, now)
    _release(connection, claimed, state="pending", due_at=until, last_reply=reason)
    connection.execute(
        update(OutboxRow)
        .where(OutboxRow.state == "pending", OutboxRow.due_at <= now, same_way)
        .values(due_at=until, last_reply=reason)
    )
    waiting = (OutboxRow.state == "pending") & (OutboxRow.due_at == until) & same_way
    connection.execute(
        update(OutboxRow).where(waiting, OutboxRow.give_up_at <= now).values(state="refused")
    )
    # A digest is one message, also before its first attempt gave it one Message-ID.
    message = func.coalesce(OutboxRow.digest, OutboxRow.message_id)
    return connection.execute(select(func.count(message.distinct())).where(waiting)).scalar_one()


def recover(connection: Connection, alive: Callable[[str], bool], now: datetime) -> tuple[int, int]:
    """Put back what a dead owner was sending; returns (messages put back, of these unknown).

    An owner whose claim has run out counts as dead. Whether the final dot had been sent stands
    in the delivery rows: if it may have been, a second copy is possible, and is counted."""
    claims = connection.execute(
        select(OutboxRow.message_id, OutboxRow.claimed_by, OutboxRow.claimed_until)
        .where(OutboxRow.state == "sending")
        .distinct()
    ).all()
    dead = {
        row.message_id for row in claims if row.claimed_until <= now or not alive(row.claimed_by)
    }
    unknown = sum(attempts.end_of_dead(connection, identity, now) for identity in sorted(dead))
    connection.execute(
        update(OutboxRow)
        .where(OutboxRow.message_id.in_(dead), OutboxRow.state == "sending")
        .values(state="pending", due_at=now, claimed_by=None, claimed_until=None)
    )
    return len(dead), unknown


def retry(connection: Connection, ids: Collection[int] | None, now: datetime) -> int:
    """Make refused (and waiting) alerts due now; None means all that were refused.

    A message is retried as a whole, and goes only to those who do not have it."""
    which = OutboxRow.state == "refused"
    if ids is not None:
        which = OutboxRow.id.in_(ids) & OutboxRow.state.in_(("refused", "pending"))
    identities = set(connection.scalars(select(OutboxRow.message_id).where(which)))
    attempts.reopen(connection, identities)
    reopened = connection.execute(
        update(OutboxRow)
        .where(OutboxRow.message_id.in_(identities), OutboxRow.state.in_(("refused", "pending")))
        .values(state="pending", due_at=now, give_up_at=now + GIVE_UP_AFTER)
        .returning(OutboxRow.id)
    )
    return len(reopened.all())


def _release(connection: Connection, claimed: Claim, **values: Any) -> None:
    _hold(connection, claimed, claimed_by=None, claimed_until=None, **values)


def _hold(connection: Connection, claimed: Claim, **values: Any) -> None:
    held = connection.execute(
        update(OutboxRow)
        .where(
            OutboxRow.id.in_(claimed.row_ids),
            OutboxRow.state == "sending",
            OutboxRow.claimed_by == claimed.owner,
            OutboxRow.attempts == claimed.attempts,
        )
        .values(**values)
        .returning(OutboxRow.id)
    ).all()
    if len(held) != len(claimed.row_ids):
        raise ClaimLost(f"{claimed.message_id} was taken over by another deliverer")
