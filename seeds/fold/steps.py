"""The steps of the fold, and which of them a text needs.

One search finds the odd characters of a text (`seeds.fold.alphabet`). Nearly every text has only
tame ones: then brackets, gaps and phrases are seen to where they occur, and one table does all the
rest at once. Others (invisible ones, emoji, foreign scripts) are put into comparable form before;
where there is markup or a combining mark, all of the text is. Every way leads to the same result."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from seeds.fold.alphabet import (
    BLANKS,
    GAP,
    LONGER,
    ODD,
    OPENERS,
    TAME,
    TELLING,
    TELLING_LETTER,
)
from seeds.fold.annotations import cut
from seeds.fold.characters import FORMS, composes, compositions
from seeds.fold.comparable import COMPARABLE, FEW, comparable, translated
from seeds.fold.entities import HTML, entities, plain_entities
from seeds.fold.offsets import Edit, Layer
from seeds.fold.script import CHARACTERS, PHRASE_CHARACTERS, SIMPLIFIED, Table, convert

_CRLF = re.compile("\r\n")
_MARKUP = frozenset("&<")
# Names and search terms do not need the table that takes 10 ms to make: every command folds some.
_SHORT = 200


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
    if not odd <= TAME:
        odd = _settle_wild(draft, odd - TAME)
    if not _MARKUP.isdisjoint(odd) and HTML.search(draft.text):
        odd = _resolve_plain_entities(draft)
    table: Table = comparable() if len(draft.text) > _SHORT else COMPARABLE
    if composes(odd) or (not _MARKUP.isdisjoint(odd) and HTML.search(draft.text)):
        _settle_all(draft)
        table, odd = SIMPLIFIED, set(ODD.findall(draft.text))
    elif not CHARACTERS.keys().isdisjoint(odd - TAME):
        table = COMPARABLE
    telling = not TELLING.isdisjoint(odd)
    if telling or not OPENERS.isdisjoint(odd):
        _drop_annotations(draft, telling=telling)
    if not BLANKS.isdisjoint(odd):
        _close_gaps(draft)
    if PHRASE_CHARACTERS.isdisjoint(odd):
        _take(draft, translated(draft.text, table))
    else:
        _take(draft, convert(draft.text, partial(translated, table=table)))


def _take(draft: Draft, converted: str) -> None:
    """Take the converted text; a longer one has characters like … in it."""
    if draft.layers is not None and len(converted) != len(draft.text):
        longer = LONGER.finditer(draft.text)
        edits = [(at.start(), at.end(), FORMS[ord(at[0])]) for at in longer]
        draft.layers.append(Layer.of_edits(edits))
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
            draft.layers.append(Layer(map(len, found.pieces)))


def _close_gaps(draft: Draft) -> None:
    """Close and count blanks between Han characters."""
    spans = [at.span() for at in GAP.finditer(draft.text)]
    if spans:
        draft.gaps = len(spans)
        draft.replace([(start, end, "") for start, end in spans])


def _settle_wild(draft: Draft, wild: set[str]) -> set[str]:
    """Bring odd characters without a step of their own into comparable form, count what could not
    be seen, and tell what is odd then."""
    if "\r" in wild:
        draft.replace([(at.start(), at.end(), "\n") for at in _CRLF.finditer(draft.text)])
    forms = {each: FORMS[ord(each)] for each in wild}
    draft.invisible = sum(draft.text.count(each) for each, form in forms.items() if not form)
    _replace_characters(draft, {each: form for each, form in forms.items() if len(form) != 1})
    same_length = {each: form for each, form in forms.items() if len(form) == 1 and form != each}
    if len(same_length) <= FEW:
        for each, form in same_length.items():
            draft.text = draft.text.replace(each, form)
    else:
        draft.text = _class_of(same_length).sub(lambda at: same_length[at[0]], draft.text)
    return set(ODD.findall(draft.text))


def _resolve_plain_entities(draft: Draft) -> set[str]:
    """Resolve the entities that depend on no other, and tell what is odd then."""
    edits = plain_entities(draft.text)
    draft.entities = len(edits)
    draft.replace(edits)
    return set(ODD.findall(draft.text))


def _replace_characters(draft: Draft, forms: Mapping[str, str]) -> None:
    """Replace characters by forms of another length."""
    if forms:
        found = _class_of(forms).finditer(draft.text)
        draft.replace([(at.start(), at.end(), forms[at[0]]) for at in found])


def _class_of(characters: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(characters))}]")


def _settle_all(draft: Draft) -> None:
    """Bring every character into comparable form, resolve markup and compose marks: what these
    make depends on their neighbours' forms."""
    _replace_characters(draft, {each: FORMS[ord(each)] for each in set(LONGER.findall(draft.text))})
    draft.text = draft.text.translate(FORMS)
    if HTML.search(draft.text):
        edits, resolved = entities(draft.text)
        draft.entities += resolved
        draft.replace(edits)
    if composes(set(ODD.findall(draft.text))):
        draft.replace(list(compositions(draft.text)))
