"""Our own cheap extractor: the subtree of the page whose lines weigh most as prose."""

from collections.abc import Sequence

from crawler.extract.lines import Layout, Line, is_punctuated, weight

_LINKED = 0.5  # of a line's characters: from here on it is navigation
_PROSE = 12  # Han characters with punctuation: shorter lines prove nothing
# A block named like a sidebar is one unless it holds this share of the page's prose.
_OUTWEIGHS = {1: 0.3, 2: 0.8}
# What navigation costs a block that contains it, against Han characters of prose. Twice as much
# and an article with lists of links falls apart; half as much and sidebars get in (tuning half).
_LINK_COST = 3.0
_LINK_WEIGHT = 0.25
_SHORT_COST = 0.5
# An inner block wins over the one around it from this share of its prose: .85 lets related lists
# in, .75 loses leads (tuning half of gne, tw and aeb: F1 .982, .981, .964).
_KEEPS = 0.8
_LEFT = 0.5  # of the page's prose that asides must leave
_AROUND = 0.95  # of a single paragraph's weight, left when what stands around it is counted in
_TEASERS = 3  # in a row: two could be a story's own links
_TEASER = 120.0  # Han characters: lists cut their teasers shorter than stories their paragraphs
_TEASER_GAP = 3  # lines between a title and its teaser: a category, a date
_TITLE_SCORE = 5.0  # what a linked line of 8 Han characters costs; a name in brackets costs less


def line_score(line: Line) -> float:
    """Positive for prose, negative for navigation, about zero for what could be either."""
    size = weight(line.text)
    share = line.link_share
    if share >= _LINKED:
        return -(_LINK_COST + _LINK_WEIGHT * size)
    if line.heading or line.text[0] == "<":  # markup that was escaped by mistake
        return 0.0
    if size >= _PROSE and is_punctuated(line.text):
        return min(size, 800.0) * (1 - share)
    return -_SHORT_COST


def score_lines(lines: Sequence[Line]) -> list[float]:
    """`line_score` of each line, with teasers of other articles counted as nothing."""
    scores = [line_score(line) for line in lines]
    for position in _teasers(lines, scores):
        scores[position] = 0.0
    return scores


def _teasers(lines: Sequence[Line], scores: Sequence[float]) -> list[int]:
    """Prose lines in a list of other articles: each alone below a linked title, three times over.

    A story with links between its paragraphs looks alike but has longer paragraphs or shorter
    links (a source's name in brackets)."""
    found: list[int] = []
    run: list[int] = []
    title_at: int | None = None
    for position, (line, score) in enumerate(zip(lines, scores, strict=True)):
        if score > 0:
            if title_at is not None and position - title_at <= _TEASER_GAP and score <= _TEASER:
                run.append(position)
                title_at = None
                continue
        elif line.link_share > 0.8 and -score >= _TITLE_SCORE:
            title_at = position
            continue
        elif not run or position - run[-1] <= _TEASER_GAP:
            continue
        if len(run) >= _TEASERS:
            found.extend(run)
        run, title_at = [], None
    return [*found, *(run if len(run) >= _TEASERS else ())]


def asides(layout: Layout, scores: Sequence[float]) -> list[bool]:
    """For each block: does it stand in something beside the article?"""
    prose = _sums(layout, [max(score, 0.0) for score in scores])
    total = prose[0] if prose else 0.0
    for least in (1, 2):
        beside = _beside(layout, prose, total, least)
        left = sum(
            s
            for line, s in zip(layout.lines, scores, strict=True)
            if s > 0 and not beside[line.block]
        )
        if left >= _LEFT * total:
            break  # otherwise the names mislead on this page: believe only the sure ones
    return beside


def _beside(layout: Layout, prose: Sequence[float], total: float, least: int) -> list[bool]:
    beside = [False] * len(layout.blocks)
    for position, block in enumerate(layout.blocks):
        if block.parent >= 0 and beside[block.parent]:
            beside[position] = True
        elif block.aside >= least:
            beside[position] = prose[position] < _OUTWEIGHS[block.aside] * total
    return beside


def _sums(layout: Layout, values: Sequence[float]) -> list[float]:
    """For each block, the sum of the values of the lines in its subtree."""
    sums = [0.0] * len(layout.blocks)
    for line, value in zip(layout.lines, values, strict=True):
        sums[line.block] += value
    for position in range(len(sums) - 1, 0, -1):
        sums[layout.blocks[position].parent] += sums[position]
    return sums


def densest(layout: Layout, scores: Sequence[float], beside: Sequence[bool]) -> int | None:
    """Position of the block with the most prose; None when no block has any."""
    shown = [
        0.0 if beside[line.block] else score
        for line, score in zip(layout.lines, scores, strict=True)
    ]
    sums = _sums(layout, shown)
    best = max(range(len(sums)), key=lambda position: (sums[position], position), default=None)
    if best is None or sums[best] <= 0:
        return None
    return _descend(layout, sums, _out_of_paragraph(layout, sums, best))


def _out_of_paragraph(layout: Layout, sums: Sequence[float], best: int) -> int:
    """From a block that is one paragraph to the one around it, unless that is mostly links."""
    block = layout.blocks[best]
    while block.last - block.first == 1 and block.parent >= 0:
        if sums[block.parent] < _AROUND * sums[best]:
            break
        best = block.parent
        block = layout.blocks[best]
    return best


def _descend(layout: Layout, sums: Sequence[float], best: int) -> int:
    """To the innermost block that still keeps nearly all of the prose, and is no paragraph: its
    siblings are short when it is long."""
    floor = _KEEPS * sums[best]
    blocks = layout.blocks
    chosen = best
    for position in range(best + 1, len(blocks)):
        block = blocks[position]
        if block.first >= blocks[best].last and block.first > blocks[best].first:
            break
        if block.parent == chosen and sums[position] >= floor and block.last - block.first > 1:
            chosen = position
    return chosen
