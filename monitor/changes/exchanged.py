"""Whether the same figures or names are said of one another's subjects in a passage told anew. Pure."""

import re
from collections.abc import Iterator
from itertools import combinations

from monitor.changes.passages import Passage
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side
from monitor.changes.stated import FIGURES
from monitor.changes.synonyms import groups_of
from monitor.changes.wording import CLAUSE_END, EMPTY, NOT_WORDS

# What a figure is said of stands so far before it.
NEAR = 6
# A list of more figures is a table.
_MOST = 24
# 甲和乙 and 乙和甲 are one pair.
_LISTING = frozenset({"", "和", "与", "及", "以及", "或", "、"})
# Who does and who is done to may change places with the verb's voice.
_VOICE = frozenset("被由遭受让把将对向为")

_PASSIVE = re.compile(r"[被由遭受让把将对向]")
# What one does to another.
_DEED = re.compile(
    r"起诉|控告|举报|怀疑|冒用|打伤|刺伤|诈骗|勒索|逼迫|投诉|指控|质疑|要求|收购|入股|控股|委托|授权|处罚|催收|威胁|恐吓|殴打|欺骗|借给|转给|欠|赔偿|担保|支持|反对|抓获|约谈|替代|战胜|解雇|指使"
)

# 遭债务人刺伤, 被催收员打伤.
_SUFFERED = re.compile(
    r"[被遭](?P<who>[\u4e00-\u9fff]{2,4}?)(?P<deed>[\u4e00-\u9fff]{2})(?=[后,，。;；]|$)"
)

# What stands between who does something and whom it is done to.
_TOWARDS = re.compile(r"(?<![针面应])对(?![此方于应])|向|被(?![告害])|比(?![例重])|给(?!予)")

_Subjects = dict[str, set[str]]


def figures_exchanged(old: Side, new: Side, passage: Passage) -> bool:
    """Whether two figures are said of each other's subjects: 男性55%,女性45%."""
    before, after = _subjects(old, *passage.old), _subjects(new, *passage.new)
    both = sorted(before.keys() & after.keys())
    return len(both) <= _MOST and any(
        _nearer(before[one], after[other], after[one])
        and _nearer(before[other], after[one], after[other])
        for one, other in combinations(both, 2)
    )


def _nearer(subject: set[str], crossed: set[str], own: set[str]) -> bool:
    return len(subject & crossed) > len(subject & own)


def _subjects(side: Side, first: int, last: int) -> _Subjects:
    """The characters before each figure that is told once."""
    found: _Subjects = {}
    twice: set[str] = set()
    begin = side.tokens[first].start if first < last else 0
    for each in side.tokens[first:last]:
        if each.fact not in FIGURES:
            continue
        if each.key in found:
            twice.add(each.key)
        before = side.folded[begin : each.start]
        found[each.key] = set(EMPTY.sub("", NOT_WORDS.sub("", before))[-NEAR:])
        begin = each.end
    return {key: subject for key, subject in found.items() if key not in twice}


def subjects_exchanged(old: Side, new: Side, passage: Passage) -> bool:
    """Whether two words changed places, and no verb its voice."""
    voices = [
        sum(each.key in _VOICE for each in side.tokens[slice(*span)])
        for side, span in ((old, passage.old), (new, passage.new))
    ]
    return voices[0] == voices[1] and any(True for _ in exchanged(old, new, passage.runs))


def roles_exchanged(old: Place, new: Place) -> bool:
    """Whether of something done to somebody the two have changed places: 甲起诉乙, 乙起诉甲."""
    if _suffers(old, new) or _suffers(new, old):
        return True
    before, after = _deeds(*old), _deeds(*new)
    for deed in before.keys() & after.keys():
        # What stays on its side (借钱 of 甲向乙借钱) tells nothing.
        doer, other = (here - there for here, there in zip(before[deed], after[deed], strict=True))
        now, then = (here - there for here, there in zip(after[deed], before[deed], strict=True))
        if doer & then and other & now:
            return True
    return False


def _suffers(place: Place, other: Place) -> bool:
    """Whether what somebody suffers in one passage he does in the other: 遭债务人刺伤, 刺伤债务人."""
    passage, told = (text[start:end] for text, start, end in (place, other))
    for each in _SUFFERED.finditer(passage):
        who, deed = each["who"], each["deed"]
        if re.search(f"{deed}了?{who}", told) and not re.search(f"[被遭]{who}", told):
            return True
    return False


def _deeds(folded: str, start: int, end: int) -> dict[str, tuple[set[str], set[str]]]:
    """The characters before and behind each verb that is there once, in its clause; where another
    word tells who does it to whom, before and behind that word."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for clause in CLAUSE_END.split(folded[start:end]):
        for each in (_TOWARDS if _PASSIVE.search(clause) else _DEED).finditer(clause):
            sides = (clause[: each.start()][-NEAR:], clause[each.end() :][:NEAR])
            found[each[0]] = (set(sides[0]), set(sides[1]))
    return found


def exchanged(old: Side, new: Side, runs: tuple[Run, ...]) -> Iterator[Run]:
    """The runs of which one has what the other had: who did it is whom it was done to."""
    written = [(old.written(*run[:2]), new.written(*run[2:]), run) for run in runs[:_MOST]]
    for (gone, come, one), (left, came, other) in combinations(written, 2):
        told = gone and come and not (EMPTY.fullmatch(gone) or EMPTY.fullmatch(come))
        if (
            told
            and not groups_of(gone) & groups_of(come)
            and _begins(left, come)
            and _begins(came, gone)
        ):
            between = NOT_WORDS.sub("", new.written(one[3], other[2]))
            if between not in _LISTING:
                yield one


def _begins(passage: str, word: str) -> bool:
    return passage == word or (len(word) > 1 and passage.startswith(word))
