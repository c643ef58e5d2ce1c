"""The facts that subscriptions can ask for, in the past tense."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from seeds.models import Severity


class EventKind(StrEnum):
    """What happened."""

    STORY_OPENED = "StoryOpened"
    STORY_SPREAD = "StorySpread"
    COPY_CHANGED = "CopyChanged"
    ARTICLE_EDITED = "ArticleEdited"
    ARTICLE_REMOVED = "ArticleRemoved"
    ARTICLE_RESTORED = "ArticleRestored"
    SOURCE_FAILING = "SourceFailing"
    SOURCE_RECOVERED = "SourceRecovered"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact, with all that a rule needs to decide who is told.

    `id` is the event's row. `relation` is the article's (`new`, `exact`, `platform-swap` …),
    empty for source events. `baseline` events are recorded and never alerted.
    `details` is JSON for the reader: kinds of change, a summary, the counts of a story. A copy that
    alters or adds facts makes two events, a StorySpread and a CopyChanged; both have the kinds of
    fact in `details["changed"]`."""

    id: int
    kind: EventKind
    happened_at: datetime
    source: str
    story_id: int | None = None
    article_id: int | None = None
    relation: str = ""
    platforms: frozenset[str] = frozenset()
    topics: Mapping[str, Severity] = field(default_factory=dict)
    baseline: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
