"""Line two token lists up and cut the differences into typed segments. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from monitor.changes.anew import is_told_anew
from monitor.changes.exchanged import exchanged, figures_exchanged, roles_exchanged
from monitor.changes.form import is_in_a_range, is_link
from monitor.changes.moved_dates import same_date_moved
from monitor.changes.naming import is_named_before, only_naming, place_of, renamed
from monitor.changes.passages import Passage, joined, passages
from monitor.changes.replaced import is_another_name, replaced_parts, says_else
from monitor.changes.retold import Kept, kept
from monitor.changes.runs import PASSAGE, runs
from monitor.changes.said import facts_changed
from monitor.changes.senses import Place, bounds_changed, claims_changed, sense
from monitor.changes.sides import Run, Side
from monitor.changes.speakers import is_said_by_another, same_speaker_moved
from monitor.changes.stated import FIGURES
from monitor.changes.tokens import Fact, Token
from monitor.changes.weighing import CLAUSE, ONE_MORE, is_all_filler, places_of, says_more
from monitor.changes.whole_words import whole_words
from monitor.changes.wording import COLLECTING, is_told, sentence_at

# A text in more sentences of which than this a word was replaced by a strange one was polished.
POLISHED = 3
# A note of a correction says so at its beginning.
LONGEST_NOTE = 400
# What a page says to its readers at its end or beginning, in words.
LONGEST_FILLER = 80

# Kinds of change that alter what a reader concludes; wording alone does so only by the clause.
MATERIAL = frozenset(
    {
        "amount",
        "date",
        "number",
        "negation",
        "modality",
        "claim",
        "name",
        "topic",
        "correction",
        "paragraph-added",
        "paragraph-removed",
    }
)

# Figures and hedges are whole as they are compared.
_QUOTED_WHOLE = frozenset({"claim", "name", "wording"})
_CORRECTION = re.compile(
    r"更正(?:[:：启说公声]|.{0,30}(?:误|应为|致歉|抱歉))|特此更正|勘误|订正|[编编]者?[按注注]|补正|更正$"
    r"|(?:早前|此前|先前|较早|之前|前一|初版|旧版|原).{0,6}(?:报道|报导|版本|稿件|稿|文).{0,16}(?:误|错|不实|失实|不准确)"
    r"|(?:本文|文中|原文|上文|前文|报道|报导).{0,20}(?:有误|误[为作写称植将]|错误|应为|已(?:经)?(?:修正|改正|更正|纠正))"
    r"|(?:本报|本刊|本网|本站|谨此|特此|谨向|并向|向.{0,12})(?:致歉|道歉|说明)|误植|修正(?:声明|说明|启事)"
)


# What leads to a figure, or bounds it.
_LEADING = re.compile(
    r"(?>大约|约|大概|将?近|接近|超过?|逾|突破|高达|低至|不[足到]|至[少多]|最[高低多少]|起码|共计?|总[共计]|合计|累计|达到?|有|为|是|仅|只|每|各|第"
    r"|[增涨升降跌减缩扩][加长至到]?[了至到]?|上[升涨调]|下[降跌调]|[提走]高|至|到|用了?|花了?|占|长达|历时|前后|先后|前|后|近)+"
)


_ABOUT = re.compile("[多余几来]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One difference: `old` and `new` quote the originals, either may be empty; `lead_in` is
    what stands before it. `longest` is the length in words of its longer side, `telling` whether
    a reader could conclude otherwise."""

    kinds: tuple[str, ...]
    old: str
    new: str
    lead_in: str
    longest: int
    where: Literal["title", "text"]
    telling: bool = False


def segments(old: Side, new: Side, where: Literal["title", "text"]) -> list[Segment]:
    """Tell every difference between two versions, in the new one's order."""
    parts, found = differences(old, new, where)
    moved = {
        run
        for pair in pairwise(list(found))
        if same_date_moved(old, new, *pair) or same_speaker_moved(old, new, *pair)
        for run in pair
    }
    lost = False
    for passage in filter(Passage.is_rewritten, (*parts, *joined(parts))):
        became = kept(old, new, passage)
        if became is Kept.WHOLE:
            found |= {run: _only_worded(found[run]) for run in passage.runs}
        elif became is not Kept.ELSEWHERE and not any(
            is_all_filler(old, new, run) for run in passage.runs
        ):
            lost = lost or became is Kept.NOT
            run = max(passage.runs, key=_longest)
            found[run] = found[run] if found[run].telling else _claiming(found[run], "claim")
    found |= {run: replace(found[run], kinds=("order",), telling=False) for run in moved}
    telling = {run for run, each in found.items() if each.telling}
    noted = any("correction" in found[run].kinds for run in telling)
    if where == "text" and not (noted or lost) and is_told_anew(old, new, parts, telling):
        found |= {run: _only_worded(found[run]) for run in telling}
    found |= dict(_said_otherwise(old, new, parts, found))
    return list(found.values())


def differences(
    old: Side, new: Side, where: Literal["title", "text"]
) -> tuple[list[Passage], dict[Run, Segment]]:
    """The passages in which two versions differ, and each difference by itself."""
    keys = [[_written(each, side) for each in side.tokens] for side in (old, new)]
    different = [
        run
        for run in runs(*keys)
        if old.written(*run[:2]) != new.written(*run[2:])
        and not is_in_a_range(old, new, run)
        and not is_link(old, new, run)
    ]
    found = {run: _segment(old, new, run, where) for run in different}
    return list(passages(old, new, different)), found


def _only_worded(segment: Segment) -> Segment:
    around = ("title",) if segment.where == "title" else ()
    return replace(segment, kinds=(Fact.WORDING.value, *around), telling=False)


def _said_otherwise(
    old: Side, new: Side, parts: Sequence[Passage], found: Mapping[Run, Segment]
) -> Iterator[tuple[Run, Segment]]:
    """Words put in others' place in sentences that stayed as they were, that say something else."""
    stayed = [passage for passage in parts if not passage.is_rewritten()]
    for run in exchanged(old, new, tuple(run for passage in stayed for run in passage.runs)):
        yield run, _claiming(found[run], "claim")
    for passage in stayed:
        whole = place_of(old, *passage.old), place_of(new, *passage.new)
        if (
            figures_exchanged(old, new, passage)
            or roles_exchanged(*whole)
            or is_said_by_another(*(text[start:end] for text, start, end in whole))
        ):
            yield from ((run, _claiming(found[run], "claim")) for run in passage.runs)
    alone = [
        each.runs[0]
        for each in stayed
        if len(each.runs) == 1
        and not found[each.runs[0]].telling
        and "order" not in found[each.runs[0]].kinds
    ]
    named = {run for run in alone if is_another_name(*places_of(old, new, run))}
    yield from ((run, _claiming(found[run], "name")) for run in named)
    replaced = [run for run in alone if run not in named and _is_replaced(old, new, run)]
    if len(replaced) <= POLISHED:
        yield from ((run, _claiming(found[run], "claim")) for run in replaced)


def _is_replaced(old: Side, new: Side, run: Run) -> bool:
    """Whether all words of a run have nothing to do with those in their place."""
    while run[0] < run[1] and run[2] < run[3] and _deny(old.tokens[run[0]], new.tokens[run[2]]):
        run = (run[0] + 1, run[1], run[2] + 1, run[3])  # 不识字, 没看合同
    words = replaced_parts(old, new, run)
    return (
        bool(words)
        and not (_states(old, new, run) or is_named_before(old, new, run))
        and all(
            says_else(*places_of(old, new, each), shortest=1) and not only_naming(old, new, each)
            for each in words
        )
        and not is_all_filler(old, new, run)
    )


def _deny(one: Token, other: Token) -> bool:
    return one.fact is other.fact is Fact.NEGATION and sense(one.key) == sense(other.key)


def _facts(
    removed: Sequence[Token],
    added: Sequence[Token],
    places: tuple[Place, Place],
    day: date | None,
) -> list[str]:
    facts = facts_changed(removed, added, day)
    told = facts == [Fact.TOPIC] and _topics_told(removed, added, places)
    return [] if told else facts


def _topics_told(
    removed: Sequence[Token], added: Sequence[Token], places: tuple[Place, Place]
) -> bool:
    """Whether each topic's term stands in the other sentence too, in part or in another word; of
    collecting debts the other version has to have a word somewhere."""
    sides = ((removed, places[1]), (added, places[0]))
    return all(
        is_told(each.key, sentence_at(*place))
        and (not COLLECTING.search(each.key) or COLLECTING.search(place[0]) is not None)
        for tokens, place in sides
        for each in tokens
        if each.fact is Fact.TOPIC
    )


def _states(old: Side, new: Side, run: Run) -> bool:
    """Whether figures, hedges or denials differ in form, or what bounds a figure: they were
    compared as such."""
    tokens = (*old.tokens[run[0] : run[1]], *new.tokens[run[2] : run[3]])
    behind = (*old.tokens[run[1] : run[1] + 1], *new.tokens[run[3] : run[3] + 1])
    if any(each.fact not in {Fact.WORDING, Fact.TOPIC} for each in tokens):
        return True
    words = old.written(*run[:2]), new.written(*run[2:])
    if run[0] and old.tokens[run[0] - 1].fact in FIGURES and all(map(_ABOUT.fullmatch, words)):
        return True  # 1200多名, 1200余名
    return any(each.fact in FIGURES for each in behind) and any(map(_LEADING.fullmatch, words))


def _claiming(segment: Segment, kind: str) -> Segment:
    around = ("title",) if segment.where == "title" else ()
    return replace(segment, kinds=(kind, *around), telling=True)


def _written(token: Token, side: Side) -> str:
    """What a token is lined up by: a name as it is written, for another name of the same platform
    is another wording."""
    if token.fact is Fact.NAME:
        return "".join(side.folded[token.start : token.end].split())
    return token.key


def _segment(old: Side, new: Side, run: Run, where: Literal["title", "text"]) -> Segment:
    kinds = _kinds(old, new, run, where)
    longest = _longest(run)
    quoted = whole_words(old, new, run) if _QUOTED_WHOLE.intersection(kinds) else run
    return Segment(
        kinds=kinds,
        old=old.quote(*quoted[:2]),
        new=new.quote(*quoted[2:]),
        lead_in=new.quote(max(0, quoted[2] - 4), quoted[2]),
        longest=longest,
        where=where,
        telling=bool(MATERIAL.intersection(kinds))
        or (longest >= ONE_MORE and not only_naming(old, new, run) and says_more(old, new, run)),
    )


def _longest(run: Run) -> int:
    return max(run[1] - run[0], run[3] - run[2])


def _kinds(old: Side, new: Side, run: Run, where: str) -> tuple[str, ...]:
    removed, added = old.tokens[run[0] : run[1]], new.tokens[run[2] : run[3]]
    kinds: list[str] = []
    if is_named_before(old, new, run) or (
        _longest(run) <= LONGEST_FILLER and is_all_filler(old, new, run)
    ):
        return (Fact.WORDING, "title") if where == "title" else (Fact.WORDING,)
    if len(added) >= CLAUSE and _CORRECTION.search(new.written(run[2], run[3])[:LONGEST_NOTE]):
        kinds.append("correction")
    if len(added) >= PASSAGE and not removed:
        kinds.append("paragraph-added")
    if len(removed) >= PASSAGE and not added:
        kinds.append("paragraph-removed")
    places = places_of(old, new, run)
    kinds += _facts(removed, added, places, new.day or old.day)
    if not kinds and bounds_changed(*places):
        kinds.append(Fact.NUMBER)
    if not kinds and renamed(old, new, run):
        kinds.append(Fact.NAME)
    if not kinds and claims_changed(*places):
        kinds.append("claim")
    if not kinds:
        kinds.append(Fact.WORDING)
    if where == "title":
        kinds.append("title")
    return tuple(kinds)
