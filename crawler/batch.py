"""Commit a crawl's results in batches, off the reactor's thread."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.exc import DataError, IntegrityError

from crawler.context import CrawlContext
from crawler.evidence.archive import archive_of
from crawler.evidence.records import Capture, Origin, capture_of
from crawler.items import Reading
from crawler.log.append import Entry, append_articles
from crawler.log.chain import Link, Place, chain
from crawler.log.engine import checkpoint
from crawler.log.looks import Look, append_looks
from crawler.log.seen import KEPT, SUCCESSES, UNCHANGED, Visit, record_visits

# Measured: 7,400 inserts/s committing each, 28,000/s in batches of 100; from 50 up the commit's
# own cost is lost in the rest. A quarter of a second is what a crash may cost, and it is fetched
# again, because what was seen is in the same transaction.
BATCH_ITEMS = 50
BATCH_SECONDS = 0.25
# A page that is as it was can wait for others: nobody is to be told of it, and what is lost of it
# is looked at again. Sites are asked seconds apart, so these batches would be of one.
UNCHANGED_SECONDS = 30.0

Settled = Callable[[Reading, Exception | None], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A reading, the promise that it will be committed, and the loop's time until when."""

    reading: Reading
    committed: asyncio.Future[None]
    until: float


class BatchWriter:
    """Gathers readings and commits them together: one transaction for articles, seen URLs, looks.

    `is_last` says that nothing else is coming: then the batch goes at once, so that a crawl
    does not end with a wait. It is asked again as long as a batch waits. `settled` is told of each
    reading as it is committed, or of what kept it from being."""

    def __init__(
        self, context: CrawlContext, is_last: Callable[[], bool], settled: Settled
    ) -> None:
        self._context = context
        self._is_last = is_last
        self._settled = settled
        self._batch: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self.waiting = 0  # readings handed over and not yet committed

    def put(self, reading: Reading) -> asyncio.Future[None]:
        """Have `reading` committed with others: a promise, which raises what kept it from being."""
        loop = asyncio.get_running_loop()
        seconds = UNCHANGED_SECONDS if reading.outcome == UNCHANGED else BATCH_SECONDS
        waiting = _Waiting(reading, loop.create_future(), loop.time() + seconds)
        self._batch.append(waiting)
        self.waiting += 1
        if self._timer is None:
            self._timer = loop.call_later(BATCH_SECONDS, self._flush_if_due)
        if len(self._batch) >= BATCH_ITEMS or self._is_last():
            self._flush()
        return waiting.committed

    async def finish(self) -> None:
        """Commit what is in hand."""
        self._flush()
        while self._running:
            await asyncio.wait(self._running)

    async def close(self, lists: Sequence[Visit]) -> None:
        """Remember feeds, sitemaps and listing pages themselves, the last that a crawl writes."""
        if lists:
            await asyncio.to_thread(self._close, lists)

    def _flush_if_due(self) -> None:
        loop = asyncio.get_running_loop()
        until = min((each.until for each in self._batch), default=0.0)
        if until <= loop.time() or self._is_last():
            self._flush()
        else:
            self._timer = loop.call_later(BATCH_SECONDS, self._flush_if_due)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        task = asyncio.get_running_loop().create_task(self._commit(batch))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        async with self._turn:  # in order: of one URL's visits the last one counts
            try:
                await asyncio.to_thread(self._store, [each.reading for each in batch])
            except (DataError, IntegrityError) as error:
                # One of them is at fault: alone, the others go through.
                await self._commit_each(batch, error)
            except Exception as error:  # noqa: BLE001  # each promise raises it
                self._settle(batch, error)
            else:
                self._settle(batch)
        # These may have been all that others waited for.
        if self._batch and self._is_last():
            self._flush()

    async def _commit_each(self, batch: Sequence[_Waiting], error: Exception) -> None:
        if len(batch) == 1:
            self._settle(batch, error)
            return
        for each in batch:
            try:
                await asyncio.to_thread(self._store, [each.reading])
            except Exception as its_own:  # noqa: BLE001  # as above
                self._settle([each], its_own)
            else:
                self._settle([each])

    def _settle(self, batch: Sequence[_Waiting], error: Exception | None = None) -> None:
        self.waiting -= len(batch)
        for each in batch:
            failed = error
            try:
                self._settled(each.reading, error)
            except Exception as its_own:  # noqa: BLE001  # the promise raises it
                failed = its_own
            if each.committed.done():  # whoever waited for it is gone
                continue
            if failed is None:
                each.committed.set_result(None)
            else:
                each.committed.set_exception(failed)

    def _store(self, batch: Sequence[Reading]) -> None:
        """Evidence first: the log never tells of a page whose evidence is not on disk."""
        engine = self._context.engine
        kept = [reading for reading in batch if reading.outcome == KEPT]
        entries = [self._entry(reading) for reading in kept]
        visits = [visit for reading in batch for visit in self._visits(reading)]
        captures = self._captures(kept)
        now = datetime.now(UTC)
        places = archive_of(self._context.job.evidence).append(captures, now) if captures else []
        with engine.begin() as connection:
            log_ids = append_articles(connection, entries)
            chain(connection, _links(log_ids, captures, places), now)
            record_visits(connection, visits)
            append_looks(connection, _looks(batch, log_ids))
        checkpoint(engine)

    def _captures(self, kept: Sequence[Reading]) -> list[Capture]:
        job = self._context.job
        if not job.evidence:
            return []
        captures = []
        for reading in kept:
            assert reading.page is not None
            assert reading.article is not None
            origin = Origin(job.source.name, job.crawl_id, reading.raw_hash or "")
            captures.append(capture_of((reading.page, *reading.further), reading.article, origin))
        return captures

    def _close(self, lists: Sequence[Visit]) -> None:
        with self._context.engine.begin() as connection:
            record_visits(connection, lists)
        checkpoint(self._context.engine)

    def _entry(self, reading: Reading) -> Entry:
        job = self._context.job
        assert reading.page is not None
        assert reading.article is not None
        assert reading.raw_hash is not None
        return Entry(
            source=job.source.name,
            crawl_id=job.crawl_id,
            fetched_at=reading.page.fetched_at,
            raw_hash=reading.raw_hash,
            baseline=job.source.baseline is True,
            article=reading.article,
        )

    def _visits(self, reading: Reading) -> list[Visit]:
        """The link's own visit, and one for the canonical address that the page gave itself."""
        if reading.is_elsewhere:
            return []
        source = self._context.job.source.name
        page, seen = reading.page, reading.seen
        if page is None:
            return [Visit(reading.url, source, datetime.now(UTC), reading.outcome)]
        etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
        if reading.outcome == UNCHANGED and seen is not None:
            if page.status == 304:  # it may leave its validators out: those of before still hold
                etag, modified = etag or seen.etag, modified or seen.last_modified
            # Other bytes that read the same are what it is told by from now on.
            raw_hash = seen.raw_hash if page.status == 304 else reading.raw_hash
            hashes = raw_hash, seen.text_hash, reading.frame or seen.frame
            return [Visit(reading.url, source, page.fetched_at, KEPT, etag, modified, *hashes)]
        if reading.outcome not in SUCCESSES:
            return [Visit(reading.url, source, page.fetched_at, reading.outcome)]
        urls = {reading.url}
        if reading.article is not None:
            urls.add(reading.article.url)
        hashes = reading.raw_hash, reading.text_hash, reading.frame
        return [
            Visit(url, source, page.fetched_at, reading.outcome, etag, modified, *hashes)
            for url in urls
        ]


def _links(
    log_ids: Sequence[int], captures: Sequence[Capture], places: Sequence[Place]
) -> list[Link]:
    return [
        Link(
            log_id,
            capture.state,
            place,
            tuple((each.kind, len(each.stored), each.digest) for each in capture.records),
        )
        for log_id, capture, place in zip(log_ids, captures, places, strict=False)
    ]


def _looks(batch: Sequence[Reading], log_ids: Sequence[int]) -> list[Look]:
    """The batch's looks, with the entries that were logged: one for each that was kept, in order."""
    entries = iter(log_ids)
    looks = []
    for reading in batch:
        log_id = next(entries) if reading.outcome == KEPT else None
        if reading.look is not None:
            look = reading.look
            looks.append(look if log_id is None else replace(look, log_id=log_id))
    return looks
