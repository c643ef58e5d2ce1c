"""A text as the story finder reads it: folded, laid out, hashed, its names known. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from monitor.stories.fingerprint import (
    Fingerprint,
    Hashes,
    compact,
    line_hash,
    sample,
    shingle_hashes,
    text_hash,
)
from monitor.stories.lines import Line, is_loose, line_key, without_furniture
from monitor.stories.method import METHOD
from monitor.stories.prose import Kind, heading_key, line_kinds
from seeds.fold import Folded, fold, fold_text
from seeds.match import Matches

# Stands for any platform's name in masked text. A Han zero, because compact text keeps it.
MASK = "〇"
# Under this much prose two texts can be equal by accident or by a failed extraction
# ("您的浏览器版本过低…"): then their titles take part in every comparison. The shortest of 592
# real articles has 147 characters of prose.
BRIEF = 100

_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[。！？；!?;\n]+")
_FIGURE = re.compile(r"\d+(?:[.:]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Names:
    """Which platforms a text is about: folded surfaces with their platform, how often the body
    names each platform, and the dominant one (None when none is named)."""

    surfaces: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    dominant: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One text, ready to be compared.

    `lines` are its prose and headings, of which all but the title is made; `keys` are theirs. `raw` is the article's
    own lines without white space, in their own script; `prose` is compact folded prose
    without headings and boilerplate; `hashes` are all shingles of it, sorted; `sentences` are
    its compact sentences in order; `figures` the numbers in it. `edition` is equal for two
    versions of one page that differ in nothing a reader would call an edit."""

    title: str
    lines: tuple[Line, ...]
    keys: frozenset[int]
    raw: str
    prose: str
    hashes: Hashes
    sentences: tuple[str, ...]
    headings: frozenset[str]
    figures: Counter[str]
    names: Names
    annotated: bool
    gaps: int
    edition: str

    @property
    def brief(self) -> bool:
        """Whether there is too little prose to be sure without the title."""
        return len(self.prose) < BRIEF

    @property
    def folded_hash(self) -> str:
        """Equal for texts that are the same once folded; of briefs the title counts as well."""
        return text_hash(f"{self.title}\n{self.prose}" if self.brief else self.prose)

    def fingerprint(self) -> Fingerprint:
        """What the index stores of this text."""
        return Fingerprint(
            self.folded_hash,
            len(self.hashes),
            sample(self.hashes),
            tuple(sorted(map(line_hash, self.headings))),
            METHOD,
        )

    def without(self, furniture: AbstractSet[int]) -> "Reading":
        """The text without the lines that have these keys: itself when it has none of them.

        Annotations and closed gaps were counted in the whole text, and stay; so does `raw` when
        folding joined or split lines, so that nobody knows which are which."""
        if furniture.isdisjoint(self.keys):
            return self
        lines = tuple(without_furniture(self.lines, furniture))
        kept = set(lines)
        gone = "\n".join(line.text for line in self.lines if line not in kept)
        raw = "".join(line.raw for line in self.lines)
        prose = _prose(lines)
        return replace(
            self,
            lines=lines,
            keys=frozenset(line.key for line in lines),
            raw="".join(line.raw for line in lines) if raw == self.raw else self.raw,
            headings=_headings(lines, self.names),
            names=_names_without(self.names, compact(gone)),
            prose=prose.joined,
            hashes=shingle_hashes(prose.joined),
            sentences=prose.sentences,
            figures=prose.figures,
        )

    def masked(self) -> Hashes:
        """The shingles with every platform's name replaced by one sign."""
        return shingle_hashes(mask(self.prose, self.names.surfaces))


def mask(text: str, surfaces: Mapping[str, str]) -> str:
    """Replace every surface by the mask, the longest first, so that 米袋钱包 goes before 米袋."""
    if not surfaces:
        return text
    longest_first = sorted(surfaces, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), MASK, text)


def read(title: str, body: str, matches: Matches) -> Reading:
    """Read an article's current text. `matches` is what the matcher found in the same text."""
    return read_folded(fold_text(title), body, fold(body), matches)


def read_folded(folded_title: str, body: str, folded: Folded, matches: Matches) -> Reading:
    """Read a text that is folded already; `body` is what `folded` was made of."""
    lines = folded.text.splitlines()
    kinds = line_kinds(folded_title, lines)
    names = _names(matches)
    own = _lines(kinds, lines, body, names)
    prose = _prose(own)
    # Where folding changed the number of lines, nobody knows which are the article's own.
    raw = "".join(line.raw for line in own) if own and own[0].raw else _SPACE.sub("", body)
    return Reading(
        title=compact(folded_title),
        lines=own,
        keys=frozenset(line.key for line in own),
        raw=raw,
        prose=prose.joined,
        hashes=shingle_hashes(prose.joined),
        sentences=prose.sentences,
        headings=_headings(own, names),
        figures=prose.figures,
        names=names,
        annotated=folded.annotations > 0,
        gaps=folded.gaps,
        edition=_edition(folded_title, own),
    )


def _lines(
    kinds: Sequence[Kind], folded: Sequence[str], body: str, names: Names
) -> tuple[Line, ...]:
    """The prose and headings, without `raw` where folding changed the number of lines."""
    raws = body.splitlines()
    if len(raws) != len(kinds):
        raws = [""] * len(kinds)
    own = [
        each for each in zip(kinds, folded, raws, strict=True) if each[0] is not Kind.BOILERPLATE
    ]
    split = [tuple(filter(None, map(compact, _SENTENCE.split(text)))) for _, text, _ in own]
    # Masked all at once: no name runs over the end of a line.
    masked = mask("\n".join(map("".join, split)), names.surfaces).split("\n")
    return tuple(
        Line(
            key=line_key(key, loose=(loose := is_loose(text.strip()))),
            text=text,
            sentences=sentences,
            raw=_SPACE.sub("", raw),
            prose=kind is Kind.PROSE,
            loose=loose,
        )
        for (kind, text, raw), sentences, key in zip(own, split, masked, strict=False)
    )


@dataclass(frozen=True, slots=True)
class _Prose:
    joined: str
    sentences: tuple[str, ...]
    figures: Counter[str]


def _prose(lines: Sequence[Line]) -> _Prose:
    text = "\n".join(line.text for line in lines if line.prose)
    sentences = tuple(each for line in lines if line.prose for each in line.sentences)
    return _Prose("".join(sentences), sentences, Counter(_figures(text)))


def _headings(lines: Sequence[Line], names: Names) -> frozenset[str]:
    keys = (heading_key(line.text.strip()) for line in lines if not line.prose)
    return frozenset(filter(None, (compact(mask(key, names.surfaces)) for key in keys)))


def _figures(text: str) -> list[str]:
    return _FIGURE.findall(_THOUSANDS.sub("", text))


def _edition(title: str, lines: Sequence[Line]) -> str:
    """Hash what an edit would change. Points go with the other punctuation, so figures are
    hashed once more, whole: 3.5% and 35% are two editions."""
    text = "".join(each for line in lines for each in line.sentences)
    figures = _figures("\n".join((title, *(line.text for line in lines))))
    return text_hash("\n".join((compact(title), text, *figures)))


def _names(matches: Matches) -> Names:
    """Who the text is about by its body, because a swapped text may keep its old title; the
    title decides between platforms that are named equally often."""
    counted = [each for each in matches.mentions if each.kind == "platform" and each.counted]
    counts = Counter(each.name for each in counted if each.field == "body")
    most = [name for name, count in counts.items() if count == max(counts.values())]
    return Names(
        surfaces={compact(fold_text(each.surface)): each.name for each in counted},
        counts=counts,
        dominant=most[0] if len(most) == 1 else matches.dominant,
    )


def _names_without(names: Names, gone: str) -> Names:
    """Who a text is about without some compact passages of it."""
    if not names.surfaces:
        return names
    any_name = "|".join(map(re.escape, sorted(names.surfaces, key=len, reverse=True)))
    named = Counter(names.surfaces[each] for each in re.findall(any_name, gone))
    if not named:
        return names
    counts = Counter(names.counts) - named
    most = [name for name, count in counts.items() if count == max(counts.values())]
    tied = names.dominant if names.dominant in (most or names.counts) else None
    return replace(names, counts=counts, dominant=most[0] if len(most) == 1 else tied)
