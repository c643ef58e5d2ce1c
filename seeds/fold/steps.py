"""The steps of the fold, and which of them a text needs.

One search finds the odd characters of a text (`seeds.fold.alphabet`). Nearly every text has only
tame ones: then brackets, gaps and phrases are seen to where they occur, and one table does all the
rest at once. A text with other characters (invisible ones, entities, marks, emoji) is settled
first, step by step; both ways lead to the same result."""

import re
from collections.abc import Sequence

from seeds.fold.alphabet import BLANKS, GAP, LONGER, ODD, OPENERS, TAME, TELLING, TELLING_LETTER
from seeds.fold.annotations import cut
from seeds.fold.characters import FORMS, composes, compositions
from seeds.fold.entities import TAG, entities
from seeds.fold.offsets import Edit, Layer
from seeds.fold.script import PHRASE_CHARACTERS, SIMPLIFIED, CharacterTable, convert

_CRLF = re.compile("\r\n")


class _Comparable(CharacterTable):
    """Comparable form and script of a character at once."""

    def convert(self, character: str) -> str:
        return FORMS[ord(character)].translate(SIMPLIFIED)


COMPARABLE = _Comparable()


class Draft:
    """A text on its way through the fold; `layers` is None when nobody asks for offsets."""

    __slots__ = ("annotations", "entities", "gaps", "invisible", "layers", "text")

    def __init__(self, text: str, *, tracked: bool) -> None:
        self.text = text
        self.layers: list[Layer] | None = [] if tracked else None
        self.annotations = self.entities = self.gaps = self.invisible = 0

    def replace(self, edits: Sequence[Edit]) -> None:
        """Replace stretches, given in order and without overlap."""
        if not edits:
            return
        pieces: list[str] = []
        position = 0
        for start, end, replacement in edits:
            pieces += (self.text[position:start], replacement)
            position = end
        pieces.append(self.text[position:])
        self.text = "".join(pieces)
        if self.layers is not None:
            self.layers.append(Layer.of_edits(edits))


def run(draft: Draft) -> None:
    """Fold a draft."""
    odd = set(ODD.findall(draft.text))
    table: CharacterTable = COMPARABLE
    if not odd <= TAME or ("<" in odd and TAG.search(draft.text)):
        _settle(draft)
        table = SIMPLIFIED
        odd = set(ODD.findall(draft.text))
    telling = not TELLING.isdisjoint(odd)
    if telling or not OPENERS.isdisjoint(odd):
        _drop_annotations(draft, telling=telling)
    if not BLANKS.isdisjoint(odd):
        _close_gaps(draft)
    if PHRASE_CHARACTERS.isdisjoint(odd):
        _convert(draft, draft.text.translate(table))
    else:
        _convert(draft, convert(draft.text, table))


def _convert(draft: Draft, converted: str) -> None:
    """Take the converted text; a longer one has characters like … in it."""
    if draft.layers is not None and len(converted) != len(draft.text):
        draft.layers.append(
            Layer.of_edits(
                [
                    (at.start(), at.end(), COMPARABLE[ord(at[0])])
                    for at in LONGER.finditer(draft.text)
                ]
            )
        )
    draft.text = converted


def _drop_annotations(draft: Draft, *, telling: bool) -> None:
    """Remove and count annotations. Those without brackets are looked for only where tone marks or
    bopomofo are left when those in brackets are gone: few texts have any."""
    found = cut(draft.text, bare=False)
    kept = "".join(found.pieces[::2])
    if telling and TELLING_LETTER.search(kept):
        found = cut(draft.text, bare=True)
        kept = "".join(found.pieces[::2])
    if found.annotations:
        draft.annotations, draft.text = found.annotations, kept
        if draft.layers is not None:
            draft.layers.append(Layer.of_pieces(map(len, found.pieces)))


def _close_gaps(draft: Draft) -> None:
    """Close and count blanks between Han characters."""
    spans = [at.span() for at in GAP.finditer(draft.text)]
    if spans:
        draft.gaps = len(spans)
        draft.replace([(start, end, "") for start, end in spans])


def _settle(draft: Draft) -> None:
    """Bring characters into their comparable form and resolve what stands for others."""
    alphabet = frozenset(draft.text)
    changed = FORMS.changed(alphabet)
    if changed:
        _settle_characters(draft, changed)
        alphabet = (alphabet - changed).union(*(FORMS[ord(each)] for each in changed))
    if "&" in alphabet or ("<" in alphabet and TAG.search(draft.text)):
        edits, draft.entities = entities(draft.text)
        draft.replace(edits)
        alphabet = frozenset(draft.text)
    if composes(alphabet):
        draft.replace(list(compositions(draft.text)))


def _settle_characters(draft: Draft, changed: frozenset[str]) -> None:
    """Put the characters that are not their own comparable form into it, and count what could
    not be seen."""
    if "\r" in changed:
        draft.replace([(at.start(), at.end(), "\n") for at in _CRLF.finditer(draft.text)])
    forms = {each: FORMS[ord(each)] for each in changed}
    draft.invisible = sum(draft.text.count(each) for each in changed if not forms[each])
    resized = "".join(each for each in changed if len(forms[each]) != 1)
    if resized and draft.layers is not None:
        found = re.finditer(f"[{re.escape(resized)}]", draft.text)
        draft.replace([(at.start(), at.end(), forms[at[0]]) for at in found])
    draft.text = draft.text.translate(FORMS)
