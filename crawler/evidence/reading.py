"""Read evidence back: where its bytes are, and what a page's records say in words."""

import html
import re
import unicodedata
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.charset import decode
from crawler.evidence.mending import OPEN
from crawler.page import Page

# Decoding asks for a page, and a page for its time; this one is read for its text only.
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_TAG = re.compile(r"<[^>]*>")
# What a stored page may unfold into; the crawler kept none that was larger.
_MOST_BYTES = 64 * 1024 * 1024


class EvidenceMissing(Exception):
    """A file of evidence is not on this machine, or shorter than it was."""


def read_stored(folder: Path, file: str, start: int, length: int) -> bytes:
    """The bytes at a place. Raises EvidenceMissing."""
    path = folder / file
    # Ended by its writer between the two looks, it has lost its suffix.
    for candidate in (path, path.with_name(path.name + OPEN), path):
        try:
            with candidate.open("rb") as opened:
                opened.seek(start)
                stored = opened.read(length)
        except FileNotFoundError:
            continue
        if len(stored) == length:
            return stored
        raise EvidenceMissing(f"{candidate}: shorter than it was; restore it from a backup")
    raise EvidenceMissing(f"{path}: is not on this machine; run this where it is")


def says(stored: bytes, sought: str) -> bool:
    """Whether any record among these bytes has `sought` in its address, headers or text.

    `sought` is a form that `comparable` gave. A page's text is looked at as served and without
    its markup, so that a name in two tags is found. Records that cannot be read count as found:
    what must be gone is not left because it is damaged."""
    try:
        return any(sought in comparable(text) for text in _texts(stored))
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, zlib.error):
        return True


def comparable(text: str) -> str:
    """Text as it is compared: one width, one case, entities resolved, no white space."""
    return "".join(unicodedata.normalize("NFKC", html.unescape(text)).casefold().split())


def _texts(stored: bytes) -> Iterator[str]:
    for record in ArchiveIterator(BytesIO(stored)):
        if not record.rec_headers.get_header("WARC-Target-URI"):
            continue  # ours: who wrote the file, or that something is gone
        yield "\n".join(f"{name}: {value}" for name, value in record.rec_headers.headers)
        http = record.http_headers
        if http is not None:
            yield "\n".join(
                [http.statusline, *(f"{name}: {value}" for name, value in http.headers)]
            )
        content = record.content_stream().read(_MOST_BYTES)
        kind = http.get_header("Content-Type", "") if http else ""
        headers = {"content-type": kind or "text/html; charset=utf-8"}
        at = record.rec_headers.get_header("WARC-Target-URI") or ""
        text = decode(Page(at, at, 200, headers, content, _ANY_TIME)).text if content else ""
        yield text
        if "<" in text:
            yield _TAG.sub("", text)
