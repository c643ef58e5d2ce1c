"""Limits on what an answer may unfold into, encodings and redirects; and cookies, where there are any.

Chain: BoundedCompressionMiddleware takes the place of Scrapy's HttpCompressionMiddleware (590),
BoundedRedirectMiddleware of its RedirectMiddleware (600), SparingCookiesMiddleware of its
CookiesMiddleware (700); set those three to None.
DOWNLOAD_MAXSIZE bounds the body on the wire and decoded, DOWNLOAD_TIMEOUT the whole chain."""

import zlib
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.httpcompression import (
    ACCEPTED_ENCODINGS,
    HttpCompressionMiddleware,
)
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils import _compression

from crawler.outcomes import EncodingRefused, TooLarge, TooManyRedirects

# gzip over gzip does occur (a proxy that compresses again); nobody has a reason for three.
MOST_ENCODINGS = 2
_ACCEPTED = b", ".join(ACCEPTED_ENCODINGS)
_KNOWN = frozenset(ACCEPTED_ENCODINGS) | {b"x-gzip"}
# What Scrapy's decoders raise; it picks its brotli and zstd by what is installed.
_BROKEN: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    zlib.error,
    _compression.brotli.error,  # type: ignore[attr-defined]
    _compression.zstd.ZstdError,  # type: ignore[attr-defined]
)


class BoundedCompressionMiddleware(HttpCompressionMiddleware):
    """Decodes at most two known content encodings, each within DOWNLOAD_MAXSIZE."""

    def process_request(
        self,
        request: Request,
        spider: Any = None,  # noqa: ARG002
    ) -> Request | Response | None:
        """Say which encodings can be read, unless the request says it itself."""
        if b"Accept-Encoding" not in request.headers:
            request.headers[b"Accept-Encoding"] = _ACCEPTED
        return None

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002
    ) -> Request | Response:
        """The decoded response. Raises EncodingRefused or TooLarge."""
        if b"Content-Encoding" not in response.headers:
            return response
        encodings = _encodings(response)
        if len(encodings) > MOST_ENCODINGS:
            raise EncodingRefused(
                f"{response.url} stacks {len(encodings)} content encodings; {MOST_ENCODINGS} is the limit"
            )
        if unknown := [name for name in encodings if name not in _KNOWN]:
            raise EncodingRefused(f"{response.url} is encoded as {unknown[0].decode('latin-1')!r}")
        if not encodings or not response.body:
            del response.headers["Content-Encoding"]
            return response
        response.headers[b"Content-Encoding"] = b", ".join(encodings)
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(f"{response.url} decodes to more than page_bytes allows") from error
        except _BROKEN as error:
            raise EncodingRefused(f"{response.url} does not decode ({error})") from error


class BoundedRedirectMiddleware(RedirectMiddleware):
    """Follows redirects up to REDIRECT_MAX_TIMES, and names the chain that went further."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook, without the search for a middleware that would name the page before."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002
    ) -> Request | Response:
        """The next hop's request, or the response. Raises TooManyRedirects."""
        if b"Location" not in response.headers:
            return response
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            hops = [*request.meta.get("redirect_urls", ()), request.url]
            raise TooManyRedirects(
                f"{hops[0]} was redirected {len(hops)} times, last from {hops[-1]}; not followed further"
            ) from error


class SparingCookiesMiddleware(CookiesMiddleware):
    """Keeps a crawl's cookies, and does nothing where there are none (measured: looking for one in an
    empty jar was 3 % of what a look at an unchanged page costs)."""

    def process_request(
        self,
        request: Request,
        spider: Any = None,  # noqa: ARG002
    ) -> Request | Response | None:
        """Send the cookies that the site set in this crawl."""
        if self.jars or request.cookies:
            return super().process_request(request)
        request.headers.pop("Cookie", None)
        return None

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002
    ) -> Request | Response:
        """Keep what the site sets."""
        if b"Set-Cookie" in response.headers:
            return super().process_response(request, response)
        return response


def _encodings(response: Response) -> list[bytes]:
    """The codings in the order they were applied; `identity` is none."""
    named = b",".join(response.headers.getlist("Content-Encoding")).split(b",")
    stripped = (name.strip().lower() for name in named)
    return [name for name in stripped if name and name != b"identity"]
