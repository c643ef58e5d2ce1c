"""Learn how the sides of names read that are everyday words, too, and write seeds/wordings/names.tsv.

    python -m tests.learn_names

Needs scikit-learn (`pip install -e '.[learn]'`), which running lendwatch does not. Learns from the
sentences that the rules were tuned on, our own cases, the examples beside the names, and the
frames of worded_names.yaml; the unseen sentences stay unseen."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import yaml
from labelled_sentences import NAMED, TUNED, names_learned_from, read_sentences
from name_cases import NAME_CASES
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline

from seeds.examples import examples_of
from seeds.loader import PACKAGED, load_watchlist
from seeds.match.doubts import doubtful
from seeds.match.names import name_rules
from seeds.match.scanner import Scanner
from seeds.match.sides import FILE, grams_of
from seeds.match.texts import read_article

PATH = Path(__file__).parents[1] / "seeds" / "wordings" / f"{FILE}.tsv"
WATCHLIST = load_watchlist(PACKAGED)
# How many names each frame of a lender is read with.
NAMES_A_FRAME = 8
STRENGTH = 1.0
# A gram that was never heard of says nothing, and little what hardly tells.
LEAST = 0.01


def main() -> None:
    """Learn, print how well it goes on sentences left out, and write the file."""
    groups, grams, truth = zip(*occurrences(), strict=True)
    margins = cross_val_predict(
        _model(), grams, truth, cv=GroupKFold(10), groups=groups, method="decision_function"
    )
    print(f"sides of names: {len(truth)} occurrences, area {roc_auc_score(truth, margins):.3f}")
    model = _model().fit(grams, truth)
    weights = model.named_steps["weights"]
    names = model.named_steps["grams"].get_feature_names_out()
    lines = [f"#\tlearned by tests/learn_names.py from {names_learned_from()}\n"]
    lines.append(f"bias\t{weights.intercept_[0]:.3f}\n")
    for name, weight in sorted(zip(names, weights.coef_[0], strict=True)):
        if abs(weight) >= LEAST and not set(name) & {"\t", "\n"}:
            lines.append(f"{name}\t{weight:.2f}\n")
    PATH.write_text("".join(lines), "utf-8")


def occurrences() -> Iterator[tuple[int, set[str], bool]]:
    """Give the sentence, the grams and the truth of every name that the rules may doubt."""
    rules = name_rules(WATCHLIST)
    scanner = Scanner([name for name, rule in rules.items() if not rule.misspelt])
    for group, (text, platforms) in enumerate(_sentences()):
        body = read_article("", text).body
        for hit in scanner.scan(body.text, body.runs):
            rule = rules[scanner.patterns[hit.pattern]]
            if rule.watched and doubtful(hit, rule):
                grams = grams_of(body.text, hit.start, hit.end, rule.kind)
                yield group, grams, rule.owner in platforms


def _sentences() -> Iterator[tuple[str, frozenset[str]]]:
    for each in read_sentences(TUNED):
        yield each.text, each.platforms
    for text, platforms in NAME_CASES:
        yield text, frozenset(platforms)
    for example in examples_of(WATCHLIST):
        if example.kind == "platform":
            yield example.sentence, frozenset({example.name} if example.counts else ())
    yield from _framed()


def _framed() -> Iterator[tuple[str, frozenset[str]]]:
    """Give the frames of lenders with some names each, and the names in everyday words."""
    owners = {
        alias.name: platform.name for platform in WATCHLIST.platforms for alias in platform.aliases
    }
    written = yaml.safe_load(NAMED.read_text("utf-8"))
    names = written["names"]
    for number, frame in enumerate(written["lenders"]):
        for turn in range(NAMES_A_FRAME):
            name = names[(number * 7 + turn * (turn + 5)) % len(names)]
            yield frame.replace("X", name), frozenset({owners.get(name, name)})
    for texts in written["everyday"].values():
        for text in texts:
            yield text, frozenset()


def _model() -> Pipeline:
    return Pipeline(
        [
            ("grams", CountVectorizer(analyzer=lambda each: each, binary=True, dtype=np.float64)),
            ("weights", LogisticRegression(C=STRENGTH, max_iter=3000)),
        ]
    )


if __name__ == "__main__":
    main()
