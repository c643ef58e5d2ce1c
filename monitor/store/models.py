"""The monitor's tables. Each has one writing file, named beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from crawler.log.tables import ArticleLogRow, Base, EvidenceRow, LookRow, SeenUrlRow, UtcDateTime
from monitor.store.columns import Big
from monitor.store.crawl_tables import CrawlRow, ScheduleRow
from monitor.store.furniture_tables import LineCountRow
from monitor.store.life_tables import ArticleLifeRow, LifeStepRow, SitePaceRow
from monitor.store.sentence_tables import (
    ClauseSpreadRow,
    NoveltyRow,
    SentenceMarkRow,
    SentenceSketchRow,
)

__all__ = [
    "ArticleLifeRow",
    "ArticleLogRow",
    "Base",
    "ClauseSpreadRow",
    "CrawlRow",
    "EvidenceRow",
    "LifeStepRow",
    "LineCountRow",
    "LookRow",
    "NoveltyRow",
    "ScheduleRow",
    "SeenUrlRow",
    "SentenceMarkRow",
    "SentenceSketchRow",
    "SitePaceRow",
]


def _dated_at(context: DefaultExecutionContext) -> datetime:
    """Give what time filters and orders go by: when the page says it was published, in UTC.

    When it was first seen, if the page says nothing; never later than that, because a page
    cannot be published after it was read (a date of tomorrow is a wrong clock or a promise)."""
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    first_seen_at: datetime = row["first_seen_at"]
    try:
        published_at = datetime.fromisoformat(row.get("published_at") or "")
    except ValueError:
        return first_seen_at
    return min(published_at, first_seen_at) if published_at.tzinfo else first_seen_at


class CursorRow(Base):
    """How far a reader of a log has come. Written by `monitor/intake.py`."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Big)


class StoryRow(Base):
    """A cluster of articles that carry the same text; one that went into another has none left.

    Written by `monitor/stories/record.py`."""

    __tablename__ = "story"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    lead_article_id: Mapped[int] = mapped_column(Big)  # the earliest-seen copy
    title: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    article_count: Mapped[int]
    site_count: Mapped[int]
    # Where its articles went: whoever asks for this story is shown that one.
    merged_into: Mapped[int | None] = mapped_column(Big, ForeignKey("story.id"))

    __table_args__ = (
        Index("ix_story_opened", "opened_at"),
        Index("ix_story_site_count", "site_count", "opened_at"),
    )


class ArticleRow(Base):
    """An article at its canonical URL, as last read. Written by `monitor/stories/record.py`."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    url: Mapped[str] = mapped_column(Text, unique=True)
    site: Mapped[str] = mapped_column(Text)  # registrable domain (or host:port on an address)
    source: Mapped[str] = mapped_column(Text)  # the source that first collected it
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    outlet: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[str | None] = mapped_column(Text)  # ISO 8601, the page's own offset
    published_precision: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Filled by itself on insert; an edit leaves it, a page re-dated keeps its first date here.
    dated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_dated_at)
    story_id: Mapped[int] = mapped_column(Big, ForeignKey("story.id"))
    relation: Mapped[str] = mapped_column(Text)
    of_article_id: Mapped[int | None] = mapped_column(Big)  # whom the relation is to
    similarity: Mapped[float]  # containment, 0 to 1; 0 for `new`
    revision_count: Mapped[int]

    __table_args__ = (
        Index("ix_article_story_site", "story_id", "site", "first_seen_at"),
        Index("ix_article_first_seen", "first_seen_at"),
        Index("ix_article_dated", "dated_at"),
        Index("ix_article_source", "source"),
    )


class RevisionRow(Base):
    """One text of an article. Written by `monitor/stories/record.py`."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"))
    number: Mapped[int]  # 1 is the first
    log_id: Mapped[int] = mapped_column(Big)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    folded_hash: Mapped[str] = mapped_column(Text)  # title and body; equal: unchanged

    __table_args__ = (UniqueConstraint("article_id", "number"),)


class MentionRow(Base):
    """One counted occurrence of an alias or topic term in an article's current text.

    Written by `monitor/stories/about.py`."""

    __tablename__ = "mention"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"))
    kind: Mapped[str] = mapped_column(Text)  # platform, topic
    name: Mapped[str] = mapped_column(Text)
    surface: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)  # title, body, boilerplate
    start: Mapped[int]
    end: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_mention_article", "article_id"),)


class ArticleLabelRow(Base):
    """What an article is about, once a platform and once a topic: what filters ask for.

    Written by `monitor/stories/about.py`."""

    __tablename__ = "article_label"

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)  # platform, topic
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    severity: Mapped[int]  # Severity.rank for a topic, 0 for a platform

    __table_args__ = (Index("ix_article_label_name", "kind", "name", "article_id"),)


class ArticleReadingRow(Base):
    """What an article's current text was read with, and how likely a content farm made it.

    An article without one was read before there were likelihoods; `lendwatch rematch` adds it.
    Written by `monitor/stories/about.py`."""

    __tablename__ = "article_reading"

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"), primary_key=True)
    watchlist: Mapped[str] = mapped_column(Text)  # `edition_of`, monitor/stories/understand.py
    farm_score: Mapped[float]  # 0 to 1
    farm_reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class FingerprintRow(Base):
    """What near-duplicate search knows of an article. Written by `monitor/stories/index.py`."""

    __tablename__ = "fingerprint"

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"), primary_key=True)
    folded_hash: Mapped[str] = mapped_column(Text)
    shingle_count: Mapped[int]
    sampled_count: Mapped[int]
    method: Mapped[int]  # version of the fingerprint method

    __table_args__ = (Index("ix_fingerprint_folded_hash", "folded_hash"),)


class IndexRunRow(Base):
    """Index entries of many articles, sorted, on pages. Written by `monitor/stories/runs.py`."""

    __tablename__ = "index_run"

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)  # by chance
    first_page: Mapped[int] = mapped_column(Big)
    pages: Mapped[int]
    entries: Mapped[int]
    fences: Mapped[bytes]  # of a large run: the first shingle of each page
    filter: Mapped[bytes]  # of a large run: see monitor/stories/filters.py


class IndexPageRow(Base):
    """One page of a run. Written by `monitor/stories/runs.py`."""

    __tablename__ = "index_page"

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    content: Mapped[bytes]  # see monitor/stories/entries.py


class EventRow(Base):
    """A fact, in the past tense. Written by `monitor/stories/events.py`."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)  # see monitor/events.py
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    story_id: Mapped[int | None] = mapped_column(Big)
    article_id: Mapped[int | None] = mapped_column(Big)
    source: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        Index("ix_event_happened", "happened_at"),
        Index("ix_event_story", "story_id"),
        Index("ix_event_article", "article_id"),
    )


class OutboxRow(Base):
    """One alert on one channel to hand over. Written by `monitor/alerts/outbox.py`."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    event_id: Mapped[int] = mapped_column(Big, ForeignKey("event.id"))
    subscription: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)  # pending, sending, sent, refused
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str | None] = mapped_column(Text)  # key of the digest that will carry it
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_reply: Mapped[str | None] = mapped_column(Text)
    claimed_by: Mapped[str | None] = mapped_column(Text)  # host:pid:… while `sending`
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    give_up_at: Mapped[datetime] = mapped_column(UtcDateTime)  # then deferred becomes refused

    __table_args__ = (
        UniqueConstraint("event_id", "subscription", "channel"),
        Index("ix_outbox_state_due", "state", "due_at"),
    )


class DeliveryRow(Base):
    """One attempt to hand one message to one recipient. Written by `monitor/alerts/attempts.py`."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    message_id: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    phase: Mapped[str] = mapped_column(Text)  # connecting, data, done
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # sent, deferred, refused, unknown (the reply to the final dot was lost), reopened (a person
    # asked to retry what was refused)
    outcome: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_delivery_message", "message_id"),)


class IntakeFailureRow(Base):
    """A logged article that could not be taken in, kept for a person to look at.

    Written by `monitor/intake.py`."""

    __tablename__ = "intake_failure"

    log_id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text)
