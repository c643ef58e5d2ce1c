"""What speaks for and against a page being a content farm's: the values that are handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from typing import Any


class ReasonKind(StrEnum):
    """What was seen. The values are what is stored and shown as JSON: they never change."""

    # The text was doctored, so that exact comparison misses it.
    ANNOTATIONS = "annotations"
    GAPS = "gaps"
    INVISIBLE = "invisible-characters"
    ENTITIES = "entities"
    MIXED_SCRIPT = "mixed-script"
    # It is written for search engines.
    TITLE_REPEATED = "title-repeated"
    SEARCH_TITLE = "search-title"
    NAME_STUFFED = "name-stuffed"
    TEMPLATE_HEADINGS = "template-headings"
    FILLER = "filler"
    UNSOURCED = "unsourced"
    # The shell around it is that of a site without an editor.
    BYLINE = "byline-shape"
    DISCLAIMER = "disclaimer"
    CONTACT = "contact-lines"
    RELATED_TAIL = "related-tail"
    # What real reporting, notices and lessons have; their weight is negative.
    SOURCED = "sourced"
    FORMAL = "formal"
    PERSONAL = "personal"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing seen: how often, what it adds to the log-odds (below 0: it speaks against a
    farm), and where useful a short excerpt of the text as evidence."""

    kind: ReasonKind
    count: int
    weight: float
    excerpt: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The reason as JSON has it."""
        return {
            "kind": self.kind.value,
            "count": self.count,
            "weight": self.weight,
            "excerpt": self.excerpt,
        }


# From here on a page is more likely a farm's than not.
LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class FarmLikelihood:
    """How likely a page is a content farm's, from 0 to 1, and why: heaviest reasons first.

    From 0.5 on it is more likely than not. 0 and no reasons for a page without text."""

    score: float = 0.0
    reasons: tuple[Reason, ...] = ()

    @property
    def likely(self) -> bool:
        """Tell whether the page is more likely a farm's than not."""
        return self.score >= LIKELY

    def as_dict(self) -> dict[str, Any]:
        """The likelihood as JSON has it; `from_dict` reads it back."""
        return {"score": self.score, "reasons": [reason.as_dict() for reason in self.reasons]}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "FarmLikelihood":
        """Read what `as_dict` gave."""
        return cls(
            float(stored["score"]),
            tuple(
                Reason(
                    ReasonKind(reason["kind"]),
                    int(reason["count"]),
                    float(reason["weight"]),
                    str(reason["excerpt"]),
                )
                for reason in stored["reasons"]
            ),
        )


# The log-odds of 0.99. The signs are not independent of each other, so that their sum claims more
# than is known: no page is certainly a farm's, and none certainly not.
_MOST_ODDS = 4.595


def weighed(prior: float, reasons: Iterable[Reason]) -> FarmLikelihood:
    """Add up the log-odds of `reasons` upon `prior` and give the probability they mean."""
    seen = sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.kind))
    odds = prior + sum(reason.weight for reason in seen)
    # Four decimals, as shown and stored: the last bits of a sum depend on its order.
    bounded = max(-_MOST_ODDS, min(_MOST_ODDS, odds))
    return FarmLikelihood(round(1 / (1 + exp(-bounded)), 4), tuple(seen))
