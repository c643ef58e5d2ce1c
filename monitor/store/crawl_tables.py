"""The tables of crawls: when they are due, and how they went."""

from datetime import datetime

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from crawler.log.tables import Base, UtcDateTime


class CrawlRow(Base):
    """One crawl of one source, from start to end. Written by `monitor/crawls.py`."""

    __tablename__ = "crawl"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)  # running, finished, failed, interrupted
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[int] = mapped_column(default=0)
    articles: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    known: Mapped[int] = mapped_column(default=0, server_default="0")
    failures: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    message: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_crawl_source", "source", "started_at"),)


class ScheduleRow(Base):
    """When a source is due. Written by `monitor/due.py`."""

    __tablename__ = "schedule"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    timing: Mapped[str] = mapped_column(Text)  # the declaration it was computed from
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)  # crawls failed in a row
