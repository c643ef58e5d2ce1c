"""How likely a text told anew claims something else, by measures of the whole. Pure but for the
reading of its weights (estimate.tsv, which tests/learn_estimate.py learns from the opened looks).

Asked where clauses could not be matched one by one (monitor/changes/anew.py): a rewriting fails one
strict question or another by its style alone, while all measures together still tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from math import exp
from pathlib import Path

from monitor.changes.clauses import clauses_of
from monitor.changes.passages import Passage, sentences_of
from monitor.changes.polarity import denials_kept, unhedged
from monitor.changes.proper_names import names_another
from monitor.changes.retold import facts_lost
from monitor.changes.senses import sides_taken
from monitor.changes.sides import Run, Side
from monitor.changes.wording import CLAUSE_END, covered

# From so much likelihood up it is told: a claim that is missed costs more than one told in vain.
LIKELY = 0.15
BIAS = "bias"

_FILE = Path(__file__).with_name("estimate.tsv")


def claims_otherwise(
    old: Side, new: Side, parts: Sequence[Passage], telling: AbstractSet[Run]
) -> bool:
    """Whether two versions that differ in `parts`, of which the runs `telling` seem to tell, likely
    claim different things."""
    weights = _weights()
    found = measures(old, new, parts, telling)
    score = weights[BIAS] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + exp(-score)) >= LIKELY


def measures(
    old: Side, new: Side, parts: Sequence[Passage], telling: AbstractSet[Run]
) -> dict[str, float]:
    """What is measured, by name; both versions have something in `parts`."""
    runs = [run for each in parts for run in each.runs]
    spans = sentences_of(parts)
    ours, theirs = (
        [token for first, last in found for token in side.tokens[first:last]]
        for side, found in zip((old, new), spans, strict=True)
    )
    texts = [
        "\n".join(side.folded[side.tokens[a].start : side.tokens[b - 1].end] for a, b in found)
        for side, found in zip((old, new), spans, strict=True)
    ]
    told = [covered(*texts), covered(*reversed(texts))]
    shares = [
        sum(run[at + 1] - run[at] for run in runs) / max(1, len(side.tokens))
        for at, side in ((0, old), (2, new))
    ]
    taken = [frozenset(sides_taken(text, 0, len(text))) for text in texts]
    clauses = [len(clauses_of(side, found)) for side, found in zip((old, new), spans, strict=True)]
    return {
        "places": len(runs),
        "stayed": sum(run in telling for each in parts if not each.is_rewritten() for run in each.runs),
        "differing": max(shares),
        "unlike": _unlike(*texts),
        "clauses": max(clauses),
        "covered": min(known / max(1, said) for said, known in told),
        "unsaid": max(_unsaid(*texts), _unsaid(*reversed(texts))),
        "lost": facts_lost((old, new), (ours, theirs), loosely=True),
        "denied": not denials_kept(*texts),
        "hedged": unhedged(ours, theirs) + unhedged(theirs, ours),
        "sides": len(taken[0] ^ taken[1]),
        "named": names_another(*texts) + names_another(*reversed(texts)),
    }  # fmt: skip


@cache
def _weights() -> Mapping[str, float]:
    rows = (each.split("\t") for each in _FILE.read_text("utf-8").splitlines() if each[:1] != "#")
    return {name: float(weight) for name, weight in rows}


def _unlike(one: str, other: str) -> float:
    """Of two passages' characters, the share that the other has not."""
    common = (Counter(one) & Counter(other)).total()
    return 1 - 2 * common / max(1, len(one) + len(other))


def _unsaid(passage: str, other: str) -> int:
    """The most that a clause says and the other version does not."""
    told = (covered(each, other) for each in CLAUSE_END.split(passage))
    return max((said - known for said, known in told), default=0)
