"""Which article a person means: by its number, or by its address as a mail or a browser has it."""

from sqlalchemy import Connection

from crawler.urls import HostileUrl, canonical_url
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.options import LARGEST_ID
from monitor.query.articles import article_at


def article_number(connection: Connection, named: str) -> int:
    """The number of the article that `named` names; an article of that number need not exist.

    UsageProblem when it is neither a number nor an address; CommandFailed when nothing was
    collected at the address."""
    if named.isascii() and named.isdecimal() and 0 < int(named) <= LARGEST_ID:
        return int(named)
    try:
        url = canonical_url(named)
    except HostileUrl:
        raise UsageProblem(
            f"{named!r} is neither an article's number nor an address; `lendwatch search` shows both"
        ) from None
    number = article_at(connection, url)
    if number is None:
        raise CommandFailed(f"no article at {url}; `lendwatch search` finds it by its words")
    return number
