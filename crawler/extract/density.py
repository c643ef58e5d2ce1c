"""Our own cheap extractor: the subtree of the page whose lines weigh most as prose."""

from crawler.extract.lines import Layout, Line, punctuation, weight

_LINKED = 0.5  # of a line's characters: from here on it is navigation
_PROSE = 12  # Han characters with punctuation: shorter lines prove nothing
# A block named like a sidebar is one unless it holds this share of the page's prose.
_OUTWEIGHS = {1: 0.3, 2: 0.8}
_KEEPS = 0.85


def line_score(line: Line) -> float:
    """Positive for prose, negative for navigation, about zero for what could be either."""
    size = weight(line.text)
    share = line.link_share
    if share >= _LINKED:
        return -(6 + 0.5 * size)
    if line.heading:
        return 0.0
    if size >= _PROSE and punctuation(line.text):
        return min(size, 800.0) * (1 - share)
    return -1.0


def asides(layout: Layout, scores: list[float]) -> list[bool]:
    """For each block: does it stand in something beside the article?"""
    blocks = layout.blocks
    prose = [0.0] * len(blocks)
    for line, score in zip(layout.lines, scores, strict=True):
        if score > 0:
            prose[line.block] += score
    for position in range(len(blocks) - 1, 0, -1):
        prose[blocks[position].parent] += prose[position]
    total = prose[0] if prose else 0.0
    beside = [False] * len(blocks)
    for position, block in enumerate(blocks):
        if block.parent >= 0 and beside[block.parent]:
            beside[position] = True
        elif block.aside:
            beside[position] = prose[position] < _OUTWEIGHS[block.aside] * total
    return beside


def densest(layout: Layout, scores: list[float], beside: list[bool]) -> int | None:
    """Position of the block with the most prose; None when no block has any."""
    blocks = layout.blocks
    sums = [0.0] * len(blocks)
    for line, score in zip(layout.lines, scores, strict=True):
        if not beside[line.block]:
            sums[line.block] += score
    for position in range(len(blocks) - 1, 0, -1):
        sums[blocks[position].parent] += sums[position]
    best = max(range(len(blocks)), key=lambda position: (sums[position], position), default=None)
    if best is None or sums[best] <= 0:
        return None
    return _descend(layout, sums, best)


def _descend(layout: Layout, sums: list[float], best: int) -> int:
    """To the innermost block that still keeps nearly all of the prose."""
    floor = _KEEPS * sums[best]
    blocks = layout.blocks
    chosen = best
    for position in range(best + 1, len(blocks)):
        if (
            blocks[position].first >= blocks[best].last
            and blocks[position].first > blocks[best].first
        ):
            break
        if blocks[position].parent == chosen and sums[position] >= floor:
            chosen = position
    return chosen
