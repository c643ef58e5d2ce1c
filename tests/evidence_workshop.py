"""Make evidence for tests: pages that are kept by the crawler's own code, logged and taken in."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from stored_articles import NOON

from crawler.article import Article
from crawler.evidence.archive import Archive
from crawler.evidence.records import Capture, Origin, capture_of
from crawler.log.append import Entry, append_articles
from crawler.log.chain import Link, chain
from crawler.log.tables import EvidenceRow
from crawler.page import Page, Wire
from monitor.intake import Intake
from monitor.stories.batch import Enqueue
from seeds.match import Matcher
from seeds.watchlist import load_watchlist

BODY = "用钱宝的用户{name}反映，逾期后接到大量催收电话，对方自称第三方公司，编号{number}。" * 4


def page(number: int, name: str = "张先生", at: datetime = NOON, headers: Any = ()) -> Page:
    """Page `number` as it crossed the network: gzip on, chunks joined, a GBK header."""
    text = BODY.format(name=name, number=number)
    body = f"<html><title>第{number}篇</title><p>{text}</p></html>".encode()
    url = f"https://news.example/{number}.html"
    received = (
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"content-ENCODING", b"gzip"),
        (b"Transfer-Encoding", b"chunked"),
        (b"X-Title", "催收".encode("gbk")),
        *headers,
    )
    wire = Wire(
        f"GET /{number}.html HTTP/1.1".encode(),
        ((b"Host", b"news.example"), (b"User-Agent", b"lendwatch"), (b"Cookie", b"sid=secret")),
        b"HTTP/1.1 200 OK",
        received,
        "192.0.2.7",
        gzip.compress(body, mtime=0),
    )
    lower = {name.decode().lower(): value.decode("latin-1") for name, value in received}
    tags = tuple(value.decode() for name, value in received if name == b"X-Robots-Tag")
    return Page(url, url, 200, lower, body, at, robots_tags=tags, wire=wire)


def article(of: Page, number: int, name: str = "张先生") -> Article:
    return Article(of.url, f"用钱宝催收 第{number}篇", BODY.format(name=name, number=number))


@dataclass
class Workshop:
    """A store and a folder of evidence, filled the way a crawl fills them."""

    engine: Engine
    folder: Path
    file_bytes: int = 1_000_000
    archive: Archive = field(init=False)

    def __post_init__(self) -> None:
        self.archive = Archive(self.folder, self.file_bytes)

    def keep(self, pages: Sequence[tuple[Page, Article]], now: datetime = NOON) -> list[int]:
        """Keep and log pages in one batch; give their positions in the log."""
        origins = [Origin("portal", "c1", sha256(page.body).hexdigest()) for page, _ in pages]
        captures = [
            capture_of((page,), article, origin)
            for (page, article), origin in zip(pages, origins, strict=True)
        ]
        places = self.archive.append(captures, now)
        entries = [self.entry(*pair) for pair in pages]
        with self.engine.begin() as connection:
            ids = append_articles(connection, entries)
            links = [
                Link(
                    log_id, capture.state, place,
                    tuple((each.kind, len(each.stored), each.digest) for each in capture.records),
                )
                for log_id, capture, place in zip(ids, captures, places, strict=True)
            ]  # fmt: skip
            chain(connection, links, now)
        return ids

    def keep_numbers(
        self, numbers: Sequence[int], now: datetime = NOON, name: str = "张先生"
    ) -> None:
        pages = [page(number, name, now) for number in numbers]
        self.keep(
            [(each, article(each, n, name)) for each, n in zip(pages, numbers, strict=True)], now
        )

    def entry(self, of: Page, read: Article) -> Entry:
        """What is logged of a page."""
        raw_hash = sha256(of.body).hexdigest()
        return Entry("portal", "c1", of.fetched_at, raw_hash, False, read)

    def capture(self, number: int, name: str) -> Capture:
        """The records of a page that is not logged."""
        of = page(number, name)
        return capture_of((of,), article(of, number, name), Origin("portal", "c1", ""))

    def take_in(self, enqueue: Enqueue = lambda *_: None) -> None:
        """Make articles of what was logged."""
        matcher = Matcher(load_watchlist(Path(__file__).parent.parent / "seeds"))
        Intake(self.engine, matcher, enqueue).run()

    def rows(self) -> list[Any]:
        with self.engine.connect().execution_options(lendwatch_read=True) as connection:
            query = select(EvidenceRow.__table__).order_by(EvidenceRow.id)
            return list(connection.execute(query))

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


def days_after(days: int) -> datetime:
    return NOON.astimezone(UTC) + timedelta(days=days)
