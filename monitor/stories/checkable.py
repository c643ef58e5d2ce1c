"""What one sentence tells that can be checked: figures, days, people, places, quotations. Pure.

Keys are equal for facts told alike: 8,000元 and 八千元 are one amount. Hard facts can be looked up
as seen before; soft ones (an event, somebody's own voice) only say that something is told at all."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.changes.tokens import Fact, Token, tokens

# A day counts where something happened on it: by itself it is the first thing a farm renews.
_EVENT = re.compile(
    r"宣布|公告|立案|起诉|诉讼|宣判|判决|开庭|刑事拘留|刑拘|抓获|逮捕|传唤|查封|下架|辞职|收购|约谈|停工|上诉"
    r"|发言人|被罚|处罚|罚款|罚单|破产|清退|注销|公布|通报|内部信|证实|追加|转让|交割|派驻|进驻"
)
_OWN_VOICE = re.compile(r"我(?!们|国|市|局|司|院|省|县|行)")
# In front of 市, 省 and 县 these two make no place of it: 上市, 城市, 全省.
_PLACE = re.compile(
    r"([一-鿿]?[一-鿿])(?<![上城股超都入门夜闹本全各该外邻一])([省市县])(?![场民面值盈占级区])"
)
_BODY = re.compile(
    r"([一-鿿]{2})(?:市|省|县|区)?(?:中级|高级|基层)?"
    r"(人民法院|法院|检察院|公安局|派出所|警方|监管局|管理局|金融办|消费者协会|消协|仲裁委|实验室|大学)"
)
# Words before such a body that name none.
_ANY_BODY = frozenset(
    {"当地", "有关", "相关", "地方", "人民", "中级", "最高", "高级", "或者", "可以", "通过", "上级", "请求", "各地", "诉至"}
)  # fmt: skip
_SURNAME = "[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁马方俞任袁柳史唐薛雷贺倪汤罗毕郝安于傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄成戴谈宋庞熊纪舒项祝董梁杜阮蓝季贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓洪包石崔吉龚程邢裴陆翁甄曲封段侯宁武刘景叶白赖卓池乔翟谭申冉桑桂牛尚温庄柴瞿阎]"
_PERSON = re.compile(
    rf"({_SURNAME}(?:某某?|先生|女士|小姐))|(?<![一-鿿])小({_SURNAME})(?=[说回在告])"
)
_TITLED = re.compile(
    r"(?:律师|教授|研究员|董事长|总经理|总裁|总监|执行官|负责人|局长|主任|秘书长|发言人|法官|检察官|分析师|院长|组长|行长)"
    rf"({_SURNAME}[一-鿿])"
)
_QUOTATION = re.compile(r"[“「『\"]([^”」』\"]{8,})[”」』\"]")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")
# A length of time, which looks like a day of a month: 六十日内.
_TERM = re.compile(r"[\d零一二三四五六七八九十百]{1,4}[日号]之?[内后]")
_ONLY_UNITS = re.compile(r"[十百千万亿]+")  # 千家万户, 百般: no figure
_MEASURED = re.compile(r"[名人起宗件户位例笔个家份台条台封批部款通][^人体性别]?")
_SMALL = 10
_YEARS = range(1990, 2040)  # 2024又开始催收: a year without its 年


@dataclass(frozen=True, slots=True)
class Checkable:
    """What can be checked in one sentence. `hard` are keys of facts, days among them only where
    something else is told of them; `days` all days. `soft` tells of an event or a voice of its
    own; `negations` counts what it denies."""

    hard: frozenset[str]
    days: frozenset[str]
    soft: bool
    negations: int


def checkable(text: str, found: Iterable[Token]) -> Checkable:
    """Read a folded sentence, its names masked; `found` are its tokens."""
    known = list(found)
    event = _EVENT.search(text) is not None
    hard = {*_figures(text, known), *_people(text), *_places(text)}
    days = frozenset(_days(known))
    if event or hard:
        hard |= days
    hard.update(f"quotation {each}" for each in _QUOTATION.findall(text))
    denied = sum(each.fact is Fact.NEGATION for each in known)
    soft = event or _OWN_VOICE.search(text) is not None
    return Checkable(frozenset(hard), days, soft, denied)


def cut(text: str) -> list[Token]:
    """The tokens of a sentence whose names are masked."""
    return tokens(text, {}, ())


def _figures(text: str, found: Iterable[Token]) -> Iterator[str]:
    for each in found:
        if each.fact is Fact.AMOUNT or (each.fact is Fact.NUMBER and _tells(each, text)):
            yield f"figure {each.key}"
        elif each.fact is Fact.DATE and _TERM.match(text, each.start):
            yield f"term {each.key}"


def _tells(figure: Token, text: str) -> bool:
    """Whether a bare number states something: 三个方面 and 第一 do not, 三名主管 does."""
    if not figure.key.replace(".", "").isdigit():
        return False
    if _ONLY_UNITS.fullmatch(text, figure.start, figure.end) and figure.key != "10":
        return False
    value = float(figure.key)
    if value >= _SMALL:
        return value not in _YEARS
    after = text[figure.end : figure.end + 2]
    return value > 1 and _MEASURED.match(after) is not None and after[:2] not in _IN_FORM


# 三个方面, 几个家庭: counted in form only.
_IN_FORM = frozenset(
    {"个方", "个层", "个角", "个阶", "个问", "个步", "个原", "个部", "个因", "种情"}
)


def _days(found: Iterable[Token]) -> Iterator[str]:
    for each in found:
        if each.fact is Fact.DATE and (day := _DAY.search(each.key)):
            yield f"day {day[1]}-{day[2]}"


def _people(text: str) -> Iterator[str]:
    for one, other in _PERSON.findall(text):
        yield f"person {one or other}"
    for each in _TITLED.findall(text):
        yield f"person {each}"


def _places(text: str) -> Iterator[str]:
    for name, kind in _PLACE.findall(text):
        yield f"place {name}{kind}"
    for name, kind in _BODY.findall(text):
        if name not in _ANY_BODY:
            yield f"place {kind}"
