"""Learn how likely a text told anew claims something else: monitor/changes/estimate.tsv.

    PYTHONPATH=. python -m tests.learn_estimate

Needs scikit-learn, which nothing else does: any environment with the project's requirements and it.
Learns from the edits of the opened looks (tests/looks.jsonl) by all measures of
monitor/changes/estimate.py, prints what cross-validation by lot gives, then writes the weights.
Run it again when looks are opened or a measure changes."""

import json
import re
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

sys.path.insert(0, str(Path(__file__).resolve().parent))

from looks import TUNED

from monitor.changes import estimate
from monitor.changes.diff import known_of, text_sides
from monitor.changes.segments import differences
from monitor.cli.comparing import read_look
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

TABLE = Path(estimate.__file__).with_name("estimate.tsv")
SIDES = ("before", "after")
# Weights are kept small: there are some hundred rewritings to learn from.
STRENGTH = 0.1
_HEAD = "#\tLearned by tests/learn_estimate.py from the edits of tests/looks.jsonl: a measure and its weight."


def examples() -> tuple[list[str], list[dict[str, float]], list[bool]]:
    """Of each edit of a text its lot, its measures and whether it is material."""
    matcher = Matcher(load_watchlist(PACKAGED))
    lots, rows, labels = [], [], []
    for line in TUNED.read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["change"] != "edit" or {case[each]["status"] for each in SIDES} != {200}:
            continue
        before, after = (read_look(case[each], matcher)[1] for each in SIDES)
        old, new, *_ = text_sides(before, after, known_of(before, after))
        parts, found = differences(old, new, "text")
        both = ({each.old for each in parts}, {each.new for each in parts})
        if all(any(first < last for first, last in spans) for spans in both):
            telling = {run for run, each in found.items() if each.telling}
            lots.append(lot_of(case["id"]))
            rows.append(estimate.measures(old, new, parts, telling))
            labels.append(case["material"])
    return lots, rows, labels


def lot_of(case: str) -> str:
    """Which lot a case is of; those of one base stay together (EWEF-012: EF)."""
    lot = re.match(r"[A-Z]+\d?(?=-)|[A-Z]+", case)
    assert lot
    return lot[0].removeprefix("EW") or lot[0]


def main() -> None:
    """Learn, report and write."""
    lots, rows, labels = examples()
    names = list(rows[0])
    x = np.array([[float(row[name]) for name in names] for row in rows])
    y, lot = np.array(labels), np.array(lots)
    likely = np.zeros(len(y))
    for each in sorted(set(lots)):
        fitted = _model().fit(x[lot != each], y[lot != each])
        likely[lot == each] = fitted.predict_proba(x[lot == each])[:, 1]
    for line in (estimate.LIKELY, 0.2, 0.3, 0.4, 0.5):
        told = likely >= line
        print(f"of {len(y)} edits ({y.sum()} material), told from {line}: {(told & ~y).sum()} falsely,"
              f" {(~told & y).sum()} missed")  # fmt: skip
    scaler, fitted = _model().fit(x, y)
    weights = fitted.coef_[0] / scaler.scale_
    bias = fitted.intercept_[0] - (fitted.coef_[0] * scaler.mean_ / scaler.scale_).sum()
    learned = {**dict(zip(names, weights, strict=True)), estimate.BIAS: bias}
    lines = [_HEAD, *(f"{name}\t{weight:.4f}" for name, weight in learned.items())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _model():  # type: ignore[no-untyped-def]
    return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=3000))


if __name__ == "__main__":
    main()
