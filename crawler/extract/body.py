"""The article's text: the densest block, or else what stands below the title."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.extract.density import LINKED, asides, densest, score_lines
from crawler.extract.lines import Layout, Line, lay_out, weight
from crawler.extract.read import Document

# Han characters. A shorter text is as likely a caption or a notice as an article.
_SURE = 120.0
_LIST = 2  # links in a row; three read worse of 255 real pages whose text was cut to a notice
# What follows a list of links is the same text when it outweighs what stands before it so: a table
# of results below its contents, not a footer below a notice. 10 and 20 cost those 255 pages nothing.
_GOES_ON = 10.0


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
        """Is there so much prose that it need not be looked for elsewhere?"""
        return self.prose >= _SURE


def find_area(layout: Layout) -> Area:
    """The article's lines by density; empty, at the page's end, when none reads like prose."""
    scores = score_lines(layout.lines)
    beside = asides(layout, scores)
    chosen = densest(layout, scores, beside)
    if chosen is None:
        return Area((), len(layout.lines), len(layout.lines))
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


def scriptless_area(document: Document, shown: Area) -> Area:
    """The article as browsers that run no scripts show it, at the place of what is `shown`;
    `shown` where there is none. Forums that are drawn by scripts write theirs into `noscript`."""
    if next(document.root.iter("noscript"), None) is None:
        return shown
    found = find_area(lay_out(document.root, scriptless=True))
    return replace(found, first=shown.first, last=shown.last) if found.sure else shown


def below_title(layout: Layout, area: Area, title_at: int | None) -> tuple[Line, ...]:
    """The lines below the title, up to a list of links, where more of them stand above the first
    prose than there is prose: calendars, tables of results, notices. Else empty."""
    if title_at is None or title_at >= area.first:
        return ()
    kept: list[int] = []
    for stretch in _stretches(layout, title_at + 1):
        if kept and _weight(layout, stretch) <= _GOES_ON * _weight(layout, kept):
            break
        kept += stretch
    above = _weight(layout, [position for position in kept if position < area.first])
    return tuple(layout.lines[position] for position in kept) if above > area.prose else ()


def _stretches(layout: Layout, begin: int) -> Iterator[list[int]]:
    """Positions of the lines from `begin` on that are no links and in nothing named an aside, in
    one list for all between two lists of links."""
    aside: list[bool] = []
    for block in layout.blocks:
        aside.append(block.aside > 0 or (block.parent >= 0 and aside[block.parent]))
    stretch: list[int] = []
    links = 0
    for position, line in enumerate(layout.lines[begin:], begin):
        if aside[line.block]:
            continue
        links = links + 1 if line.link_share >= LINKED else 0
        if not links:
            stretch.append(position)
        elif links >= _LIST and stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _weight(layout: Layout, positions: Sequence[int]) -> float:
    return total_weight(layout.lines[position] for position in positions)


def total_weight(lines: Iterable[Line]) -> float:
    """The lines' length in Han characters."""
    return sum(weight(line.text) for line in lines)
