"""Which characters need care, as classes that one search of a text finds.

Searching a text for a class of characters costs 3 ns a character, walking it with a set 25. So the
fold looks once for what is odd, and the odd characters found decide which steps a text needs.
`tests/test_fold_alphabet.py` proves every list here against the tables it stands for."""

import re

from seeds.fold.script import HAN, PHRASE_CHARACTERS

BLANKS = frozenset(" \t\xa0\u3000")
_PAIRS = dict(
    zip(
        "([{<〔【〈《「『〖〘〚‹«⟨⟦⟪⟬❨❪❬❮❰❲❴⁅⌈⌊⦃⦅⦇⦉⧼﴾",
        ")]}>〕】〉》」』〗〙〛›»⟩⟧⟫⟭❩❫❭❯❱❳❵⁆⌉⌋⦄⦆⦈⦊⧽﴿",
        strict=True,
    )
)
# In full width, as Chinese text has them.
_WIDE = str.maketrans("([{<)]}>", "（［｛＜）］｝＞")
_WIDE_PAIRS = {each.translate(_WIDE): mate.translate(_WIDE) for each, mate in _PAIRS.items()}
OPENERS = frozenset(_PAIRS) | frozenset(_WIDE_PAIRS)
CLOSERS = frozenset(_PAIRS.values()) | frozenset(_WIDE_PAIRS.values())
MATES = _PAIRS

_TONED = "āáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜńňǹḿếềê"
TONED_LETTERS = _TONED + _TONED.upper()
BOPOMOFO = "\u3105-\u312f\u31a0-\u31bf"
BOPOMOFO_TONES = "ˉˊˇˋ˙"
# What no language but an annotation has between Han characters.
TELLING_LETTER = re.compile(f"[{TONED_LETTERS}{BOPOMOFO}]")
TELLING = frozenset(TONED_LETTERS).union(map(chr, (*range(0x3105, 0x3130), *range(0x31A0, 0x31C0))))

# Characters that change by a table or not at all, whatever stands beside them: ASCII, ordinary
# punctuation, kana, circled numbers, full width. Blanks, openers, & and phrase characters are odd.
_ORDINARY = (
    "\n!-%')-;=-Z\\\\-z|-~¡-§©®°±¶×÷"
    "\u2013-\u2016‘-„†-•…‰′※℃←-↓≠≤≥①-⑳─-◿☀-⛿✓-✗、-〃々-〇〒〜ぁ-ゖァ-ヾ"
    "！-％＇）-；＝-Ｚ＼＾-ｚ｜～￥"
)
_CLOSING = "".join(CLOSERS - frozenset("()[]{}<>"))


def _han_without(characters: frozenset[str]) -> str:
    """The ranges of ordinary Han characters, as a class without those given."""
    ranges = []
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)):
        start = first
        for code in sorted(ord(each) for each in characters if first <= ord(each) <= last):
            ranges.append((start, code - 1))
            start = code + 1
        ranges.append((start, last))
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in ranges if start <= end)


ODD = re.compile(f"[^{_ORDINARY}{re.escape(_CLOSING)}·・{_han_without(PHRASE_CHARACTERS)}]")
# Odd characters that each have their own step. A text with others is settled first.
TAME = (
    {"&"}
    | BLANKS
    | (OPENERS - {"＜"})
    | TELLING
    | frozenset(BOPOMOFO_TONES)
    | PHRASE_CHARACTERS
    | {"ü", "Ü"}
)
# Ordinary characters whose comparable form is longer than one character.
LONGER = re.compile("[…℃⑩-⑳]")
# Between two Han characters a blank separates nothing; a line end does.
_BLANK = "[ \t\xa0\u3000]"
GAP = re.compile(rf"{_BLANK}(?<=[{HAN}].){_BLANK}*+(?=[{HAN}])")
