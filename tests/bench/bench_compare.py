"""How well `lendwatch compare` tells what became of an article.

    python -m tests.bench.bench_compare

By the lots of looks (tests/looks.py) that are there; the baseline compares folded texts and statuses."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from looks import REWRITINGS, TUNED, UNSEEN, judged

from seeds.fold import fold_text
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

Answer = tuple[str, bool]


def plain(case: dict[str, Any]) -> Answer:
    """What a comparison of statuses and folded texts says."""
    before, after = case["before"], case["after"]
    if after["status"] in {404, 410}:
        return "deleted", True
    if not after["status"] or after["status"] >= 400:
        return "blocked", False
    same = fold_text(before["text"]) == fold_text(after["text"])
    return ("none", False) if same else ("edit", True)


def main() -> None:
    """Print one line a lot and a way."""
    matcher = Matcher(load_watchlist(PACKAGED))
    for name, path in (("tuned", TUNED), ("unseen", UNSEEN), ("rewritings", REWRITINGS)):
        if not path.exists():
            continue
        found = list(judged(path, matcher))
        ours = {id(each.case): (each.change, each.material) for each in found}
        ways: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "ours": lambda case, ours=ours: ours[id(case)],
            "folded text": plain,
        }
        for way, answer in ways.items():
            told = [(each.case, answer(each.case)) for each in found]
            kinds = sum(change == case["change"] for case, (change, _) in told) / len(told)
            false = sum(material and not case["material"] for case, (_, material) in told)
            missed = sum(case["material"] and not material for case, (_, material) in told)
            print(
                f"compare {name} ({len(told)}), {way}: kind right {kinds:.3f},"
                f" false material {false}, missed material {missed}"
            )


if __name__ == "__main__":
    main()
