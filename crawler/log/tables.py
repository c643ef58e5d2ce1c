"""The crawler's tables. Each has one writing file, named beside it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Index,
    Integer,
    LargeBinary,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# 64-bit everywhere, and SQLite's own rowid where it is the key.
_BIG = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both stores. SQLite keeps no zone, so one is put back on reading.

    There, each way is one step of our own: SQLAlchemy's take four, for every time of every row."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Refuse naive times: which zone they were in can only be guessed."""
        return _to_sqlite if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Give every time back as aware UTC."""
        del coltype
        return _from_sqlite if dialect.name == "sqlite" else _to_utc


def _to_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"naive time {value!r}; times in the store are aware")
    return value.astimezone(UTC)


def _to_sqlite(value: datetime | None) -> str | None:
    """As SQLAlchemy writes times there: `2026-01-31 08:00:00.000000`."""
    utc = _to_utc(value)
    return None if utc is None else utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables of one store, the monitor's too, so that one migration history covers them."""


class ArticleLogRow(Base):
    """One article as it was fetched; append-only. Written by `crawler/log/append.py`."""

    __tablename__ = "article_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    crawl_id: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raw_hash: Mapped[str] = mapped_column(Text)
    baseline: Mapped[bool]
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    outlet: Mapped[str | None] = mapped_column(Text)
    # ISO 8601 text, because the page's own offset is part of what the page said.
    published_at: Mapped[str | None] = mapped_column(Text)
    published_precision: Mapped[str | None] = mapped_column(Text)
    modified_at: Mapped[str | None] = mapped_column(Text)
    boilerplate: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    charset: Mapped[str] = mapped_column(Text)
    truncated: Mapped[bool]

    # SQLite gives the id of a deleted newest row again; a cursor would never see its new owner.
    __table_args__ = ({"sqlite_autoincrement": True},)


class EvidenceRow(Base):
    """What is kept of one logged page, and its link in the day's chain of digests. A link stays
    when what it tells of is gone. Written by `crawler/log/chain.py`."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)  # grows in commit order
    day: Mapped[str] = mapped_column(Text)  # YYYY-MM-DD, UTC
    number: Mapped[int]  # 1 is the day's first
    entry: Mapped[str] = mapped_column(Text)  # the link: one line of JSON
    digest: Mapped[str] = mapped_column(Text)  # SHA-256 (hex) of `entry`
    log_id: Mapped[int] = mapped_column(_BIG)
    machine: Mapped[str] = mapped_column(Text)  # whose disk the file is on
    file: Mapped[str] = mapped_column(Text)  # DAY/NAME in the folder `evidence`; "" when gone
    start: Mapped[int] = mapped_column(_BIG)
    length: Mapped[int] = mapped_column(_BIG)
    state: Mapped[str] = mapped_column(Text)  # kept, digest, dropped, forgotten
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("day", "number"),
        Index("ix_evidence_log", "log_id"),
        Index("ix_evidence_file", "file"),
        {"sqlite_autoincrement": True},
    )


class SeenUrlRow(Base):
    """Every canonical URL that was ever fetched. Written by `crawler/log/seen.py`."""

    __tablename__ = "seen_url"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text)  # kept, skipped, or the name of a failure
    failures: Mapped[int] = mapped_column(default=0)  # in a row; a page that keeps failing rests
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    raw_hash: Mapped[str | None] = mapped_column(Text)
    text_hash: Mapped[str | None] = mapped_column(Text)  # of what was read out of it
    frame: Mapped[str | None] = mapped_column(Text)  # crawler/extract/frame.py
    # Whether an article was ever logged from here. Then the five above are of when one last was.
    kept: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (Index("ix_seen_url_source_first_seen", "source", "first_seen_at"),)


class LookRow(Base):
    """One look at a known article's address, or at what its site shows in other places;
    append-only. Written by `crawler/log/looks.py`."""

    __tablename__ = "look"

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)  # grows in commit order
    url: Mapped[str] = mapped_column(Text)  # canonical, as it was asked for
    site: Mapped[str] = mapped_column(Text)  # registrable domain
    role: Mapped[str] = mapped_column(Text)  # article; home, nowhere: of a site, to compare with
    source: Mapped[str] = mapped_column(Text)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text)  # kept, unchanged, skipped, or a failure's name
    status: Mapped[int | None]  # of the answer, if one came
    address: Mapped[str] = mapped_column(Text)  # where redirects led; "" without an answer
    # What was read there, when it is in no article log: of an article that is kept, nothing.
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    log_id: Mapped[int | None] = mapped_column(_BIG)  # the entry that was logged of it
    detail: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_look_site", "site", "looked_at"),
        Index("ix_look_url", "url", "id"),
        {"sqlite_autoincrement": True},
    )


class SiteTurnRow(Base):
    """When a site, or an address, may be asked again: booked before each request, so that no
    process, and none after a kill, comes sooner. Written by `crawler/log/manners.py`."""

    __tablename__ = "site_turn"

    # A registrable domain, or `address ` and one that sites share.
    site: Mapped[str] = mapped_column(Text, primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)  # delay, Crawl-delay, a rest
    paused_until: Mapped[datetime] = mapped_column(UtcDateTime)  # Retry-After, back-off
    refusals: Mapped[int]  # 429 and 503 in a row
    challenges: Mapped[int] = mapped_column(default=0, server_default="0")  # captchas in a row


class RobotsFileRow(Base):
    """The newest robots.txt an origin answered with; an unreachable one leaves it as it is.

    Written by `crawler/log/manners.py`."""

    __tablename__ = "robots_file"

    origin: Mapped[str] = mapped_column(Text, primary_key=True)  # scheme://host[:port]
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # as cut; null: `everything` is all
    everything: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)


class PolitenessRow(Base):
    """How a source's crawls behaved towards a site. Written by `crawler/log/manners.py`."""

    __tablename__ = "politeness"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    site: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requests: Mapped[int]
    smallest_gap: Mapped[float | None]  # seconds between two requests' starts
    allowed: Mapped[int]  # by robots.txt
    refused: Mapped[int]  # by robots.txt
    robots: Mapped[str] = mapped_column(Text)  # what the newest verdict came from
    crawl_delay: Mapped[float]  # seconds; 0 for none
    throttled: Mapped[int]  # answers with 429
    unavailable: Mapped[int]  # answers with 503
    challenges: Mapped[int]  # captchas
    # What pages in the browser asked for, how many asked for too much, and the newest limit passed.
    page_requests: Mapped[int] = mapped_column(default=0, server_default="0")
    cut_pages: Mapped[int] = mapped_column(default=0, server_default="0")
    cut_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class RenderingRow(Base):
    """Whether the pages of a site, met by a source, need a browser (sources with `browser: auto`).

    `role` is `list` or `article`. `misses` counts renderings in a row that showed no article
    either. Written by `crawler/log/rendering.py`."""

    __tablename__ = "rendering"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    site: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    needed: Mapped[bool]
    misses: Mapped[int]
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)


# What a store must have before anything is crawled into it.
CRAWL_TABLES: tuple[type[Base], ...] = (
    ArticleLogRow,
    EvidenceRow,
    SeenUrlRow,
    LookRow,
    SiteTurnRow,
    RobotsFileRow,
    PolitenessRow,
    RenderingRow,
)


def make_tables(engine: Engine) -> None:
    """Make the crawler's own tables in a store that is thrown away."""
    names = [row.__tablename__ for row in CRAWL_TABLES]
    Base.metadata.create_all(engine, [Base.metadata.tables[name] for name in names])
