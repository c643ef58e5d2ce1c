"""Propose a selector for the articles of a listing page, out of those that were found without one.

Of all short selectors that the article links share (a class, a container's class or id, a part of
the address), the one that comes nearest to selecting exactly them."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from crawler.links import Link
from crawler.listings import base_of, link_of, parse, select

# Names that a build makes anew each time (css-1x9f3k2, sc-a81b20) are no ground to stand on.
_NAME = re.compile(r"[A-Za-z_][A-Za-z_-]{1,38}\d{0,2}")
_BUILT = re.compile(r"^(?:css|sc|jsx|svelte)-")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "td"})
# /news/, detail.php: what in an address names a kind of page, in words.
_PART = re.compile(
    r"(?=(/[A-Za-z_-]{3,30}/))|(?:^|(?<=/))([A-Za-z_-]{3,30}\.(?:aspx?|php|jsp))(?=\?)"
)
_ANCESTORS = 5
# Judged are those that most links share.
_MOST_TRIED = 40
# A proposal selects nearly nothing but articles, and most of them: else no selector is better.
_PRECISION = 0.9
_RECALL = 0.5
# Fewer links are no list, and anything would select them.
FEWEST_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A CSS selector, and the titles under the first links it selects."""

    selector: str
    titles: tuple[str, ...]


def propose(text: str, page_url: str, articles: tuple[Link, ...], samples: int) -> Proposal | None:
    """The selector whose links come nearest to `articles`; None when none comes near."""
    document = parse(text)
    wanted = {link.url for link in articles}
    if document is None or len(wanted) < FEWEST_ARTICLES:
        return None
    base = base_of(document, page_url)
    shared: Counter[str] = Counter()
    for anchor in document.iter("a"):
        link = link_of(anchor, base)
        if link is not None and link.url in wanted:
            shared.update(set(_selectors(anchor)))
    judged = [
        (_score(document, selector, base, wanted), -len(selector), selector)
        for selector, _ in shared.most_common(_MOST_TRIED)
    ]
    score, _, selector = max(judged, default=(0.0, 0, ""))
    if not score:
        return None
    titles = [link.text for link in _selected(document, selector, base).values() if link.text]
    return Proposal(selector, tuple(titles[:samples]))


def _score(document: Any, selector: str, base: str, wanted: AbstractSet[str]) -> float:
    """F1 of the selected addresses; 0 for a selector not worth proposing."""
    found = _selected(document, selector, base).keys()
    hits = len(found & wanted)
    if not hits or hits < _PRECISION * len(found) or hits < _RECALL * len(wanted):
        return 0.0
    return round(2 * hits / (len(found) + len(wanted)), 2)


def _selected(document: Any, selector: str, base: str) -> dict[str, Link]:
    links = (link_of(node, base) for node in select(document, selector))
    found: dict[str, Link] = {}
    for link in links:
        if link is not None and (link.url not in found or not found[link.url].text):
            found[link.url] = link
    return found


def _selectors(anchor: Any) -> Iterator[str]:
    yield from _named(anchor)
    parts = urlsplit(anchor.get("href"))
    for folder, file in _PART.findall(f"{parts.path}?{parts.query}" if parts.query else parts.path):
        yield f'a[href*="{folder or file}"]'
    last = "a"
    parent = anchor.getparent()
    if parent is not None and parent.tag in _HEADINGS:
        last = f"{parent.tag} a"
    for depth, ancestor in enumerate(anchor.iterancestors()):
        if depth == _ANCESTORS or ancestor.tag in {"body", "html"}:
            return
        for name in _named(ancestor):
            yield f"{name} a"
            if last != "a" and depth:
                yield f"{name} {last}"


def _named(node: Any) -> Iterator[str]:
    for name in (node.get("class") or "").split():
        if _NAME.fullmatch(name) and not _BUILT.match(name):
            yield f"{node.tag}.{name}"
    identity = node.get("id") or ""
    if _NAME.fullmatch(identity):
        yield f"#{identity}"
