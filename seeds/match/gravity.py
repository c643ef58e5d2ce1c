"""How severe a short text is: learned from labelled sentences.

A term says what was done by one word; whether a threat is told of, forbidden or made fun of is said
by the whole text. Over the same grams and lists as a topic's wording (wording.py), a linear model
gives a text a margin for each severity. In an article the terms decide: it tells of several things,
the most severe of which counts. The weights are data (seeds/wordings/), learned by
tests/learn_wording.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum, sqrt

from seeds.match.severity import JudgedTerm
from seeds.match.surroundings import Reader
from seeds.match.term_rules import Worded
from seeds.match.texts import FieldText
from seeds.match.wording import LIST, grams_of, text_of, two_letters, without_names
from seeds.models import Severity

# Of shorter texts the terms say all; longer ones are articles. Nothing else was learned from.
_SHORTEST, _LONGEST = 18, 250
# The wording outvotes the terms where it is surer by as much: of sentences of whole lots that were
# left out of learning, .88 are right by the terms, .88 by the wording, .92 by both.
_SURER = 1.0
_MOST_PAIRS = 4
# The weights of each severity.
Weights = tuple[float, ...]
SEVERITIES = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)
_NOTHING: Weights = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Gravity:
    """What texts of each severity read like: what each gram adds to the square of a text's length,
    and to what it says for each severity; each list's weights. `bias` are the margins of an empty
    text."""

    grams: Mapping[str, Weights]
    lists: Mapping[str, Weights]
    bias: Weights

    def margins(self, grams: Iterable[str], lists: Iterable[str]) -> Weights:
        """Say how much a text reads like each severity, as against the others."""
        found = list(filter(None, map(self.grams.get, grams)))
        # `fsum`: a set has another order in every process.
        square, *said = map(fsum, zip((0.0, *_NOTHING), *found, strict=True))
        length = sqrt(square) or 1.0
        held = [self.lists[name] for name in lists if name in self.lists]
        sums = map(fsum, zip(self.bias, *held, strict=True))
        return tuple(each / length + base for each, base in zip(said, sums, strict=True))

    def telling(self, grams: Iterable[str], severity: int, other: int) -> list[str]:
        """Give the pairs of characters that speak for one severity rather than another."""
        loud = {}
        for gram in filter(two_letters, grams):
            _, *adds = self.grams.get(gram, (0.0, *_NOTHING))
            if adds[severity] > adds[other]:
                loud[gram] = adds[severity] - adds[other]
        # A name for each tie: a set has another order in every process.
        return sorted(loud, key=lambda gram: (-loud[gram], gram))[:_MOST_PAIRS]


def regraded(
    topic: Worded,
    severities: Mapping[str, Severity],
    judged: Sequence[JudgedTerm],
    body: FieldText,
    read: Reader,
) -> tuple[dict[str, Severity], list[JudgedTerm]]:
    """Give the severities of topics and their judged terms as they stand after a short text, its
    title with it, was read as a whole."""
    owner = topic.rule.owner
    same = dict(severities), list(judged)
    if owner not in severities or not _SHORTEST <= len(body.context) + len(body.text) <= _LONGEST:
        return same
    around = read.around(body)
    title = without_names(body.context, 0, len(body.context), read.lenders("title"))
    plain = without_names(body.text, 0, len(body.text), around.lenders)
    grams = grams_of(f"{title}\n{plain}".lstrip())
    gravity = packaged(topic.severities)
    lists = [name for name, listed in topic.lists.items() if around.anywhere & listed.bit]
    margins = gravity.margins(grams, lists)
    known, likeliest = SEVERITIES.index(severities[owner]), margins.index(max(margins))
    surer = margins[likeliest] - margins[known]
    if surer < _SURER or (likeliest > known and _denies(judged, owner)):
        return same
    pairs = " ".join(gravity.telling(grams, likeliest, known))
    severity = SEVERITIES[likeliest]
    reason = (
        f"as a whole it reads {severity} rather than {severities[owner]} ({surer:.1f}: {pairs})"
    )
    return {**severities, owner: severity}, _told(judged, owner, reason)


def _denies(judged: Sequence[JudgedTerm], owner: str) -> bool:
    """Tell whether what would make a topic graver is denied: that a text denies all it names is
    not to be read from its grams."""
    return any(
        each.counted and each.rule.owner == owner and each.severity is not each.rule.severity
        for each in judged
    )


def _told(judged: Sequence[JudgedTerm], owner: str, reason: str) -> list[JudgedTerm]:
    """Say at the first of a topic's terms that count why the text is not as severe as they are."""
    counted = (each for each in judged if each.counted and each.rule.owner == owner)
    first = min(counted, key=lambda each: each.place)
    told = first._replace(reason=f"{first.reason}; {reason}")
    return [told if each is first else each for each in judged]


@cache
def packaged(name: str) -> Gravity:
    """Load a file of weights of the package. A line is a gram, its rarity, and its weight for each
    severity; `bias` and the lists (`+unpaid`) have lines of the same form.

    FileNotFoundError when there is none of that name."""
    grams: dict[str, Weights] = {}
    lists: dict[str, Weights] = {}
    bias: Weights = ()
    for line in text_of(name).split("\n"):
        if not line or line.startswith("#\t"):
            continue
        gram, rarity, *learned = line.split("\t")
        weights = tuple(map(float, learned))
        if gram == "bias":
            bias = weights
        elif gram.startswith(LIST) and len(gram) > 2:
            lists[gram[1:]] = weights
        else:
            rare = float(rarity)
            grams[gram] = (rare * rare, *(rare * weight for weight in weights))
    return Gravity(grams, lists, bias)
