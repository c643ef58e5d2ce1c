"""What changed between two versions of an article, by meaning. Pure.

Layout, script, annotations, white space, punctuation and site furniture are taken away before
anything is compared; what is left is compared token by token, with figures, dates and names kept
whole, so that "36%" never becomes a change from 3 to 2."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from monitor.changes.segments import Segment, segments
from monitor.changes.sides import Side, without_moves
from monitor.changes.summary import summarise
from monitor.changes.titles import day_of, same_author, same_time, same_title
from monitor.changes.tokens import Fact, tokens
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import fold, fold_text
from seeds.fold.search import loosened
from seeds.furniture import HEAD_ALONE, HEAD_RUNNING_ON

ChangeKind = Literal["none", "meta", "edit"]

_LIST_HEAD = re.compile(
    rf"^\W*(?:{HEAD_ALONE}|{HEAD_RUNNING_ON}"
    r"|(?:24小时|48小时|今日|本周|本月|实时|全站|频道)?(?:热榜|热搜|热文|热议|热门|排行)(?:榜|榜单)?)\W*$"
)
# A line that is all of a page's own tools or path: 首页 > 财经 > 正文, 【打印】【收藏】 字号 大 中 小.
_TOOLS = re.compile(
    r"^\W*(?:(?:首页|主页)\W*[>»›/]|(?:[^>»›]{1,12}\s*[>»›]\s*){2,}|(?:当前|您的)?位置\W*[:：])"
    r"|^(?:\W*(?:打印|收藏|分享|关闭|纠错|举报|返回顶部|本页|本文|上一页|下一页|首页|尾页|末页|阅读全文|字体|字号|字|大|中|小|点赞|转发|评论|微信|微博|朋友圈|qq空间?"
    r"|复制链接|朗读|听新闻|夜间模式|人?阅读|人?喜欢|赞|\d))+\W*$"
    # Advertisements that say so, and the site's own: 立即下载某某App.
    r"|^\W*(?:广告|推广|赞助|ad|sponsored)\W"
    r"|^\W*(?:立即|马上|点击|扫码|长按|欢迎)?(?:下载|安装|打开|关注|订阅).{0,20}(?:app|客户端|公众号|小程序|二维码)"
    r"(?=.{0,24}$)"
)
# What readers wrote ends a page.
_COMMENTS = re.compile(
    r"^\W*(?:网友|读者|精彩|最新|热门|全部|用户)?(?:留言|评论|跟帖|跟贴)(?:区|列表)?\W*(?:\d+\s*条?)?\W*$"
)

# Furniture is short; and no page makes these expressions walk a line of a megabyte.
FURNITURE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article. `names` maps folded surfaces of watched platforms to their
    platform, `terms` are folded topic terms: what the matcher knows in either version.
    `published_at` is the claimed time as text."""

    title: str
    text: str
    author: str | None = None
    published_at: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """What changed. `kinds` name each sort of change, the most telling first; `summary` is one
    line in Chinese that quotes it, in the new version's own script."""

    kind: ChangeKind
    material: bool
    kinds: tuple[str, ...]
    summary: str


UNCHANGED = Change("none", material=False, kinds=(), summary="")


def compare(before: Version, after: Version) -> Change:
    """Say what changed from `before` to `after`: nothing, only what stands around the text, or
    the text (title included)."""
    names = {**before.names, **after.names}
    terms = before.terms | after.terms
    found = _text_segments(before, after, names, terms)
    if not same_title(before.title, after.title):
        old, new = (side(each.title, names, terms) for each in (before, after))
        found = [*segments(old, new, "title"), *found]
    meta = _meta(before, after)
    if not found:
        if not meta:
            return UNCHANGED
        return Change("meta", material=False, kinds=tuple(meta), summary="；".join(meta.values()))
    kinds = _ordered(found)
    summary = summarise(found)
    return Change("edit", _material(found), (*kinds, *meta), "；".join((summary, *meta.values())))


def _text_segments(
    before: Version,
    after: Version,
    names: Mapping[str, str],
    terms: frozenset[str],
) -> list[Segment]:
    kinds = {Kind.PROSE, Kind.HEADING}
    old, new = (
        replace(side(own_text(each, kinds), names, terms), day=day_of(each.published_at))
        for each in (before, after)
    )
    still_old, still_new, moved = without_moves(old, new)
    return segments(still_old, still_new, "text") + [
        Segment(("order",), quoted, "", "", len(quoted), "text") for quoted in moved
    ]


def own_text(version: Version, wanted: Collection[Kind]) -> str:
    """The lines of the wanted kinds, in their own script."""
    return "\n".join(line for line, kind in typed_lines(version) if kind in wanted)


def typed_lines(version: Version) -> list[tuple[str, Kind]]:
    """The lines of a text in their own script, and what each is."""
    lines = version.text.splitlines()
    folded = fold_text(version.text).splitlines()
    if len(folded) != len(lines):  # an entity or a control character was a line end
        folded = [fold_text(line) for line in lines]
    kinds = line_kinds(fold_text(version.title), folded)
    return list(zip(lines, _without_lists(folded, kinds), strict=True))


def _without_lists(lines: Sequence[str], kinds: Sequence[Kind]) -> Iterator[Kind]:
    """The headlines under 相关阅读, the page's tools and its readers' comments are furniture too,
    and others at every visit."""
    listed = commented = False
    for line, kind in zip(lines, kinds, strict=True):
        short = line.strip()[: FURNITURE_LENGTH + 1]
        is_short = len(short) <= FURNITURE_LENGTH
        commented = commented or (is_short and bool(_COMMENTS.match(short)))
        headed = is_short and bool(_LIST_HEAD.match(short))
        listed = headed or (listed and kind is not Kind.PROSE)
        furniture = listed or commented or (is_short and _TOOLS.search(short))
        yield Kind.BOILERPLATE if furniture else kind


def side(text: str, names: Mapping[str, str], terms: frozenset[str]) -> Side:
    """`text` as tokens, folded, with the way back to what it quotes."""
    folded = fold(text)
    # One letter for 帐户 and 账户: another script's spelling is no edit.
    loose = loosened(folded.text)
    known = {loosened(name): platform for name, platform in names.items()}
    return Side(tokens(loose, known, map(loosened, terms)), loose, text, folded.offsets)


def _meta(before: Version, after: Version) -> dict[str, str]:
    """Changes around the text, by kind. A value that disappears is a lapse of the extraction
    more often than an edit, so only a replaced one counts."""
    found = {}
    if before.author and after.author and not same_author(before.author, after.author):
        found["author"] = f"作者：「{before.author}」改为「{after.author}」"
    if (
        before.published_at
        and after.published_at
        and not same_time(before.published_at, after.published_at)
    ):
        found["redated"] = f"标注时间：{before.published_at} 改为 {after.published_at}"
    return found


def _ordered(found: Sequence[Segment]) -> tuple[str, ...]:
    order = [*MATERIAL_ORDER, Fact.WORDING.value, "order", "title"]
    present = {kind for segment in found for kind in segment.kinds}
    return tuple(kind for kind in order if kind in present)


MATERIAL_ORDER = (
    "correction",
    "amount",
    "number",
    "date",
    "negation",
    "modality",
    "claim",
    "name",
    "topic",
    "paragraph-added",
    "paragraph-removed",
)


def _material(found: Sequence[Segment]) -> bool:
    return any(segment.telling for segment in found)
