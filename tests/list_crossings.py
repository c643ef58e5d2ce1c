"""List the everyday words that may run across the border of a watched name, and write
seeds/wordings/crossings.tsv.

    python -m tests.list_crossings DICTIONARY

DICTIONARY has a word, how often it was seen, and its part of speech a line, as the `dict.txt` of
jieba 0.42 (MIT licence) from which the list was made. Names of people and places are left out."""

import sys
from collections.abc import Iterator
from pathlib import Path

from seeds.fold import search_key
from seeds.loader import PACKAGED, load_watchlist
from seeds.match.crossings import FILE, LONGEST
from seeds.match.doubts import ambiguous
from seeds.match.names import name_rules

PATH = Path(__file__).parents[1] / "seeds" / "wordings" / f"{FILE}.tsv"
# Seen less often, a word is hardly one of everyday.
LEAST_SEEN = 20
NAMES = ("nr", "ns", "nt", "nz")


def main(dictionary: Path) -> None:
    """Write the words, sorted."""
    words = set(_words(dictionary))
    rules = name_rules(load_watchlist(PACKAGED))
    names = {name for name, rule in rules.items() if rule.watched and ambiguous(rule)}
    ends = {name[-size:] for name in names for size in range(1, min(len(name), LONGEST))}
    starts = {name[:size] for name in names for size in range(1, min(len(name), LONGEST))}
    listed = sorted(
        word
        for word in words
        if any(word[:size] in ends or word[-size:] in starts for size in range(1, len(word)))
    )
    head = "#\twords of jieba's dictionary (MIT), listed by tests/list_crossings.py"
    PATH.write_text("\n".join((head, *listed)) + "\n", "utf-8")


def _words(dictionary: Path) -> Iterator[str]:
    for line in dictionary.read_text("utf-8").splitlines():
        word, seen, part = line.split(" ")
        folded = search_key(word)
        if 2 <= len(folded) <= LONGEST and int(seen) >= LEAST_SEEN and not part.startswith(NAMES):
            yield folded


if __name__ == "__main__":
    main(Path(sys.argv[1]))
