"""Links of index pages against those that a crawler should find, without hand-written selectors.

    python -m tests.bench.bench_listings

One line a figure: method, half, precision and recall over all links (of pages, the mean), and the
processor time of a page. The halves are by the hash of the outlet's name: `tune` was looked at
while rules were written, `check` measured (the mistakes of the rules before these were seen on
both). Prints nothing but a note, and exits 0, where the corpus is absent."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from lxml import html

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus_listings import IndexPage, index_pages

from crawler.article_links import is_title
from crawler.links import absolute
from crawler.urls import HostileUrl, site_of
from tests.bench.timing import seconds


def ours(page: IndexPage, text: str) -> Iterator[str]:
    del text
    yield from (link.url for link in page.read())


def same_site(page: IndexPage, text: str) -> Iterator[str]:
    """Every link to the site itself."""
    yield from (url for url, _ in _links(page, text))


def long_texts(page: IndexPage, text: str) -> Iterator[str]:
    """Every link to the site itself under a text as long as a title."""
    yield from (url for url, words in _links(page, text) if is_title(words))


def _links(page: IndexPage, text: str) -> Iterator[tuple[str, str]]:
    document = html.document_fromstring(text.encode("utf-8", "replace"))
    for root in (document, *document.itersiblings("html")):
        for anchor in root.iter("a"):
            url = absolute(anchor.get("href") or "", page.url)
            if url and _is_of_site(url, page):
                yield url, " ".join(anchor.text_content().split())


def _is_of_site(url: str, page: IndexPage) -> bool:
    try:
        return site_of(url) == site_of(page.url)
    except HostileUrl:
        return False


METHODS: dict[str, Callable[[IndexPage, str], Iterable[str]]] = {
    "lendwatch": ours,
    "all same-site links": same_site,
    "titles of 8 characters and more": long_texts,
}


def figures(pages: list[IndexPage], read: Callable[[IndexPage, str], Iterable[str]]) -> str:
    """Precision and recall of a method on some pages."""
    scores, both, taken, expected = [], 0, 0, 0
    for page in pages:
        found, wanted = page.keys(read(page, page.text)), page.expected
        hits = len(found & wanted)
        both, taken, expected = both + hits, taken + len(found), expected + len(wanted)
        scores.append((hits / max(1, len(found)), hits / len(wanted)))
    precision, recall = (sum(each) / len(scores) for each in zip(*scores, strict=True))
    return f"precision {both / taken:.3f} ({precision:.3f})  recall {both / expected:.3f} ({recall:.3f})"


def main() -> None:
    """Print every figure."""
    try:
        pages = list(index_pages())
    except pytest.skip.Exception as absent:
        print(f"listings: {absent}")
        return
    for name, read in METHODS.items():
        for half in ("tune", "check", "all"):
            chosen = [page for page in pages if half in ("all", page.half)]
            print(f"listings: {name}, {half} ({len(chosen)} pages): {figures(chosen, read)}")
    page = min(pages, key=lambda each: abs(len(each.text) - 60_000))
    cost = seconds(page.read, 3)
    print(f"listings: a page of {len(page.text):,} characters takes {cost * 1000:.1f} ms")


if __name__ == "__main__":
    main()
