"""How a fetch ended: one name for each ending, used in counts, logs and events."""

import ssl
from collections.abc import Iterator
from enum import StrEnum

import aiohttp
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.challenges import is_challenge_answer


class Outcome(StrEnum):
    """The names that CrawlResult.failures counts by."""

    OK = "ok"
    UNCHANGED = "unchanged"  # 304
    NOT_FOUND = "not-found"  # 404: may come back
    GONE = "gone"  # 410: the site says for good
    CAPTCHA = "captcha"  # a proof of being human is asked for; never answered
    BLOCKED = "blocked"  # 401, 403, 407, 451: we are not wanted; never "removed"
    THROTTLED = "throttled"  # 429, or waiting out a Retry-After
    CLIENT_ERROR = "client-error"  # any other 4xx
    SERVER_ERROR = "server-error"  # 5xx
    REDIRECTS = "redirects"  # too many hops, or a redirect that leads nowhere
    BLOCKED_ADDRESS = "blocked-address"  # not public: refused by the egress guard
    HOSTILE_URL = "hostile-url"  # not a plain http(s) URL
    ROBOTS = "robots"  # the site's robots.txt does not want it
    NOINDEX = "noindex"  # the page itself does not want to be kept
    NOFOLLOW = "nofollow"  # a list does not want its links followed
    TRAP = "trap"  # one of endlessly many addresses that are no articles
    PATH_BUDGET = "path-budget"  # too many addresses of one shape today
    TOO_LARGE = "too-large"
    ENCODING = "encoding"  # content encoding unknown, broken or stacked too high
    DNS = "dns"
    TLS = "tls"
    REFUSED = "refused"  # no connection: refused, unreachable
    TIMEOUT = "timeout"
    NO_BROWSER = "no-browser"  # it needs one, and there is none
    BROKEN = "broken"  # the connection ended early, or the answer is not HTTP
    NOT_A_PAGE = "not-a-page"  # a picture, a PDF, an archive
    CHARSET = "charset"  # the bytes are no text in any charset we know
    LAYOUT = "layout"  # no article could be read out of the page
    NOT_A_FEED = "not-a-feed"
    NOT_A_SITEMAP = "not-a-sitemap"
    NO_LINKS = "no-links"  # a listing without a link to an article
    BAD_SELECTOR = "bad-selector"
    STORE = "store"  # it could not be committed; it is fetched again
    EVIDENCE = "evidence"  # the disk took no evidence of it; it is fetched again
    CRASH = "crash"  # an error of ours while reading it: look into the log
    FAILED = "failed"  # an error of ours or of a library: look into the log

    @property
    def is_failure(self) -> bool:
        """False for the two endings in which the page is known to be fine."""
        return self not in {Outcome.OK, Outcome.UNCHANGED}

    @property
    def says_about_page(self) -> bool:
        """True when the site itself told us about this page, rather than something between."""
        return self in {Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_FOUND, Outcome.GONE}


class FetchRefused(IgnoreRequest):
    """This fetch is not made, or its answer not read; trying again changes nothing.

    Scrapy drops the request and calls its errback; nothing is retried or logged as an error."""

    outcome: Outcome = Outcome.FAILED
    located: bool = False  # the message already names the URL and its hops


class EncodingRefused(FetchRefused):
    """The body's content encodings are unknown, broken or stacked too high."""

    outcome = Outcome.ENCODING


class TooLarge(FetchRefused):
    """The body passes the limit, on the wire or decoded."""

    outcome = Outcome.TOO_LARGE


class TooManyRedirects(FetchRefused):
    """The chain of redirects does not end within the limit."""

    outcome = Outcome.REDIRECTS


class SiteThrottled(FetchRefused):
    """The site asked for a pause that is longer than this crawl will wait."""

    outcome = Outcome.THROTTLED


_STATUSES = {
    304: Outcome.UNCHANGED,
    401: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    404: Outcome.NOT_FOUND,
    407: Outcome.BLOCKED,
    410: Outcome.GONE,
    429: Outcome.THROTTLED,
    451: Outcome.BLOCKED,
}
# In this order: the first class that is found on the chain of causes names the outcome.
_CAUSES: tuple[tuple[type[BaseException], Outcome], ...] = (
    (ssl.SSLError, Outcome.TLS),
    (aiohttp.ClientSSLError, Outcome.TLS),
    (aiohttp.ServerFingerprintMismatch, Outcome.TLS),
    (CannotResolveHostError, Outcome.DNS),
    (DownloadTimeoutError, Outcome.TIMEOUT),
    (TimeoutError, Outcome.TIMEOUT),
    (UnsupportedURLSchemeError, Outcome.HOSTILE_URL),
    (NotSupported, Outcome.HOSTILE_URL),
    (ResponseDataLossError, Outcome.BROKEN),
    (DownloadConnectionRefusedError, Outcome.REFUSED),
    (DownloadFailedError, Outcome.BROKEN),
    (ConnectionError, Outcome.REFUSED),
)


def of_status(status: int) -> Outcome:
    """The outcome an HTTP status stands for."""
    if named := _STATUSES.get(status):
        return named
    if 200 <= status < 300:
        return Outcome.OK
    if 300 <= status < 400:
        return Outcome.REDIRECTS
    return Outcome.SERVER_ERROR if status >= 500 else Outcome.CLIENT_ERROR


def of_error(error: BaseException) -> Outcome:
    """The outcome an exception of the download chain stands for."""
    for cause in _chain(error):
        if isinstance(cause, FetchRefused):
            return cause.outcome
        if isinstance(cause, HttpError):
            answer = cause.response
            if is_challenge_answer(answer.status, answer.headers, answer.body):
                return Outcome.CAPTCHA
            return of_status(answer.status)
    for kind, outcome in _CAUSES:
        if any(isinstance(cause, kind) for cause in _chain(error)):
            return outcome
    return Outcome.FAILED


def outcome_of(result: Response | Failure | BaseException) -> Outcome:
    """The outcome of whatever a callback or errback was handed."""
    if isinstance(result, Response):
        if is_challenge_answer(result.status, result.headers, result.body):
            return Outcome.CAPTCHA
        return of_status(result.status)
    if isinstance(result, Failure):
        return of_error(result.value) if result.value is not None else Outcome.FAILED
    return of_error(result)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
