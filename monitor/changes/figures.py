"""Chinese and Arabic figures as one number, so that a rewritten figure is no change. Pure."""

import re
from decimal import Decimal

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ALL_UNITS = {**_UNITS, "万": 10**4, "亿": 10**8}
# As cheques and contracts write them, and the old short forms.
_PLAIN = str.maketrans(
    dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟○", "一二三四五六七八九十百千〇", strict=True))
    | {"廿": "二十", "卅": "三十"}
)
_NOT_WRITTEN = re.compile(r"[,\s]")
_ARABIC = re.compile(r"\d+(?:\.\d+)?(?:[百千万亿]+\d+(?:\.\d+)?)*[百千万亿]*")
# What is longer is no figure that anybody reads, and Decimal rounds it.
_LONGEST = 24
_PART = re.compile(r"(\d+(?:\.\d+)?)([百千万亿]*)")


def number(written: str) -> str:
    """The plain decimal form of a figure: 三千五百 → 3500, 2.3亿 → 230000000, 1,200 → 1200.

    White space within it counts as little as a line's end. What is no exact figure (两三千, 十几)
    comes back as it is, and so, but for commas and white space, does what is longer than a figure."""
    text = _NOT_WRITTEN.sub("", written).translate(_PLAIN)
    if len(text) > _LONGEST:
        return text
    if text == "半":
        return "0.5"
    value = _arabic(text) if text[:1].isdecimal() else _chinese(text)
    return written if value is None else plain(value)


def plain(value: Decimal) -> str:
    """Write a number without an exponent and without zeros that say nothing."""
    return format(value.normalize(), "f")


def _arabic(text: str) -> Decimal | None:
    """Read 2.5万, 1亿2000万 and 1万2000: the sum of what is written."""
    if not _ARABIC.fullmatch(text):
        return None
    total = Decimal(0)
    for digits, units in _PART.findall(text):
        value = Decimal(digits)
        for unit in units:
            value *= _ALL_UNITS[unit]
        total += value
    return total


def _chinese(text: str) -> Decimal | None:
    """Read 四万一千, 三点五 and 二〇二一; digits in a row without units are read one by one."""
    whole, point, decimals = text.partition("点")
    if point:
        return _with_decimals(whole, decimals)
    for sign, factor in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(sign)
        if found:
            if low in _DIGITS and high:  # 一万二: the next lower unit goes without saying
                low += "千" if sign == "万" else "千万"
            upper, lower = _chinese(high), _chinese(low) if low else Decimal(0)
            return None if upper is None or lower is None else upper * factor + lower
    if text and all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    return _below_myriad(text)


def _with_decimals(whole: str, decimals: str) -> Decimal | None:
    """Read what stands before and behind the point: 一, 五 and 三, 二亿."""
    digits = decimals.rstrip("百千万亿")
    units, value = decimals[len(digits) :], _chinese(whole)
    if value is None or not digits or any(each not in _DIGITS for each in digits):
        return None
    value += Decimal(f"0.{''.join(str(_DIGITS[each]) for each in digits)}")
    for unit in units:
        value *= _ALL_UNITS[unit]
    return value


def _below_myriad(text: str) -> Decimal | None:
    total = 0
    digit: int | None = None
    if text[-1:] in _DIGITS and text[-2:-1] in {"百", "千"}:  # 三千五
        text += "十" if text[-2] == "百" else "百"
    for character in text:
        if character in _DIGITS:
            if digit:  # 两三千: two digits before one unit is no exact figure
                return None
            digit = _DIGITS[character]
        elif character in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        else:
            return None
    return Decimal(total + (digit or 0)) if text else None
