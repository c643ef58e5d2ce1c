"""What one crawl knows of which sites need a browser: read once, written when it changes."""

import asyncio

from crawler.context import CrawlContext
from crawler.log.rendering import Rendering, find_rendering, record_rendering


class Needs:
    """The renderings of one source, by site and role."""

    def __init__(self, context: CrawlContext) -> None:
        self._engine = context.engine
        self._source = context.job.source.name
        self._known: dict[tuple[str, str], Rendering] = {}

    async def recall(self, site: str, role: str) -> Rendering:
        """What is remembered of a site's lists or articles."""
        if (site, role) not in self._known:
            found = await asyncio.to_thread(self._find, site, role)
            self._known.setdefault((site, role), found)
        return self._known[site, role]

    async def record(self, site: str, role: str, now_known: Rendering) -> None:
        """Remember it, and write it down unless it says what was known."""
        before = self._known.get((site, role))
        self._known[site, role] = now_known
        same = before is not None and before.judged_at is not None and before.judged_at.date()
        if (
            before is not None
            and (before.needed, before.misses) == (now_known.needed, now_known.misses)
            and now_known.judged_at is not None
            and same == now_known.judged_at.date()
        ):
            return  # a later time of the same day is not worth a commit a page
        await asyncio.to_thread(self._record, site, role, now_known)

    def _find(self, site: str, role: str) -> Rendering:
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            return find_rendering(connection, self._source, site, role)

    def _record(self, site: str, role: str, known: Rendering) -> None:
        with self._engine.begin() as connection:
            record_rendering(connection, self._source, site, role, known)
