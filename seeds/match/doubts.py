"""Read the sides of names where rules and company leave a doubt, by what was learned (sides.py).

A name that nothing speaks for counts when it reads like a lender; of a platform that nothing sure
speaks for, no name counts that reads like everyday words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from seeds.match.names import Judged, NameRule
from seeds.match.scanner import Hit
from seeds.match.sides import Margin, packaged

# Chosen on sentences left out of learning: of 73 names in doubt 4 of 5 lenders are found by LENDS
# with one that is none; beyond DENIES lie what the rules count and should not.
_LENDS, _DENIES = 1.5, -2.0
# Everyday words do not make up one name so often in an article.
_NO_ACCIDENT = 3
_CERTAIN = ("followed by", "in quotation marks", "in one list")


def doubtful(hit: Hit, rule: NameRule) -> bool:
    """Tell whether a name may be everyday words: as it is written, and by what stands beside it
    in the watchlist. Nobody hides everyday words."""
    if hit.broken or hit.disguised or hit.spelled or rule.misspelt:
        return False
    return rule.kind not in ("plain", "abbreviation") or (
        rule.kind == "plain" and bool(rule.unless)
    )


def read_sides(waiting: Judged) -> Judged:
    """Decide a name that waited for other evidence in vain: it counts when it reads like a lender."""
    if waiting.text.field != "boilerplate" and doubtful(waiting.hit, waiting.rule):
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
            if margin.value < _DENIES:
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


def _margin(each: Judged) -> Margin:
    hit = each.hit
    return packaged().margin(each.text.text, hit.start, hit.end, each.rule.kind)


def _told(margin: Margin) -> str:
    """Say how the sides of a name read, and what of them says so."""
    return f"{margin.value:.1f}: {' '.join(margin.grams)}"
