"""Cookies and headers that a source's own host is shown: their form, and how they are written.

They stand in secrets.yaml, under `sources:` and the source's name, or in the environment:

    LENDWATCH_SOURCE_HEIMAO_COOKIES="SESSION=…; lang=zh"
    LENDWATCH_SOURCE_HEIMAO_HEADERS="Authorization: Bearer …"      (one a line)

Their values are never repeated in a message, a log, the store or a job."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from seeds.mistakes import refuse
from seeds.models import Declaration

# RFC 9110, 5.1: a token; RFC 6265, 4.1.1: what may stand in a cookie.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
# What the connection itself says, or what names the crawler to the site.
_OURS = frozenset(
    [
        "connection",
        "content-length",
        "cookie",
        "host",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    ]
)


def _cookies(text: str) -> str:
    for pair in filter(None, (each.strip() for each in text.split(";"))):
        name, equals, value = pair.partition("=")
        if not equals or not _NAME.fullmatch(name) or not _COOKIE_VALUE.fullmatch(value):
            raise refuse("is not a list of cookies", "write them as in `SESSION=abc; lang=zh`")
    return text


def _headers(given: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in given.items():
        if not _NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise refuse("is not a header", "write one line of ASCII, as in `X-Token: abc`")
        if name.lower() in _OURS:
            remedy = "write cookies under `cookies:`" if name.lower() == "cookie" else "remove it"
            raise refuse(f"the header {name} is not a source's to set", remedy)
    return given


class Credentials(Declaration):
    """What one source's own host is shown of us."""

    cookies: Annotated[str, AfterValidator(_cookies)] = Field(default="", repr=False)
    headers: Annotated[Mapping[str, str], AfterValidator(_headers)] = Field(
        default_factory=dict, repr=False
    )

    @property
    def cookie_pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each cookie."""
        pairs = (each.strip().partition("=") for each in self.cookies.split(";"))
        return tuple((name, value) for name, _, value in pairs if name)

    def __bool__(self) -> bool:
        return bool(self.cookies or self.headers)


def variables_of(source: str) -> tuple[str, str]:
    """The environment variables of a source's cookies and of its headers.

    >>> variables_of("heimao")
    ('LENDWATCH_SOURCE_HEIMAO_COOKIES', 'LENDWATCH_SOURCE_HEIMAO_HEADERS')
    """
    stem = f"LENDWATCH_SOURCE_{source.upper().replace('-', '_')}"
    return f"{stem}_COOKIES", f"{stem}_HEADERS"


def from_environment(source: str, environment: Mapping[str, str]) -> Mapping[str, object]:
    """What the environment says of a source, in the form of `Credentials`, not yet judged."""
    cookies, headers = (environment.get(name, "") for name in variables_of(source))
    found: dict[str, object] = {"cookies": cookies} if cookies else {}
    if headers:
        lines = (line.partition(":") for line in headers.splitlines() if line.strip())
        found["headers"] = {name.strip(): value.strip() for name, _, value in lines}
    return found
