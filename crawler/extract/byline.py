"""Who wrote an article and who published it, told apart."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.extract.facts import Facts

_COLON = r"\s*[：:]\s*"
# A label that ends the name before it, when nothing else does.
_STOP = (
    r"(?=\s*(?:$|[\s|｜,，;；/／)）\]】〕。、]|来源|來源|作者|记者|記者|编辑|編輯|责任|責任|责编|責編|时间|時間|发布|發布|浏览|瀏覽|阅读|閱讀|点击|点击|"
    r"摄影|攝影|(?:19|20)\d\d[-/年.]|字号|字體|评论|評論|分享|整合|整理|报道|報導|報道|综合|綜合|实习|實習|通讯员|通訊員|关键|標籤|标签))"
)
_NAME = r"[\w·•．.'’\-]{2,24}?"
_PERSON = r"[\u4e00-\u9fff·•]{2,8}?"
_LABELLED = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:本文|文章|原文)?(?:作者|撰文|撰稿人?|采写|採寫|執筆|执笔|作\s者|發布者|author)(?:\s*[/／])?{_COLON}(?P<name>.{{0,60}})",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"^[（(【\[〔]?\s*文\s*[/／|｜丨：:]\s*(?P<name>.{1,40})")
_REPORTER = re.compile(
    r"(?:特[约約派]|实习|實習|见习|見習|本报|本報|首席|资深|資深|駐.{1,4}|驻.{1,4})*(?:記者|记者)\s*[：:／/]?\s*"
    r"(?P<name>[\u4e00-\u9fff·]{2,4}(?:[\s、，,及和][\u4e00-\u9fff·]{2,4}){0,4})"
)
_BRACKETED = re.compile(r"^[（(〔\[【](?P<inside>[^）)〕\]】]{2,40})[）)〕\]】]")
_BRACKETED_END = re.compile(r"[（(〔\[【](?P<inside>[^（(〔\[【）)〕\]】]{2,40})[）)〕\]】]\s*$")
_AT_PLACE = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{2,4})[／/][\u4e00-\u9fff]{2,8}(?:報導|报道|報道)"
)
_EN_BY = re.compile(
    r"^\s*(?:written |posted |reported )?by:?\s+(?P<name>[A-Z][\w.'’-]+(?:\s+(?:and\s+)?[A-Z][\w.'’-]+){0,4})"
)
_OUTLET = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:本文|文章|信息|稿件|新闻|内容)?(?:来\s*源|來\s*源|稿源|出处|出處|source){_COLON}(?P<name>.{{0,60}})",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(?:台北|臺北|台中|台南|高雄|綜合|综合|新北|桃園|新竹|彰化|屏東|花蓮|台東|基隆|嘉義|南投|雲林|苗栗|宜蘭|澎湖|金門|北京|上海|香港|廣州|广州|深圳|整理|即時|專題|外電|[^\s]{2,3}[縣市])"
)
_NOT_A_NAME = re.compile(
    r"^(?:本网|本站|本報|本报|admin|administrator|佚名|未知|匿名|原创|原創|网络|網路|網絡|互联网|来源|來源|记者|記者|编辑|編輯|小编|name|email.*|null|none|undefined|"
    r"获悉|了解|从|在|對|对|采访|採訪|表示|發現|发现|注意|报道|報導|走访|查询|登录|看到|獲悉|問|问|會|会|團|团|站|协会|協會|節|节)",
    re.IGNORECASE,
)
_OUTLET_WORD = re.compile(
    r"网$|網$|报$|報$|社$|网站|網站|新闻|新聞|日报|日報|晚报|晚報|时报|時報|财经|财經|科技$|电视|電視|频道|頻道|周刊|週刊|杂志|雜誌|\.(?:com|cn|net|org|tw)|公众号|客户端|出版|通讯社|网易|搜狐|新浪|腾讯|百度|凤凰|新头殼|CSDN"
)


@dataclass(frozen=True, slots=True)
class Byline:
    author: str | None = None
    outlet: str | None = None


def find_byline(facts: Facts, head: Sequence[str], body: Sequence[str]) -> Byline:
    """Author and outlet from the lines about the article (`head`), its own first and last lines
    (`body`), and what the page declares. None where the page does not say.

    Visible text wins over declarations: content systems fill `author` with the site's name. An
    editor (責任編輯) is neither."""
    outlet = _first(_outlets(facts, head, body))
    author = _first(_authors(facts, head, body, outlet))
    return Byline(author, outlet or facts.site or None)


def _authors(
    facts: Facts, head: Sequence[str], body: Sequence[str], outlet: str | None
) -> Iterator[str]:
    for line in head:
        yield from _from_label(line)
    yield from _from_opening(body[:3])
    for name in (*_linked_names(facts, "author"), *_declared(facts)):
        if (
            name != outlet
            and name != facts.site
            and not _OUTLET_WORD.search(name)
            and "/" not in name
        ):
            yield name
    yield from _from_closing(body[-4:])


def _declared(facts: Facts) -> Iterator[str]:
    for name in (
        "author",
        "article:author",
        "dc.creator",
        "parsely-author",
        "sailthru.author",
        "byl",
    ):
        if facts.meta.get(name):
            yield facts.meta[name]


def _linked_names(facts: Facts, key: str) -> Iterator[str]:
    for entry in facts.linked:
        value = entry.get(key)
        for person in value if isinstance(value, list) else [value]:
            name = person.get("name") if isinstance(person, dict) else person
            if isinstance(name, str):
                yield name


def _from_label(line: str) -> Iterator[str]:
    for match in (_LABELLED.search(line), _SLASHED.search(line), _EN_BY.search(line)):
        if match:
            yield _cut(match["name"])
    if len(line) < 60:
        match = _REPORTER.search(line)
        if match:
            yield _people(match["name"])


def _from_opening(lines: Sequence[str]) -> Iterator[str]:
    """（中央社記者盧太城台東縣12日電）, 〔記者王憶紅／台北報導〕, 新京报讯（记者 陆一夫）, 文/王文."""
    for line in lines:
        start = line[:80]
        bracket = re.search(r"[（(〔\[【]([^）)〕\]】]{2,40})[）)〕\]】]", start)
        inside = bracket[1] if bracket and bracket.start() < 30 else ""
        for text in (inside, start[:40] if len(line) < 40 else ""):
            match = _REPORTER.search(text)
            if match:
                yield _people(match["name"])
            match = _SLASHED.search(text)
            if match:
                yield _cut(match["name"])
        match = re.search(
            r"(?:\d|^|\s)(?P<name>[\u4e00-\u9fff]{2,4})[／/][\u4e00-\u9fff]{2,6}(?:報導|报道|報道)",
            start,
        )
        if match:
            yield _people(match["name"])
        for match in filter(None, (_LABELLED.search(start),)):
            yield _cut(match["name"])


def _from_closing(lines: Sequence[str]) -> Iterator[str]:
    """采写：…, （记者 …）, （張巨峰） at the end of an article."""
    for line in reversed(lines):
        if len(line) < 60:
            yield from _from_label(line)
        match = _BRACKETED_END.search(line)
        if match:
            inside = match["inside"]
            reporter = _REPORTER.search(inside)
            label = _LABELLED.search(inside)
            if label:
                yield _cut(label["name"])
            elif reporter:
                yield _people(reporter["name"])
            elif re.fullmatch(r"[\u4e00-\u9fff]{2,3}", inside) and line is lines[-1]:
                yield inside


def _outlets(facts: Facts, head: Sequence[str], body: Sequence[str]) -> Iterator[str]:
    for line in (*head, *body[-4:]):
        match = _OUTLET.search(line)
        if match:
            yield _cut(match["name"])
    for name in ("contentsource", "source", "article:source", "copyright-source"):
        yield facts.meta.get(name, "")
    for name in ("article:author", "author"):
        value = facts.meta.get(name, "")
        if _OUTLET_WORD.search(value):
            yield value
    yield from _linked_names(facts, "publisher")


def _cut(text: str) -> str:
    """The name at the start of what follows a label."""
    text = text.strip(" \u3000[【(（「")
    match = re.match(rf"({_NAME}){_STOP}", text)
    return match[1] if match else text[:24].split(" ")[0]


def _people(text: str) -> str:
    """Reporters' names, without the place or the verb that a dateline glues to them."""
    names = []
    for name in re.split(r"[\s、，,及和]+", text):
        match = _PLACES.search(name, 2) if len(name) > 2 else None
        name = name[: match.start()] if match else name
        # A name of four characters is a name of two or three and the verb or place after it.
        names.append(name[:3] if len(name) == 4 and "·" not in name else name)
    return " ".join(name for name in names if len(name) >= 2)


def _first(names: Iterable[str]) -> str | None:
    for name in names:
        clean = name.strip(" \t\u3000:：/／|,，。;；()（）[]【】《》")
        if 2 <= len(clean) <= 40 and not _NOT_A_NAME.match(clean) and not clean.isdigit():
            return clean
    return None
