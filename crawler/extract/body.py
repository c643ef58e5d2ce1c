"""The article's text: our own density extractor first, a judge when it is unsure."""

from collections.abc import Sequence
from dataclasses import dataclass

import trafilatura

from crawler.extract.density import asides, densest, score_lines
from crawler.extract.lines import Layout, Line, squeeze, weight
from crawler.extract.read import Document

# Han characters. A shorter text is as likely a caption or a notice as an article.
_SURE = 120.0


@dataclass(frozen=True)
class Area:
    """The lines of the block that holds the article; `first` is the position of its first prose
    line and `last` the position after its last line, both on the page; `beside` are the lines
    that stand in it but belong to related lists, share bars and the like."""

    lines: tuple[Line, ...]
    first: int
    last: int
    beside: tuple[Line, ...] = ()
    prose: float = 0.0

    @property
    def sure(self) -> bool:
        """Is there so much prose that no judge is needed?"""
        return self.prose >= _SURE


def find_area(layout: Layout) -> Area | None:
    """The article's lines by density; None when no line of the page reads like prose."""
    scores = score_lines(layout.lines)
    beside = asides(layout, scores)
    chosen = densest(layout, scores, beside)
    if chosen is None:
        return None
    block = layout.blocks[chosen]
    inside = layout.lines[block.first : block.last]
    kept = tuple(line for line in inside if not beside[line.block])
    dropped = tuple(line for line in inside if beside[line.block])
    prose = [
        p
        for p in range(block.first, block.last)
        if scores[p] > 0 and not beside[layout.lines[p].block]
    ]
    return Area(
        kept, prose[0] if prose else block.first, block.last, dropped, sum(scores[p] for p in prose)
    )


def judged_lines(document: Document) -> tuple[Line, ...]:
    """Trafilatura's text, as lines: for pages where density finds too little to be sure.

    Without its lines that are links: of a page of links it makes an article."""
    if document.truncated:
        return ()  # its recursion is not made for trees this deep
    text = trafilatura.extract(
        document.library_tree(),
        url=document.page.url,
        fast=True,
        include_comments=False,
        include_tables=True,
    )
    linked = {line.text for line in document.layout.lines if line.link_share > 0.8}
    lines = (squeeze(line).removeprefix("- ") for line in (text or "").split("\n"))
    return tuple(Line(line, 0, 0, 0) for line in lines if line and line not in linked)


def total_weight(lines: Sequence[Line]) -> float:
    """The lines' length in Han characters."""
    return sum(weight(line.text) for line in lines)
