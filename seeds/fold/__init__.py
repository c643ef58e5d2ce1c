"""The comparable form of a text, with the way back to the original.

In this order: characters (NFKC, radicals, lower case, invisible characters, line ends), HTML
entities and ruby tags left in the text, composition, annotations, gaps between Han characters,
Traditional to Simplified (`seeds.fold.steps`). Folding twice changes nothing; no input fails;
cost is linear."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from seeds.fold.offsets import Offsets
from seeds.fold.search import loosened
from seeds.fold.signals import Signals, signals
from seeds.fold.steps import Draft, run

__all__ = ["Folded", "Signals", "fold", "fold_text", "loosened", "search_key"]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `offsets[i]` is where in the original the i-th character began; one more
    entry gives the original's length. `annotations`, `gaps` (closed, between Han characters)
    and `invisible` (characters removed) count what the fold removed, `entities` what it resolved;
    `original` is the text as it was.

    Offsets are kept as the edits that were made: a few kilobytes for a heavily annotated text,
    nothing for most. One look-up costs half a microsecond; whoever needs all of them walks
    through them once (`list(folded.offsets)`)."""

    text: str
    offsets: Sequence[int]
    annotations: int = 0
    gaps: int = 0
    invisible: int = 0
    entities: int = 0
    original: str = field(default="", repr=False)

    @property
    def signals(self) -> Signals:
        """Count the traces of doctoring in the original. Counts anew each time: keep the value."""
        counted = (self.annotations, self.gaps, self.invisible, self.entities)
        return signals(self.original, self.text, self.offsets, counted)


def fold(text: str) -> Folded:
    """Fold `text` and keep where every character came from."""
    draft = Draft(text, tracked=True)
    run(draft)
    offsets: Sequence[int] = range(len(text) + 1)
    if draft.layers:
        offsets = Offsets(len(text), len(draft.text), draft.layers)
    return Folded(
        draft.text,
        offsets,
        draft.annotations,
        draft.gaps,
        draft.invisible,
        draft.entities,
        text,
    )


def fold_text(text: str) -> str:
    """Fold `text` without keeping offsets."""
    draft = Draft(text, tracked=False)
    run(draft)
    return draft.text


def search_key(text: str) -> str:
    """Fold `text` for full-text search, where 著 finds 着 and 帐 finds 账.

    As long as the folded text, character by character."""
    return loosened(fold_text(text))
