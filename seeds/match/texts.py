"""A field of an article, folded for matching, that still knows its original."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from seeds.fold import Folded, fold, loosened
from seeds.match.apart import put_together
from seeds.match.mentions import TextField
from seeds.match.tails import site_lines
from seeds.match.traces import Span, special_runs

# What a surface never ends with: the gap or the invisible character after a name is not its part.
_LOOSE_ENDS = " \t\r\n\u00ad\u200b\u200c\u200d\u2060\u3000\ufeff"
# How much of the body speaks for the title's meaning, and counts as the lead of the article: a
# news lead's two or three sentences.
LEAD = 200

Part = Literal["title", "body", "site", "boilerplate"]


@dataclass(frozen=True, slots=True, eq=False)
class FieldText:
    """One part of an article: `text` is its search key, `original` what the page said.

    `field` is its field as mentions name it, `runs` are its special runs (seeds.match.traces).
    `places` tells where the characters of `text` stand in the folded text, when some of that were
    signs to keep them apart (seeds.match.apart) and are left out.
    `site` is the part of the body that is plainly the site's own; it has the body's text.
    `context` is what another field says that may settle what an ambiguous name means here."""

    part: Part
    field: TextField
    original: str
    text: str
    folded: Folded
    runs: Sequence[Span]
    context: str = ""
    places: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original."""
        if self.places is not None:
            start, end = self.places[start], self.places[end - 1] + 1
        offsets = self.folded.offsets
        first, last = offsets[start], offsets[end]
        original = self.original
        while original[last - 1] in _LOOSE_ENDS and last > first + 1:
            last -= 1
        return first, last


@dataclass(frozen=True, slots=True, eq=False)
class ArticleText:
    """The parts of an article; `site_spans` are the stretches of the body that are the site's."""

    title: FieldText
    body: FieldText
    site: FieldText
    boilerplate: FieldText
    site_spans: tuple[Span, ...]

    @property
    def fields(self) -> tuple[FieldText, ...]:
        """The fields with text of their own: the site's part is in the body's."""
        return self.title, self.body, self.boilerplate

    @property
    def length(self) -> int:
        """How long the article itself is, folded."""
        return len(self.title.text) + len(self.body.text)

    def in_site(self, start: int) -> bool:
        """Tell whether a position of the body lies in the site's own lines."""
        return any(first <= start < last for first, last in self.site_spans)


def read_article(title: str, body: str, boilerplate: str = "") -> ArticleText:
    """Fold an article's fields for matching."""
    heading, main = _Key.of(title), _Key.of(body)
    return ArticleText(
        title=heading.field("title", main.text[:LEAD]),
        body=main.field("body", heading.text),
        site=main.field("site"),
        boilerplate=_Key.of(boilerplate).field("boilerplate"),
        site_spans=tuple(site_lines(main.text)),
    )


class _Key(NamedTuple):
    """What is known of a field's text, whichever part of the article it is."""

    folded: Folded
    text: str
    runs: Sequence[Span]
    places: Sequence[int] | None = None

    @classmethod
    def of(cls, original: str) -> "_Key":
        """Fold a field's text."""
        if not original:
            return _EMPTY
        folded = fold(original)
        text = loosened(folded.text)
        runs = special_runs(text)
        closer = put_together(text, runs)
        if closer is None:
            return cls(folded, text, runs)
        text, places = closer
        return cls(folded, text, special_runs(text), places)

    def field(self, part: Part, context: str = "") -> FieldText:
        """Make it a part of an article."""
        folded, text, runs, places = self
        named: TextField = "boilerplate" if part == "site" else part
        return FieldText(part, named, folded.original, text, folded, runs, context, places)


_EMPTY = _Key(fold(""), "", ())
