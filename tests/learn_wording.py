"""Learn how sentences about debt collection are worded, and how those of each severity, and write
seeds/wordings/collection.tsv and collection-severity.tsv.

    python -m tests.learn_wording

Needs scikit-learn (`pip install -e '.[learn]'`), which running lendwatch does not. Learns from the
sentences that the rules were tuned on, severities from our own cases, too; the unseen ones stay
unseen."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from labelled_sentences import TUNED, WORDED, learned_from, read_sentences
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer
from topic_cases import COLLECTION_CASES, DENIAL_CASES, FAR_SEVERITY_CASES, GRAMMAR_CASES

from seeds.fold import search_key
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.gravity import SEVERITIES
from seeds.match.wording import LIST, SEVERITY, grams_of, without_names
from seeds.models import Severity

TOPIC = "collection"
WORDINGS = Path(__file__).parents[1] / "seeds" / "wordings"
# Chosen on sentences that the rules of 2026-11-27 had not been tuned on and that were left out of
# learning: with a counted term worth TERM and the line at LINE, precision .95 and recall .94.
TERM, LINE = 2.0, 0.9
# A list says less than a text's grams together; a gram of one sentence only says nothing.
LIST_VALUE, FEWEST = 0.15, 2
STRENGTH = 12.0


def main() -> None:
    """Learn, print how well it goes on sentences left out, and write the files."""
    sentences = examples()
    passages = _passages([text for text, _ in sentences])
    truth = np.array([about for _, about in sentences])
    folds = StratifiedKFold(10, shuffle=True, random_state=1)
    margins = cross_val_predict(_model(), passages, truth, cv=folds, method="decision_function")
    print(
        f"wording of {TOPIC}: {len(sentences)} sentences, area {roc_auc_score(truth, margins):.3f}"
    )
    model = _model().fit(passages, truth)
    (WORDINGS / f"{TOPIC}.tsv").write_text("".join(_lines(model)), "utf-8")
    _learn_severities()


def _learn_severities() -> None:
    """Learn how sentences of each severity are worded; whole lots are left out to say how well."""
    lots, texts, severities = zip(*_grave_examples(), strict=True)
    passages = _passages(texts)
    truth = [SEVERITIES.index(Severity(each)) for each in severities]
    told = cross_val_predict(_model(), passages, truth, cv=GroupKFold(10), groups=lots)
    right = np.mean(told == np.array(truth))
    print(f"severity of {TOPIC}: {len(texts)} sentences, right {right:.3f}")
    model = _model().fit(passages, truth)
    (WORDINGS / f"{TOPIC}{SEVERITY}.tsv").write_text("".join(_severity_lines(model)), "utf-8")


def _grave_examples() -> Iterator[tuple[str, str, str]]:
    """Give the lot, the text and the severity of what is about the topic: sentences and our own
    cases."""
    for each in read_sentences(TUNED):
        if each.severity:
            yield each.id.partition("-")[0], each.text, each.severity
    for text, severity in (*COLLECTION_CASES, *GRAMMAR_CASES, *DENIAL_CASES, *FAR_SEVERITY_CASES):
        if severity:
            yield "cases", text, severity


def examples() -> list[tuple[str, bool]]:
    """Give the texts to learn from, and whether each is about the topic."""
    tuned = [(each.text, each.severity is not None) for each in read_sentences(TUNED)]
    rows = map(json.loads, WORDED.read_text("utf-8").splitlines())
    return tuned + [(row["text"], row["collection"]) for row in rows]


def _passages(sentences: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Give each sentence as the judge reads it, and the lists it has words of."""
    watchlist = load_watchlist(PACKAGED)
    # Names are read alike whatever was learned of topics before.
    matcher = Matcher(watchlist.model_copy(update={"topics": ()}))
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


def _lines(model: Pipeline) -> Iterator[str]:
    yield _learned()
    yield f"bias\t1\t{model.named_steps['weights'].intercept_[0] - LINE:.3f}\n"
    yield f"term\t1\t{TERM:.3f}\n"
    lists, grams = _weights(model)
    for name, weights in lists:
        yield f"{LIST}{name}\t1\t{weights[0] * LIST_VALUE:.3f}\n"
    for name, rarity, weights in grams:
        yield f"{name}\t{rarity:.2f}\t{weights[0]:.2f}\n"


def _severity_lines(model: Pipeline) -> Iterator[str]:
    yield _learned()
    yield "bias\t1\t" + _columns(model.named_steps["weights"].intercept_, 3)
    lists, grams = _weights(model)
    for name, weights in lists:
        yield f"{LIST}{name}\t1\t" + _columns(weights * LIST_VALUE, 3)
    for name, rarity, weights in grams:
        yield f"{name}\t{rarity:.2f}\t" + _columns(weights, 2)


def _learned() -> str:
    return f"#\tlearned by tests/learn_wording.py from {learned_from()}\n"


def _columns(weights: Iterable[float], digits: int) -> str:
    return "\t".join(f"{weight:.{digits}f}" for weight in weights) + "\n"


def _weights(model: Pipeline) -> tuple[list[tuple], list[tuple]]:
    """Give the names of the lists and their weights, and the grams with their rarities, sorted."""
    union, learned = model.named_steps["union"], model.named_steps["weights"].coef_.T
    grams = union.transformer_list[0][1]
    lists = union.transformer_list[1][1].named_steps["count"]
    names = grams.get_feature_names_out()
    named = zip(lists.get_feature_names_out(), learned[len(names) :], strict=True)
    rows = zip(names, grams.idf_, learned[: len(names)], strict=True)
    told = [row for row in rows if not set(row[0]) & {"\t", "\n"}]
    return list(named), sorted(told, key=lambda row: row[0])


if __name__ == "__main__":
    main()
