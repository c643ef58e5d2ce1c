"""Chinese and Arabic figures as one number, so that a rewritten figure is no change. Pure."""

from decimal import Decimal, InvalidOperation

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


def number(written: str) -> str:
    """The plain decimal form of a figure: 三千五百 → 3500, 2.3亿 → 230000000, 1,200 → 1200.

    What is no exact figure (两三千, 十几) comes back as it is."""
    text = written.replace(",", "").replace(" ", "")
    value = _arabic(text) if text[:1].isdecimal() else _chinese(text)
    return written if value is None else format(value.normalize(), "f")


def _arabic(text: str) -> Decimal | None:
    factor = 1
    while text and text[-1] in {**_MYRIADS, **_UNITS}:
        factor *= {**_MYRIADS, **_UNITS}[text[-1]]
        text = text[:-1]
    try:
        return Decimal(text) * factor
    except InvalidOperation:
        return None


def _chinese(text: str) -> Decimal | None:
    """Read 四万一千 and 二〇二一; digits in a row without units are read one by one."""
    if all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text)) if text else None
    total = section = 0
    digit: int | None = None
    for character in text:
        if character in _DIGITS:
            if digit:  # 两三千: two digits before one unit is no exact figure
                return None
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        elif character in _MYRIADS:
            total = (total + section + (digit or 0)) * _MYRIADS[character]
            section, digit = 0, None
        else:
            return None
    return Decimal(total + section + (digit or 0))
