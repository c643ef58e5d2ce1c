"""A date that only went to the other side of its subject: 13日,央行公布, 央行13日公布. Pure."""

import re

from monitor.changes.sides import Run, Side
from monitor.changes.tokens import Fact

# Who did what on that day, in characters.
LONGEST_SUBJECT = 16
# What binds a date to what it is said of: 截至6月底, 于13日.
_JOINTS = frozenset("截至止于在自从")
_ENDS_OF_PERIODS = frozenset("末底初份内")
_ENDS = ",，、。!?;:\n"
# Beyond one of these stands another subject: 13日甲报案,乙被抓 is not 甲报案,13日乙被抓.
_CLAUSE_END = re.compile(f"[{_ENDS}]")


def same_date_moved(old: Side, new: Side, one: Run, other: Run) -> bool:
    """Whether of two runs in a row the first has a date at its clause's beginning, in one version,
    that the second has behind the subject, in the other version."""
    if one[0] == one[1] and other[2] == other[3]:
        ahead, first, last, behind = new, one[2], one[3], other[2]
        date_behind = old.tokens[other[0] : other[1]]
    elif one[2] == one[3] and other[0] == other[1]:
        ahead, first, last, behind = old, one[0], one[1], other[0]
        date_behind = new.tokens[other[2] : other[3]]
    else:
        return False
    date_ahead = [each for each in ahead.tokens[first:last] if each.key not in _JOINTS]
    date_behind = [each for each in date_behind if each.key not in _JOINTS]
    if [each.key for each in date_ahead] != [each.key for each in date_behind]:
        return False
    dates = [each for each in date_ahead if each.key not in _ENDS_OF_PERIODS]
    if not dates or any(each.fact is not Fact.DATE for each in dates):
        return False
    if not last < behind < len(ahead.tokens):
        return False
    before = ahead.folded[: ahead.tokens[first].start].rstrip(" ")
    subject = ahead.folded[ahead.tokens[last - 1].end : ahead.tokens[behind].start].lstrip(",， ")
    return (
        before[-1:] in _ENDS  # also at the text's beginning
        and len(subject) <= LONGEST_SUBJECT
        and not _CLAUSE_END.search(subject)
    )
