"""The third-party corpus of real pages: where it lies, its pages with their truth, and how
extraction is scored against it. Never committed; whoever uses it skips when it is absent."""

import gzip
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from crawler.page import Page

_REPOSITORY = Path(__file__).resolve().parents[1]
CORPUS = Path(os.environ.get("LENDWATCH_SHARED") or _REPOSITORY.parent / "shared") / "corpus"
SHANGHAI = timezone(timedelta(hours=8))
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True)
class Case:
    """One page and what should be read out of it. `half` is "tune" or "check", by the hash of
    the site's name, so that all pages of one site are on the same side."""

    folder: str
    truth: dict[str, Any]
    page: Page

    @property
    def name(self) -> str:
        return str(self.truth["file"])

    @property
    def half(self) -> str:
        site = re.split(r"_\d|__|\.html", self.name)[0]
        return "tune" if hashlib.sha256(site.encode()).digest()[0] % 2 else "check"


def cases(folder: str) -> Iterator[Case]:
    """The cases of one corpus folder; none when the corpus is absent."""
    listing = CORPUS / folder / "truth.jsonl"
    if not listing.exists():
        return
    for line in listing.read_text("utf-8").splitlines():
        truth = json.loads(line)
        path = CORPUS / folder / "pages" / truth["file"]
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        url = truth.get("url") or f"https://example.com/{truth['file']}"
        yield Case(
            folder, truth, Page(url, url, 200, {}, body, _fetched_at(folder, truth.get("date")))
        )


def _fetched_at(folder: str, date: str | None) -> datetime:
    """Two days after publication on Chinese pages, where relative dates (昨天) need a plausible
    fetch; elsewhere long after, so that the fetch rules out no wrong date."""
    if not folder.startswith("zh") or not date or len(date) < 10:
        return datetime(2026, 6, 1, tzinfo=UTC)
    day = datetime.strptime(date[:10], "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    return (day + timedelta(days=2, hours=12)).astimezone(UTC)


def overlap(predicted: str, true: str, width: int = 4) -> tuple[float, float, float]:
    """Precision, recall and F1 of shingles of `width` tokens (the article-extraction-benchmark's
    measure); a token is a Han character or a word."""
    left, right = _shingles(predicted, width), _shingles(true, width)
    common = sum((left & right).values())
    precision = common / (sum(left.values()) or 1)
    recall = common / (sum(right.values()) or 1)
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def _shingles(text: str, width: int) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if not tokens:
        return Counter()
    return Counter(tuple(tokens[at : at + width]) for at in range(max(len(tokens) - width + 1, 1)))


def same_title(predicted: str, true: str) -> bool:
    """Equal but for white space and the form of punctuation."""
    return _plain(predicted) == _plain(true)


_FORMS = str.maketrans("：，！？；（）“”‘’•｜～　", ":,!?;()\"\"''·|~ ")


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_FORMS))


def same_author(predicted: str | None, true: str) -> bool:
    return predicted is not None and _plain(predicted) == _plain(true)


def same_day(predicted: datetime | None, true: str, *, chinese: bool = True) -> bool:
    """The same day in +08:00, or for other pages in the offset the page names."""
    if predicted is None:
        return False
    local = predicted.astimezone(SHANGHAI) if chinese else predicted
    return local.isoformat()[:10] == true[:10]


def same_minute(predicted: datetime | None, true: str) -> bool:
    """For truths that name a time: the same minute in +08:00."""
    if predicted is None:
        return False
    return predicted.astimezone(SHANGHAI).isoformat()[:16].replace("T", " ") == true[:16].replace(
        "T", " "
    )
