"""Decide what the logged articles of one batch are: new, an edit, or nothing new.

Decided in order, each knowing what those before it were; what they have in common is asked of
the store, and stored, once for all: a statement costs as much as the work on a short article."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, Row

from monitor.changes.diff import UNCHANGED, Change, compare
from monitor.changes.elsewhere import shows, standing_at
from monitor.changes.lives import bear
from monitor.changes.looked import address_of, nowhere_of
from monitor.changes.standing import Found as WhatStands
from monitor.changes.standing import Shown, Standing, standing
from monitor.events import Event
from monitor.store.search import Searchable, index_article, index_new
from monitor.stories.arrival import Arrival
from monitor.stories.changed_copy import copy_changed, with_kinds
from monitor.stories.details import about_both
from monitor.stories.events import record_events
from monitor.stories.finder import COMPARED, Found, Known, find
from monitor.stories.furniture import FurnitureBatch, candidates
from monitor.stories.index import IndexBatch
from monitor.stories.known_texts import (
    KnownTexts,
    current_revision,
    known_article,
    known_urls,
)
from monitor.stories.record import Records
from monitor.stories.sentences import Sentences, with_novelty
from monitor.stories.versions import version

log = structlog.get_logger()

# What is logged was answered with a page.
_READ = 200

Taken = Literal["opened", "joined", "edited", "unchanged", "absent"]
Enqueue = Callable[[Connection, Event], object]


class Batch:
    """Takes articles in, in one transaction. Nothing is sure to be stored before `write`."""

    def __init__(
        self,
        connection: Connection,
        arrivals: Sequence[Arrival],
        texts: KnownTexts,
        enqueue: Enqueue,
    ) -> None:
        self._connection = connection
        self._texts = texts
        self._enqueue = enqueue
        self._urls = known_urls(connection, [each.entry.article.url for each in arrivals])
        self._index = IndexBatch(connection, [each.fingerprint for each in arrivals])
        self._furniture = FurnitureBatch(connection, [each.reading for each in arrivals])
        self._records = Records(connection)
        self._sentences = Sentences(connection)
        self._new: dict[str, Searchable] = {}  # by URL
        self._events: list[Event] = []

    def take(self, arrival: Arrival) -> Taken:
        """Decide about the next article, and record it."""
        url = arrival.entry.article.url
        if url in self._new:
            self.write()  # the page stands twice in the log, and the second may be an edit
        if url in self._urls:
            return self._take_known(arrival)
        self._urls.add(url)
        return self._take_new(arrival)

    def write(self) -> None:
        """Store what was kept, and queue the alerts."""
        self._records.write()
        self._index.write()
        self._furniture.write()
        index_new(self._connection, list(self._new.values()))
        bear(self._connection, [each.article_id for each in self._new.values()])
        events = with_novelty(self._events, self._sentences.judge())
        self._sentences.write()
        for event in record_events(self._connection, events):
            self._enqueue(self._connection, event)
        self._texts.settle()
        self._new.clear()
        self._events.clear()

    def _take_known(self, arrival: Arrival) -> Taken:
        article = arrival.entry.article
        known = known_article(self._connection, article.url)
        before = current_revision(self._connection, known)
        shown = self._standing(known, before, arrival)
        if shown.standing is not Standing.HERE:
            # A notice, a list or a captcha in the article's place is no edit of it.
            log.info("article.absent", url=article.url, reason=shown.reason, quoted=shown.quoted)
            return "absent"
        change = self._change(before, arrival)
        if change.kind == "none":
            self._records.seen(known, arrival.entry.fetched_at)
            return "unchanged"
        earlier = self._texts.matches(before.title, before.body)
        self._events.append(about_both(self._records.edit(arrival, known, change), earlier))
        if before.folded_hash != arrival.reading.edition:
            self._index.renew(known.id, arrival.fingerprint)
            index_article(self._connection, known.id, article.title, article.body)
        return "edited"

    def _standing(self, known: Row[Any], before: Row[Any], arrival: Arrival) -> WhatStands:
        """What stands at a known article's address; a text of which nothing was there before is
        held against what the site shows elsewhere."""
        article = arrival.entry.article
        old, new = (Shown(_READ, each.title, each.body) for each in (before, article))
        found = standing(old, new)
        if found.standing is Standing.GONE or shows(old, new):
            return found
        address = address_of(self._connection, article.url, arrival.entry.id)
        nowhere = nowhere_of(self._connection, known.site, arrival.entry.fetched_at)
        return standing_at(old, new, (article.url, address), nowhere)

    def _take_new(self, arrival: Arrival) -> Taken:
        furniture = self._furniture.at(arrival.site)
        articles = candidates(self._index, arrival.reading, arrival.fingerprint, furniture)
        found = find(self._connection, arrival.reading, articles, self._texts, furniture)
        self._furniture.learn(arrival.site, arrival.reading, found)
        event = self._records.new(arrival, found)
        assert event.article_id is not None
        assert event.story_id is not None
        changed = self._copy_changed(arrival, found, articles, event)
        self._events += (
            [event] if changed is None else [with_kinds(event, changed.details["facts"]), changed]
        )
        self._index.add(event.article_id, arrival.fingerprint)
        self._sentences.add(event.article_id, arrival, found)
        url = arrival.entry.article.url
        self._new[url] = Searchable(event.article_id, arrival.title_key, arrival.body_key)
        self._texts.add(
            Known(
                article_id=event.article_id,
                story_id=event.story_id,
                lead_id=found.known.lead_id if found.known and found.joins else event.article_id,
                relation=found.likeness.relation,
                reading=arrival.reading,
                of_id=found.known.article_id if found.known else None,
                url=url,
                site=arrival.site,
            )
        )
        if found.bound:
            self._merge(event.article_id, found.bound)
        return "joined" if found.joins else "opened"

    def _merge(self, article_id: int, leads: Sequence[Found]) -> None:
        """Make one story of those that an article shows to be one. It is rare, so that what the
        batch decided before is stored first, and all that is known of the stories read again."""
        self.write()
        known = [(lead.known, lead.likeness) for lead in leads if lead.known is not None]
        into = min(lead.story_id for lead, _ in known)
        for lead, likeness in known:
            if lead.story_id != into:
                self._records.relate(lead.article_id, likeness, article_id)
                self._records.merge(lead.story_id, into)

    def _copy_changed(
        self, arrival: Arrival, found: Found, candidates: Sequence[int], spread: Event
    ) -> Event | None:
        if not found.joins:
            return None
        texts = list(self._texts.load(self._connection, candidates[:COMPARED]))
        return copy_changed(self._connection, arrival, found, texts, (spread, self._events))

    def _change(self, before: Row[Any], arrival: Arrival) -> Change:
        article = arrival.entry.article
        if article.truncated and before.body.startswith(article.body.rstrip()):
            return UNCHANGED  # the page was cut at a limit; what is missing was not removed
        return compare(
            version(before, self._texts.matches(before.title, before.body)),
            version(article, arrival.matches),
        )
