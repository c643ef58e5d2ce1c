"""The layout canary: of the pages a source brings, fewer and fewer show an article.

A site that changes its layout goes on answering 200: its crawls finish, and its news is missed.
The canary compares the newest pages with what was usual. Reads the crawl table only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from monitor.store.models import CrawlRow

# One page without an article is a video; ten pages are news of a day for a quiet source.
_NEWEST_PAGES = 10
_NEWEST_CRAWLS = 10
_USUAL_PAGES = 20
_USUAL_CRAWLS = 50
# Half of what was usual: a site's own mix of articles and galleries moves less than that. Where
# articles never were the half, there is nothing to fall.
_FALLEN = 0.5
_ONCE_GOOD = 0.5
_MARK = "layout changed: "
# Built once: it takes longer to build than to run, and every crawl asks.
_NEWEST = (
    select(CrawlRow.articles, CrawlRow.skipped, CrawlRow.failures, CrawlRow.message)
    .where(CrawlRow.source == bindparam("of"), CrawlRow.state == "finished")
    .order_by(CrawlRow.started_at.desc())
    .limit(_NEWEST_CRAWLS + _USUAL_CRAWLS)
)


@dataclass(frozen=True, slots=True)
class PagesRead:
    """Of one crawl's pages, how many showed an article and how many none. `doubtful`: the canary
    had fallen by then, so it is not what is usual."""

    read: int
    unread: int
    doubtful: bool = False

    @property
    def pages(self) -> int:
        """Pages that say something about the layout."""
        return self.read + self.unread


def layout_change(crawls: Sequence[PagesRead]) -> str:
    """Why the source's layout seems changed; empty when it does not. `crawls`: newest first."""
    newest, rest = _first(crawls[:_NEWEST_CRAWLS], _NEWEST_PAGES)
    if newest.pages < _NEWEST_PAGES or not crawls[0].unread:
        return ""
    sound = [crawl for crawl in crawls[rest:] if not crawl.doubtful]
    usual = PagesRead(sum(each.read for each in sound), sum(each.unread for each in sound))
    if usual.pages < _USUAL_PAGES:
        return ""
    share, before = newest.read / newest.pages, usual.read / usual.pages
    if before < _ONCE_GOOD or share >= before * _FALLEN:
        return ""
    return (
        f"{_MARK}an article was found in {newest.read} of the newest {newest.pages} pages, before in "
        f"{usual.read} of {usual.pages}; look at the source's selectors"
    )


def changed_layout(connection: Connection, source: str) -> str:
    """Why the layout of `source` seems changed, by its recorded crawls; empty when it does not."""
    crawls = [
        PagesRead(
            found.articles + found.skipped,
            found.failures.get("layout", 0),
            found.message.startswith(_MARK),
        )
        for found in connection.execute(_NEWEST, {"of": source})
    ]
    return layout_change(crawls) if crawls else ""


def _first(crawls: Sequence[PagesRead], pages: int) -> tuple[PagesRead, int]:
    """The sum of the first crawls that have so many pages together, and how many they are."""
    read = unread = taken = 0
    for crawl in crawls:
        if read + unread >= pages:
            break
        read, unread, taken = read + crawl.read, unread + crawl.unread, taken + 1
    return PagesRead(read, unread), taken
