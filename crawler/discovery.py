"""Look around on a site for what could be a source; nothing of it is stored."""

from typing import Literal

from pydantic import AwareDatetime

from crawler.child import ask_child
from crawler.options import CrawlOptions
from seeds.models import Declaration

_CHILD = "crawler.discovering"
# What its conduct is reported under: the command's name. No source's name has a space.
DISCOVERY = "sources discover"


class Offer(Declaration):
    """An address that could be a source. `outcome` is `ok`, or names what is wrong with it.

    `links` counts what it lists (of an index, its sitemaps); `newest` is the latest time it
    tells, `samples` the titles of its first articles. `selector` is a proposal for
    `selectors.links` of a listing, None when the addresses alone tell the articles."""

    kind: Literal["feed", "sitemap", "listing"]
    url: str
    found_by: str
    outcome: str = "ok"
    detail: str = ""
    title: str = ""
    links: int = 0
    newest: AwareDatetime | None = None
    samples: tuple[str, ...] = ()
    selector: str | None = None
    robots: str = ""

    @property
    def works(self) -> bool:
        """Whether it can be declared as it is."""
        return self.outcome == "ok"


class DiscoveryJob(Declaration):
    """What the child that does the fetching is told. `around` False: look at the URL alone."""

    url: str
    options: CrawlOptions
    around: bool = True
    database: str = ""  # SQLAlchemy URL of the store in which conduct is kept; empty: in none


class Discovery(Declaration):
    """What a site offers, the best first. `message` says why nothing could be looked at."""

    url: str
    robots: str = ""
    offers: tuple[Offer, ...] = ()
    requests: int = 0
    message: str = ""


def discover(
    url: str, options: CrawlOptions, *, around: bool = True, database: str = ""
) -> Discovery:
    """Fetch `url`, and what it leads to, and say what could be a source.

    Stores nothing but its conduct, in `database` if one is given: the turns and robots.txt of the
    crawls hold for it, and it for them. Not `around`: say what `url` itself is. Raises TrialFailed
    when the child gave no answer."""
    job = DiscoveryJob(url=url, options=options, around=around, database=database)
    seconds = options.crawl_timeout.total_seconds()
    return Discovery.model_validate_json(ask_child(_CHILD, job.model_dump_json(), seconds))
