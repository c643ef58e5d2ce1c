"""What the fold took out of a text: the traces of hiding it from exact comparison."""

from collections.abc import Iterator

from seeds.farm.reasons import Reason, ReasonKind
from seeds.fold import Folded

# Log-odds for each trace in a hundred folded characters, and the most a kind can add. An
# annotation is never an accident; a gap in Chinese often is (a table, a list of names).
_WEIGHTS = {
    ReasonKind.ANNOTATIONS: (2.0, 7.0),
    ReasonKind.GAPS: (1.0, 1.5),
    ReasonKind.INVISIBLE: (1.0, 2.0),
}


def doctoring(body: Folded) -> Iterator[Reason]:
    """Give a reason for each kind of doctoring found. None falls when its count rises."""
    counts = {
        ReasonKind.ANNOTATIONS: body.annotations,
        ReasonKind.GAPS: body.gaps,
        ReasonKind.INVISIBLE: body.invisible,
    }
    hundreds = max(len(body.text), 100) / 100
    for kind, count in counts.items():
        if count:
            each, most = _WEIGHTS[kind]
            yield Reason(kind, count, round(min(most, each * count / hundreds), 3))
