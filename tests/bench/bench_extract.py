"""Extraction measured on the third-party corpus: quality beside cost, ours beside trafilatura.

    python -m tests.bench.bench_extract

One line a figure: set, half, name, value. The halves are by the hash of the site's name: `tune`
was looked at while thresholds were set, `check` only measured. CPU is process time, best of
three passes, in one process; trafilatura runs as its users run it, with metadata.
Prints nothing but a note, and exits 0, where the corpus is absent."""

import gc
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import trafilatura

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus_pages import (
    CORPUS,
    Case,
    cases,
    overlap,
    same_author,
    same_day,
    same_minute,
    same_title,
)

from crawler.article import Article, ExtractionFailed
from crawler.charset import decode
from crawler.extract import extract

SETS = ("zh_pages_gne", "zh_pages_tw", "en_pages_aeb", "dates_htmldate")
_PASSES = 3


def read_or_nothing(case: Case) -> Article:
    try:
        return extract(case.page)
    except ExtractionFailed:
        return Article(url=case.page.url, title="", body="")


def score(case: Case, article: Article) -> dict[str, float]:
    """Each figure the case's truth can judge."""
    truth, scores = case.truth, {}
    chinese = case.folder.startswith("zh")
    if truth.get("body"):
        precision, recall, both = overlap(article.body, truth["body"])
        scores |= {"precision": precision, "recall": recall, "f1": both}
    if truth.get("title"):
        scores["title"] = float(same_title(article.title, truth["title"]))
    if truth.get("date"):
        scores["day"] = float(same_day(article.published_at, truth["date"], chinese=chinese))
    if len(truth.get("date") or "") > 10:
        scores["minute"] = float(same_minute(article.published_at, truth["date"]))
    if truth.get("author"):
        scores["author"] = float(same_author(article.author, truth["author"]))
    if truth.get("source"):
        scores["outlet"] = float(article.outlet == truth["source"])
    return scores


def quality(folder: str, chosen: list[Case]) -> dict[tuple[str, str], float]:
    """Mean of each figure for both halves and for all, by (half, figure)."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case in chosen:
        for name, value in score(case, read_or_nothing(case)).items():
            values[case.half, name].append(value)
            values["all", name].append(value)
    return {key: sum(numbers) / len(numbers) for key, numbers in sorted(values.items())}


def cpu(chosen: list[Case], read: Callable[[Case], object]) -> list[float]:
    """Milliseconds of process time for each case, the best of the passes."""
    best = [float("inf")] * len(chosen)
    for _ in range(_PASSES):
        gc.collect()
        for position, case in enumerate(chosen):
            begun = time.process_time()
            read(case)
            best[position] = min(best[position], (time.process_time() - begun) * 1000)
    return best


def with_trafilatura(case: Case) -> object:
    return trafilatura.extract(
        decode(case.page).text,
        url=case.page.url,
        with_metadata=True,
        output_format="json",
        include_comments=False,
    )


def print_costs(folder: str, chosen: list[Case]) -> None:
    ours, theirs = cpu(chosen, read_or_nothing), cpu(chosen, with_trafilatura)
    for name, times in (("ours", ours), ("trafilatura+metadata", theirs)):
        ranked = sorted(times)
        print(f"{folder} all cpu-mean-ms {name} {sum(times) / len(times):.2f}")
        print(f"{folder} all cpu-p99-ms {name} {ranked[int(len(ranked) * 0.99)]:.2f}")
    print(f"{folder} all cpu-ratio ours/trafilatura {sum(ours) / sum(theirs):.3f}")


def main() -> int:
    logging.disable(logging.CRITICAL)
    if not CORPUS.exists():
        print(f"no corpus at {CORPUS}; set LENDWATCH_SHARED to measure extraction")
        return 0
    for folder in SETS:
        chosen = list(cases(folder))
        for (half, name), value in quality(folder, chosen).items():
            print(f"{folder} {half} {name} {value:.3f}")
        print_costs(folder, chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
