"""How much of one text stands word for word in another, in long passages. Pure."""

from monitor.stories.tiling import coded, tiles

# So many characters in a row are a passage that was taken over. Of the real pairs of 2018 notices
# of one form and reports of one event, which quote the same statements, have up to .39 of the
# shorter text in such passages; of the pairs judged "partial" that are no copies, .46 to .66.
PASSAGE = 50
QUOTED = 0.45
# Less in all is a statement that two reports quote: 147 characters of 283 in two articles judged
# different, 346 of 678 in two reports of one event.
QUOTED_AT_LEAST = 350


def quotes(one: str, other: str) -> bool:
    """Whether two compact texts have so much in common, word for word, that one quotes the other
    at length, or both a third: about half of the shorter."""
    needed = max(QUOTED_AT_LEAST, QUOTED * min(len(one), len(other)))
    if min(len(one), len(other)) < needed:
        return False
    lengths = (each.length for each in tiles(*coded(one, other)))
    return sum(length for length in lengths if length >= PASSAGE) >= needed
