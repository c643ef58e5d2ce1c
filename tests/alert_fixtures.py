"""Events, subscriptions and configurations for the tests of alerts, with the values that matter."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from stored_articles import Given, store, story_of

from monitor.alerts.facts import read_event
from monitor.config import Config, MailOptions, Subscription
from monitor.events import Event, EventKind
from monitor.store.models import DeliveryRow, EventRow, OutboxRow
from seeds.loader import PACKAGED
from seeds.models import Severity

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

COLLECTION = Given(
    title="用钱宝催收再升级：借款人称通讯录被爆",
    body="记者获悉，多名借款人反映用钱宝逾期后遭到暴力催收，"
    "催收人员拨打其通讯录联系人电话13812345678，并以上门相威胁。\n"
    "平台客服4001234567表示正在核实。",
    url="https://news.example.com/2026/1124/1.html",
    site="example.com",
    published_at="2026-11-24T09:30:00+08:00",
    first_seen_at=NOW,
    platforms=("用钱宝",),
    topics={"collection": Severity.HIGH},
)


def event(kind: EventKind = EventKind.STORY_OPENED, **changes: Any) -> Event:
    """An event of a collection story about 用钱宝, changed as the test needs."""
    usual = Event(
        id=1,
        kind=kind,
        happened_at=NOW,
        source="portal",
        story_id=12,
        article_id=34,
        relation="new",
        platforms=frozenset({"用钱宝"}),
        topics={"collection": Severity.HIGH},
    )
    return replace(usual, **changes)


def subscription(**changes: Any) -> Subscription:
    """A subscription to collection stories at once, changed as the test needs."""
    usual: dict[str, Any] = {
        "name": "desk",
        "topics": ("collection",),
        "timezone": "Asia/Shanghai",
        "to": ("desk@example.org",),
    }
    return Subscription(**(usual | changes))


def config(
    folder: Path, *subscriptions: Subscription, database: str = "", mail: MailOptions | None = None
) -> Config:
    """A configuration whose workspace is `folder`."""
    return Config(
        workspace=folder,
        database=database or f"sqlite:///{folder / 'lendwatch.db'}",
        seeds=PACKAGED,
        mail=mail or MailOptions(),
        subscriptions=subscriptions or (subscription(),),
    )


def stored_event(
    connection: Connection,
    given: Given = COLLECTION,
    kind: EventKind = EventKind.STORY_OPENED,
    details: dict[str, Any] | None = None,
    happened_at: datetime = NOW,
) -> Event:
    """Store an article and an event of it; give the event as the rules see it."""
    article_id = store(connection, given)
    event_id = connection.execute(
        insert(EventRow)
        .values(
            kind=kind.value,
            happened_at=happened_at,
            story_id=story_of(connection, article_id),
            article_id=article_id,
            source=given.source,
            details=details or {},
        )
        .returning(EventRow.id)
    ).scalar_one()
    return read_event(connection, event_id)


def stored_source_event(connection: Connection, kind: EventKind, **details: Any) -> Event:
    """Store an event of the source `portal`."""
    event_id = connection.execute(
        insert(EventRow)
        .values(kind=kind.value, happened_at=NOW, source="portal", details=details)
        .returning(EventRow.id)
    ).scalar_one()
    return read_event(connection, event_id)


def outbox_rows(connection: Connection) -> list[Any]:
    """All outbox rows, oldest first."""
    return list(connection.execute(select(OutboxRow.__table__).order_by(OutboxRow.id)))


def delivery_rows(connection: Connection) -> list[Any]:
    """All attempts, oldest first."""
    return list(connection.execute(select(DeliveryRow.__table__).order_by(DeliveryRow.id)))
