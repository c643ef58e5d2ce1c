"""What happened, for showing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from monitor.masking import mask
from monitor.store.models import EventRow

# Keys of an event's details whose values quote a page.
_QUOTING = frozenset({"summary", "quoted", "quote", "title", "old", "new"})


@dataclass(frozen=True, slots=True)
class EventView:
    """One thing that happened, for showing."""

    event_id: int
    kind: str
    happened_at: datetime
    article_id: int | None
    source: str
    details: Mapping[str, Any]


def events_where(connection: Connection, condition: ColumnElement[bool]) -> tuple[EventView, ...]:
    """Give the events that meet `condition`, oldest first. Personal data in what they quote is
    masked."""
    rows = connection.execute(
        select(EventRow.__table__).where(condition).order_by(EventRow.happened_at, EventRow.id)
    )
    return tuple(
        EventView(
            row.id, row.kind, row.happened_at, row.article_id, row.source, _masked(row.details)
        )
        for row in rows
    )


def _masked(details: Any) -> Any:
    """Details with every quotation in them masked."""
    if isinstance(details, list):
        return [_masked(each) for each in details]
    if not isinstance(details, dict):
        return details
    return {
        key: mask(value) if key in _QUOTING and isinstance(value, str) else _masked(value)
        for key, value in details.items()
    }
