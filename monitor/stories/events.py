"""Record events: the only writer of `event`. Everything happens in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from monitor.events import Event, EventKind
from monitor.store.models import EventRow

_ADD = insert(EventRow).returning(EventRow.id, sort_by_parameter_order=True)
# What an event has that is not recorded yet.
UNRECORDED = 0


def record_events(connection: Connection, events: Sequence[Event]) -> list[Event]:
    """Record what happened, in this order, with all that the rules decide by; give the events
    with their ids."""
    if not events:
        return []
    rows = [
        {
            "kind": each.kind.value,
            "happened_at": each.happened_at,
            "story_id": each.story_id,
            "article_id": each.article_id,
            "source": each.source,
            "details": each.details,
        }
        for each in events
    ]
    ids = connection.scalars(_ADD, rows).all()
    return [replace(event, id=number) for event, number in zip(events, ids, strict=True)]


def record_source_event(
    connection: Connection,
    kind: EventKind,
    source: str,
    happened_at: datetime,
    details: Mapping[str, Any],
) -> Event:
    """Record that a source fails or works again."""
    event = Event(UNRECORDED, kind, happened_at, source, details=dict(details))
    return record_events(connection, [event])[0]
