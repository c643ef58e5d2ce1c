"""How much a passage says that states no fact of a list: a word, or a clause that is new. Pure."""

import re

from monitor.changes.fillers import are_fillers
from monitor.changes.naming import place_of
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side
from monitor.changes.wording import (
    are_alike_long,
    content,
    covered,
    is_advice,
    is_filler,
    sentence_at,
)

# Replaced or added runs with so much content (Han characters) are a clause: what it says is new.
# A judgement, not a measurement: a synonym is two to four characters, a clause hardly under six.
CLAUSE = 6
# So much will do of one that was put in between two commas: ,称将起诉造谣者。
WHOLE_CLAUSE = 4
# And of a sentence: 她报案了。
WHOLE_SENTENCE = 2
# 或家长.
ONE_MORE = 3
_CLAUSE_MARKS = frozenset(",，;；:：。!?\n")
# 姓名、电话、身份证号与金额.
_LISTING_MARKS = frozenset("、和与及或等")
_ONE_MORE = re.compile(
    r"(?:以及|[或和与及、])(?P<one>\w{2,8})|(?P<other>\w{2,8})(?:以及|[或和与及、])"
)
_SENTENCE_MARKS = frozenset("。!?\n")
_BESIDE = ' \u3000“”‘’「」『』"'
_SENTENCE_END = re.compile(r"(?<=[^。!?;\n])[。!?;\n]+(?=[^。!?;\n])")


def says_more(old: Side, new: Side, run: Run) -> bool:
    """Whether a passage without facts says more than it did in other words."""
    texts = old.written(*run[:2]), new.written(*run[2:])
    if _is_another_of(old, new, run):
        return True
    least = CLAUSE
    if _is_whole_clause(old, new, run):
        least = WHOLE_CLAUSE
    elif _is_whole_sentence(old, new, run):
        least = WHOLE_SENTENCE
    if content(*texts) < least or is_all_filler(old, new, run):
        return False
    advice = all(is_advice(sentence_at(*each)) for each in places_of(old, new, run))
    return not (advice and are_alike_long(*texts))


def _is_another_of(old: Side, new: Side, run: Run) -> bool:
    """Whether only one more of a kind is told, or one less: 教职员(或家长)."""
    texts = old.written(*run[:2]), new.written(*run[2:])
    found = _ONE_MORE.fullmatch("".join(texts)) if not all(texts) else None
    if found is None:
        return False
    places = places_of(old, new, run)
    said, there = covered(found["one"] or found["other"], sentence_at(*places[bool(texts[0])]))
    return said > 0 == there


def _is_whole_clause(old: Side, new: Side, run: Run) -> bool:
    """Whether a clause, or what is listed, was put in or left out of which the other version says nothing."""
    if run[0] < run[1] and run[2] < run[3]:
        return False
    places = places_of(old, new, run)
    (text, first, last), beside = places if run[0] < run[1] else reversed(places)
    marks = {text[first - 1 : first], text[last : last + 1]}
    is_listed = "、" in marks and marks <= _CLAUSE_MARKS | _LISTING_MARKS
    if not is_listed and (not marks <= _CLAUSE_MARKS or marks <= _SENTENCE_MARKS):
        return False
    said, known = covered(text[first:last], sentence_at(*beside))
    return 2 * known < said


def _is_whole_sentence(old: Side, new: Side, run: Run) -> bool:
    """Whether one sentence or several were put in or left out, and nothing else."""
    if run[0] < run[1] and run[2] < run[3]:
        return False
    side, first, last = (old, *run[:2]) if run[0] < run[1] else (new, *run[2:])
    begins, ends = side.tokens[first].start, side.tokens[last - 1].end
    before, behind = (
        side.folded[:begins].rstrip(_BESIDE)[-1:],
        side.folded[ends:].lstrip(_BESIDE)[:1],
    )
    return all(not each or each in _SENTENCE_MARKS for each in (before, behind))


def is_all_filler(old: Side, new: Side, run: Run) -> bool:
    """Whether what came, went or was replaced is a page speaking to its readers, or whole sentences
    that came or went tell nothing."""
    if run[0] == run[1] and are_fillers(new, *run[2:]):
        return True
    if run[2] == run[3] and are_fillers(old, *run[:2]):
        return True
    sides = zip(places_of(old, new, run), (run[:2], run[2:]), strict=True)
    told = [sentence_at(*place) for place, (first, last) in sides if first < last]
    return all(is_filler(each) for sentences in told for each in _SENTENCE_END.split(sentences))


def places_of(old: Side, new: Side, run: Run) -> tuple[Place, Place]:
    """Where a run stands in both texts."""
    return place_of(old, *run[:2]), place_of(new, *run[2:])
