"""What content farms, converters and careless hands do to a text, each drawn from a seeded chance."""

import random
import re
from collections.abc import Callable

from pypinyin import Style, pinyin

HAN = re.compile(r"[一-鿿]")

# Words a spinning program puts in place of each other; both directions are used.
SYNONYMS = [
    ("用户", "客户"),
    ("公司", "企业"),
    ("平台", "机构"),
    ("部分", "一些"),
    ("不少", "许多"),
    ("表示", "指出"),
    ("认为", "觉得"),
    ("要求", "责令"),
    ("发现", "察觉"),
    ("开始", "着手"),
    ("目前", "当前"),
    ("问题", "难题"),
    ("情况", "状况"),
    ("方式", "办法"),
    ("行业", "领域"),
    ("市场", "行情"),
    ("增长", "上升"),
    ("下降", "减少"),
    ("影响", "波及"),
    ("主要", "首要"),
    ("因为", "由于"),
    ("所以", "因此"),
    ("但是", "然而"),
    ("可以", "能够"),
    ("需要", "须要"),
    ("通过", "借助"),
    ("进行", "开展"),
    ("继续", "接着"),
    ("突然", "忽然"),
    ("马上", "立刻"),
    ("非常", "十分"),
    ("经常", "常常"),
    ("已经", "早已"),
    ("普通", "一般"),
    ("困难", "艰难"),
    ("压力", "负担"),
    ("家人", "亲属"),
    ("朋友", "好友"),
    ("同事", "同僚"),
    ("电话", "来电"),
    ("短信", "信息"),
    ("联系", "联络"),
    ("提醒", "提示"),
    ("建议", "提议"),
    ("帮助", "协助"),
    ("保护", "维护"),
    ("规定", "条例"),
    ("管理", "管控"),
    ("风险", "隐患"),
    ("收入", "所得"),
    ("费用", "花费"),
    ("资金", "款项"),
    ("贷款", "借款"),
    ("还款", "偿还"),
    ("逾期", "超期"),
    ("投诉", "申诉"),
    ("说明", "解释"),
    ("回应", "答复"),
    ("记者", "采访者"),
    ("消息", "讯息"),
    ("出现", "显现"),
    ("提供", "给予"),
    ("选择", "挑选"),
    ("重要", "关键"),
    ("合作", "协作"),
    ("时间", "时候"),
    ("最近", "近来"),
    ("过去", "以往"),
    ("如果", "假如"),
    ("只有", "唯有"),
]
_TWINS = {one: other for pair in SYNONYMS for one, other in (pair, pair[::-1])}
_WORDS = re.compile("|".join(sorted(map(re.escape, _TWINS), key=len, reverse=True)))

# Characters that look alike, as farms and bad scans exchange them.
LOOKALIKES = dict(
    zip(
        "己日未土人天大太千干刀力田由甲申白自目士王玉银钱宝款",
        "已曰末士入夭犬大干千力刀由田申甲自白日土玉王锒銭寳欵",
        strict=True,
    )
)

ANNOTATION_FORMS: dict[str, Callable[[str], str]] = {
    "(jī)": lambda each: f"{each}({_reading(each, Style.TONE)})",
    "（jī）": lambda each: f"{each}（{_reading(each, Style.TONE)}）",
    "[jī]": lambda each: f"{each}[{_reading(each, Style.TONE)}]",
    "【jī】": lambda each: f"{each}【{_reading(each, Style.TONE)}】",
    "(ji1)": lambda each: f"{each}({_reading(each, Style.TONE3)})",
    "(ji)": lambda each: f"{each}({_reading(each, Style.NORMAL)})",
    "(ㄐㄧ)": lambda each: f"{each}({_reading(each, Style.BOPOMOFO)})",
    "(jī) before": lambda each: f"({_reading(each, Style.TONE)}){each}",
    " (jī) spaced": lambda each: f"{each} ({_reading(each, Style.TONE)}) ",
}


def _reading(character: str, style: Style) -> str:
    return str(pinyin(character, style=style)[0][0])


def annotated_as(form: str, body: str, chance: random.Random, share: float) -> str:
    """Write the reading of some characters beside them, in one of ANNOTATION_FORMS."""
    write = ANNOTATION_FORMS[form]
    return HAN.sub(
        lambda match: write(match.group()) if chance.random() < share else match.group(), body
    )


def synonyms(body: str, chance: random.Random, share: float) -> str:
    """Replace `share` of the words that have a synonym."""
    return _WORDS.sub(
        lambda match: _TWINS[match.group()] if chance.random() < share else match.group(), body
    )


def lookalikes(body: str, chance: random.Random, share: float) -> str:
    """Put lookalikes in place of `share` of the characters that have one."""
    return "".join(
        LOOKALIKES[each] if each in LOOKALIKES and chance.random() < share else each
        for each in body
    )


def mojibake(body: str, chance: random.Random, share: float) -> str:
    """Lose `share` of the characters in a conversion that went wrong."""
    lost = ["\ufffd", "锟斤拷", "?", "烫烫"]
    return HAN.sub(
        lambda match: chance.choice(lost) if chance.random() < share else match.group(), body
    )


def rewrapped(body: str, width: int) -> str:
    """Break the lines every `width` characters."""
    lines = []
    for line in body.splitlines():
        lines.extend(line[at : at + width] for at in range(0, len(line), width))
    return "\n".join(lines)


def renumbered(body: str) -> str:
    """Number the headings another way."""
    body = re.sub(r"^\d\.(\d) ", r"(\1)", body, flags=re.MULTILINE)
    names = dict(zip("一二三四五六七八", "12345678", strict=True))
    return re.sub(
        r"^([一二三四五六七八])、",
        lambda match: f"第{match[1]}部分 " if names[match[1]] < "3" else f"{names[match[1]]}、",
        body,
        flags=re.MULTILINE,
    )


def other_punctuation(body: str) -> str:
    """Write the punctuation half width, full width, or as a line's end."""
    return body.translate(str.maketrans({",": "，", "，": ",", "。": ".", ":": "：", "“": '"'}))


def middle(body: str, share: float) -> str:
    """Cut a passage out of the middle."""
    length = int(len(body) * share)
    start = (len(body) - length) // 2
    return body[start : start + length]


def sentences_shuffled_within(body: str, chance: random.Random) -> str:
    """Put the sentences of each paragraph into another order."""
    paragraphs = []
    for paragraph in body.split("\n\n"):
        sentences = [each for each in re.split(r"(?<=[。!?])", paragraph) if each]
        chance.shuffle(sentences)
        paragraphs.append("".join(sentences))
    return "\n\n".join(paragraphs)


def interleaved(body: str, noise: list[str], chance: random.Random) -> str:
    """Put something between every two paragraphs."""
    pieces = []
    for paragraph in body.split("\n\n"):
        pieces += [paragraph, chance.choice(noise)]
    return "\n\n".join(pieces)


def quoted(body: str, other: str, share: float) -> str:
    """Quote the middle of a text in the middle of another."""
    paragraphs = other.split("\n\n")
    half = len(paragraphs) // 2
    passage = middle(body, share)
    return "\n\n".join([*paragraphs[:half], f"该文写道:“{passage}”", *paragraphs[half:]])


def redated(body: str, chance: random.Random) -> str:
    """Put other years in: old texts are sold as new."""
    shift = chance.choice([1, 2])
    return re.sub(r"20[12]\d(?=年)", lambda match: str(int(match.group()) + shift), body)
