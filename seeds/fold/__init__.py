"""The comparable form of a text, with the way back to the original.

In this order: characters (NFKC, radicals, lower case, invisible characters, line ends), HTML
entities left in the text, composition, annotations, gaps between Han characters, Traditional to
Simplified. Each step looks first at the text's distinct characters and does nothing when
none of them concerns it. Folding twice changes nothing; no input fails; cost is linear."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seeds.fold.annotations import OPENERS, annotations
from seeds.fold.characters import FORMS, composes, compositions
from seeds.fold.entities import entities
from seeds.fold.readings import TONED_LETTERS
from seeds.fold.script import HAN, SIMPLIFIED, has_phrase_character, simplify
from seeds.fold.signals import Signals, signals

# Between two Han characters a space separates nothing; a line end does.
_GAP = re.compile(rf"[ \t](?<=[{HAN}][ \t])[ \t]*+(?=[{HAN}])")
_CRLF = re.compile("\r\n")
_LETTERS = frozenset(
    map(chr, (*range(65, 91), *range(97, 123), *range(0x3105, 0x3130), *range(0x31A0, 0x31C0)))
)
_BARE = frozenset(TONED_LETTERS) | frozenset(map(chr, range(0x3105, 0x3130)))
_SPACES = frozenset(" \t")
# Text is folded for search with one letter for words that t2s keeps apart or writes otherwise
# than mainland pages do: 著/着, 帐/账 (帳戶 → 帐户, everywhere else 账户), 藉/借 …
_SEARCH = {
    ord(written): one
    for written, one in zip(
        "著祇帐乾瞭藉徵覆麽妳牠馀喫佔", "着只账干了借征复么你它余吃占", strict=True
    )
}
_SEARCH_CHARACTER = re.compile(f"[{''.join(map(chr, _SEARCH))}]")

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `offsets[i]` is where in the original the i-th character began; one more
    entry gives the original's length. `annotations`, `gaps` (closed, between Han characters)
    and `invisible` (characters removed) count what the fold removed, `entities` what it resolved;
    `original` is the text as it was."""

    text: str
    offsets: Sequence[int]
    annotations: int = 0
    gaps: int = 0
    invisible: int = 0
    entities: int = 0
    original: str = ""

    @property
    def signals(self) -> Signals:
        """Count the traces of doctoring in the original. Counts anew each time: keep the value."""
        counted = (self.annotations, self.gaps, self.invisible, self.entities)
        return signals(self.original, self.text, counted)


def fold(text: str) -> Folded:
    """Fold `text` and keep where every character came from."""
    draft = _Draft(text, range(len(text) + 1))
    _fold(draft)
    return Folded(
        draft.text,
        draft.offsets or range(1),
        draft.annotations,
        draft.gaps,
        draft.invisible,
        draft.entities,
        text,
    )


def fold_text(text: str) -> str:
    """Fold `text` without keeping offsets: the fast way."""
    draft = _Draft(text, None)
    _fold(draft)
    return draft.text


def search_key(text: str) -> str:
    """Fold `text` for full-text search, where 著 finds 着 and 帐 finds 账.

    As long as the folded text, character by character."""
    return loosened(fold_text(text))


def loosened(folded: str) -> str:
    """Make the search key of a text that is folded already."""
    # A table that lacks most characters is slow to translate by, and most texts have none.
    return _SEARCH_CHARACTER.sub(_searched, folded)


def _searched(found: re.Match[str]) -> str:
    return _SEARCH[ord(found[0])]


class _Draft:
    """A text on its way through the fold; `offsets` is None when nobody asks for them."""

    __slots__ = ("annotations", "entities", "gaps", "invisible", "offsets", "text")

    def __init__(self, text: str, offsets: Sequence[int] | None) -> None:
        self.text = text
        self.offsets = offsets
        self.annotations = self.entities = self.gaps = self.invisible = 0

    def replace(self, edits: Iterable[Edit]) -> None:
        """Replace stretches, given in order and without overlap."""
        pieces: list[str] = []
        kept: list[int] = []
        position = 0
        text, offsets = self.text, self.offsets
        for start, end, replacement in edits:
            pieces += (text[position:start], replacement)
            if offsets is not None:
                kept += offsets[position:start]
                kept += [offsets[start]] * len(replacement)
            position = end
        pieces.append(text[position:])
        self.text = "".join(pieces)
        if offsets is not None:
            kept += offsets[position:]
            self.offsets = kept


def _fold(draft: _Draft) -> None:
    """Run the steps that the text's distinct characters call for."""
    alphabet = frozenset(draft.text)
    changed = FORMS.changed(alphabet)
    if changed:
        _settle_characters(draft, changed)
        alphabet = (alphabet - changed).union(*(FORMS[ord(each)] for each in changed))
    if "&" in alphabet and ";" in alphabet:
        resolved = list(entities(draft.text))
        draft.entities = len(resolved)
        draft.replace(resolved)
        alphabet = frozenset(draft.text)
    if composes(alphabet):
        draft.replace(compositions(draft.text))
        alphabet = frozenset(draft.text)
    bracketed = not (OPENERS.isdisjoint(alphabet) or _LETTERS.isdisjoint(alphabet | _BARE))
    bare = not _BARE.isdisjoint(alphabet)
    if bracketed or bare:
        _drop_annotations(draft, bare=bare)
    if not _SPACES.isdisjoint(alphabet):
        _close_gaps(draft)
    if SIMPLIFIED.changed(alphabet) or has_phrase_character(draft.text):
        draft.text = simplify(draft.text)


def _settle_characters(draft: _Draft, changed: frozenset[str]) -> None:
    """Put the characters that are not their own comparable form into it, and count what could
    not be seen."""
    if "\r" in changed:
        draft.replace((at.start(), at.end(), "\n") for at in _CRLF.finditer(draft.text))
    if draft.offsets is not None:
        forms = {each: FORMS[ord(each)] for each in changed}
        draft.invisible = sum(draft.text.count(each) for each in changed if not forms[each])
        resized = "".join(each for each in changed if len(forms[each]) != 1)
        if resized:
            found = re.finditer(f"[{re.escape(resized)}]", draft.text)
            draft.replace((at.start(), at.end(), forms[at[0]]) for at in found)
    draft.text = draft.text.translate(FORMS)


def _drop_annotations(draft: _Draft, *, bare: bool) -> None:
    """Remove and count annotations."""
    spans = annotations(draft.text, bare=bare)
    draft.annotations = len(spans)
    if spans:
        draft.replace((start, end, "") for start, end in spans)


def _close_gaps(draft: _Draft) -> None:
    """Close and count spaces between Han characters."""
    spans = [at.span() for at in _GAP.finditer(draft.text)]
    draft.gaps = len(spans)
    if spans:
        draft.replace((start, end, "") for start, end in spans)
