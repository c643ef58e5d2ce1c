"""The third-party index pages with the links that a crawler should find on each. Never committed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from shared_corpus import json_lines, shared_file

from crawler.charset import decode
from crawler.links import Link
from crawler.listings import read_listing
from crawler.page import Page
from crawler.urls import HostileUrl, canonical_url
from seeds.models import Selectors


@dataclass(frozen=True)
class IndexPage:
    """One saved page. `half` is "tune" or "check", by the hash of the outlet's name."""

    file: Path
    truth: dict[str, Any]

    @property
    def half(self) -> str:
        outlet = self.truth["outlet"].encode()
        return "tune" if hashlib.sha256(outlet).digest()[0] % 2 else "check"

    @property
    def url(self) -> str:
        return urljoin(self.truth["article_links"][0], "/")

    @property
    def text(self) -> str:
        page = Page(self.url, self.url, 200, {}, self.file.read_bytes(), datetime.now(UTC))
        return decode(page).text

    def read(self) -> tuple[Link, ...]:
        return read_listing(self.text, self.url, Selectors()).articles

    def keys(self, urls: Iterable[str]) -> set[str]:
        """What addresses are compared by: the path, and of the query what the truth has of it
        (its crawlers left out `from` and `ntype`)."""
        names = {
            name
            for url in self.truth["article_links"]
            for name, _ in parse_qsl(urlsplit(url).query)
        }
        return {_key(url, names) for url in urls}

    @property
    def expected(self) -> set[str]:
        return self.keys(_canonical(url) for url in self.truth["article_links"])


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except HostileUrl:
        return url  # with an invisible character in it: never found, and counted so


def _key(url: str, names: set[str]) -> str:
    parts = urlsplit(url)
    query = [f"{name}={value}" for name, value in parse_qsl(parts.query) if name in names]
    return "?".join([parts.path.lower(), *query])


def index_pages() -> Iterator[IndexPage]:
    """Skips the test where the corpus is absent."""
    listing = shared_file("corpus/zh_pages_tw/listing_truth.jsonl")
    for truth in json_lines(listing):
        yield IndexPage(listing.parent / "pages" / truth["file"], truth)
