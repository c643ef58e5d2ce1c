"""Learn how sentences read that tell nothing, and write seeds/wordings/filler.tsv.

    python -m tests.learn_filler

Needs scikit-learn (`pip install -e '.[learn]'`), which running lendwatch does not. Learns from
filler_sentences.jsonl, our own: sentences that only set a scene or a mood, moralise or lead on, short
ones that tell something (most of the set, for those are what must not be lost), and some that do
both."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from labelled_sentences import FILLERS, TUNED, WORDED, fillers_learned_from
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from monitor.changes.diff import side
from monitor.changes.fillers import FILE, SURE, bare, reads_so, states
from monitor.changes.tokens import Token
from monitor.changes.wording import is_filler
from seeds.match.wording import grams_of

PATH = Path(__file__).parents[1] / "seeds" / "wordings" / f"{FILE}.tsv"
# Chosen on sentences left out of learning: of our own that tell something none is above it.
LINE = 0.0
STRENGTH, FEWEST = 12.0, 2
# Shorter pieces of the other sets are words of a list.
SHORTEST = 4


def main() -> None:
    """Learn, print how well it goes on sentences left out, and write the file."""
    sentences = list(examples())
    texts = [text for text, _, _ in sentences]
    read_as = [bare(each) for each in texts]
    truth = np.array([about for _, _, about in sentences])
    read, silent = np.zeros(len(texts), bool), np.zeros(len(texts), bool)
    for known, left in StratifiedKFold(10, shuffle=True, random_state=1).split(texts, truth):
        margin = _margin(_model().fit([read_as[each] for each in known], truth[known]))
        read[left] = [reads_so(texts[each], margin) for each in left]
        sure = [margin(read_as[each]) > SURE for each in left]
        silent[left] = [
            not states(*sentences[each][:2], is_sure=is_sure)
            for each, is_sure in zip(left, sure, strict=True)
        ]
    print(f"{len(texts)} sentences, {truth.sum()} of them fillers")
    for name, found in (("by reading alone", read), ("and stating nothing", read & silent)):
        right = (found & truth).sum()
        print(f"{name}: precision {right / found.sum():.3f}, recall {right / truth.sum():.3f}")
    for at in np.flatnonzero(read & silent & ~truth):
        print(f"taken for a filler: {texts[at]}")
    PATH.write_text("".join(_lines(_model().fit(read_as, truth))), "utf-8")


def examples() -> Iterator[tuple[str, Sequence[Token], bool]]:
    """Give each folded sentence with its tokens, and whether it is a filler. What the other sets have
    is how people write, and tells something."""
    for line in FILLERS.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield from _cut(row["text"], row["tells"] == "filler")
    for path in (TUNED, WORDED):
        for line in path.read_text("utf-8").splitlines():
            for each in _cut(json.loads(line)["text"], False):
                if len(each[1]) >= SHORTEST and not is_filler(each[0]):
                    yield each


def _cut(written: str, about: bool) -> Iterator[tuple[str, Sequence[Token], bool]]:
    read = side(written, {}, frozenset())
    for first, last in read.sentences():
        tokens = read.tokens[first:last]
        yield read.folded[tokens[0].start : tokens[-1].end], tokens, about


def _model() -> Pipeline:
    return Pipeline(
        [
            ("grams", TfidfVectorizer(analyzer=grams_of, binary=True, min_df=FEWEST)),
            ("weights", LogisticRegression(C=STRENGTH, max_iter=5000)),
        ]
    )


def _margin(model: Pipeline) -> Callable[[str], float]:
    return lambda text: float(model.decision_function([text])[0]) - LINE


def _lines(model: Pipeline) -> Iterator[str]:
    grams, weights = model.named_steps["grams"], model.named_steps["weights"]
    yield f"#\tlearned by tests/learn_filler.py from {fillers_learned_from()}\n"
    yield f"bias\t1\t{weights.intercept_[0] - LINE:.3f}\n"
    yield "term\t1\t0\n"
    rows = zip(grams.get_feature_names_out(), grams.idf_, weights.coef_[0], strict=True)
    for gram, rarity, weight in sorted(rows):
        yield f"{gram}\t{rarity:.2f}\t{weight:.2f}\n"


if __name__ == "__main__":
    main()
