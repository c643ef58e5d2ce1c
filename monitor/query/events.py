"""What happened, for showing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from monitor.store.models import EventRow


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
    """Give the events that meet `condition`, oldest first."""
    rows = connection.execute(
        select(EventRow.__table__).where(condition).order_by(EventRow.happened_at, EventRow.id)
    )
    return tuple(
        EventView(row.id, row.kind, row.happened_at, row.article_id, row.source, row.details)
        for row in rows
    )
