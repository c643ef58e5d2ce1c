"""From Scrapy's response to the contract's page."""

from datetime import UTC, datetime

from scrapy.http import Response, TextResponse

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
        headers={
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
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
