"""What is kept of one page, as WARC 1.1 records: request, response, what was read out of it."""

import hashlib
import uuid
import zlib
from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.article import Article
from crawler.directives import directives_of
from crawler.log.append import storable
from crawler.page import HeaderLines, Page, Wire

State = Literal["kept", "digest"]

VERSION = "WARC/1.1"
FIELDS = "application/warc-fields"
HTTP = "application/http; msgtype="
# A page of 148 kB: 1.9 ms and 31.7 kB, against 6.2 ms and 29.2 kB at warcio's own level 9. A body
# that came compressed shrinks no further: stored as it is, it takes 0.03 ms instead of 0.5.
_GZIP_LEVEL, _AS_IT_IS = 4, 0
# Request headers that tell nothing about whoever runs the crawler. Any other one may carry a
# login: that it was sent is evidence, what it said is not.
_SHOWN = frozenset(
    b"accept accept-encoding accept-language connection host if-modified-since if-none-match"
    b" referer user-agent".split()
)
_WITHHELD = b"(withheld)"


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record as it is stored, a gzip member; `digest` is SHA-256 (hex) of those bytes."""

    kind: str  # WARC-Type
    stored: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Capture:
    """All records of one page, in the order in which they are stored.

    `state` is `digest` when the page asks that no copy is kept: then there is no body in it."""

    state: State
    records: tuple[Record, ...]

    @property
    def length(self) -> int:
        """Bytes as stored."""
        return sum(len(record.stored) for record in self.records)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A record to be: its type, its own id, its block's media type, its block, more headers."""

    kind: str
    record_id: str
    content: str
    block: bytes
    fields: tuple[tuple[str, str], ...] = ()
    packed: bool = False  # the block is compressed in itself


# The name by which pages address us (`crawler/robots.py`).
ROBOT = "lendwatch"


@dataclass(frozen=True, slots=True)
class Origin:
    """How a page was come by: its source, its crawl, and SHA-256 (hex) of its decoded bytes."""

    source: str
    crawl_id: str
    raw_hash: str


def capture_of(pages: Sequence[Page], article: Article, origin: Origin) -> Capture:
    """The records of an article that was kept, from the first of its pages to the last.

    Request and response as they crossed the network, of a rendered page also its DOM and what
    there is of a picture, each as `resource`; metadata of it all at the end. When one page forbids
    copies, none gives response or resource."""
    forbids = any(directives_of(page, ROBOT).noarchive for page in pages)
    state: State = "digest" if forbids else "kept"
    records: list[Record] = []
    described: list[str] = []
    for page in pages:
        main, request = _new_id(), _new_id()
        records += _exchange(page, main, request, state)
        if state == "kept":
            records += _resources(page, main)
        described += [main] if state == "kept" else [request] if page.wire else []
    fields = [("WARC-Concurrent-To", record_id) for record_id in described]
    fields += [("WARC-Refers-To", record_id) for record_id in described[:1]]
    block = _fields(pages, article, origin, state)
    records.append(_record(pages[0], _Draft("metadata", _new_id(), FIELDS, block, tuple(fields))))
    return Capture(state, tuple(records))


def warcinfo(name: str, software: str, now: datetime) -> bytes:
    """The record that a file begins with."""
    about = f"software: {software}\r\nformat: WARC File Format 1.1\r\n"
    fields = (("WARC-Filename", name),)
    return _stored(_Draft("warcinfo", _new_id(), FIELDS, about.encode(), fields), now)


def tombstone(state: str, reason: str, now: datetime) -> bytes:
    """What stands where a page's records were: that they are gone, since when and why."""
    block = f"{state}: {_date(now)}\r\nreason: {reason}\r\n".encode()
    return _stored(_Draft("metadata", _new_id(), FIELDS, block), now)


def digest_of(content: bytes) -> str:
    """A digest as WARC tools write it."""
    return f"sha256:{b32encode(hashlib.sha256(content).digest()).decode()}"


def text_hash(title: str, body: str) -> str:
    """SHA-256 (hex) of an article's title, a line feed, and its body, in UTF-8, as the log has it."""
    return hashlib.sha256(f"{storable(title)}\n{storable(body)}".encode()).hexdigest()


def _exchange(page: Page, main: str, request: str, state: State) -> Iterator[Record]:
    wire = page.wire
    if wire is None:
        return
    # The payload of a GET is empty.
    fields = [("WARC-Payload-Digest", digest_of(b""))]
    if state == "kept":
        fields.append(("WARC-Concurrent-To", main))
    block = _request_block(wire)
    yield _record(page, _Draft("request", request, f"{HTTP}request", block, tuple(fields)))
    if state == "kept":
        block = _http_block(wire.status_line, _response_headers(wire), wire.body)
        fields = [("WARC-Payload-Digest", digest_of(wire.body))]
        if wire.address:
            fields.append(("WARC-IP-Address", wire.address))
        packed = any(name.lower() == b"content-encoding" for name, _ in wire.headers)
        draft = _Draft("response", main, f"{HTTP}response", block, tuple(fields), packed)
        yield _record(page, draft)


def _resources(page: Page, main: str) -> Iterator[Record]:
    """What a browser made of the page. It is the main record of a page that has no exchange."""
    shown = [("text/html; charset=utf-8", page.body)] if page.rendered or not page.wire else []
    shown += [("image/png", page.picture)] if page.picture else []
    for number, (content, block) in enumerate(shown):
        is_main = not page.wire and number == 0
        fields = () if is_main else (("WARC-Concurrent-To", main),)
        packed = content.startswith("image/")
        record_id = main if is_main else _new_id()
        yield _record(page, _Draft("resource", record_id, content, block, fields, packed))


def _request_block(wire: Wire) -> bytes:
    lines = tuple(
        (name, value if name.lower() in _SHOWN else _WITHHELD)
        for name, value in wire.request_headers
    )
    return _http_block(wire.request_line, lines, b"")


def _response_headers(wire: Wire) -> HeaderLines:
    """As received; but the chunks are joined, and no reader may look for them."""
    return tuple(
        (b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name, value)
        for name, value in wire.headers
    )


def _http_block(first_line: bytes, headers: HeaderLines, body: bytes) -> bytes:
    lines = [first_line, *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _fields(pages: Sequence[Page], article: Article, origin: Origin, state: State) -> bytes:
    """What was read out of the pages, in WARC's own form for such lines."""
    page = pages[0]
    published = article.published_at.isoformat() if article.published_at else ""
    payloads = [each.wire.body if each.wire else each.body for each in pages]
    lines = {
        "canonical-url": article.url,
        "requested-url": page.requested_url,
        "fetched-at": page.fetched_at.isoformat(),
        "http-status": str(page.status),
        "source": origin.source,
        "crawl": origin.crawl_id,
        "kept": "whole" if state == "kept" else "digests only: the page says noarchive",
        "rendered": "by a browser" if page.rendered else "no",
        "payload-digest": " ".join(map(digest_of, payloads)),
        "pages": str(len(pages)) if len(pages) > 1 else "",
        "page-sha256": origin.raw_hash,
        "text-sha256": text_hash(article.title, article.body),
        "title": article.title if state == "kept" else "",
        "author": article.author or "",
        "published-at": published,
    }
    return "".join(
        f"{name}: {' '.join(value.split())}\r\n" for name, value in lines.items() if value
    ).encode("utf-8", "replace")


def _record(page: Page, draft: _Draft) -> Record:
    fields = (("WARC-Target-URI", page.url), *draft.fields)
    stored = _stored(replace(draft, fields=fields), page.fetched_at)
    return Record(draft.kind, stored, hashlib.sha256(stored).hexdigest())


def _stored(draft: _Draft, at: datetime) -> bytes:
    digest = digest_of(draft.block)
    headers = [
        ("WARC-Type", draft.kind),
        ("WARC-Record-ID", draft.record_id),
        ("WARC-Date", _date(at)),
        *draft.fields,
        ("WARC-Block-Digest", digest),
    ]
    if draft.kind in {"metadata", "resource"}:
        headers.append(("WARC-Payload-Digest", digest))
    record = ArcWarcRecord(
        "warc",
        draft.kind,
        StatusAndHeaders("", headers, VERSION),
        BytesIO(draft.block),
        None,
        draft.content,
        len(draft.block),
    )
    whole = BytesIO()
    WARCWriter(whole, gzip=False, warc_version=VERSION).write_record(record)
    level = _AS_IT_IS if draft.packed else _GZIP_LEVEL
    packer = zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(whole.getbuffer()) + packer.flush()


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _date(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
