"""Read the sides of names where rules and company leave a doubt, by what was learned (sides.py).

A name that nothing speaks for counts when it reads like a lender; of a platform that nothing sure
speaks for, no name counts that reads like everyday words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from seeds.match.names import Judged, NameRule
from seeds.match.scanner import Hit
from seeds.match.sides import Margin, packaged

# All limits are chosen on sentences left out of learning. LENDS: of 73 names in doubt 4 of 5
# lenders are found with one that is none.
_LENDS = 1.5
# What the rules count below these limits is everyday words more often than a lender. The less a
# reason to count says by itself, the better the sides have to read.
_DENIES = (
    ("taken apart", -inf),
    ("the subject of a clause", 1.0),
    ("its name", -1.0),
    ("followed by", -1.0),
    ("ambiguous name with", -3.0),
    ("preceded by", -4.0),
    ("", -2.0),
)
# Everyday words do not make up one name so often in an article.
_NO_ACCIDENT = 3
_CERTAIN = ("in quotation marks", "in one list")


def doubtful(hit: Hit, rule: NameRule) -> bool:
    """Tell whether a name may be everyday words: as it is written, and by what stands beside it
    in the watchlist. Nobody hides everyday words."""
    return not (hit.broken or hit.disguised or hit.spelled) and ambiguous(rule)


def ambiguous(rule: NameRule) -> bool:
    """Tell whether a name is made of what everyday words are made of, too."""
    if rule.misspelt or rule.kind == "abbreviation":
        return False
    return rule.kind != "plain" or bool(rule.unless)


def read_sides(waiting: Judged) -> Judged:
    """Decide a name that waited for other evidence in vain: it counts when it reads like a lender,
    and the title does not speak of what it is besides (首饰 of 金条)."""
    meant = any(word in waiting.text.context for word in waiting.rule.unless.nearby)
    if waiting.text.field != "boilerplate" and doubtful(waiting.hit, waiting.rule) and not meant:
        margin = _margin(waiting)
        if margin.value >= _LENDS:
            reason = f"reads like a lender here ({_told(margin)})"
            return replace(waiting, counted=True, reason=reason)
    return replace(waiting, counted=False)


def without_denied(judged: Sequence[Judged]) -> list[Judged]:
    """Give judged names without counting those that read like everyday words, as far as nothing
    certain speaks for their platform; the first that reads otherwise speaks for the rest."""
    counted = [each for each in judged if each.counted and each.rule.watched]
    named = Counter(each.rule.owner for each in counted)
    sure = {owner for owner, times in named.items() if times >= _NO_ACCIDENT}
    sure |= {own for each in counted if (own := each.rule.owner) not in sure and _certain(each)}
    read = []
    for each in judged:
        if each.counted and each.rule.watched and each.rule.owner not in sure:
            margin = _margin(each)
            if margin.value < _least(each.reason):
                reason = f"reads like everyday words here ({_told(margin)})"
                read.append(replace(each, counted=False, reason=reason))
                continue
            sure.add(each.rule.owner)
        read.append(each)
    return read


def _certain(each: Judged) -> bool:
    """Tell whether the words around a name that counts leave no doubt."""
    if each.reason.startswith(_CERTAIN) or not doubtful(each.hit, each.rule):
        return True
    hit, rule = each.hit, each.rule
    return rule.counts_in.found(each.text.text, hit.start, hit.end, rule.near) is not None


def _least(reason: str) -> float:
    """Give the margin below which a name that counts for `reason` is denied."""
    return next(limit for start, limit in _DENIES if reason.startswith(start))


def _margin(each: Judged) -> Margin:
    hit = each.hit
    return packaged().margin(each.text.text, hit.start, hit.end, each.rule.kind)


def _told(margin: Margin) -> str:
    """Say how the sides of a name read, and what of them says so."""
    return f"{margin.value:.1f}: {' '.join(margin.grams)}"
