"""Who wrote an article and who published it, told apart."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from crawler.extract.facts import Facts
from crawler.extract.marked import NOTHING_MARKED, Marked
from crawler.extract.names import is_person, people

_COLON = r"\s*[：:|｜/／]\s*"
# A bare label counts where the line is a row of fields: 发表于2014-08-24| 来源CSDN| 作者魏星.
_LABEL_AUTHOR = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:(?:本文|文章|原文)?(?:作\s{{0,4}}者|撰文|撰稿人?|采写|採寫|执笔|執筆|撰寫){_COLON}"
    rf"|(?<=\|)\s*作者(?=[^|：:]{{2,12}}(?:\||$))|Author{_COLON})(?P<name>.{{0,60}})",
    re.IGNORECASE,
)
_LABEL_OUTLET = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:(?:本文|文章|信息|稿件|新闻|新聞|内容|內容)?(?:[来來]\s{{0,4}}源[于於自]?|稿源|出[处處]|[来來]自(?=\s*[/／：:])){_COLON}"
    rf"|(?<=\|)\s*来源(?=[^|：:]{{2,16}}(?:\||$))|source{_COLON})(?P<name>.{{0,60}})",
    re.IGNORECASE,
)
_OUTLET_HINT = re.compile(r"[源出自]|[sS](?:ource|OURCE)")  # most lines have none
# 2018年12月28日 19:55 新京报: what stands alone beside the date, when it ends like an outlet.
_DATED_OUTLET = re.compile(
    r"(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s*(?:\d{1,2}:\d\d(?::\d\d)?)?\s+(?P<name>[\w·]{2,12})"
)
_SLASHED = re.compile(
    r"(?:^|[（(【\[〔\s])文\s*[/／|｜丨：:]\s*(?:[图圖]片?\s*[/／：:]?\s*)?(?P<name>[^】）)\]〕]{2,40})"
)
_REPORTER = re.compile(r"(?:記者|记者|評論員|评论员|撰稿人|作者)(?=[\s:：/／]*[\u4e00-\u9fff])")
_BRACKET = re.compile(r"[（(〔\[【](?P<inside>[^（(〔\[【）)〕\]】]{2,60})[）)〕\]】]")
_AT_PLACE = re.compile(
    r"(?:\d|^|\s)(?P<name>[\u4e00-\u9fff]{2,4})[／/╱][\u4e00-\u9fff]{2,6}(?:報導|报道|報道)"
)
_EN_BY = re.compile(
    r"^\s*(?:(?:written|posted|reported|published|story)\s+)?[Bb][Yy]:?\s+(?P<name>[A-Z][\w.'’-]+(?:\s+(?!and\b|on\b|for\b|in\b)[A-Z][\w.'’-]*){1,3})"
)
# Ends a name that is followed by the next field without a separator.
_NEXT_FIELD = re.compile(
    r"[\s|｜,，;；/／)）\]】〕。、]|[来來]源|作者|记者|記者|[编編][辑輯]|[责責][任编編]|[时時日][间間期]|[发發][布佈表]|[浏瀏][览覽]|[阅閱][读讀]|[点點][击擊閱]|"
    r"[摄攝]影|(?:19|20)\d\d[-/年.]|字[号體体號]|[评評][论論]|分享|[舉举][報报]|[关關][键鍵]|[标標][签籤]|通[讯訊][员員]"
)
_OUTLET_NAME = re.compile(
    r"[网網报報社台臺]$|网站|網站|新[闻聞]|日[报報]|晚[报報]|[时時][报報]|[财財][经經]|科技$|[电電][视視]|[频頻]道|[周週]刊|[杂雜][志誌]|\.(?:com|cn|net|org|tw|hk)|公众号|客户端|出版|[门門][户戶]|[论論][坛壇]$|"
    r"通[讯訊]社|网易|搜狐|新浪|腾讯|百度|凤凰|消息$|中心$|[学學][会會]$|\b(?:news|times|post|press|media|magazine|staff|team|editors?|admin)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"(?:本[网網站报報刊]|(?:[网網][络絡路])?[轉转][载載]|[ap]m|admin|administrator|佚名|未知|匿名|原[创創]|[网網][络絡路]|互联网|[来來]源|记者|記者|[编編][辑輯]|小编|name|null|none|undefined|unknown|guest)$|"
    r"name,|https?:|//|.*@",
    re.IGNORECASE,
)
_SCRIPT_NAMES = ("source", "nickname", "mediaName", "media_name", "media")
_SCRIPT_VALUE = re.compile(r"""["']?\s*[:=]\s*["'](?P<name>[\w·•\- ]{2,20})["']""")
# 新京报记者 陆一夫, 聯合報／ 記者王小明, 第一财经2024-11-08: an outlet before a name or a date.
_BEFORE_NAMES = re.compile(
    r"(?:^[【\[（(]?|(?<![A-Za-z\u4e00-\u9fff])(?=[A-Za-z\u4e00-\u9fff]))(?P<name>(?!\d+[-/:年.])[\w·]{2,10}?)"
    r"(?:\s*[／/╱]?\s*(?:首席|[見见][習习]|特[約约]|[實实][習习])?[記记]者"
    r"|\s*(?=(?:19|20)\d\d[-年/.])|\s+(?=[\u4e00-\u9fff]{2,4}(?:\s|$)))"
)
_OUTLET_END = re.compile(
    r"(?<!^新)(?<!^财)(?:[报報网網社台臺]|[财財][经經]|新[闻聞]|[报報][道導导]|[周週]刊|在[线線]|客[户戶]端|[电電][视視])$"
)
_MARKED_LABEL = re.compile(
    r"^(?:[来來]源|作者|文|撰文|[記记]者|[编編][辑輯]|来自|[發发][布佈]者)\s*[：:/／]?\s*(?![\u4e00-\u9fff]{0,1}$)"
)
_EDITOR = re.compile(r"[責责主]?任?[編编][輯辑]?")
_ACCOUNT = re.compile(r"(?!.*(?:[記记]者|[編编][輯辑]|作者))[\w·]*[^\W\d][\w·]*")
_LONG_OUTLET = 16  # characters: more than this is a name and what was written behind it
_SCRIPT_CHARACTERS = 100_000  # of each script
_OPENING_CHARACTERS = 80  # of a paragraph: a dateline stands at its very start
_SHORT = 60  # characters: a longer closing line is text


@dataclass(frozen=True, slots=True)
class Byline:
    """None where the page does not say."""

    author: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Where a page may name its author and outlet: `head` are the lines beside the title, `body`
    the article's own, `after` those below it; `scripts` are looked into only when nothing else
    names an outlet."""

    head: Sequence[str]
    body: Sequence[str]
    after: Sequence[str]
    marked: Marked = NOTHING_MARKED
    scripts: Iterable[str] = ()


def find_byline(facts: Facts, written: Written, title: str) -> Byline:
    """Author and outlet; None where the page does not say.

    Visible text wins over declarations: content systems fill `author` with the site's name. An
    editor (責任編輯) is neither."""
    outlet = _first(_outlets(facts, written))
    author = _first(_authors(facts, written, outlet))
    return Byline(author, outlet or facts.site or _site_in_title(facts.document_title, title))


def may_name(line: str) -> bool:
    """Whether a line beside an article could name who wrote or published it, whatever its markup."""
    named = chain(_labelled(line), _credited(line), _before_names(line))
    labels = _LABEL_OUTLET.search(line) or _DATED_OUTLET.fullmatch(line)
    return labels is not None or next(named, None) is not None


def _authors(facts: Facts, written: Written, outlet: str | None) -> Iterator[str]:
    for line in written.head:
        yield from _labelled(line)
        if len(line) < _SHORT:
            yield from _credited(line)
    for text in written.marked.authors:
        if not _EDITOR.match(text) and not _OUTLET_NAME.search(text):
            yield people(_MARKED_LABEL.sub("", text))
    yield from _in_text(written.body)
    for line in written.after:
        yield from _labelled(line)
    for name in _declared(facts):
        if name not in (outlet, facts.site) and not _OUTLET_NAME.search(name):
            yield name


def _in_text(body: Sequence[str]) -> Iterator[str]:
    """Where agencies and newspapers name their reporters: the first lines and the last."""
    for line in body[:3]:
        yield from _opening(line[:_OPENING_CHARACTERS], whole=len(line) < _OPENING_CHARACTERS)
    for line in reversed(body[-4:]):
        if len(line) < _SHORT:
            yield from _labelled(line)
            yield from _credited(line)
        yield from _closing(line)


def _labelled(line: str) -> Iterator[str]:
    """作者：羿若鷺, 文/王文, By Jane Doe."""
    for pattern in (_LABEL_AUTHOR, _SLASHED):
        match = pattern.search(line)
        if match:
            introduced = _REPORTER.search(match["name"])
            yield people(match["name"][introduced.end() :]) if introduced else _cut(match["name"])
    match = _EN_BY.search(line)
    if match:
        yield match["name"]


def _credited(line: str) -> Iterator[str]:
    """新京报记者 陆一夫, 金名/高雄報導: a short line that is a credit as a whole."""
    match = _REPORTER.search(line[:30])
    if match:
        yield people(line[match.end() :])
    match = _AT_PLACE.search(line)
    if match:
        yield people(match["name"])


def _opening(start: str, *, whole: bool) -> Iterator[str]:
    """（中央社記者盧太城台東縣12日電）, 〔記者王憶紅／台北報導〕, 新京报讯（记者 陆一夫）."""
    bracket = _BRACKET.search(start[:70])
    if bracket and bracket.start() < 30:
        reporter = _REPORTER.search(bracket["inside"])
        if reporter:
            yield people(bracket["inside"][reporter.end() :])
        yield from _labelled(bracket["inside"])
    yield from _labelled(start) if whole else ()
    yield from _credited(start[:40])


def _closing(line: str) -> Iterator[str]:
    """（记者 张三）, （張巨峰） at the end of a paragraph."""
    brackets = list(_BRACKET.finditer(line[-70:]))
    if not brackets or brackets[-1].end() < len(line[-70:]) - 1:
        return
    inside = brackets[-1]["inside"]
    reporter = _REPORTER.search(inside)
    if reporter:
        yield people(inside[reporter.end() :])
    yield from _labelled(inside)
    if is_person(inside.strip()):
        yield inside


def _declared(facts: Facts) -> Iterator[str]:
    yield from _linked_names(facts, "author")
    for name in (
        "author",
        "article:author",
        "dc.creator",
        "parsely-author",
        "sailthru.author",
        "byl",
    ):
        value = facts.meta.get(name, "")
        # 参考消息 in `article:author` is an outlet: a Chinese value must look like a person.
        if value and (value.isascii() or name == "author" or is_person(value)):
            yield value.removeprefix("By ")


def _linked_names(facts: Facts, key: str) -> Iterator[str]:
    for entry in facts.linked:
        value = entry.get(key)
        for person in value if isinstance(value, list) else [value]:
            name = person.get("name") if isinstance(person, dict) else person
            if isinstance(name, str):
                yield name


def _outlets(facts: Facts, written: Written) -> Iterator[str]:
    head = written.head
    for line in (*head, *written.body[-4:], *written.after):
        match = _OUTLET_HINT.search(line) and _LABEL_OUTLET.search(line)
        if match:
            name = _cut(match["name"], keep="、")
            # 新京报 in an element of its own, where the line runs on into the next.
            yield from (text for text in written.marked.outlets if name.startswith(text))
            yield name
    for line in head:
        match = _DATED_OUTLET.fullmatch(line)
        if match:
            yield match["name"]
    yield from _unlabelled(written)
    for name in ("contentsource", "source", "article:source", "copyright-source", "mediaid"):
        yield facts.meta.get(name, "")
    for name in ("article:author", "author"):
        value = facts.meta.get(name, "")
        if value and not value.isascii() and not is_person(value):
            yield value
    yield from _linked_names(facts, "publisher")
    yield from _scripted(written.scripts)


def _unlabelled(written: Written) -> Iterator[str]:
    """Outlets that stand beside the title without a word for what they are."""
    for text in written.marked.outlets:
        name = _MARKED_LABEL.sub("", text)
        if _ACCOUNT.fullmatch(name):
            yield name
    for text in written.marked.authors:
        # An account's name (体育教科书) is who published it, not a person.
        if len(text) >= 3 and _ACCOUNT.fullmatch(text) and not is_person(text):
            yield text
    for line in written.head:
        if len(line) < _SHORT:
            yield from _before_names(line)


def _before_names(line: str) -> Iterator[str]:
    for match in _BEFORE_NAMES.finditer(line):
        if _OUTLET_END.search(match["name"]):
            yield match["name"]


def _site_in_title(head: str, title: str) -> str | None:
    """The site's name at the end of the page's own title: 标题_上海新闻网."""
    _, found, rest = head.rpartition(title) if title else ("", "", "")
    parts = [part for part in re.split(r"[\s_|｜丨–—-]+", rest) if part] if found else []
    names = (part for part in reversed(parts) if len(part) <= _LONG_OUTLET)
    return next((part for part in names if _OUTLET_NAME.search(part)), None)


def _scripted(scripts: Iterable[str]) -> Iterator[str]:
    """Toutiao and WeChat write the account's name by script."""
    for script in scripts:
        part = script[:_SCRIPT_CHARACTERS]
        for name in _SCRIPT_NAMES:
            start = part.find(name)
            while start >= 0:
                match = _SCRIPT_VALUE.match(part, start + len(name))
                if match and not (part[start - 1 : start].isalpha() or part[start - 1] == "_"):
                    yield match["name"]
                start = part.find(name, start + 1)


def _cut(text: str, keep: str = "") -> str:
    """The name at the start of what follows a label."""
    text = text.strip(" \u3000【[（(「：:")
    names = people(text)
    if names and not keep:
        return names
    for match in _NEXT_FIELD.finditer(text, 2):
        if match[0] not in keep or not keep:
            return text[: match.start()]
    return text[:40]


def _first(names: Iterable[str]) -> str | None:
    for name in names:
        clean = name.strip(" \t\u3000:：/／|,，。;；()（）[]【】《》-")
        if 2 <= len(clean) <= 60 and not _NOT_A_NAME.match(clean) and not clean.isdigit():
            return clean
    return None
