"""Learn how sentences about debt collection are worded, and write seeds/wordings/collection.tsv.

    python -m tests.learn_wording

Needs scikit-learn (`pip install -e '.[learn]'`), which running lendwatch does not. Learns from the
sentences that the rules were tuned on; the unseen ones stay unseen."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from labelled_sentences import TUNED, WORDED, learned_from, read_sentences
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer

from seeds.fold import search_key
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.wording import LIST, grams_of, without_names

TOPIC = "collection"
FILE = Path(__file__).parents[1] / "seeds" / "wordings" / f"{TOPIC}.tsv"
# Chosen on sentences that the rules of 2026-11-27 had not been tuned on and that were left out of
# learning: with a counted term worth TERM and the line at LINE, precision .95 and recall .94.
TERM, LINE = 2.0, 0.9
# A list says less than a text's grams together; a gram of one sentence only says nothing.
LIST_VALUE, FEWEST = 0.15, 2
STRENGTH = 12.0


def main() -> None:
    """Learn, print how well it goes on sentences left out, and write the file."""
    sentences = examples()
    passages = _passages([text for text, _ in sentences])
    truth = np.array([about for _, about in sentences])
    folds = StratifiedKFold(10, shuffle=True, random_state=1)
    margins = cross_val_predict(_model(), passages, truth, cv=folds, method="decision_function")
    print(
        f"wording of {TOPIC}: {len(sentences)} sentences, area {roc_auc_score(truth, margins):.3f}"
    )
    model = _model().fit(passages, truth)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("".join(_lines(model)), "utf-8")


def examples() -> list[tuple[str, bool]]:
    """Give the texts to learn from, and whether each is about the topic."""
    tuned = [(each.text, each.severity is not None) for each in read_sentences(TUNED)]
    rows = map(json.loads, WORDED.read_text("utf-8").splitlines())
    return tuned + [(row["text"], row["collection"]) for row in rows]


def _passages(sentences: list[str]) -> list[tuple[str, list[str]]]:
    """Give each sentence as the judge reads it, and the lists it has words of."""
    watchlist = load_watchlist(PACKAGED)
    matcher = Matcher(watchlist)
    words = next(topic.words for topic in watchlist.topics if topic.name == TOPIC)
    lists = {name: [search_key(word) for word in listed] for name, listed in words.items()}
    passages = []
    for each in sentences:
        text = search_key(each)
        held = [name for name, listed in lists.items() if any(word in text for word in listed)]
        for mention in matcher.match("", each).mentions:
            if mention.kind == "platform" and mention.counted:
                at = text.find(search_key(mention.surface))
                if at >= 0:
                    end = at + len(search_key(mention.surface))
                    text = without_names(text, 0, len(text), [(at, end)])
        passages.append((text, held))
    return passages


def _model() -> Pipeline:
    grams = TfidfVectorizer(analyzer=lambda each: grams_of(each[0]), binary=True, min_df=FEWEST)
    lists = Pipeline(
        [
            ("count", CountVectorizer(analyzer=lambda each: each[1], binary=True)),
            ("value", FunctionTransformer(lambda matrix: matrix * LIST_VALUE)),
        ]
    )
    return Pipeline(
        [
            ("union", FeatureUnion([("grams", grams), ("lists", lists)])),
            ("weights", LogisticRegression(C=STRENGTH, max_iter=5000)),
        ]
    )


def _lines(model: Pipeline) -> list[str]:
    union, weights = model.named_steps["union"], model.named_steps["weights"]
    grams = union.transformer_list[0][1]
    lists = union.transformer_list[1][1].named_steps["count"]
    learned = weights.coef_[0]
    names = grams.get_feature_names_out()
    lines = [f"#\tlearned by tests/learn_wording.py from {learned_from()}\n"]
    lines.append(f"bias\t1\t{weights.intercept_[0] - LINE:.3f}\n")
    lines.append(f"term\t1\t{TERM:.3f}\n")
    for name, weight in zip(lists.get_feature_names_out(), learned[len(names) :], strict=True):
        lines.append(f"{LIST}{name}\t1\t{weight * LIST_VALUE:.3f}\n")
    for name, rarity, weight in sorted(
        zip(names, grams.idf_, learned[: len(names)], strict=True), key=lambda each: each[0]
    ):
        if not set(name) & {"\t", "\n"}:
            lines.append(f"{name}\t{rarity:.2f}\t{weight:.2f}\n")
    return lines


if __name__ == "__main__":
    main()
