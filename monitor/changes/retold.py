"""Passages told anew: whether what they claim was kept, however they are worded. Pure.

A rewritten sentence differs from the old one in many places, and none of them says anything by
itself: a figure goes from one place to another, a denial is made with another verb. So the whole
is compared: its figures, dates and names, its hedges and denials, and what it speaks of."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise

from monitor.changes.exchanged import figures_exchanged, roles_exchanged, subjects_exchanged
from monitor.changes.naming import place_of
from monitor.changes.passages import Passage
from monitor.changes.polarity import denials_kept, hedges_kept
from monitor.changes.proper_names import names_another
from monitor.changes.replaced import is_of_another, says_else
from monitor.changes.said import facts_changed
from monitor.changes.senses import Place, bounds_of, marks_of, sides_taken
from monitor.changes.sides import Side
from monitor.changes.speakers import is_said_by_another, without_speaker
from monitor.changes.stated import FIGURES, weighty
from monitor.changes.tokens import Fact, Token
from monitor.changes.wording import CLAUSE_END, covered, is_told, unsaid

# Figures, dates and names are the same in any order; hedges and denials are compared by what they
# are about.
_STATED = frozenset({Fact.AMOUNT, Fact.DATE, Fact.NUMBER, Fact.NAME, Fact.TOPIC})
# A passage of which less than this is left is another.
LEFT = 0.25
# A clause of so much content, of which less than this is in the other version, says something else.
CLAUSE, COVERED = 5, 0.34
# So many characters in a row that say what the other version does not, in both, say otherwise.
UNSAID = 5
# A passage in which one stretch differs stays as it was if that is no longer.
LONGEST_REPLACED = 12
_DAY = re.compile(r"(\d{1,2})日")
_SAME_DAY = re.compile(r"(?<=^[今明昨前后当])日$")
# Who is quoted is named so near.
BESIDE = 30
# Digits of a number that can be a sum without its currency.
THOUSANDS = 4
# What breaks a law is unlawful, said in one word or in several.
_UNLAWFUL = frozenset({"非法", "违法", "违规"})
_BREAKS = re.compile(r"非法|不法|违[法规反背]|不合[法规]|触犯")
# What is listed says so much by itself, or is a clause.
MEMBER, LONGEST_MEMBER = 3, 8
_LISTED = re.compile(
    r"、|以及|及(?![时其格])|(?:和|与)(?!.{0,8}(?:联[络系]|协商|沟通|交涉|合作|商[量谈讨]|洽谈|达成|签|有关|无关|相[比同关]|不同|一[起样同]))"
    r"|并(?![非不未])|或(?![许将会者])"
)
# Who resigned is a former manager, what is appealed against a first judgment, said or not.
_ASIDE = frozenset({"原", "前", "一审", "二审", "终审"})
# What goes without saying: (今年)上半年, (一)家公司.
_COUNTED = frozenset("项种类大点")
_UNSAID = frozenset({"今年", "本年", "年内", "1"})


class Kept(Enum):
    """What became of what a passage claims: all is claimed, something not, or as far as the passage
    tells; or it speaks of what may be told in another."""

    WHOLE = auto()
    NOT = auto()
    DOUBTFUL = auto()
    ELSEWHERE = auto()


def kept(old: Side, new: Side, passage: Passage) -> Kept:
    """What became in a rewritten passage of what it claimed."""
    ours, theirs = old.tokens[slice(*passage.old)], new.tokens[slice(*passage.new)]
    if not _is_same_matter(ours, theirs) or facts_lost((old, new), (ours, theirs)):
        return Kept.ELSEWHERE
    places = _place(old, *passage.old), _place(new, *passage.new)
    texts = [text[start:end] for text, start, end in places]
    if _says_else(*texts) or _says_else(*reversed(texts)):
        return Kept.ELSEWHERE
    if _speaks_of_another(old, new, passage, texts):
        return Kept.NOT
    if (
        figures_exchanged(old, new, passage)
        or subjects_exchanged(old, new, passage)
        or bounds_lost(*places)
        or roles_exchanged(*places)
        or _sides_changed(*places)
        or not (hedges_kept(ours, theirs) and denials_kept(*texts))
    ):
        return Kept.DOUBTFUL
    return Kept.WHOLE


def _speaks_of_another(old: Side, new: Side, passage: Passage, texts: Sequence[str]) -> bool:
    """Whether in the same words for the rest one version speaks of somebody or something else."""
    return (
        _lists_more(*texts)
        or _lists_more(*reversed(texts))
        or min(unsaid(*texts), unsaid(*reversed(texts))) >= UNSAID
        or is_of_another(old, new, passage)
        or _is_another_word(old, new, passage)
        or is_said_by_another(*texts)
        or names_another(without_speaker(texts[0], _around(new, *passage.new)), texts[1])
        or names_another(without_speaker(texts[1], _around(old, *passage.old)), texts[0])
    )


def _around(side: Side, first: int, last: int) -> str:
    """A passage with what stands beside it: who is quoted is named there."""
    text, start, end = _place(side, first, last)
    return text[max(0, start - BESIDE) : end + BESIDE]


def _is_another_word(old: Side, new: Side, passage: Passage) -> bool:
    """Whether all that differs are words that have nothing to do with those in their place."""
    if len(passage.runs) > 1:
        return False
    run = passage.runs[0]
    if any(map(CLAUSE_END.search, (old.written(*run[:2]), new.written(*run[2:])))):
        return False
    return says_else(place_of(old, *run[:2]), place_of(new, *run[2:]), longest=LONGEST_REPLACED)


def _is_same_matter(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether the shorter of two passages has enough of its words in the other."""
    one, other = ({each.key for each in tokens} for tokens in (ours, theirs))
    return len(one & other) > LEFT * min(len(one), len(other))


def _sides_changed(old: Place, new: Place) -> bool:
    """Whether of two claims that exclude each other one passage has one, the other the other."""
    marks = marks_of(*old) - marks_of(*new), marks_of(*new) - marks_of(*old)
    if all(_BREAKS.search(*each) for each in (old, new)):
        marks = marks[0] - _UNLAWFUL, marks[1] - _UNLAWFUL
    if all(marks) or (marks[0] | marks[1]) - _ASIDE:
        return True
    before, after = sides_taken(*old), sides_taken(*new)
    gone, come = before - after, after - before
    return bool({family for family, _ in gone} & {family for family, _ in come})


def facts_lost(
    sides: tuple[Side, Side],
    tokens: tuple[Sequence[Token], Sequence[Token]],
    *,
    loosely: bool = False,
) -> bool:
    """Whether a figure, date or name of a passage is another; what the text tells elsewhere too
    may be left out and put in. `loosely`, of much of a text: so may what states nothing by itself
    (二次, 当天), and a topic that is told elsewhere in another word."""
    gone, come = _beyond(tokens[0], tokens[1]), _beyond(tokens[1], tokens[0])
    day = sides[1].day or sides[0].day
    if not facts_changed(gone, come, day):
        return False
    if {each.fact for each in gone} & {each.fact for each in come}:
        return True
    left, fresh = _not_told(gone, sides[1]), _not_told(come, sides[0])
    if loosely:
        left, fresh = _telling(left, sides[1]), _telling(fresh, sides[0])
    return bool(facts_changed(left, fresh, day))


def _telling(tokens: Sequence[Token], side: Side) -> list[Token]:
    """Those that state something by themselves, and of topics those that a version tells nowhere."""
    return [
        each
        for each in tokens
        if _tells(each) and not (each.fact is Fact.TOPIC and is_told(each.key, side.folded))
    ]


def _not_told(tokens: Sequence[Token], side: Side) -> list[Token]:
    """Those of a few tokens that a whole version states nowhere."""
    wanted = {_key(each) for each in tokens if _tells(each)}
    told = {_key(each) for each in side.tokens if each.fact in _STATED} if wanted else set()
    return [each for each in tokens if _key(each) not in wanted & told]


def _beyond(tokens: Sequence[Token], others: Sequence[Token]) -> list[Token]:
    """What is stated, but not by the other side; said twice is said once."""
    there = {*map(_key, others), *_days(others), *_sums(others)}
    written = "".join(each.key for each in others)
    return [
        each
        for each, behind in zip(tokens, [*tokens[1:], None], strict=True)
        if each.fact in _STATED
        and not _counts_listed(each, behind)
        and each.key not in _UNSAID
        and _key(each) not in there
        and not (each.fact is Fact.TOPIC and is_told(each.key, written))
    ]


def _days(tokens: Sequence[Token]) -> Iterator[tuple[Fact, str]]:
    """A period of days as a date is written, and the reverse: (在)30日(内), 30天."""
    for one, other in pairwise(tokens):
        if one.fact is other.fact is Fact.NUMBER and other.key == "天":
            yield Fact.DATE, f"{one.key}日"
    for each in tokens:
        if each.fact is Fact.DATE and (found := _DAY.fullmatch(each.key)):
            yield from ((Fact.NUMBER, found[1]), (Fact.NUMBER, "天"))


def _sums(tokens: Sequence[Token]) -> Iterator[tuple[Fact, str]]:
    """An amount as a number is written, and the reverse: 3万(元)至10万元."""
    for each in tokens:
        if each.fact is Fact.AMOUNT and each.key.endswith("元"):
            yield Fact.NUMBER, each.key.removesuffix("元")
        elif each.fact is Fact.NUMBER and len(each.key) >= THOUSANDS:
            yield Fact.AMOUNT, f"{each.key}元"


def _counts_listed(token: Token, behind: Token | None) -> bool:
    """Whether a number only counts what is listed beside it: 还款、客服两项功能."""
    return (
        token.fact is Fact.NUMBER
        and len(token.key) == 1
        and behind is not None
        and behind.key in _COUNTED
    )


def _key(token: Token) -> tuple[Fact, str]:
    """What a token states; 2300多万元 and 2300万元 are told apart by what bounds them."""
    return token.fact, _SAME_DAY.sub("天", token.key.replace("多", ""))


def _tells(token: Token) -> bool:
    """Whether a token states the same wherever it stands, unlike 两 and 一."""
    return token.fact not in FIGURES or weighty(token)


def bounds_lost(old: Place, new: Place) -> bool:
    """Whether a figure that both tell is about, more or less than it was."""
    before, after = dict(bounds_of(*old)), dict(bounds_of(*new))
    return any(before[figure] != after[figure] for figure in before.keys() & after.keys())


def _place(side: Side, first: int, last: int) -> Place:
    return side.folded, side.tokens[first].start, side.tokens[last - 1].end


def _says_else(passage: str, other: str) -> bool:
    """Whether a clause speaks of what the other version does not."""
    return any(
        content >= CLAUSE and there < COVERED * content
        for content, there in (covered(each, other) for each in CLAUSE_END.split(passage))
    )


def _lists_more(passage: str, other: str) -> bool:
    """Whether of what a clause lists the other version says nothing: 利息及个人花费, 利息."""
    for clause in CLAUSE_END.split(passage):
        members = _LISTED.split(clause)
        for each in members if len(members) > 1 else ():
            content, there = covered(each, other)
            if MEMBER <= content <= LONGEST_MEMBER and there < COVERED * content:
                return True
    return False
