"""How to crawl: the part of lendwatch.yaml that the crawler reads."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from seeds.models import Declaration
from seeds.times import Duration


class CrawlOptions(Declaration):
    """Politeness, limits and egress. Every limit's default is argued in DESIGN.md."""

    # An address or URL where a site's owner reaches whoever runs this crawler. Empty: no crawl.
    contact: str = ""
    user_agent: str = "lendwatch/0.1 (+{contact})"
    delay: Duration = timedelta(seconds=5)  # between two requests to one site
    # More than one only for servers of one's own (a bench, an intranet).
    connections_per_site: Annotated[int, Field(ge=1, le=64)] = 1
    timeout: Duration = timedelta(seconds=30)  # for one page, redirects included
    crawl_timeout: Duration = timedelta(minutes=30)  # for one crawl; then its worker is killed
    page_bytes: Annotated[int, Field(ge=1024)] = 8 * 1024 * 1024  # decoded
    robots_bytes: Annotated[int, Field(ge=1024)] = 512 * 1024
    feed_entries: Annotated[int, Field(ge=1)] = 5_000
    sitemap_urls: Annotated[int, Field(ge=1)] = 50_000
    sitemap_depth: Annotated[int, Field(ge=1, le=5)] = 3
    redirects: Annotated[int, Field(ge=0, le=20)] = 10
    # New addresses of one shape (numbers left out) that a source may bring a day.
    path_budget: Annotated[int, Field(ge=1)] = 2_000
    # Networks (CIDR) or addresses that may be talked to although they are not public.
    allow_addresses: tuple[str, ...] = ()
    # Whether a source's first crawl collects without alerting, where the source does not say.
    baseline: bool = True
    # What one view of a page in the browser may ask for beside its document, and how much of it may
    # come, decoded. Of 404 real pages the busiest asks for some 300 things, most of them pictures;
    # scripts and styles of a heavy one are 10 to 15 MB.
    view_requests: Annotated[int, Field(ge=1)] = 500
    view_bytes: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024
    browser_path: str = ""  # Chromium; empty: look for one
    # Processes. One shares one register of politeness, so that no site ever sees two connections.
    workers: Annotated[int, Field(ge=1, le=32)] = 1


class EvidenceOptions(Declaration):
    """What is kept of pages as they were served, and for how long."""

    keep: bool = True
    pictures: bool = False  # PNG files of what the browser showed, of rendered pages
    days: Annotated[int, Field(ge=0)] = 0  # 0: for ever
    megabytes: Annotated[int, Field(ge=0)] = 0  # on this machine; 0: as many as there are
    # Also drop what belongs to a story that somebody was told of.
    drop_alerted: bool = False
