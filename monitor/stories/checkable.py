"""What the sentences of a text tell that can be checked: figures, days, people, places, quotations,
events. Pure; one pass over the whole text, whatever the number of sentences.

Keys are equal for facts told alike: 8,000元 and 八千元 are one amount. Hard facts can be looked up
as seen before; soft ones (an event, somebody's own voice) only say that something is told at all."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, MatchKind

from monitor.changes.tokens import Fact, Token

# How the key of an amount begins: 310万元, 36%.
AMOUNT = "amount"
# A day counts where something happened on it: by itself it is the first thing a farm renews.
_EVENTS = (
    "宣布", "公告", "立案", "起诉", "诉讼", "宣判", "判决", "开庭", "刑事拘留", "刑拘", "抓获", "逮捕",
    "传唤", "查封", "下架", "辞职", "收购", "约谈", "停工", "上诉", "发言人", "被罚", "处罚", "罚款",
    "罚单", "破产", "清退", "注销", "公布", "通报", "内部信", "证实", "追加", "转让", "交割", "派驻",
    "进驻",
)  # fmt: skip
_TITLES = (
    "律师", "教授", "研究员", "董事长", "总经理", "总裁", "总监", "执行官", "负责人", "局长", "主任",
    "秘书长", "发言人", "法官", "检察官", "分析师", "院长", "组长", "行长",
)  # fmt: skip
_BODIES = (
    "法院", "检察院", "公安局", "派出所", "警方", "监管局", "管理局", "金融办", "消费者协会", "消协",
    "仲裁委", "实验室", "大学",
)  # fmt: skip
_PEOPLE = ("先生", "女士", "小姐", "某")
_PLACES = ("省", "市", "县")
_WORDS = sorted({*_EVENTS, *_TITLES, *_BODIES, *_PEOPLE, *_PLACES, "我", "小"})
_SCANNER = AhoCorasick(_WORDS, matchkind=MatchKind.LeftmostLongest)

_EVENT_WORDS, _TITLE_WORDS, _BODY_WORDS = frozenset(_EVENTS), frozenset(_TITLES), frozenset(_BODIES)
_PEOPLE_WORDS, _PLACE_WORDS = frozenset(_PEOPLE), frozenset(_PLACES)

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁马方俞任袁柳史唐薛雷贺倪汤罗毕郝安于傅"
    "齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄成戴谈宋庞熊纪舒项祝董梁杜阮蓝季贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢"
    "莫房丁邓洪包石崔吉龚程邢裴陆翁甄曲封段侯宁武刘景叶白赖卓池乔翟谭申冉桑桂牛尚温庄柴瞿阎"
)
# Before 市, 省 and 县, and behind them, these make no place of it: 上市, 城市, 全省, 市场.
_NO_PLACE = frozenset("上城股超都入门夜闹本全各该外邻一")
_NO_PLACE_AFTER = frozenset("场民面值盈占级区")
_COURT = re.compile(r"(?:中级|高级|基层)?(?:人民)?$")
# Words before a court, an office that name none.
_ANY_BODY = frozenset(
    {"当地", "有关", "相关", "地方", "最高", "或者", "可以", "通过", "上级", "请求", "各地", "诉至"}
)
_NOT_I = frozenset("们国市局司院省县行")
_SPEAKS = frozenset("说回在告")
_QUOTATION = re.compile(r"[“「『\"]([^”」』\"\n]{8,200})[”」』\"]")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")
# A length of time, which looks like a day of a month: 六十日内.
_TERM = re.compile(r"[\d零一二三四五六七八九十百]{1,4}[日号]之?[内后]")
_ONLY_UNITS = re.compile(r"[百千万亿]+")  # 千家万户: no figure
_MEASURED = frozenset("名人起宗件户位例笔个家份台条封批部款通")
_NOT_MEASURED = frozenset("人体性别")
# 三个方面, 两种情况: counted in form only.
_IN_FORM = frozenset(
    {"个方", "个层", "个角", "个阶", "个问", "个步", "个原", "个部", "个因", "种情"}
)
_CONTACT = re.compile(r"\d{7,}")  # a telephone, an account
_SMALL = 10
_YEARS = range(1990, 2040)  # 2024又开始催收: a year without its 年


@dataclass(slots=True)
class Told:
    """What can be checked in one sentence. `hard` are keys of facts, days among them only where
    something else is told of them; `days` all days. `soft` tells of an event or a voice of its
    own; `negations` counts what it denies."""

    hard: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    event: bool = False
    own_voice: bool = False
    negations: int = 0

    @property
    def soft(self) -> bool:
        """Whether it tells of something at all, though nothing of it can be looked up."""
        return self.event or self.own_voice


def told(text: str, starts: Sequence[int], found: Sequence[Token]) -> list[Told]:
    """Read a folded text, its names masked, whose sentences begin at `starts`; `found` are its
    figures, dates and negations."""
    sentences = [Told() for _ in starts]

    def at(position: int) -> Told:
        return sentences[bisect_right(starts, position) - 1]

    for each in found:
        _count(at(each.start), each, text)
    for index, start, end in _SCANNER.find_matches_as_indexes(text):
        _meet(at(start), _WORDS[index], text, start, end)
    for quotation in _QUOTATION.finditer(text):
        at(quotation.start()).hard.add(f"quotation {quotation[1]}")
    for sentence in sentences:
        if sentence.event or sentence.hard:
            sentence.hard |= sentence.days
    return sentences


def _count(sentence: Told, token: Token, text: str) -> None:
    if token.fact is Fact.NEGATION:
        sentence.negations += 1
    elif token.fact is Fact.AMOUNT:
        sentence.hard.add(f"{AMOUNT} {token.key}")
    elif token.fact is Fact.NUMBER and _tells(token, text):
        sentence.hard.add(f"figure {token.key}")
    elif token.fact is Fact.DATE:
        if day := _DAY.search(token.key):
            sentence.days.add(f"day {day[1]}-{day[2]}")
        elif _TERM.match(text, token.start):
            sentence.hard.add(f"term {token.key}")


def _tells(figure: Token, text: str) -> bool:
    """Whether a bare number states something: 三个方面 and 第一 do not, 三名主管 does."""
    if not figure.key.replace(".", "").isdigit():
        return False
    if _ONLY_UNITS.fullmatch(text, figure.start, figure.end):
        return False
    value = float(figure.key)
    if value >= _SMALL:
        return value not in _YEARS and not _CONTACT.fullmatch(text, figure.start, figure.end)
    after = text[figure.end : figure.end + 2]
    return (
        value > 1
        and after[:1] in _MEASURED
        and after[1:] not in _NOT_MEASURED
        and after not in _IN_FORM
    )


def _meet(sentence: Told, word: str, text: str, start: int, end: int) -> None:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if word in _EVENT_WORDS:
        sentence.event = True
    if word == "我":
        sentence.own_voice |= after not in _NOT_I
    elif word == "小":
        if after in _SURNAMES and text[end + 1 : end + 2] in _SPEAKS:
            sentence.hard.add(f"person {after}")
    elif word in _TITLE_WORDS and after in _SURNAMES:
        sentence.hard.add(f"person {text[end : end + 2]}")
    elif word in _PEOPLE_WORDS and before in _SURNAMES:
        sentence.hard.add(f"person {before}{word}")
    elif word in _PLACE_WORDS or word in _BODY_WORDS:
        sentence.hard.update(_place(word, text, start, after))


def _place(word: str, text: str, start: int, after: str) -> Iterator[str]:
    name = text[max(0, start - 2) : start]
    if word in _PLACE_WORDS:
        if _is_name(name) and name[1] not in _NO_PLACE and after not in _NO_PLACE_AFTER:
            yield f"place {name}{word}"
        return
    stem = _COURT.sub("", text[max(0, start - 8) : start])
    if stem and _is_name(stem[-2:]) and stem[-2:] not in _ANY_BODY:
        yield f"place {word}"


def _is_name(written: str) -> bool:
    return len(written) == 2 and all("一" <= each <= "鿿" for each in written)
