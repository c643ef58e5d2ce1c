"""Who is said to have said it: somebody else, or the same told at the other end. Pure."""

import re

from monitor.changes.sides import Run, Side
from monitor.changes.wording import NOT_WORDS, covered

_SAYS = (
    "回应称|回应说|介绍说|补充说|表示|透露|指出|认为|坦言|回应|辩称|提醒|呼吁|强调|告诉|(?<![一的学听劝小])说(?![明法服])"
    "|称(?![为号作])|指(?![挥控数定导责标])|分析(?![师家])|建议|批评"
)
_SPEAKER = re.compile(
    r"(?:对此|此外|另外|同时|据悉|不过|但|而|其中|随后|目前|今日|昨日|近日)?[,，]?"
    rf"(?P<who>[^,，:：“”‘’「」\"']{{2,24}}?)(?:{_SAYS})"
)
# Who is told by one of these was named before.
_BACK = re.compile(
    r"(?:[该其他她它]|这家|上述|涉事|对方|双方|当事|平台|公司|机构|银行).*|.*(?:方面|记者)$"
)
_SENTENCE_END = re.compile(r"[。!?\n]+")
_ATTRIBUTION = re.compile(rf"(?:据|对此[,，]?)?(?P<who>\w{{2,24}}?)(?:{_SAYS}|介绍|看来)")


def is_said_by_another(passage: str, other: str) -> bool:
    """Whether two versions of a sentence, or of one after another, have two speakers that share
    hardly a word."""
    sentences = [_SENTENCE_END.split(each.strip("。!?\n")) for each in (passage, other)]
    pairs = zip(*sentences, strict=False) if len(sentences[0]) == len(sentences[1]) else ()
    return any(
        _are_two(one, another) and one not in other and another not in passage
        for one, another in (map(_speaker, pair) for pair in pairs)
    )


def without_speaker(passage: str, other: str) -> str:
    """A passage without who says it at its beginning, where another names him as saying something:
    a quotation that became reported speech."""
    found = _SPEAKER.match(passage)
    return passage[found.end() :] if found is not None and found[0] in other else passage


def _speaker(sentence: str) -> str:
    """Who says what a sentence tells; empty where that cannot be seen or was told before."""
    found = _SPEAKER.match(sentence)
    return "" if found is None or _BACK.fullmatch(found["who"]) else found["who"]


def _are_two(one: str, other: str) -> bool:
    if not (one and other):
        return False
    shared = (covered(*each) for each in ((one, other), (other, one)))
    return all(said and 2 * there <= said for said, there in shared)


def same_speaker_moved(old: Side, new: Side, one: Run, other: Run) -> bool:
    """Whether of two runs in a row one takes away who said it, and the other tells it at the other
    end of what was said."""
    if one[0] < one[1] and one[2] == one[3] and other[0] == other[1]:
        texts = old.written(*one[:2]), new.written(*other[2:])
    elif one[0] == one[1] and other[0] < other[1] and other[2] == other[3]:
        texts = old.written(*other[:2]), new.written(*one[2:])
    else:
        return False
    who = [_ATTRIBUTION.fullmatch(NOT_WORDS.sub("", each)) for each in texts]
    return who[0] is not None and who[1] is not None and who[0]["who"] == who[1]["who"]
