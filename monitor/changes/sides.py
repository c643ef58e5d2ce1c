"""One version's text ready to be compared, and sentences that only changed places. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.distance import Indel

from monitor.changes.tokens import Token

# A shorter sentence (他说) may stand twice and is no proof of a move.
SENTENCE = 6
# A sentence that moved and was edited has so much in common with what it was.
MOVED = 0.8
# Where more sentences than this differ on a side, none is looked for: each is held against all.
MOST_MOVED = 40

# A line that ends within a figure (八⏎十万元, 罚款8⏎0万元) was wrapped, and its sentence goes on. A
# short line, or one with a colon, that ends with a digit is another's (阅读量:12).
_WRAPPED = (
    r"(?<=[\d零〇一二两三四五六七八九十百千万亿.])\n(?=[十百千万亿月号元块%]|年(?!轻)|日(?!前)|天(?!津)|个(?:月|百分点))"
    r"|(?<=[^\n:。！？；!?;]{10}\d)\n(?=\d)"
)
_END = re.compile(rf"[。！？；!?;]|(?!{_WRAPPED})\n")


Run = tuple[int, int, int, int]  # of two lists of tokens: old from, old to, new from, new to


@dataclass(frozen=True, slots=True)
class Side:
    """One version's tokens in order, and where to quote them from: `folded` is the text that
    their offsets count in, `offsets` lead from there to the `original`. `day` is the day of
    publication, where it is known."""

    tokens: Sequence[Token]
    folded: str
    original: str
    offsets: Sequence[int]
    day: date | None = None

    def quote(self, first: int, last: int) -> str:
        """The original text of tokens `first` up to (not including) `last`."""
        if first >= last:
            return ""
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return self.original[self.offsets[start] : self.offsets[end]]

    def written(self, first: int, last: int) -> str:
        """The folded text of these tokens without white space: where a line ends says nothing."""
        if first >= last:
            return ""
        text = self.folded[self.tokens[first].start : self.tokens[last - 1].end]
        return "".join(text.split())

    def sentences(self) -> list[tuple[int, int]]:
        """The token ranges between ends of sentences."""
        ends = [match.start() for match in _END.finditer(self.folded)]
        found: list[tuple[int, int]] = []
        first = 0
        for end in (*ends, len(self.folded)):
            last = first
            while last < len(self.tokens) and self.tokens[last].start < end:
                last += 1
            if last > first:
                found.append((first, last))
            first = last
        return found


def without_moves(old: Side, new: Side) -> tuple[Side, Side, list[str]]:
    """Take the sentences that stand in both versions at different places out of both, and give
    them as quotations: a moved paragraph is no removal and addition."""
    ours, theirs = old.sentences(), new.sentences()
    our_keys = [_key(old, each) for each in ours]
    their_keys = [_key(new, each) for each in theirs]
    removed, added = ([place for place, _ in each] for each in _differing(our_keys, their_keys))
    common = Counter(our_keys[each] for each in removed) & Counter(
        their_keys[each] for each in added
    )
    common = Counter({key: count for key, count in common.items() if len(key) >= SENTENCE})
    if not common:
        return old, new, []
    gone_here = _chosen(common, our_keys, removed)
    gone_there = _chosen(common, their_keys, added)
    moved = [old.quote(*ours[each]) for each in gone_here]
    return _left(old, ours, gone_here), _left(new, theirs, gone_there), moved


def without_edited_moves(old: Side, new: Side) -> tuple[Side, Side, list[tuple[Side, Side]]]:
    """Take the sentences out that changed places and a word or two besides, and give each pair: what
    stands between their two places stayed."""
    ours, theirs = old.sentences(), new.sentences()
    our_keys = [_key(old, each) for each in ours]
    their_keys = [_key(new, each) for each in theirs]
    gone, come = _differing(our_keys, their_keys)
    pairs = []
    for place, after in gone if max(len(gone), len(come)) <= MOST_MOVED else ():
        alike = [
            (Indel.normalized_similarity(our_keys[place], their_keys[there]), there)
            for there, behind in come
            if behind != after and len(their_keys[there]) >= SENTENCE
        ]
        likeness, there = max(alike, default=(0.0, 0))
        if likeness >= MOVED and len(our_keys[place]) >= SENTENCE:
            pairs.append((place, there))
            come = [each for each in come if each[0] != there]
    if not pairs:
        return old, new, []
    moved = [(_only(old, ours[here]), _only(new, theirs[there])) for here, there in pairs]
    return (
        _left(old, ours, [here for here, _ in pairs]),
        _left(new, theirs, [there for _, there in pairs]),
        moved,
    )


def _differing(
    ours: Sequence[tuple[str, ...]], theirs: Sequence[tuple[str, ...]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The sentences that went and those that came: the place of each, and behind how many stretches
    that stayed."""
    gone: list[tuple[int, int]] = []
    come: list[tuple[int, int]] = []
    stayed = 0
    for step in Indel.opcodes(ours, theirs):
        if step.tag == "equal":
            stayed += 1
            continue
        gone += [(place, stayed) for place in range(step.src_start, step.src_end)]
        come += [(place, stayed) for place in range(step.dest_start, step.dest_end)]
    return gone, come


def _only(side: Side, sentence: tuple[int, int]) -> Side:
    return replace(side, tokens=side.tokens[slice(*sentence)])


def _key(side: Side, sentence: tuple[int, int]) -> tuple[str, ...]:
    return tuple(each.key for each in side.tokens[sentence[0] : sentence[1]])


def _chosen(
    common: Counter[tuple[str, ...]], keys: Sequence[tuple[str, ...]], places: Sequence[int]
) -> list[int]:
    """The sentences at `places` that were moved, each as often as it is in both versions."""
    left = Counter(common)
    chosen = []
    for place in places:
        if left[keys[place]] > 0:
            left[keys[place]] -= 1
            chosen.append(place)
    return chosen


def _left(side: Side, sentences: Sequence[tuple[int, int]], gone: Sequence[int]) -> Side:
    dropped = {token for each in gone for token in range(*sentences[each])}
    kept = [token for place, token in enumerate(side.tokens) if place not in dropped]
    return replace(side, tokens=kept)
