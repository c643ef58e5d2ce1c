"""One character's comparable form: width, radicals, case, what cannot be seen."""

import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from seeds.fold.script import CharacterTable

# The radicals that pages copied from PDF files carry and NFKC leaves alone
# (Unicode's EquivalentUnifiedIdeograph.txt; the Kangxi block is NFKC's).
_RADICALS = dict(zip("⺁⺄⺆⺈⺊⺌⺎⺒⺓⺕⺗⺝⺠⺡⺣⺤⺥⺦⺧⺩⺪⺬⺮⺯⺱⺲⺶⺸⺼⺽⺾⻁⻃⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻐⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻨⻩⻫⻬⻮⻯⻰⻱",
                    "厂乙冂刀卜小兀巳幺彐心月民水火爪爪丬牛王疋示竹纟罒罒羊芈肉臼艸虎西西见角讠贝足车辶辶辶钅長镸长门雨青韦页风飞食飠饣马骨鬼鱼鸟麦黄斉齐齿竜龙龜", strict=True))  # fmt: skip
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# Fillers and blanks that Unicode does not call format characters, but nobody sees.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# What makes a key of a digit in pictures (3⃣6⃣0⃣).
_KEYCAP = "\u20e3"
# Second halves of canonical compositions that are no combining marks: Hangul jamo, Indic signs.
_SECOND_HALVES = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e"
    "\u1b35\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
) | frozenset(map(chr, range(0x1161, 0x1200)))
# Unicode's Stream-Safe limit (UAX #15). Ordering a longer run takes quadratic time.
_MOST_MARKS = 30


def is_invisible(character: str) -> bool:
    """Tell whether nobody sees `character`: zero-width, bidi, variation selectors, controls."""
    if character in _LINE_ENDS or character == "\t":
        return False
    if character in _BLANKS or "\ufe00" <= character <= "\ufe0f":
        return True
    if "\u180b" <= character <= "\u180f" or "\U000e0000" <= character <= "\U000e0fff":
        return True
    return unicodedata.category(character) in ("Cf", "Cc")


def attaches(character: str) -> bool:
    """Tell whether `character` may compose with the one before it."""
    return unicodedata.combining(character) != 0 or character in _SECOND_HALVES


class _Forms(CharacterTable):
    """The comparable form of every character by itself: none, one or several characters."""

    def convert(self, character: str) -> str:
        if character in _LINE_ENDS:
            return "\n"
        if is_invisible(character):
            return ""
        if "\ud800" <= character <= "\udfff":
            return "\ufffd"
        if character == _KEYCAP:
            return ""
        form = unicodedata.normalize("NFKC", _RADICALS.get(character, character))
        # ´ ¯ ˙ and their like stay: NFKC makes them a space with a mark, and ˙ is a tone.
        if len(form) > 1 and form[0] == " ":
            return character
        # Lower case before composition: ẗ has a composed form that T̈ lacks. Letter by letter,
        # because `str.lower` writes a final sigma its own way.
        return "".join(part.lower() for part in form if not is_invisible(part))


FORMS = _Forms()
_attaching: set[str] = set()
_standing: set[str] = set()


def composes(alphabet: AbstractSet[str]) -> bool:
    """Tell from a text's distinct characters whether any attaches to another."""
    for character in alphabet - _standing:
        (_attaching if attaches(character) else _standing).add(character)
    return not _attaching.isdisjoint(alphabet)


def compositions(text: str) -> Iterator[tuple[int, int, str]]:
    """Compose marks with what they stand on (NFC), as edits; overlong runs are cut."""
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and attaches(text[end]):
            continue
        if end - start > 1:
            cluster = text[start : min(end, start + 1 + _MOST_MARKS)]
            composed = unicodedata.normalize("NFC", cluster)
            if composed != text[start:end]:
                # The marks that are left keep places behind the character they stand on: a name
                # may end there.
                rest = max(start + 1, end + 1 - len(composed))
                yield start, rest, composed[:1]
                if rest < end:
                    yield rest, end, composed[1:]
        start = end
