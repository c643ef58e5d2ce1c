"""Extraction measured on the third-party corpus: quality beside cost, ours beside others'.

    python -m tests.bench.bench_extract [SET…]

One line a figure: set, figure, reader, value of each half and of both. The halves are by the hash
of the site's name: `tune` was looked at while thresholds were set, `check` only measured. CPU is
process time in milliseconds, in one process, of one pass; the ratios to trafilatura (with
metadata, as its users run it) are of the best of three passes, of each set (a p99 of 90 pages is
its dearest page) and, last, of the pages of all sets. Which others: `extractors.py`.
Prints nothing but a note, and exits 0, where the corpus is absent."""

import gc
import logging
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

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
from crawler.extract import extract
from tests.bench.extractors import Extractor, Peer, peers

SETS = ("zh_pages_gne", "zh_pages_tw", "en_pages_aeb", "dates_htmldate")
_PASSES = 3


def read_or_nothing(case: Case) -> Article:
    try:
        return extract(case.page)
    except ExtractionFailed:
        return Article(url=case.page.url, title="", body="")


def attempt(read: Extractor, case: Case) -> Article:
    """An extractor that falls over a page has read nothing there, as for its users."""
    try:
        return read(case)
    except Exception:  # noqa: BLE001 - any, of any library
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


def quality(chosen: list[Case], articles: list[Article]) -> dict[tuple[str, str], float]:
    """Mean of each figure for both halves and for all, by (figure, half)."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case, article in zip(chosen, articles, strict=True):
        for name, value in score(case, article).items():
            values[name, case.half].append(value)
            values[name, "all"].append(value)
    return {key: _mean(numbers) for key, numbers in sorted(values.items())}


def timed(
    chosen: list[Case], read: Extractor, passes: int = 1
) -> tuple[list[Article], list[float]]:
    """What was read, and milliseconds of process time for each case, the best of the passes."""
    best = [float("inf")] * len(chosen)
    attempt(read, chosen[0])  # what a library loads on its first page is not the page's cost
    for _ in range(passes):
        gc.collect()
        articles: list[Article] = []
        for position, case in enumerate(chosen):
            begun = time.process_time()
            articles.append(attempt(read, case))
            best[position] = min(best[position], (time.process_time() - begun) * 1000)
    return articles, best


def rows(folder: str, chosen: list[Case], peer: Peer, passes: int) -> Iterator[str]:
    """One reader's lines; its times come last."""
    articles, times = timed(chosen, peer.read, passes)
    means = quality(chosen, articles)
    for figure in dict.fromkeys(figure for figure, _ in means):
        if not peer.figures or figure in peer.figures:
            halves = (
                f"{half} {means[figure, half]:.3f}"
                for half in ("tune", "check", "all")
                if (figure, half) in means
            )
            yield f"{folder} {figure} {peer.name} {' '.join(halves)}"
    yield f"{folder} cpu-mean-ms {peer.name} {_mean(times):.2f}"
    yield f"{folder} cpu-p99-ms {peer.name} {_p99(times):.2f}"


def ratios(pages: str, ours: list[float], theirs: list[float], name: str) -> Iterator[str]:
    """What ours costs in parts of what the baseline does."""
    yield f"{pages} cpu-mean-ratio ours/{name} {_mean(ours) / _mean(theirs):.3f}"
    yield f"{pages} cpu-p99-ratio ours/{name} {_p99(ours) / _p99(theirs):.3f}"


def _mean(times: list[float]) -> float:
    return sum(times) / len(times)


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def main(folders: tuple[str, ...] = SETS) -> int:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")  # of the libraries measured
    if not CORPUS.exists():
        print(f"no corpus at {CORPUS}; set LENDWATCH_SHARED to measure extraction")
        return 0
    others = list(peers())
    baseline = others[0]
    all_ours: list[float] = []
    all_theirs: list[float] = []
    for folder in folders:
        chosen = list(cases(folder))
        for peer in (Peer("ours", read_or_nothing), *others):
            for line in rows(folder, chosen, peer, passes=1):
                print(line)
        ours, theirs = (
            timed(chosen, read, _PASSES)[1] for read in (read_or_nothing, baseline.read)
        )
        all_ours += ours
        all_theirs += theirs
        print(*ratios(folder, ours, theirs, baseline.name), sep="\n")
    if len(folders) > 1:
        print(*ratios("all", all_ours, all_theirs, baseline.name), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or SETS))
