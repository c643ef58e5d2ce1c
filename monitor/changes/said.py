"""Which facts of one passage another does not state, or states otherwise. Pure.

A fact is stated by any words that say it: another word of the same sense, a date told less fully
or from another day (昨日), an amount without its currency are no other fact."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from monitor.changes.periods import same_multiple, without_equal_periods
from monitor.changes.senses import ALONE, IN_THE_VERB, sense
from monitor.changes.tokens import Fact, Token

# Passages with more facts than this are told by their exact forms alone.
_MOST = 40

_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?$")
_OF_DAY = {"日", "天", "晚"}
_DAYS = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_MONTHS = {"上月": -1, "本月": 0, "下月": 1}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}
_HEDGES = (Fact.NEGATION, Fact.MODALITY)

Parts = tuple[int | None, int | None, int | None]


def facts_changed(
    removed: Sequence[Token], added: Sequence[Token], day: date | None = None
) -> list[str]:
    """The kinds of facts that not both sides state, or not alike, the most telling first. `day` is
    when the text was published: what 昨日 and 今年 count from."""
    ours, theirs = _facts(removed), _facts(added)
    exact = Counter(_key(each) for each in ours), Counter(_key(each) for each in theirs)
    gone, come = _beyond(ours, exact[1]), _beyond(theirs, exact[0])
    if gone or come:
        if max(len(gone), len(come)) <= _MOST:
            gone, come = _otherwise(gone, come, (removed, added), day)
    elif _swapped(removed, added):
        return [Fact.MODALITY.value]
    changed = {each.fact for each in (*gone, *come)}
    return [fact.value for fact in Fact if fact in changed]


def _facts(tokens: Sequence[Token]) -> list[Token]:
    return [each for each in tokens if each.fact is not Fact.WORDING]


def _key(token: Token) -> tuple[Fact, str]:
    return token.fact, token.key


def _beyond(tokens: Sequence[Token], there: Counter[tuple[Fact, str]]) -> list[Token]:
    left, found = Counter(there), []
    for each in tokens:
        if left[_key(each)]:
            left[_key(each)] -= 1
        else:
            found.append(each)
    return found


def _swapped(removed: Sequence[Token], added: Sequence[Token]) -> bool:
    """Whether one character of a sense stands in the place of another (已 → 将), or came alone."""
    if len(removed) == len(added) == 1:
        senses = tuple(_FUTURE.get(each.key, sense(each.key)) for each in (removed[0], added[0]))
        return all(senses) and senses[0] != senses[1]
    alone = (*removed, *added)
    return len(alone) == 1 and alone[0].key in ALONE


def _otherwise(
    gone: list[Token],
    come: list[Token],
    passages: tuple[Sequence[Token], Sequence[Token]],
    day: date | None,
) -> tuple[list[Token], list[Token]]:
    """What is left of both sides without what other words say as well."""
    if dates_alike(gone, come, day):
        gone, come = _but(gone, Fact.DATE), _but(come, Fact.DATE)
    gone, come = without_equal_periods(gone, come)
    gone, come = _unpaired(gone, come, same_multiple(*passages))
    gone, come = _unpaired(gone, come, _same_figure)
    gone, come = _unpaired(gone, come, _same_topic)
    gone, come = _uncounted(gone, passages[1]), _uncounted(come, passages[0])
    if all(each.key in _THIS_YEAR for each in (*gone, *come)):
        return [], []
    if _same_hour(gone, come, passages) or _only_one([*gone, *come]):
        return [], []
    gone, come = _unpaired(gone, come, _same_sense)
    gone = _unsaid(gone, passages[1])
    come = _unsaid(come, passages[0])
    aside = _senses(passages[0]), _senses(passages[1])
    return _weighty(gone, aside[1]), _weighty(come, aside[0])


def _but(tokens: Sequence[Token], fact: Fact) -> list[Token]:
    return [each for each in tokens if each.fact is not fact]


def _uncounted(tokens: Sequence[Token], there: Sequence[Token]) -> list[Token]:
    """The tokens but the numbers that 俩 and 仨 of the other passage say as well."""
    said = {_COUNTS[each.key] for each in there if each.key in _COUNTS}
    return [each for each in tokens if not (each.fact is Fact.NUMBER and each.key in said)]


# 已退还, 会退还: elsewhere 会 may be a meeting.
_FUTURE = {"会": sense("将")}
# (今年)4月: goes without saying.
_THIS_YEAR = frozenset({"今年", "本年"})
_COUNTS = {"俩": "2", "仨": "3"}


def _unpaired(
    gone: Sequence[Token], come: Sequence[Token], same: Callable[[Token, Token], bool]
) -> tuple[list[Token], list[Token]]:
    left, rest = list(come), []
    for each in gone:
        place = next((at for at, other in enumerate(left) if same(each, other)), None)
        if place is None:
            rest.append(each)
        else:
            del left[place]
    return rest, left


def _same_sense(one: Token, other: Token) -> bool:
    return (
        one.fact in _HEDGES and other.fact in _HEDGES and sense(one.key) == sense(other.key) != ""
    )


def _same_topic(one: Token, other: Token) -> bool:
    """催收人员 and 催收员, 金融监管总局 and 国家金融监督管理总局."""
    if not one.fact is other.fact is Fact.TOPIC:
        return False
    if all("催收" in each.key for each in (one, other)):
        return True
    short, long = sorted((one.key, other.key), key=len)
    rest = iter(long)
    return short[-1:] == long[-1:] in _AUTHORITY_ENDS and all(each in rest for each in short)


def _same_figure(one: Token, other: Token) -> bool:
    """80万 and 80万元, 三十日 and 30 (天)."""
    keys = {each.key.removesuffix(_UNITS.get(each.fact, "")) for each in (one, other)}
    facts = {one.fact, other.fact}
    return len(keys) == 1 and facts in ({Fact.AMOUNT, Fact.NUMBER}, {Fact.DATE, Fact.NUMBER})


def _same_hour(
    gone: Sequence[Token],
    come: Sequence[Token],
    passages: tuple[Sequence[Token], Sequence[Token]],
) -> bool:
    """下午3时 and 15时."""
    if not len(gone) == len(come) == 1 or not (gone[0].key + come[0].key).isdecimal():
        return False
    early, late = sorted(
        zip((int(gone[0].key), int(come[0].key)), passages, strict=True), key=_first
    )
    return late[0] == early[0] + 12 and any(each.key in "午晚" for each in early[1])


def _first(pair: tuple[int, Sequence[Token]]) -> int:
    return pair[0]


def _only_one(tokens: Sequence[Token]) -> bool:
    """这是一家公司 and 这是家公司: what is one goes without saying."""
    return [_key(each) for each in tokens] == [(Fact.NUMBER, "1")]


_AUTHORITY_ENDS = frozenset("局会部委院署厅")
_UNITS = {Fact.AMOUNT: "元", Fact.DATE: "日"}


def _unsaid(tokens: Sequence[Token], there: Sequence[Token]) -> list[Token]:
    """The tokens but the hedges that a single character of the other passage says as well."""
    words = Counter(sense(each.key) for each in there if each.fact is Fact.WORDING)
    found = []
    for each in tokens:
        said = sense(each.key) if each.fact in _HEDGES else ""
        if said and words[said]:
            words[said] -= 1
        else:
            found.append(each)
    return found


def _senses(tokens: Sequence[Token]) -> set[str]:
    return {sense(each.key) for each in tokens if each.fact in {*_HEDGES, Fact.WORDING}} - {""}


def _weighty(tokens: Sequence[Token], there: set[str]) -> list[Token]:
    """The tokens but 已经 and 正在 in whose place nothing else is said, and units of periods whose
    figure is told as a date (三十日, 30天)."""
    only_units = all(each.key == "天" for each in tokens)
    return [
        each
        for each in tokens
        if not (only_units or (sense(each.key) in IN_THE_VERB and not there - {sense(each.key)}))
    ]


def dates_alike(ours: Sequence[Token], theirs: Sequence[Token], day: date | None) -> bool:
    """Whether two passages name the same days, from wherever and however fully."""
    one, other = (list(_dates(each)) for each in (ours, theirs))
    return len(one) == len(other) > 0 and all(
        _same_date(a, b, day) for a, b in zip(one, other, strict=True)
    )


def _dates(tokens: Sequence[Token]) -> Iterator[str]:
    """The dates' keys; a year and what stands behind it (今年3月) are one."""
    year = ""
    for each in tokens:
        if each.fact is not Fact.DATE:
            continue
        if each.key in {*_YEARS, *_MONTHS} and not year:
            year = each.key
            continue
        yield year + each.key
        year = ""
    if year:
        yield year


def _same_date(one: str, other: str, day: date | None) -> bool:
    is_weekday = one[-1:] == other[-1:] and _is_weekday(one) and _is_weekday(other)
    if is_weekday or (one[:1] == other[:1] in {*_DAYS, "当"} and {one[1:], other[1:]} <= _OF_DAY):
        return True
    relative = [_DAYS.get(each[0]) if each[1:] in _OF_DAY else None for each in (one, other)]
    if None not in relative:
        return relative[0] == relative[1]
    told = [(_YEARS | _MONTHS).get(each[:2]) for each in (one, other)]
    if day is None and None not in told:
        return one == other  # 今年, 明年: other days, whichever today is
    ours, theirs = _parts(one, day), _parts(other, day)
    if ours is None or theirs is None:
        return False
    if day is None and ("" in (one, other) or relative != [None, None]):
        return True
    return all(_part(place, ours, theirs, day) for place in range(3))


def _is_weekday(key: str) -> bool:
    return key.startswith(("周", "星期", "礼拜"))


def _parts(key: str, day: date | None) -> Parts | None:
    """Year, month and day as far as a date names them; None for what is no date (15:00, 上周)."""
    if key[1:] in _OF_DAY and key[0] in _DAYS:
        if day is None:
            return None, None, None
        at = day + timedelta(days=_DAYS[key[0]])
        return at.year, at.month, at.day
    year = None
    if key[:2] in _YEARS:
        year, key = (day.year + _YEARS[key[:2]] if day else None), key[2:]
        if not key:
            return year, None, None
    month = None
    if key[:2] in _MONTHS:
        month, key = ((day.month + _MONTHS[key[:2]] - 1) % 12 + 1 if day else None), key[2:]
        if not key:
            return year, month, None
    match = _DATE.match(key)
    if match is None or not key:
        return None
    told = [int(each) if each else None for each in match.groups()]
    return told[0] or year, told[1] or month, told[2]


def _part(place: int, ours: Parts, theirs: Parts, day: date | None) -> bool:
    """Whether a year, month or day is the same; one that is not told is that of the publication,
    or the one before."""
    one, other = ours[place], theirs[place]
    if one is None and other is None:
        return True
    if one is not None and other is not None:
        return one == other
    if day is None:
        return True
    told = one if one is not None else other
    if place == 2 or told is None:
        return False
    if place == 1:
        return told in {day.month, (day.month - 2) % 12 + 1}
    months = [each for each in (ours[1], theirs[1]) if each]
    return told == day.year - bool(months and months[0] > day.month)
