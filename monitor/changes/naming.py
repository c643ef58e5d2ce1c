"""What a changed passage names: where something is known from, an authority, a person or a firm. Pure."""

import re
from itertools import permutations

from monitor.changes.proper_names import is_one_name, name_at
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side
from monitor.changes.tokens import Fact

# What differs of a name is hardly longer.
LONGEST_NAME = 8
# 市中级人民法 of 江城市中级人民法院.
LONGEST_AUTHORITY = 12
# Where something is known from, and no more: 据新华社报道.
_SOURCE = re.compile(
    r"(?:另)?据.{0,16}(?:报道|报导|消息|介绍|了解|通报|披露|透露|显示|悉|获悉|统计|公告)"
    r"|(?:.{0,6}记者)?从.{0,14}(?:获悉|了解到|得知|处获知)"
)


def only_naming(old: Side, new: Side, run: Run) -> bool:
    """Whether the passage only says where something is known from, or a firm's name in full."""
    texts = old.written(*run[:2]), new.written(*run[2:])
    if not all(texts) and _SOURCE.fullmatch(_MARKS.sub("", "".join(texts))):
        return True
    if _spelt_out(old, new, run) or _in_full_beside(old, new, run):
        return True
    return is_one_name(_name(old, *run[:2]), _name(new, *run[2:]))


def _spelt_out(old: Side, new: Side, run: Run) -> bool:
    """Whether an authority is named in full or in short: 江城中院, 江城市中级人民法院."""
    places = (place_of(old, *run[:2]), place_of(new, *run[2:]))
    short, long = sorted((text[start:end] for text, start, end in places), key=len)
    if len(long) > LONGEST_AUTHORITY or any(
        text[end : end + 1] not in _AUTHORITIES for text, _, end in places
    ):
        return False
    rest = iter(long)
    return bool(short) and all(each in rest for each in short)


def _in_full_beside(old: Side, new: Side, run: Run) -> bool:
    """Whether a name in full stands beside its short form now: 金融监督管理委员会(金管会)."""
    if all((run[0] < run[1], run[2] < run[3])):
        return False
    side, span = (old, run[:2]) if run[0] < run[1] else (new, run[2:])
    text, start, end = place_of(side, *span)
    full, beside = text[start:end], _SHORT.match(text, end)
    rest = iter(full)
    return beside is not None and all(each in rest for each in beside["short"])


_SHORT = re.compile(
    r"\s?[(（\[](?:以下|下)?(?:简称|称)?[:：]?[“「\"]?(?P<short>[^\W\d_]{2,8})[”」\"]?[)）\]]"
)
_AUTHORITIES = frozenset("院局会部委署所厅司行")
_MARKS = re.compile(r"[^\w]")


def place_of(side: Side, first: int, last: int) -> Place:
    """Where some tokens stand; of none, where they would."""
    if first < last:
        return side.folded, side.tokens[first].start, side.tokens[last - 1].end
    at = side.tokens[first - 1].end if first else 0
    return side.folded, at, at


def _name(side: Side, first: int, last: int) -> str:
    return name_at(*place_of(side, first, last))


def renamed(old: Side, new: Side, run: Run) -> bool:
    """Whether another person's, firm's or place's name stands in a name's place."""
    if not (
        run[0] < run[1]
        and run[2] < run[3]
        and max(run[1] - run[0], run[3] - run[2]) <= LONGEST_NAME
    ):
        return False
    before, after = _name(old, *run[:2]), _name(new, *run[2:])
    if before and after:
        return not is_one_name(before, after)
    # A platform that is in no watchlist, and is named no more, or now.
    nameless = [_is_nameless(*place_of(old, *run[:2])), _is_nameless(*place_of(new, *run[2:]))]
    return sum(nameless) == 1


def _is_nameless(text: str, start: int, end: int) -> bool:
    """Whether a passage, with what it is of, is only some company: 某(银行)."""
    found = _NAMELESS.match(text, start)
    return found is not None and found.end() >= end and found.start("kind") <= end


def is_named_before(old: Side, new: Side, run: Run) -> bool:
    """Whether what is only 该公司 on one side is named shortly before, as it was here."""
    for (side, span), (other, its_span) in permutations(((old, run[:2]), (new, run[2:]))):
        name, back = other.written(*its_span), side.written(*span)
        if name and _BACK.fullmatch(back):
            named = [each.key for each in side.tokens[: span[0]] if each.fact is Fact.NAME]
            is_watched = other.tokens[its_span[0]].fact is Fact.NAME
            return (
                named[-1:] == [other.tokens[its_span[0]].key]
                if is_watched
                else name in side.folded[: side.tokens[span[0]].start]
            )
    return False


_BACK = re.compile(r"(?:该|这家|这一|上述|涉事).{0,4}(?:平台|公司|机构|银行|产品|软件|app)")
_NAMELESS = re.compile(r"[某该].{0,4}(?P<kind>平台|公司|机构|银行|产品|软件|app)")
