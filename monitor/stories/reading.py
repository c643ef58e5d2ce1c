"""A text as the story finder reads it: folded, laid out, hashed, its names known. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.stories.fingerprint import (
    Fingerprint,
    Hashes,
    compact,
    line_hash,
    sample,
    shingle_hashes,
    text_hash,
)
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

    `raw` is the article's own lines without white space, in their own script; `prose` is compact folded prose
    without headings and boilerplate; `hashes` are all shingles of it, sorted; `sentences` are
    its compact sentences in order; `figures` the numbers in it. `edition` is equal for two
    versions of one page that differ in nothing a reader would call an edit."""

    title: str
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
            tuple(sample(self.hashes).tolist()),
            tuple(sorted(map(line_hash, self.headings))),
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
    prose = "\n".join(_of(kinds, lines, Kind.PROSE))
    headings = (
        compact(mask(heading_key(line.strip()), names.surfaces))
        for line in _of(kinds, lines, Kind.HEADING)
    )
    sentences = tuple(filter(None, map(compact, _SENTENCE.split(prose))))
    joined = "".join(sentences)
    return Reading(
        title=compact(folded_title),
        raw=_SPACE.sub("", "".join(_raw_lines(body, kinds))),
        prose=joined,
        hashes=shingle_hashes(joined),
        sentences=sentences,
        headings=frozenset(filter(None, headings)),
        figures=Counter(_figures(prose)),
        names=names,
        annotated=folded.annotations > 0,
        gaps=folded.gaps,
        edition=_edition(folded_title, _of(kinds, lines, Kind.PROSE, Kind.HEADING)),
    )


def _of(kinds: Sequence[Kind], lines: Sequence[str], *wanted: Kind) -> list[str]:
    return [line for line, kind in zip(lines, kinds, strict=True) if kind in wanted]


def _figures(text: str) -> list[str]:
    return _FIGURE.findall(_THOUSANDS.sub("", text))


def _edition(title: str, lines: Sequence[str]) -> str:
    """Hash what an edit would change. Points go with the other punctuation, so figures are
    hashed once more, whole: 3.5% and 35% are two editions."""
    text = "\n".join(lines)
    figures = _figures(f"{title}\n{text}")
    return text_hash("\n".join((compact(title), compact(text), *figures)))


def _raw_lines(body: str, kinds: Sequence[Kind]) -> list[str]:
    """The article's own lines before folding; all of them where folding changed their number."""
    lines = body.splitlines()
    if len(lines) != len(kinds):
        return lines
    return [line for line, kind in zip(lines, kinds, strict=True) if kind is not Kind.BOILERPLATE]


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
