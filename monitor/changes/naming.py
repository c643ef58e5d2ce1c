"""What a changed passage names: where something is known from, an authority, a person or a firm. Pure."""

import re

from monitor.changes.proper_names import is_one_name, name_at
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side

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
    if _spelt_out(old, new, run):
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
    texts = old.written(*run[:2]), new.written(*run[2:])
    return sum(_NAMELESS.fullmatch(each) is not None for each in texts) == 1


_NAMELESS = re.compile(r"[某该].{0,4}(?:平台|公司|机构|银行|产品|软件|app)")
