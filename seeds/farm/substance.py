"""What real reporting, notices, lessons and people's own stories have and farms lack."""

import re
from collections.abc import Iterator

from seeds.farm.page import Page
from seeds.farm.phrases import PhraseKind, phrases
from seeds.farm.reasons import Reason, ReasonKind

# A day or a time of day, an amount with its unit, a share, a number of a document or a telephone
# line. It begins with one class of characters, which keeps the search fast, and is bounded.
_FACT = re.compile(
    r"[0-9][0-9,.]{0,15}+(?:月[0-9]{1,2}日|[时点:][0-9]{0,2}|%|个百分点|号|"
    r"[多余]?[万亿千百]{0,2}+(?:元|人|件|名|起|家|户|笔|克|度|级|岁|股|例|米|平|倍|次|通|(?<=[万亿])))"
)
# Facts and sources in a hundred characters; reporting has 3 to 10, farms under 1 (dev half).
_SOURCED_FROM, _SOURCED_EACH, _SOURCED_MOST = 0.6, 1.0, 3.5
# Somebody's own voice: 我 (not 我们) and words of family and of talk.
_OWN = re.compile(r"我(?!们|国|市|局|司|院|省|县)|[哈唉哎]{2,}|。。|……|兄弟|老哥")
_OWN_FROM, _OWN_EACH, _OWN_MOST = 0.8, 0.8, 2.0
_SHORTEST_JUDGED = 120
_VERSE = re.compile(r"[\u4e00-\u9fff]{4,9}[,。!?;]?(?:[\u4e00-\u9fff]{4,9}[,。!?;])?")


def substance(page: Page, *, lesson: bool) -> Iterator[Reason]:
    """Give the reasons that lie in what the text tells."""
    sources = page.found[PhraseKind.REPORTED]
    facts = _FACT.findall(page.body)
    seen = sources.count + len(facts)
    density = seen / page.hundreds
    own = len(_OWN.findall(page.body))
    formal = page.found[PhraseKind.FORMAL]
    if density > _SOURCED_FROM:
        weight = min(_SOURCED_MOST, _SOURCED_EACH * (density - _SOURCED_FROM))
        excerpt = "、".join((*facts[:3], *list(sources.counts)[:2]))
        yield Reason(ReasonKind.SOURCED, seen, -round(weight, 3), excerpt)
    elif seen <= 1 and own == 0 and len(page.body) >= _SHORTEST_JUDGED:
        yield Reason(ReasonKind.UNSOURCED, 1, 0.9)
    if formal.count >= 2:
        weight = min(2.0, 0.5 * formal.count)
        yield Reason(ReasonKind.FORMAL, formal.count, -round(weight, 3), formal.excerpt)
    if own / page.hundreds > _OWN_FROM:
        weight = min(_OWN_MOST, _OWN_EACH * (own / page.hundreds - _OWN_FROM))
        yield Reason(ReasonKind.PERSONAL, own, -round(weight, 3))
    if lesson:
        yield Reason(ReasonKind.LESSON, 1, -0.5, page.found[PhraseKind.LESSON].excerpt)


def is_lesson(page: Page) -> bool:
    """Tell whether the text is one that annotations help to read: a lesson, a poem.

    Judged on the folded text alone, so that no annotation more can change it."""
    words = {*page.found[PhraseKind.LESSON].counts, *phrases(page.title)[PhraseKind.LESSON].counts}
    if len(words) >= 2:
        return True
    verses = [line for line in page.lines if _VERSE.fullmatch(line)]
    return len(verses) >= 4 and 2 * len(verses) >= len(page.lines)
