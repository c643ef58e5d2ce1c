"""The tables of how articles stand at their addresses. Each has one writing file, named beside it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from crawler.log.tables import Base, UtcDateTime
from monitor.store.columns import Big


class ArticleLifeRow(Base):
    """How an article stands at its address, and when to look again.

    Written by `monitor/changes/lives.py`."""

    __tablename__ = "article_life"

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"), primary_key=True)
    site: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)  # live, suspect, removed
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    strikes: Mapped[int]
    first_strike_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held: Mapped[str] = mapped_column(Text)  # why enough strikes made no removal
    blocked_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blocked_reason: Mapped[str] = mapped_column(Text)
    sightings: Mapped[int]
    returns: Mapped[int]
    restored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What the last look that told anything found, and the last that was logged: here, gone,
    # blocked. A page unchanged since is what it was.
    found: Mapped[str] = mapped_column(Text)
    kept: Mapped[str] = mapped_column(Text)
    kept_reason: Mapped[str] = mapped_column(Text)
    kept_quoted: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]  # the newest that a look found there
    # What looks told of how often it changes: monitor/changes/revisits.py.
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looks: Mapped[int]
    changes: Mapped[int]
    last_change_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: no more

    __table_args__ = (
        Index("ix_article_life_due", "source", "next_look_at"),
        Index("ix_article_life_site", "site", "last_look_at"),
    )


class LifeStepRow(Base):
    """A step in an article's life, with its evidence. Written by `monitor/changes/lives.py`."""

    __tablename__ = "life_step"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"))
    deed: Mapped[str] = mapped_column(Text)  # strike, removed, cleared, blocked, restored
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    look_id: Mapped[int] = mapped_column(Big)
    log_id: Mapped[int | None] = mapped_column(Big)
    outcome: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None]
    address: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    quoted: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_life_step_article", "article_id", "id"),)


class SitePaceRow(Base):
    """How often a site's articles change, and what looks at it cost.

    Written by `monitor/changes/lives.py`."""

    __tablename__ = "site_pace"

    site: Mapped[str] = mapped_column(Text, primary_key=True)
    changes: Mapped[float]
    expected: Mapped[float]
    price: Mapped[float]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when looks were last chosen
