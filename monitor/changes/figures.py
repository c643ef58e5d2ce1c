"""Chinese and Arabic figures as one number, so that a rewritten figure is no change. Pure."""

from decimal import Decimal, InvalidOperation

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ALL_UNITS = {**_UNITS, "万": 10**4, "亿": 10**8}


def number(written: str) -> str:
    """The plain decimal form of a figure: 三千五百 → 3500, 2.3亿 → 230000000, 1,200 → 1200.

    What is no exact figure (两三千, 十几) comes back as it is."""
    text = written.replace(",", "").replace(" ", "")
    value = _arabic(text) if text[:1].isdecimal() else _chinese(text)
    return written if value is None else format(value.normalize(), "f")


def _arabic(text: str) -> Decimal | None:
    factor = 1
    while text and text[-1] in _ALL_UNITS:
        factor *= _ALL_UNITS[text[-1]]
        text = text[:-1]
    try:
        return Decimal(text) * factor
    except InvalidOperation:
        return None


def _chinese(text: str) -> Decimal | None:
    """Read 四万一千 and 二〇二一; digits in a row without units are read one by one."""
    for sign, factor in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(sign)
        if found:
            upper, lower = _chinese(high), _chinese(low) if low else Decimal(0)
            return None if upper is None or lower is None else upper * factor + lower
    if text and all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    return _below_myriad(text)


def _below_myriad(text: str) -> Decimal | None:
    total = 0
    digit: int | None = None
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
