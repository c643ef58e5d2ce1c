"""Cut folded text into the pieces a change is told in: figures, dates, names, words. Pure.

Punctuation and white space are no tokens, so that a change of them alone is no change."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from monitor.changes.figures import number
from monitor.changes.written import (
    AMOUNT,
    DATE,
    FIRST,
    NUMBER,
    PERIOD,
    amount_key,
    date_key,
    period_key,
)


class Fact(StrEnum):
    """What a token says; the names are the kinds of change a reader sees. Most telling first."""

    AMOUNT = "amount"
    DATE = "date"
    NUMBER = "number"
    NEGATION = "negation"
    MODALITY = "modality"
    NAME = "name"
    TOPIC = "topic"
    WORDING = "wording"


class Token(NamedTuple):
    """One piece of text. Tokens with equal `key` say the same; `start` and `end` are offsets in
    the folded text."""

    fact: Fact
    key: str
    start: int
    end: int


# 不过, 不仅 and their like begin with 不 and deny nothing.
_NEUTRAL = (
    "不过|不仅|不但|非但|不只|不光|不少|不同(?!意)|不断|不停(?![止车牌业用产])|不时|不料|不久|不论|不管|不然|不良|不得不|不妨|不禁|非常|非法|除非|无论|(?<=走投)无路|"
    "未来|未必|没[想料][到过]|没承想|不讳|没收|不满(?!意|足)|不等(?!于)|不止|不明(?![白确显])|不慎|是否|能否|可否|与否|无非|莫非|毫无疑问|不可避免|不言而喻|(?<=[抹转])不开|(?<=拉)不下|"
    "不多(?!于)|不由得|不由自主|(?<=忍)不住|(?<=[免少])不了|不已|不知去向|不知所[踪终]|不翼而飞|不了了之|不堪其扰|苦不堪言|不堪入耳|不胜其[扰烦]|不以为意|不慌不忙|不紧不慢|没有?(?:多想|细想|犹豫)|未加思索|未多想|不约而同|不假思索|不知不觉|不折不扣|不外乎|不愧|莫名|莫大|莫及|莫过于|将近|无数|无奈|无比|"
    "无意间|无形中|没多久|不一会|(?<=得)不行(?!为)|不得了|了不得|了不起"
    # Bounds of figures: 不足300人, 一成都不到.
    r"|(?<=[都也])不到(?![场位案庭])"
    rf"|不足(?=\s?[{FIRST}])|不到(?=\s?[{FIRST}])|未达(?=\s?[{FIRST}])|不超过|不少于|不低于|不高于|不多于"
)
_NEGATION = (
    "并未|从未|尚未|未曾|未能|没能|未予|未经|没有|并非|并不|绝不|从不|不再|不会|不能|不得|不予|不存在|不属实|不实|不是|无法(?!律)|无需|"
    "无权|不准|不许|未有|拒绝|拒不|婉拒|禁止|否认|停止|中止|叫停|取消|撤销|撤回|终止|驳回|不|未|没|非|无|勿|莫|(?<=千万)别(?!墅)"
)
_MODALITY = (
    "涉嫌|疑似|疑因|似乎|看似|相信(?=[为是有涉属已因由])|据信|据称|据传|传言|网传|传闻|或将|或会|或许|可能|也许|大概|预计|预期|预料|拟|计划|打算|考虑|有望|应当|应该|必须|务必|一定要|可以|允许|"
    "已经|曾经|已于|正在|仍在|即将|将会(?![员议计])|将于|将在|定于|初步|初估|证实|属实|指控(?![,，。;；])|被指"
)
_LATIN = r"[^\W\d_\u2e80-\uffff]+"
_PATTERN = (
    rf"(?P<date>{DATE})|(?P<amount>{AMOUNT})|(?P<number>{NUMBER})|(?P<period>{PERIOD})"
    rf"|(?P<neutral>{_NEUTRAL})|(?P<negation>{_NEGATION}|严禁)|(?P<modality>{_MODALITY})"
    rf"|(?P<word>{_LATIN}|[^\W_])"
)
# 讲一讲, 看一看.
_TWICE = "|".join(f"(?<={each})一(?={each})" for each in "讲说看聊谈想试问查算听等走比学")
# 一些, 一样, 万一: figures in form only.
_IDIOM = re.compile(
    r"一(?=[些样般直旦定切起同边面再下向时律致共方部系概流贯半]|度(?!电)|点(?![零一二三四五六七八九]))|十分(?![之钟\d])|万一|统一|唯一|之一|第一时间|一(?=[愣怔惊阵番眼连味向早晚带系])|百姓|千万(?=不(?!良)|别(?!墅)|[要莫勿]|小心|记|注意|当心|留意)|两者|双十一|(?<!第)二次(?!元)|一一(?![零一二三四五六七八九十百千万])"
    r"|一年比一年|一天比一天|一月比一月"
    # Sayings that count nothing.
    r"|三思|再三|三番[五两]次|一五一十|七上八下|乱七八糟|四处(?=[找打借躲奔求逃筹流散张碰托兼])|四面八方|五花八门|五颜六色|接二连三|[丢颠]三[落倒]四|[两三]言两语|千[辛言]万[苦语]|千方百计|四通八达|半信半疑"
    r"|两难|两口子|一目了然|一了百了|一毛不拔|[朝说低]三[暮道下]四|不三不四|三三两两|三天两头|隔三[差岔]五|七[嘴零拼]八[舌落凑]|四分五裂|五味杂陈|六神无主|[杀以]一[儆警]百"
    r"|百般|成千上万|千家万户|千篇一律|一清二楚|一干二净|一举两得|一无所[有获知]|一如既往|一拍即合|一蹶不振|一劳永逸|一落千丈|两全其美|进退两难|三心二意|万不得已|千真万确|十全十美|九牛一毛"
    # All of it, or nothing: 一字不差, 一分没剩.
    r"|一[字分毫丝声言动成文尘窍点口](?:不|没)[^\W\d不没]"
    rf"|{_TWICE}"
)


def tokens(text: str, names: Mapping[str, str], terms: Iterable[str]) -> list[Token]:
    """Cut `text`. `names` maps each folded surface of a watched platform to its platform;
    `terms` are folded topic terms. Both win over every other reading."""
    pattern = _pattern(tuple(sorted(names)), tuple(sorted(terms)))
    found: list[Token] = []
    for match in pattern.finditer(text):
        group, written = match.lastgroup, match[0]
        start, end = match.span()
        if group == "plain":
            found += _words(written, start, end)
        elif group is not None:
            found.append(Token(_FACTS[group], _key(group, written, names), start, end))
    return found


def figures_and_negations(text: str) -> list[Token]:
    """Only the figures, the dates written in figures and the negations that `tokens` would find:
    nine in ten characters begin none and are passed over. 严禁 is left out: it states a rule, and
    并未禁止 denies it."""
    return [
        Token(_FACTS[group], _key(group, each[0], {}), *each.span())
        for each in _STATING.finditer(text)
        if (group := each.lastgroup)
    ]


_STATING_FIRST = f"{FIRST}不非无未没莫毫否拒禁停取撤终驳勿除婉中叫"
_STATING = re.compile(
    rf"[^{_STATING_FIRST}]+|(?:{_IDIOM.pattern}|{_NEUTRAL})"
    rf"|(?P<date>{DATE})|(?P<amount>{AMOUNT})|(?P<number>{NUMBER})"
    rf"|(?P<negation>{_NEGATION})|."
)
_FACTS = {
    "name": Fact.NAME,
    "term": Fact.TOPIC,
    "date": Fact.DATE,
    "amount": Fact.AMOUNT,
    "number": Fact.NUMBER,
    "period": Fact.NUMBER,
    "negation": Fact.NEGATION,
    "modality": Fact.MODALITY,
    "idiom": Fact.WORDING,
    "neutral": Fact.WORDING,
    "word": Fact.WORDING,
}


def _negation_key(written: str) -> str:
    return "勿" if written == "别" else written


_KEYS = {
    "date": date_key,
    "amount": amount_key,
    "number": number,
    "period": period_key,
    "negation": _negation_key,
}


def _words(run: str, start: int, end: int) -> Iterator[Token]:
    """One token a character. Nine in ten are made here, so without Python's constructor."""
    values = zip(repeat(Fact.WORDING), run, range(start, end), range(start + 1, end + 1))
    return map(tuple.__new__, repeat(Token), values)


# What dates, figures, idioms and words of more than one character begin with. Any other Han
# character is a word by itself: nine in ten, and found in runs.
_FIRST = frozenset(f"周星礼今明昨前后当去本上下统唯之第双个天日年小工分别{FIRST}") | {
    word[0] for word in f"{_NEUTRAL}|{_NEGATION}|{_MODALITY}".split("|")
}


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...], terms: tuple[str, ...]) -> re.Pattern[str]:
    first = _FIRST.union(*(word[:1] for word in (*names, *terms)))
    parts = [f"(?P<plain>{_han_but(first)}+)"]
    if names:
        parts.append(f"(?P<name>{_alternatives(names)})")
    if terms:
        parts.append(f"(?P<term>{_alternatives(terms)})")
    return re.compile("|".join((*parts, f"(?P<idiom>{_IDIOM.pattern})", _PATTERN)))


def _han_but(excepted: Iterable[str]) -> str:
    """A class of all common Han characters but these."""
    ranges, low = [], 0x4E00
    for code in sorted({ord(each) for each in excepted if "\u4e00" <= each <= "\u9fff"} | {0xA000}):
        if low < code:
            ranges.append(f"{chr(low)}-{chr(code - 1)}")
        low = code + 1
    return f"[{''.join(ranges)}]"


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _key(group: str, written: str, names: Mapping[str, str]) -> str:
    if group == "name":
        return names[written]
    return _KEYS[group](written) if group in _KEYS else written
