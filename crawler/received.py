"""From Scrapy's response to the contract's page, and what a failure has of one."""

from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.download import PICTURE, WIRE
from crawler.page import Page, Wire


def page_of(response: Response) -> Page:
    """The contract's page of a Scrapy response."""
    request = response.request
    assert request is not None
    wire, picture = request.meta.get(WIRE), request.meta.get(PICTURE)
    rendered = "playwright" in response.flags and isinstance(response, TextResponse)
    return Page(
        url=response.url,
        requested_url=request.meta.get("redirect_urls", [request.url])[0],
        status=response.status,
        # As they are: Headers.items() writes each anew.
        headers={
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in dict.items(response.headers)
        },
        body=response.text.encode() if rendered else response.body,
        fetched_at=datetime.now(UTC),
        rendered=rendered,
        robots_tags=tuple(
            line.decode("latin-1") for line in response.headers.getlist("X-Robots-Tag")
        ),
        wire=wire if isinstance(wire, Wire) else None,
        picture=picture if isinstance(picture, bytes) else b"",
    )


def request_of(failure: Failure) -> Request:
    """The request that failed: Scrapy hangs it on the failure."""
    request: Request = failure.request  # type: ignore[attr-defined]
    return request


def answer_of(failure: Failure) -> Page | None:
    """The page that came with a status that is a failure; None when none came."""
    return page_of(failure.value.response) if isinstance(failure.value, HttpError) else None


def detail_of(failure: Failure) -> str:
    """What went wrong, in words that name the address."""
    if isinstance(failure.value, HttpError):  # its own words name neither address nor status
        answer = failure.value.response
        return f"{answer.url} answered {answer.status}"
    return str(failure.value)
