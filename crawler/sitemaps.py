"""Read a sitemap: XML (urlset, index, news), gzipped, or plain text, to its addresses."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from lxml import etree

from crawler.links import Link, absolute, without_build_times
from crawler.page import Page


class NotASitemap(Exception):
    """What came is no sitemap, or one that is not read (it declares a document type)."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`articles` of a urlset, or the further `sitemaps` of an index; `cut` when over a limit."""

    articles: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()
    cut: bool = False


def read_sitemap(page: Page, limit: int, max_bytes: int) -> Sitemap:
    """Read at most `limit` addresses of at most `max_bytes` decoded bytes."""
    body = _unpacked(page, max_bytes)
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        body = body.decode("utf-16", "replace").encode()
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _read_xml(page, body, limit)
    return _read_text(page, body, limit)


def _unpacked(page: Page, max_bytes: int) -> bytes:
    """Undo gzip by its magic number: servers label `sitemap.xml.gz` in every possible way."""
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(page.body, max_bytes)
    except zlib.error as error:
        raise NotASitemap(f"{page.url} is broken gzip ({error})") from error
    if unpacker.unconsumed_tail:
        raise NotASitemap(f"{page.url} unpacks to more than {max_bytes} bytes; it is not read")
    return body


def _read_xml(page: Page, body: bytes, limit: int) -> Sitemap:
    # Before the parser sees it: no sitemap needs a document type, and bombs need one.
    if b"<!doctype" in body[:4096].lower() or b"<!entity" in body.lower():
        came = "an HTML page" if b"<html" in body[:4096].lower() else "a document type"
        raise NotASitemap(f"{page.url} answered {came}, not a sitemap; correct the source's url")
    kind = ""
    entries: list[dict[str, str]] = []
    cut = False
    try:
        for tag, entry in _elements(body):
            kind = kind or tag
            if len(entries) >= limit:
                cut = True
                break
            if entry.get("loc"):
                entries.append(entry)
    except etree.XMLSyntaxError as error:
        if not entries:
            raise NotASitemap(f"{page.url} is not readable XML ({error})") from error
        cut = True  # a truncated file gives what stands before the break
    if not kind and b"<html" in body[:4096].lower():
        raise NotASitemap(f"{page.url} answered an HTML page; correct the source's url")
    links = tuple(without_build_times(list(_links(entries, page.url))))
    return Sitemap(sitemaps=links, cut=cut) if kind == "sitemap" else Sitemap(links, cut=cut)


# Sitemap elements, and those of the feeds that the protocol allows in their place.
_ENTRIES = frozenset({"url", "sitemap", "item", "entry"})
_TIMES = ("lastmod", "publication_date", "pubDate", "updated")


def _elements(body: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    events = etree.iterparse(
        BytesIO(body),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in events:
        tag = _local(element)
        if tag not in _ENTRIES:
            continue
        yield tag, _fields(element)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _fields(element: Any) -> dict[str, str]:
    fields: dict[str, str] = {}
    for child in element.iter():
        tag = _local(child)
        if tag == "link" and child is not element:
            fields.setdefault("loc", child.get("href") or (child.text or "").strip())
        elif tag == "loc" and _local(child.getparent()) in _ENTRIES:
            # not the loc of an image or a video inside the entry
            fields["loc"] = (child.text or "").strip()
        elif tag in _TIMES or tag == "title":
            fields.setdefault(tag, (child.text or "").strip())
    return fields


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _links(entries: list[dict[str, str]], base: str) -> Iterator[Link]:
    for entry in entries:
        url = absolute(entry["loc"], base)
        if url is not None:
            times = (_time(entry[name]) for name in _TIMES if name in entry)
            yield Link(url, next((time for time in times if time), None), entry.get("title", ""))


_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


def _time(text: str) -> datetime | None:
    """A W3C date; a day or a month alone means its beginning, a missing zone UTC."""
    try:
        time = datetime.fromisoformat(text if len(text) != 7 else f"{text}-01")
    except ValueError:
        return None
    if not _DATE.match(text):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _read_text(page: Page, body: bytes, limit: int) -> Sitemap:
    """One address a line. Nothing that looks like one means it is no sitemap."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines()]
    found = [absolute(line, page.url) for line in lines if line.startswith(("http://", "https://"))]
    urls = [url for url in found if url is not None]
    if not urls:
        raise NotASitemap(f"{page.url} lists no address; correct the source's url")
    return Sitemap(tuple(Link(url) for url in urls[:limit]), cut=len(urls) > limit)
