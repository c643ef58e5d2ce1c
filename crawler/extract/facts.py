"""What a page declares about itself: meta elements and JSON-LD, read once."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import _Element as Element

from crawler.extract.lines import squeeze

_TITLES = (
    "og:title",
    "twitter:title",
    "articletitle",
    "title",
    "dc.title",
    "headline",
    "sailthru.title",
)
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "sitename")
_LD_ARTICLE = re.compile(r"Article|BlogPosting|Posting$|Report$|WebPage$|cambrian", re.IGNORECASE)
# Control characters are common inside the strings of hand-written JSON-LD.
_JSON = json.JSONDecoder(strict=False)
_TITLE_LENGTH = 500  # characters; the longest title of the corpus has 90
_LD_DEPTH = 6  # levels of nesting followed; real ones use three
_LD_NODES = 400  # objects read: a listing embedded as JSON-LD must not cost more than the page


@dataclass(frozen=True)
class Facts:
    """`meta` has lower-case names and the first value of each; `linked` are the JSON-LD objects
    that describe an article, best first."""

    document_title: str
    meta: Mapping[str, str]
    linked: tuple[Mapping[str, Any], ...] = ()
    titles: tuple[str, ...] = field(default=())

    @property
    def site(self) -> str:
        """What the page calls its site; empty when it does not say."""
        return next((self.meta[name] for name in _SITES if self.meta.get(name)), "")


def read_facts(root: Element) -> Facts:
    """Everything declared, wherever it stands: scripts and meta elements stray into bodies."""
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        attributes = element.attrib
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            meta.setdefault(squeeze(name).lower().replace(": ", ":"), squeeze(content))
    linked = _linked(root)
    titles = [meta[name][:_TITLE_LENGTH] for name in _TITLES if meta.get(name)]
    titles += [
        squeeze(entry["headline"])[:_TITLE_LENGTH]
        for entry in linked
        if isinstance(entry.get("headline"), str)
    ]
    title = root.find(".//title")
    document_title = squeeze("".join(title.itertext())[:_TITLE_LENGTH]) if title is not None else ""
    return Facts(document_title, meta, linked, tuple(dict.fromkeys(titles)))


def _linked(root: Element) -> tuple[Mapping[str, Any], ...]:
    entries: list[Mapping[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in script.get("type", "") or not script.text:
            continue
        text = script.text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            value, _ = _JSON.raw_decode(text)
        except (ValueError, RecursionError):
            continue
        entries.extend(_objects(value))
    return tuple(sorted(entries, key=_is_article, reverse=True))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    pending: list[tuple[object, int]] = [(value, 0)]
    for _ in range(_LD_NODES):
        if not pending:
            return
        current, depth = pending.pop(0)
        if depth > _LD_DEPTH:
            continue
        if isinstance(current, list):
            pending.extend((entry, depth + 1) for entry in current)
        elif isinstance(current, dict):
            if "datePublished" in current or "pubDate" in current or _is_article(current):
                yield current
            pending.extend(
                (current[key], depth + 1)
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if key in current
            )


def _is_article(entry: Mapping[str, Any]) -> bool:
    kind = entry.get("@type") or entry.get("@context") or ""
    return _LD_ARTICLE.search(str(kind)) is not None
