"""What changed between two versions of an article, by meaning. Pure.

Layout, script, annotations, white space, punctuation and site furniture are taken away before
anything is compared; what is left is compared token by token, with figures, dates and names kept
whole, so that "36%" never becomes a change from 3 to 2."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal

from monitor.changes.around import strays, without_furniture
from monitor.changes.bylines import without_bylines
from monitor.changes.redated import another_day, another_year
from monitor.changes.segments import Segment, segments
from monitor.changes.sides import Side, without_edited_moves, without_moves
from monitor.changes.stated import FIGURES
from monitor.changes.summary import summarise
from monitor.changes.titles import day_of, same_author, same_time, same_title
from monitor.changes.tokens import Fact, tokens
from monitor.changes.wording import COLLECTING, content
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import fold, fold_text
from seeds.fold.search import loosened

ChangeKind = Literal["none", "meta", "edit"]


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


# The folded surfaces of platforms with their platform, and folded topic terms.
Known = tuple[Mapping[str, str], frozenset[str]]

# From so many points on, in both versions, lines are a list.
A_LIST = 2
# What points of a list begin with is layout: 2. 先确认, (三)先确认, ● 先确认.
_POINT = re.compile(
    r"^\s*(?:\d{1,2}[.、．)）](?!\d)|[(（][\d一二三四五六七八九十]{1,2}[)）]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,2}、|[●•·◆◇■□▪▶►○※☆★]|[-–—](?=\s))\s*"
)

# 以贷养贷, 暴力催收公司: what is longer is a passage.
LONGEST_TERM = 12
_CLAUSE_END = re.compile(r"[,，。;；!！?？\n]")
_FIGURE = re.compile(r"\d")
_REACHED = re.compile(
    r"(?:手机|移动)?电话|[致来]电|短[信讯]|[简讯]讯|信息|微信|私信|通知|告[知诉]|联[系络]|[接收]到(?:电话)?|拨打|打[给来到去他她我你]|发[来给到]|找[到上]"
    r"|借款人|用户|客户|对方|有人|他们"
)

# What a title may tell of what the text states, and how many other characters beside it.
_HEADLINED = frozenset({*FIGURES, Fact.NAME, Fact.TOPIC})
HEADLINE_WORDS = 2

UNCHANGED = Change("none", material=False, kinds=(), summary="")


def compare(before: Version, after: Version) -> Change:
    """Say what changed from `before` to `after`: nothing, only what stands around the text, or
    the text (title included)."""
    known = known_of(before, after)
    old, new, moved, bylines = text_sides(before, after, known)
    found = _text_segments(old, new)
    found += [Segment(("order",), quoted, "", "", len(quoted), "text") for quoted in moved]
    if not same_title(before.title, after.title):
        found = [*_title_segments(before, after, known), *found]
    meta = _meta(before, after, bylines)
    text = f"{after.title}\n{after.text}"
    days = [day_of(each.published_at) for each in (before, after)]
    resent = "redated" in meta and (another_year(text, *days) or another_day(text, *days))
    if not found:
        if not meta:
            return UNCHANGED
        return Change("meta", resent, tuple(meta), "；".join(meta.values()))
    kinds = _ordered(found)
    told = "；".join((summarise(found), *meta.values()))
    return Change("edit", _material(found) or resent, (*kinds, *meta), told)


def _text_segments(old: Side, new: Side) -> list[Segment]:
    """The differences of two texts; sentences that moved and were edited are taken for that, rather
    than for ones that went and others that came, where less is telling then."""
    found = segments(old, new, "text")
    if not _material(found):
        return found
    ours, theirs, edited = without_edited_moves(old, new)
    if not edited:
        return found
    read_so = [each for pair in ((ours, theirs), *edited) for each in segments(*pair, "text")]
    for one, _ in edited:
        quoted = one.quote(0, len(one.tokens))
        read_so.append(Segment(("order",), quoted, "", "", len(quoted), "text"))
    return min(found, read_so, key=lambda each: sum(segment.telling for segment in each))


def _is_term(surface: str) -> bool:
    """Whether a topic is told by a word; a sentence that tells one is compared word by word, and so
    are figures (超过36%) and how somebody is reached, which tells it only beside others."""
    return not (
        len(surface) > LONGEST_TERM
        or _CLAUSE_END.search(surface)
        or _FIGURE.search(surface)
        or _REACHED.fullmatch(surface)
    )


def text_sides(
    before: Version, after: Version, known: Known
) -> tuple[Side, Side, list[str], tuple[str, str]]:
    """Both texts as they are compared, without the sentences that only changed places; those; and
    who wrote either by its own lines."""
    own, bylines = zip(*(_own_lines(each) for each in (before, after)), strict=True)
    old, new = (
        replace(side(text, *known), day=day_of(each.published_at))
        for each, text in zip((before, after), _compared_texts(*own), strict=True)
    )
    return *without_moves(old, new), bylines


def known_of(before: Version, after: Version) -> Known:
    """The names and topic terms of either version."""
    terms = frozenset(filter(_is_term, before.terms | after.terms))
    return {**before.names, **after.names}, terms | _first_told(before, after)


def _first_told(before: Version, after: Version) -> frozenset[str]:
    """The words for collecting debts, where only one version has any: whatever they are said of, the
    first and the last are news."""
    told = [
        frozenset(COLLECTING.findall(fold_text(f"{each.title}\n{each.text}")))
        for each in (before, after)
    ]
    return frozenset() if all(told) else told[0] | told[1]


def _title_segments(before: Version, after: Version, known: Known) -> list[Segment]:
    """The differences of two titles. What both texts state may be told in a title or not."""
    old, new = (side(each.title, *known) for each in (before, after))
    found = segments(old, new, "title")
    if not any(segment.telling for segment in found):
        return found
    texts = [
        {(each.fact, each.key) for each in side(one.text, *known).tokens} for one in (before, after)
    ]
    stated = texts[0] & texts[1]
    return [
        replace(each, kinds=(Fact.WORDING.value, "title"), telling=False)
        if each.telling
        and _HEADLINED.issuperset(set(each.kinds) - {"title"})
        and _is_stated([side(one, *known) for one in (each.old, each.new)], stated)
        else each
        for each in found
    ]


def _is_stated(sides: Sequence[Side], stated: AbstractSet[tuple[Fact, str]]) -> bool:
    """Whether of two passages only one states facts, and no other than those, and hardly more."""
    facts = [[each for each in one.tokens if each.fact in _HEADLINED] for one in sides]
    words = [
        "".join(each.key for each in one.tokens if each.fact not in _HEADLINED) for one in sides
    ]
    return (
        any(facts)
        and not all(facts)
        and all((each.fact, each.key) in stated for each in (*facts[0], *facts[1]))
        and content(*words) <= HEADLINE_WORDS
    )


def _compared_texts(*own: list[str]) -> tuple[str, str]:
    """Both texts of the lines that are their own, without what only one page shows among them."""
    if all(sum(map(bool, map(_POINT.match, lines))) >= A_LIST for lines in own):
        own = tuple([_POINT.sub("", line) for line in lines] for lines in own)
    folded = [[fold_text(line).strip() for line in lines] for lines in own]
    gone = strays(folded[0], folded[1]), strays(folded[1], folded[0])
    old, new = (
        "\n".join(line for place, line in enumerate(lines) if place not in stray)
        for lines, stray in zip(own, gone, strict=True)
    )
    return old, new


def _own_lines(version: Version) -> tuple[list[str], str]:
    """The lines that are the article's, and who wrote it by what they say."""
    lines, said = without_bylines(
        line for line, kind in typed_lines(version) if kind is not Kind.BOILERPLATE
    )
    return lines, "、".join(said)


def typed_lines(version: Version) -> list[tuple[str, Kind]]:
    """The lines of a text in their own script, and what each is."""
    lines = version.text.splitlines()
    folded = fold_text(version.text).splitlines()
    if len(folded) != len(lines):  # an entity or a control character was a line end
        folded = [fold_text(line) for line in lines]
    kinds = line_kinds(fold_text(version.title), folded)
    return list(zip(lines, without_furniture(folded, kinds, lines), strict=True))


def side(text: str, names: Mapping[str, str], terms: frozenset[str]) -> Side:
    """`text` as tokens, folded, with the way back to what it quotes."""
    folded = fold(text)
    # One letter for 帐户 and 账户: another script's spelling is no edit.
    loose = loosened(folded.text)
    known = {loosened(name): platform for name, platform in names.items()}
    return Side(tokens(loose, known, map(loosened, terms)), loose, text, folded.offsets)


def _meta(before: Version, after: Version, bylines: Sequence[str]) -> dict[str, str]:
    """Changes around the text, by kind. A value that disappears is a lapse of the extraction
    more often than an edit, so only a replaced one counts."""
    found = {}
    if before.author and after.author and not same_author(before.author, after.author):
        found["author"] = f"作者：「{before.author}」改为「{after.author}」"
    elif all(bylines) and not same_author(*bylines):
        found["author"] = f"作者：「{bylines[0]}」改为「{bylines[1]}」"
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
