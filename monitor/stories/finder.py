"""Find the story a text belongs to: candidates from the index, compared in full. Order of arrival
decides nothing but who is the lead and which of two stories a text made of both is in: a text joins
the nearest, and makes one story of several that it is bound to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from monitor.stories.first_sight import edges_at_first_sight
from monitor.stories.reading import Reading
from monitor.stories.relation import (
    BOUND,
    OPENING_OF,
    UNRELATED,
    Likeness,
    Relation,
    binds,
    nearly_as_long,
    relate,
    same_title,
)

# So many candidates are compared in full, and of one story so many: the copies of a story that
# went round must not hide another story that the text belongs to as well.
COMPARED = 12
OF_ONE_STORY = 4
# So many of an article's partial copies are asked whether they are bound to it.
PARTS = 8
# A guest is copied, too: so far back is a copy's origin followed.
COPIED = 3
# Two texts that together have this share of a third, in which both are, overlap in it.
OVERLAPPING = 1.2


@dataclass(frozen=True, slots=True)
class Known:
    """One text that was seen: an article's revision, and the story the article is in.

    `lead_id` is the story's first article. `relation` is the one the article came in with, to
    article `of_id`."""

    article_id: int
    story_id: int
    lead_id: int
    relation: Relation
    reading: Reading
    of_id: int | None = None
    url: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How a new text relates to the nearest one; `known` is None when it is new.

    `bound` is empty, or holds the leads of the stories that the text shows to be one story, with
    how each relates to the text; `known`'s is among them. `quotes` is whether the text opens a
    story although it has a known one in it."""

    likeness: Likeness
    known: Known | None
    bound: tuple["Found", ...] = ()
    quotes: bool = False

    @property
    def joins(self) -> bool:
        """Whether the text belongs to `known`'s story."""
        return self.known is not None and self.likeness.relation.joins


NOTHING = Found(UNRELATED, None)


class Texts(Protocol):
    """The texts that were seen, as whoever keeps them gives them."""

    def stories(self, connection: Connection, articles: Sequence[int]) -> Mapping[int, int]:
        """The story of each article."""

    def load(self, connection: Connection, articles: Sequence[int]) -> Iterable[Known]:
        """The texts of some articles."""

    def parts(self, connection: Connection, known: Known) -> Iterable[Known]:
        """What an article came to as `partial`, and the first that came to it so and joined."""


class Furniture(Protocol):
    """What is known to be site furniture, as a text of `site` meets it ("" for no known site)."""

    @property
    def site(self) -> str:
        """The text's site."""

    def lines(self, texts: Iterable[tuple[str, Reading]]) -> frozenset[int]:
        """The keys of all lines that are furniture of any of these texts, given with their sites."""


@dataclass(frozen=True, slots=True)
class _Unfurnished:
    """Texts read without some lines. Every text that one is compared with is, so that likeness,
    length and guests are of the articles, and not of their sites."""

    texts: Texts
    furniture: frozenset[int]

    def stories(self, connection: Connection, articles: Sequence[int]) -> Mapping[int, int]:
        return self.texts.stories(connection, articles)

    def load(self, connection: Connection, articles: Sequence[int]) -> Iterable[Known]:
        return self._without(self.texts.load(connection, articles))

    def parts(self, connection: Connection, known: Known) -> Iterable[Known]:
        return self._without(self.texts.parts(connection, known))

    def _without(self, known: Iterable[Known]) -> Iterator[Known]:
        return (replace(each, reading=each.reading.without(self.furniture)) for each in known)


def find(
    connection: Connection,
    reading: Reading,
    candidates: Sequence[int],
    texts: Texts,
    furniture: Furniture | None = None,
) -> Found:
    """Find the nearest earlier text of `reading` among the index's candidates, likeliest first."""
    if not candidates:
        return NOTHING
    articles = _of_several_stories(candidates, texts.stories(connection, candidates))
    known = list(texts.load(connection, articles))
    lines = _furniture(reading, known, furniture) if furniture is not None else frozenset()
    if lines:
        own = reading.without(lines)
        if own.prose:
            reading, texts = own, _Unfurnished(texts, lines)
            known = [replace(each, reading=each.reading.without(lines)) for each in known]
        else:
            known = _of_furniture(known, reading, lines)
    compared = [Found(relate(reading, each.reading), each) for each in known]
    joining = _through_own_members(connection, reading, compared, texts)
    for found in joining:
        if _may_join(reading, found):
            return replace(found, bound=_bound(connection, reading, found, joining, texts))
    opening = [each for each in compared if each.likeness.relation in OPENING_OF]
    found = min(opening, key=lambda each: _nearest_first(reading, each), default=NOTHING)
    return replace(found, quotes=True) if any(each.joins for each in compared) else found


def _furniture(reading: Reading, known: Sequence[Known], furniture: Furniture) -> frozenset[int]:
    """The lines without which texts are compared: what is learned about the sites of any of
    them, and of the text's own site what two articles show at first sight."""
    site = furniture.site
    lines = furniture.lines([(site, reading), *((each.site, each.reading) for each in known)])
    fellows = [each.reading for each in known if site and each.site == site]
    return lines.union(*(edges_at_first_sight(reading, each, lines) for each in fellows))


def _of_furniture(known: Sequence[Known], reading: Reading, lines: frozenset[int]) -> list[Known]:
    """The texts that one of nothing but furniture can be compared with: those under its title."""
    named = (each for each in known if same_title(reading, each.reading))
    return [each for each in named if not each.reading.without(lines).prose]


def _of_several_stories(candidates: Sequence[int], stories: Mapping[int, int]) -> list[int]:
    """The likeliest candidates, of one story no more than are needed."""
    taken: Counter[int] = Counter()
    chosen = []
    for article_id in candidates:
        story_id = stories[article_id]
        taken[story_id] += 1
        if taken[story_id] <= OF_ONE_STORY:
            chosen.append(article_id)
    return chosen[:COMPARED]


def _nearest_first(reading: Reading, found: Found) -> tuple[bool, bool, bool, int, float, int]:
    """What is bound to the text first, by its title before by its length, and what only quotes last;
    then the nearer relation, the greater share, the earlier article."""
    known, likeness = _known(found), found.likeness
    return (
        not _is_bound(reading, found),
        likeness.quoted,
        not same_title(reading, known.reading),
        likeness.relation.rank,
        -likeness.similarity,
        known.article_id,
    )


def _known(found: Found) -> Known:
    assert found.known is not None
    return found.known


def _is_bound(reading: Reading, found: Found) -> bool:
    return not found.likeness.quoted and binds(reading, _known(found).reading)


def _through_own_members(
    connection: Connection, reading: Reading, compared: Sequence[Found], texts: Texts
) -> list[Found]:
    """The nearest that a text joins of each story, without what it would join as a guest's guest.

    A guest is a round-up in the story of one of its items, or an article that quotes at length.
    What else is in it is no part of that story: B must not come into A's with a round-up of both,
    in whichever order they come."""
    stories: dict[int, list[Found]] = {}
    for each in sorted(compared, key=lambda each: _nearest_first(reading, each)):
        if each.joins:
            stories.setdefault(_known(each).story_id, []).append(each)
    nearest = (_through_member(connection, reading, each, texts) for each in stories.values())
    return [each for each in nearest if each is not None]


def _through_member(
    connection: Connection, reading: Reading, joining: Sequence[Found], texts: Texts
) -> Found | None:
    """The nearest of one story's texts that a text joins. What is bound to one of its own
    members belongs to it; else a guest among those that it joins is enough to keep it out."""
    guests = False
    for found in joining:
        known = _known(found).reading
        bound = _is_bound(reading, found)
        if (found.likeness.quoted or not nearly_as_long(reading, known)) and _elsewhere(
            reading, _parts(connection, _known(found), texts, unbound=bound)
        ):
            guests = True
        elif bound:
            return found
    return None if guests else joining[0]


def _elsewhere(reading: Reading, parts: Iterable[Reading]) -> bool:
    """Whether a text has to do with none of the parts that a longer one is known by."""
    known_by = list(parts)
    return bool(known_by) and not any(relate(reading, part).relation.joins for part in known_by)


def _parts(
    connection: Connection, known: Known, texts: Texts, *, unbound: bool
) -> Iterator[Reading]:
    """The articles that are only a part of `known`, or of what it copies; `unbound`: only those
    that nothing else binds to it, whose guest it is. What only quotes `known` is no guest that
    keeps out what is bound to it."""
    copied = known
    for _ in range(COPIED):
        for part in texts.parts(connection, copied):
            if relate(part.reading, known.reading).quoted:
                chosen = not unbound or part.article_id == copied.of_id
            else:
                shorter = len(part.reading.prose) < BOUND * len(known.reading.prose)
                chosen = shorter and not (unbound and binds(part.reading, known.reading))
            if chosen:
                yield part.reading
        if copied.of_id is None or not copied.relation.joins:
            return
        copied, *_ = texts.load(connection, [copied.of_id])
        if not nearly_as_long(copied.reading, known.reading):
            return


def _may_join(reading: Reading, found: Found) -> bool:
    """Whether a text belongs to one that it joins: what is not bound to it may be about nobody
    else at least."""
    subjects = {reading.names.dominant, _known(found).reading.names.dominant} - {None}
    return len(subjects) <= 1 or _is_bound(reading, found)


def _bound(
    connection: Connection, reading: Reading, joined: Found, joining: Sequence[Found], texts: Texts
) -> tuple[Found, ...]:
    """The leads of the stories that a new text shows to be one with the story it joins: two halves
    open two stories until the whole arrives. No story is bound through its guests."""
    one = [each for each in joining if _are_one(reading, joined, each)]
    if joined not in one or len(one) == 1:
        return ()
    own = [each for each in one if not any(_parts(connection, _known(each), texts, unbound=True))]
    if joined not in own or len(own) == 1:
        return ()
    return tuple(_as_lead(connection, reading, each, texts) for each in own)


def _are_one(reading: Reading, first: Found, second: Found) -> bool:
    """Whether two texts that a third is related to are one article, and it with them: all have one
    title, or both are bound to it and so much of it that they overlap."""
    if not (_is_bound(reading, first) and _is_bound(reading, second)):
        return False
    pair = [_known(each).reading for each in (first, second)]
    shares = (min(1.0, len(each.prose) / len(reading.prose)) for each in pair)
    return all(same_title(reading, each) for each in pair) or sum(shares) >= OVERLAPPING


def _as_lead(connection: Connection, reading: Reading, found: Found, texts: Texts) -> Found:
    """The lead of a story that a new text belongs to as well, and how it relates to that text."""
    lead, *_ = texts.load(connection, [_known(found).lead_id])
    likeness = relate(lead.reading, reading)
    return Found(likeness if likeness.relation.joins else found.likeness, lead)
