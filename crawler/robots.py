"""RFC 9309: what a site's robots.txt lets us fetch, asked before every request.

Chain: DOWNLOADER_MIDDLEWARES order 100, in the place of Scrapy's RobotsTxtMiddleware
(ROBOTSTXT_OBEY = False), after EgressMiddleware (10). Its own request for robots.txt goes
through the whole chain: egress guard, redirects, compression, politeness."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog
from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.download import CUT_AT
from crawler.guestbook import GuestBook
from crawler.log.manners import RobotsFile
from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused, Outcome, SiteThrottled, TooManyRedirects, of_error
from crawler.turns import IN_VIEW, PAUSE_EXEMPT, turns
from crawler.urls import site_of, split_url

log = structlog.get_logger(__name__)

_DAY = 24 * 3600  # RFC 9309, 2.4: not longer than 24 hours
# Unreachable is no answer: ask again soon, but not once for each page of a crawl.
_UNREACHABLE_SECONDS = 300
# How long the last good copy stands in for an unreachable file: the RFC's own example of a
# "reasonably long period" (2.3.1.4). It would then let us crawl everything; we stop instead.
_LAST_GOOD = 30 * _DAY
_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_MOST_ORIGINS = 4096
# The RFC would let us ignore these; a site that hides its rules does not want us.
_CLOSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt came to. With no parser, `everything` is the verdict."""

    parser: Protego | None
    everything: bool
    reason: str
    reached: bool = True
    outcome: Outcome = Outcome.ROBOTS  # what a refused page ends as: `dns` when that was the matter

    def allow(self, url: str, agent: str) -> bool:
        """Whether the product token `agent` may fetch the URL."""
        return self.everything if self.parser is None else bool(self.parser.can_fetch(url, agent))

    def delay(self, agent: str) -> float:
        """Crawl-delay in seconds; 0 without one."""
        found = self.parser.crawl_delay(agent) if self.parser else None
        return float(found) if found and found > 0 else 0.0


class RobotsRefused(FetchRefused):
    """The site's robots.txt does not let us fetch this."""

    outcome = Outcome.ROBOTS


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rules in force until a time, from an answer of another (seconds since 1970)."""

    until: float
    fetched_at: float
    rules: Rules


class RobotsCache:
    """Rules by origin, for a day. One per process: every crawl of a worker shares it.

    `clock` gives seconds since 1970: answers come from other processes too."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, origin: str) -> Rules | None:
        """The rules, unless they are older than they may be."""
        entry = self._kept.get(origin)
        return entry.rules if entry and entry.until > self._clock() else None

    def put(self, origin: str, rules: Rules) -> Rules:
        """Keep new rules and return those in force: an unreachable file leaves the old ones."""
        now = self._clock()
        old = self._kept.get(origin)
        if rules.reached:
            return self._keep(origin, _Kept(now + _DAY, now, rules))
        fetched = now
        if old is not None and old.rules.reached and old.fetched_at > now - _LAST_GOOD:
            # RFC 9309, 2.4: a cached copy may be used while the file is unreachable
            rules, fetched = old.rules, old.fetched_at
        return self._keep(origin, _Kept(now + _UNREACHABLE_SECONDS, fetched, rules))

    def take_up(self, origin: str, file: RobotsFile) -> Rules | None:
        """Know what another process was answered; the rules, unless it must be asked again."""
        fetched = file.fetched_at.timestamp()
        old = self._kept.get(origin)
        # A time to come is another clock's mistake, and would hold for longer than a day.
        if fetched <= self._clock() and (old is None or fetched > old.fetched_at):
            parser = None if file.body is None else _parsed(file.body)
            rules = Rules(parser, everything=file.everything, reason=file.reason)
            self._keep(origin, _Kept(fetched + _DAY, fetched, rules))
        return self.get(origin)

    def _keep(self, origin: str, kept: _Kept) -> Rules:
        self._kept[origin] = kept
        self._kept.move_to_end(origin)
        if len(self._kept) > _MOST_ORIGINS:
            self._kept.popitem(last=False)
        return kept.rules

    def clear(self) -> None:
        """Forget everything: the next request asks every site again."""
        self._kept.clear()


CACHE = RobotsCache()


def read_robots(status: int, body: bytes, limit: int = 512 * 1024) -> Rules:
    """The rules that an answer to GET /robots.txt stands for (RFC 9309, 2.3.1).

    The body is cut to `limit` bytes at a line's end first: protego takes 11 s on 7 MB."""
    if status in _CLOSED:
        return Rules(None, everything=False, reason=f"robots.txt answered {status}", reached=True)
    if status == 429 or status >= 500 or status < 200:
        # RFC 9309 asks for complete disallow on 5xx. 429 says as little about the rules: a site
        # that is short of breath now would else be closed for a day.
        return Rules(
            None,
            everything=False,
            reason=f"robots.txt answered {status}",
            reached=False,
            outcome=Outcome.THROTTLED if status == 429 else Outcome.SERVER_ERROR,
        )
    if status >= 300:
        # 4xx: there are no rules. 3xx: a redirect that leads nowhere counts as unavailable.
        return Rules(None, everything=True, reason=f"robots.txt answered {status}")
    return Rules(_parsed(_cut(body, limit)), everything=True, reason="robots.txt")


def _cut(body: bytes, limit: int) -> bytes:
    if len(body) <= limit:
        return body
    body = body[:limit]
    return body[: body.rfind(b"\n") + 1] or body


def _parsed(body: bytes) -> Protego:
    return Protego.parse(body.decode("utf-8-sig", errors="replace").replace("\x00", ""))


class RobotsMiddleware:
    """Holds each request until its origin's rules are known, and refuses what they forbid."""

    def __init__(self, crawler: Crawler, cache: RobotsCache) -> None:
        self._crawler = crawler
        self._options: CrawlOptions = crawler.settings["LENDWATCH_OPTIONS"]
        self._agent = product_token(self._options.user_agent)
        self._cache = cache
        self._book = crawler.get_extension(GuestBook)
        # In flight in this crawl: whoever comes second waits for the first one's answer.
        self._asked: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook: read CrawlOptions from the setting LENDWATCH_OPTIONS."""
        return cls(crawler, CACHE)

    async def process_request(self, request: Request) -> None:
        """Let the request pass or raise RobotsRefused."""
        if request.meta.get(PAUSE_EXEMPT):
            return  # robots.txt itself, on any hop
        await self.judge(request.url)

    async def judge(self, url: str, *, in_view: bool = False) -> None:
        """Return when the URL may be fetched, or raise RobotsRefused.

        `in_view`: who asks holds the site's connection, and shows a page of it."""
        rules = await self._rules(url, in_view=in_view)
        allowed, delay, site = rules.allow(url, self._agent), rules.delay(self._agent), site_of(url)
        if delay:
            turns().ask_delay(site, delay)
        if self._book is not None:
            self._book.judged(site, rules.reason, delay, allowed=allowed)
        if not allowed:
            refusal = RobotsRefused(f"{url} is refused to {self._agent}: {rules.reason}")
            refusal.outcome = rules.outcome
            raise refusal

    async def _rules(self, url: str, *, in_view: bool) -> Rules:
        parts = split_url(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if known := self._cache.get(origin):
            return known
        if in_view:
            # Whoever asks for the same file may be waiting for the connection that the view holds.
            return await self._stored(origin) or await self._answered(origin, in_view=True)
        if waiting := self._asked.get(origin):
            return await asyncio.shield(waiting)
        future: asyncio.Future[Rules] = asyncio.get_running_loop().create_future()
        self._asked[origin] = future
        try:
            rules = await self._stored(origin) or await self._answered(origin, in_view=False)
            future.set_result(rules)
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # read once, so that asyncio does not report it as forgotten
            raise
        finally:
            del self._asked[origin]
        return rules

    async def _stored(self, origin: str) -> Rules | None:
        file = None if self._book is None else await self._book.robots_of(origin)
        return None if file is None else self._cache.take_up(origin, file)

    async def _answered(self, origin: str, *, in_view: bool) -> Rules:
        found, body = await self._fetch(origin, in_view=in_view)
        rules = self._cache.put(origin, found)
        if self._book is not None and found.reached:
            now = datetime.now(UTC)
            file = RobotsFile(origin, now, body, found.everything, found.reason)
            await self._book.keep_robots(file, timedelta(seconds=_LAST_GOOD))
        return rules

    async def _fetch(self, origin: str, *, in_view: bool) -> tuple[Rules, bytes | None]:
        """The rules, and what they were read from: kept in the store, too much for memory."""
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            dont_filter=True,
            headers={"Accept": "text/plain,*/*;q=0.5", "Accept-Encoding": "gzip, identity"},
            meta={
                PAUSE_EXEMPT: True,
                IN_VIEW: in_view,
                CUT_AT: self._options.robots_bytes,
                "redirect_ttl": _REDIRECTS,
                "handle_httpstatus_list": [],
            },
        )
        engine = self._crawler.engine
        if engine is None:
            raise RobotsRefused(f"{origin} was not asked for its robots.txt: the crawl has ended")
        try:
            response: Response = await engine.download_async(request)
        except TooManyRedirects:
            return Rules(None, everything=True, reason="robots.txt redirects without end"), None
        except SiteThrottled:
            raise  # says nothing about the rules
        except Exception as error:  # noqa: BLE001  # any failure to reach it means "disallow"
            outcome = of_error(error)
            log.info("robots.unreachable", origin=origin, outcome=outcome.value, error=str(error))
            reason = f"robots.txt is unreachable ({error or outcome.value})"
            shut = Rules(None, everything=False, reason=reason, reached=False, outcome=outcome)
            return shut, None
        limit = self._options.robots_bytes
        rules = read_robots(response.status, response.body, limit)
        return rules, None if rules.parser is None else _cut(response.body, limit)


def product_token(user_agent: str) -> str:
    """`lendwatch` of `lendwatch/0.1 (+https://…)`: the name that robots.txt addresses us by."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0] or "lendwatch"
