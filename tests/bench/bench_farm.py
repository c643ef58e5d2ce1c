"""How well content farms are told from others, and what that costs.

    python -m tests.bench.bench_farm

Both halves of our own labelled pages (weights were set on `dev`); the share of real pages that
are called likely, where the third-party corpus is; and processor time upon a folded article."""

import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus_pages import CORPUS, cases
from farm_pages import labelled_pages
from our_articles import BY_KEY
from shared_corpus import json_lines

from crawler.article import ExtractionFailed
from crawler.extract import extract
from monitor.stories.understand import byline_of
from seeds.farm import FarmLikelihood, likelihood, likelihood_of
from seeds.match.texts import ArticleText, read_article
from tests.bench.timing import seconds

_CALLS = 30
# The article that the speed is asked for.
_LENGTH = 1_600


def area(farms: Sequence[float], others: Sequence[float]) -> float:
    """The chance that a farm's page scores higher than another one (area under the ROC curve)."""
    won = sum((one > other) + (one == other) / 2 for one in farms for other in others)
    return won / (len(farms) * len(others))


def print_half(half: str) -> None:
    """Print precision and recall at 0.5, and the area under the curve."""
    pages = [page for page in labelled_pages() if page.half == half]
    scored = [
        (page.farm, likelihood(page.title, page.body, page.boilerplate).score) for page in pages
    ]
    farms = [score for farm, score in scored if farm]
    others = [score for farm, score in scored if not farm]
    right = sum(score >= 0.5 for score in farms)
    wrong = sum(score >= 0.5 for score in others)
    print(
        f"farm {half} ({len(farms)} farm pages, {len(others)} others):"
        f" precision {right / max(1, right + wrong):.3f} recall {right / len(farms):.3f}"
        f" area {area(farms, others):.3f}"
    )


def news(name: str) -> Iterator[FarmLikelihood]:
    """Judge real articles of 2018."""
    for each in json_lines(CORPUS / "reposts_news2018" / f"{name}.jsonl"):
        yield likelihood(each["title"], each["body"])


def real_pages(folder: str) -> Iterator[FarmLikelihood]:
    """Judge real pages as the crawler extracts them."""
    for case in cases(folder):
        try:
            article = extract(case.page)
        except ExtractionFailed:
            continue
        byline = byline_of(article.author, article.outlet)
        yield likelihood(article.title, article.body, article.boilerplate, byline=byline)


def print_real() -> None:
    """Print how many real pages are called likely, and the seed's score."""
    judged = {name: list(news(name)) for name in ("lending_articles", "background_singles")}
    judged |= {folder: list(real_pages(folder)) for folder in ("zh_pages_gne", "zh_pages_tw")}
    for name, found in judged.items():
        likely = sum(each.likely for each in found)
        print(f"farm {name}: {likely} of {len(found)} likely ({likely / len(found):.4f})")
    seed = (CORPUS.parent / "seed" / "article.txt").read_text(encoding="utf-8")
    print(f"farm seed: {likelihood('用錢寶2024又開始催收了', seed).score:.3f}")


def milliseconds(article: ArticleText) -> float:
    return seconds(lambda: likelihood_of(article), _CALLS) * 1000


def print_costs() -> None:
    """Print what a judgement costs upon a folded article."""
    court = BY_KEY["court"]
    plain = read_article(court.title, (court.body * 3)[:_LENGTH])
    print(f"farm cpu-ms of {_LENGTH} characters, folded before: {milliseconds(plain):.3f}")
    doctored = court.body.replace("的", "的(de)").replace("人", "人(rén)")
    noted = read_article(court.title, (doctored * 3)[:_LENGTH])
    print(f"farm cpu-ms of {_LENGTH} characters, annotated: {milliseconds(noted):.3f}")


def main() -> None:
    """Print every figure, one a line."""
    logging.disable(logging.CRITICAL)
    for half in ("dev", "held"):
        print_half(half)
    if CORPUS.exists():
        print_real()
    print_costs()


if __name__ == "__main__":
    main()
