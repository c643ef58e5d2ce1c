"""See furniture in two articles of one site, before the site is known. Pure."""

from monitor.stories.lines import shared_edges
from monitor.stories.reading import BRIEF, Reading
from monitor.stories.relation import Relation, relate, same_title

# Both articles have prose of their own besides what they share: as much as is needed to compare
# it, and no less of the page than this. A repost under another lede has a tenth.
OWN = 0.15


def edges_at_first_sight(one: Reading, other: Reading, furniture: frozenset[int]) -> frozenset[int]:
    """The lines that two articles of one site have in common at their heads and tails, where
    nothing else relates them: `furniture` is what is known of the site already.

    Empty where one may be the other's copy: under one title, or with too little of its own."""
    if same_title(one, other):
        return frozenset()
    edges = shared_edges(one.lines, other.lines) - furniture
    if not edges:
        return frozenset()
    lines = furniture | edges
    for text in (one, other):
        if len(text.without(lines).prose) < max(BRIEF, OWN * len(text.without(furniture).prose)):
            return frozenset()
    apart = relate(one.without(lines), other.without(lines)).relation is Relation.NEW
    return frozenset(edges) if apart else frozenset()
