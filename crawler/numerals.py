"""Chinese numerals, as far as dates need them."""

NUMERALS = "〇零○一二三四五六七八九十廿卅百"
_DIGITS = {"〇": 0, "零": 0, "○": 0} | {
    char: value for value, char in enumerate("一二三四五六七八九", 1)
}


def read_number(text: str) -> int:
    """An integer in ASCII digits, or in Chinese numerals up to 999; ValueError otherwise."""
    if text.isascii() and text.isdigit():
        return int(text)
    hundreds, hundred, rest = text.rpartition("百")
    if hundred:
        below = read_number(rest) if rest.strip("〇零○") else 0
        return (_digit(hundreds, text) if hundreds else 1) * 100 + below
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _digit(text.lstrip("〇零○") or "〇", text)
    return (_digit(tens, text) if tens else 1) * 10 + (_digit(ones, text) if ones else 0)


def _digit(char: str, text: str) -> int:
    if char not in _DIGITS:
        raise ValueError(f"{text!r} is not a number below 1,000")
    return _DIGITS[char]
