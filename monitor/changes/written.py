"""How figures and dates are written in folded text, and one key for all that say the same. Pure.

White space, a line's end too, may stand before a unit: pages wrap lines anywhere, and some set
figures off (2024 年 11 月 8 日)."""

import re
from decimal import Decimal

from monitor.changes.figures import number, plain

_GAP = r"\s{0,3}"
_FIGURE_PART = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# 2万5千, 1亿2000万, 1万2000: figures that go on behind a unit.
_GOES_ON = r"(?:\d+(?:\.\d+)?[百千万亿]+|\d{3,4}(?!\d))*"
_FIGURE = rf"(?:{_FIGURE_PART})(?:{_GAP}(?:[千万亿]|百(?!分[点之]))+{_GOES_ON})?"
_DIGIT = "零〇一二两三四五六七八九"
_FORMAL = "壹贰叁肆伍陆柒捌玖"
# 大陆, 收拾 and 队伍 are no figures: one of these stands before its unit.
_FORMAL_FIGURE = (
    rf"(?:[{_FORMAL}](?={_GAP}[拾佰仟万亿元圆])|拾(?={_GAP}[{_FORMAL}万亿]))"
    rf"(?:[{_FORMAL}零]|{_GAP}[拾佰仟万亿])*"
)
_HAN_FIGURE = rf"(?:[{_DIGIT}十百千万亿廿卅](?:[{_DIGIT}]|{_GAP}[十百千万亿])*|{_FORMAL_FIGURE})"
_HAN_DECIMAL = rf"[{_DIGIT}十百](?:[{_DIGIT}十百])*点[{_DIGIT}]+(?:{_GAP}[百千万亿]+)?"
_ANY = rf"{_FIGURE}|{_HAN_DECIMAL}|{_HAN_FIGURE}"

_SHORT = rf"(?:\d{{1,2}}|{_HAN_FIGURE})"
# 90日 is no day.
_DAY = rf"(?:0?[1-9]|[12]\d|3[01]|{_HAN_FIGURE}){_GAP}[日号]"
_MONTH = rf"{_SHORT}{_GAP}月"
DATE = (
    rf"(?:\d{{4}}|\d{{2}}(?={_GAP}年{_GAP}{_SHORT}{_GAP}月)|[一二三四五六七八九〇○零]{{4}}){_GAP}年"
    rf"(?:{_GAP}{_MONTH}(?:{_GAP}{_DAY}|份)?)?"
    rf"|{_MONTH}(?:{_GAP}{_DAY}|份|底|初|中旬|上旬|下旬)?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20)\d{2}[-/](?:1[0-2]|0?[1-9])(?![\d%/-])"
    rf"|[今昨明前]\(\d{{1,2}}\)[日天]"  # 今(7)日, as papers in Taiwan write
    rf"|\d{{1,2}}:\d{{2}}(?::\d{{2}})?|\d{{1,2}}{_GAP}[点时]{_GAP}\d{{1,2}}{_GAP}分"
    rf"|{_DAY}(?!线|楼|店|院)"
    r"|(?:周|星期|礼拜)[一二三四五六日天]|(?:今|明|昨|前|后|当)[天日晚](?!天)|(?:今|(?<![标注写列载说声指证查])明|去|前)年(?!化)|(?:本|上|下)个?(?:周|月|季度)"
)
_MONEY = r"(?:元|圆|块钱|块|美元|美金|港元|港币|台币|人民币|角|分钱)"
AMOUNT = (
    rf"[百千万]分之{_GAP}(?:{_ANY})|[{_DIGIT}十]{{1,3}}分之[{_DIGIT}十]{{1,3}}|(?<![\d/])\d{{1,2}}/\d{{1,2}}(?![\d/])|[¥$]{_GAP}{_FIGURE}(?:{_GAP}{_MONEY})?"
    rf"|(?:{_FIGURE_PART})(?:多|余|几){_GAP}[百千万亿]+{_GAP}{_MONEY}"
    rf"|(?:{_ANY})(?:多|余|几)?{_GAP}(?:{_MONEY}|%|‰|个?百分点|倍|成(?:半|[一二三四五六七八九](?![成十百千万元名人个家位点分]))?(?!立|为|功|员|本|都(?![不没未])|长|年|交|果|熟))"
)
# 半年, but not 上半年.
_HALF = "(?<![上下前后大小])半(?=年(?![报度])|个月|个?小时|个?钟头)"
NUMBER = rf"{_FIGURE}|{_HAN_FIGURE}|{_HALF}"
# The unit of a length of time that a number tells: 90天, 3 个月, 十年.
PERIOD = rf"(?<=[\d{_DIGIT}十百千万半]){_GAP}(?:个?工作日|个?小时|个月|天|日|周|年(?![级代度龄轻糕])|分钟)"
# What figures, dates and amounts begin with.
FIRST = f"\\d{_DIGIT}半十百千万亿廿卅{_FORMAL}拾¥$"

_PARTS = re.compile(r"(.+)分之(.+)|(\d+)/(\d+)$", re.DOTALL)
_FRACTION = re.compile(r"([百千万])分之(.*)", re.DOTALL)
_SHARES = {"百": 1, "千": 10, "万": 100}
_ANY_FIGURE = re.compile(_ANY)
_SPACE = re.compile(r"\s+")
_WRITTEN_OUT = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$")
_CLOCK = re.compile(r"(\d{1,2})[点时](\d{1,2})分$")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)(‰|成)(半|[一二三四五六七八九])?$")
_IN_SHARE = {"‰": Decimal("0.1"), "成": Decimal(10)}
_SHORT_YEAR = re.compile(r"^(\d{2})年(?=\d+月)")
_CURRENCIES = {"¥": "元", "$": "美元"}
_UNITS = {
    "圆": "元",
    "块": "元",
    "块钱": "元",
    "人民币": "元",
    "美金": "美元",
    "港币": "港元",
    "个百分点": "百分点",
}
_UNIT = re.compile(rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})$")
_ABOUT = re.compile(r"^(\d+)[多余几]([百千万亿]+)")
_PERIODS = {"日": "天"}


def date_key(written: str) -> str:
    """The key of a date or a time of day: 2024-11-08 and 二〇二四年十一月八号 are 2024年11月8日."""
    text = _SPACE.sub("", written)
    if found := _WRITTEN_OUT.match(text):
        year, month, day = found.groups()
        return f"{year}年{int(month)}月" + (f"{int(day)}日" if day else "")
    if found := _CLOCK.match(text):
        return f"{found[1]}:{found[2]:0>2}"
    if ":" in text:
        return text
    if "(" in text:
        return f"{int(text[2:-2])}日"
    if text[:1] in {"本", "上", "下"}:
        return text.replace("个", "")
    key = _ANY_FIGURE.sub(lambda each: number(each[0]), text.replace("号", "日").replace("○", "〇"))
    return _SHORT_YEAR.sub(r"20\1年", key.removesuffix("份"))


def amount_key(written: str) -> str:
    """The key of an amount: ¥100,000, 十万块 and 10 万元 are 100000元; 三成 and 300‰ are 30%, 三分之一 is
    1/3."""
    text = _SPACE.sub("", written)
    if found := _FRACTION.match(text):
        return _divided(number(found[2]), _SHARES[found[1]])
    if found := _PARTS.match(text):
        below, above = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _fraction(number(above), number(below))
    if currency := _CURRENCIES.get(text[0], ""):
        text = _UNIT.sub("", text[1:].removesuffix("元")) + currency
    if found := _ABOUT.match(text):
        text = f"{found[1]}{found[2]}多{text[found.end() :]}"
    key = _ANY_FIGURE.sub(lambda each: number(each[0]), text, count=1)
    if found := _SHARE.match(key):
        rest = Decimal(number(found[3]) if found[3] else 0)  # 三成五
        return f"{plain(Decimal(found[1]) * _IN_SHARE[found[2]] + rest * (10 if rest < 1 else 1))}%"
    return _UNIT.sub(lambda each: _UNITS[each[0]], key)


def _fraction(above: str, below: str) -> str:
    """四分之一 is 25%; what is no even share stays a fraction."""
    if not (above.isdecimal() and below.isdecimal() and int(below)) or 100 % int(below):
        return f"{above}/{below}"
    return f"{plain(Decimal(above) * 100 / int(below))}%"


def _divided(value: str, by: int) -> str:
    if not value.replace(".", "").isdigit():
        return f"{value}/{by}%"
    return f"{plain(Decimal(value) / by)}%"


def period_key(written: str) -> str:
    """The key of a period's unit: 个月 and 月, 天 and 日 are one."""
    unit = _SPACE.sub("", written).removeprefix("个")
    return _PERIODS.get(unit, unit)
