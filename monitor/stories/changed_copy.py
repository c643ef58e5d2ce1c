"""Whether a copy that joins a story tells other facts than the story's texts. Never writes.

What is news is judged against the lead, the nearest copy and others like it, and against what
was told of the story before: a copy of a known changed version is a repost again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from monitor.changes.copies import FactChange, facts_changed
from monitor.changes.diff import Version
from monitor.changes.summary import summarise_facts
from monitor.events import Event, EventKind
from monitor.store.models import EventRow
from monitor.stories.arrival import Arrival
from monitor.stories.finder import Found, Known
from monitor.stories.fingerprint import shared
from monitor.stories.known_texts import texts_of
from monitor.stories.relation import Relation
from monitor.stories.versions import version
from seeds.fold import fold_text

# Texts of a story that a copy is compared with, besides its lead and the nearest: each costs 2 ms.
OTHERS = 4
# The same prose as another: only what it is headed by can be told otherwise.
_SAME_PROSE = frozenset({Relation.EXACT, Relation.SCRIPT_VARIANT})

_TOLD = select(EventRow.details).where(
    EventRow.story_id == bindparam("story_id"), EventRow.kind == EventKind.COPY_CHANGED.value
)


def copy_changed(
    connection: Connection,
    arrival: Arrival,
    found: Found,
    candidates: Sequence[Known],
    happened: tuple[Event, Sequence[Event]],
) -> Event | None:
    """The event that a copy alters or adds facts; None when it tells none that is not known.

    `candidates` are the texts the copy was compared with, `happened` its own StorySpread and what
    happened before and is not stored yet."""
    spread, earlier = happened
    texts = _compared_with(connection, arrival, found, candidates)
    if found.likeness.relation in _SAME_PROSE and _same_title(arrival, texts):
        return None
    changes = _facts_changed(arrival, [text for _, text in texts])
    known = set(_told(connection, spread.story_id, earlier)) if changes else set()
    news = [each for each in changes if _key(asdict(each)) not in known]
    if not news:
        return None
    articles = [row for row, _ in texts]
    facts = [_as_json(each, articles) for each in news]
    details = {**spread.details, "facts": facts}
    details["summary"] = summarise_facts([(each.kind, each.before, each.after) for each in news])
    return with_kinds(replace(spread, kind=EventKind.COPY_CHANGED, details=details), facts)


def _facts_changed(arrival: Arrival, texts: Sequence[Version]) -> tuple[FactChange, ...]:
    """Compare with the lead and the nearest text first: most copies tell nothing new there, and
    reading a text again costs as much as comparing it."""
    copy = version(arrival.entry.article, arrival.matches)
    changes = facts_changed(copy, texts[:2])
    return facts_changed(copy, texts) if changes and texts[2:] else changes


def with_kinds(event: Event, facts: Iterable[Mapping[str, Any]]) -> Event:
    """`event`, saying which kinds of fact the copy alters or adds."""
    kinds = list(dict.fromkeys(each["kind"] for each in facts))
    return replace(event, details={**event.details, "changed": kinds})


def _compared_with(
    connection: Connection, arrival: Arrival, found: Found, candidates: Sequence[Known]
) -> list[tuple[Row[Any], Version]]:
    """The lead's texts first, then the nearest article's, then those of others in the story."""
    assert found.known is not None
    story = [each for each in candidates if each.story_id == found.known.story_id]
    story.sort(key=lambda each: -shared(each.reading.hashes, arrival.reading.hashes))
    others = [each.article_id for each in story]
    wanted = list(dict.fromkeys((found.known.lead_id, found.known.article_id, *others)))
    wanted = wanted[: OTHERS + 2]
    names = {**found.known.reading.names.surfaces}
    for each in story:
        names |= each.reading.names.surfaces
    rows = texts_of(connection, wanted)
    return [
        (row, Version(row.title, row.body, names=names))
        for article_id in wanted
        for row in rows.get(article_id, ())
    ]


def _same_title(arrival: Arrival, texts: Sequence[tuple[Row[Any], Version]]) -> bool:
    title = fold_text(arrival.entry.article.title)
    return any(fold_text(row.title) == title for row, _ in texts)


def _told(
    connection: Connection, story_id: int | None, earlier: Iterable[Event]
) -> Iterator[tuple[str, ...]]:
    """What changed copies of the story told before."""
    happened = [
        each.details
        for each in earlier
        if each.kind is EventKind.COPY_CHANGED and each.story_id == story_id
    ]
    for details in (*connection.scalars(_TOLD, {"story_id": story_id}), *happened):
        yield from map(_key, details["facts"])


def _key(fact: Mapping[str, Any]) -> tuple[str, ...]:
    """Equal for one fact told by two copies, in any script. A negation alone (没有) tells nothing:
    what it stands in counts."""
    told = [fact["before"], fact["after"]]
    if fact["kind"] == "negation":
        told.append(fact["passage"])
    return fact["kind"], *map(fold_text, told)


def _as_json(change: FactChange, articles: Sequence[Row[Any]]) -> dict[str, Any]:
    known = None if change.known is None else articles[change.known]
    return {
        "kind": change.kind,
        "added": known is None or (not change.before and change.kind != "negation"),
        "before": change.before,
        "after": change.after,
        "known_passage": change.known_passage,
        "passage": change.passage,
        "of_article_id": None if known is None else known.id,
        "of_url": None if known is None else known.url,
    }
