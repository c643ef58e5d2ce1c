"""Twelve sites, a hundred articles, and the clock moved: what is told is what happened.

The full quarter is `python -m tests.bench.quarter`; here the same things happen in fewer days."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from quarter import run
from timeline_script import ARTICLES, COPIES, quarter

DAYS, HOURS = 12, 8


def test_every_true_event_is_told_once_and_nothing_else(tmp_path: Path) -> None:
    told = run(tmp_path, quarter(DAYS), timedelta(hours=HOURS))
    assert told.problems() == []
    kinds = Counter(each.kind for each in told.truths)
    assert kinds["ArticleEdited"] > 20, "the run saw what it is about"
    assert kinds["ArticleRemoved"] > 4
    opened = [each for each in told.events if each.kind == "StoryOpened"]
    assert len(opened) == ARTICLES
    spread = [each.article for each in told.events if each.kind == "StorySpread"]
    assert sorted(spread) == sorted(COPIES)
