"""Canonical URLs: what makes two addresses the same address, and which site they belong to."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import safe_url_string

from crawler.tracking import SESSION_PATH, is_tracking

# Longer than any article address seen; security.md asks that a 20 kB URL is refused, and
# servers stop at 8 kB themselves (nginx large_client_header_buffers, Apache LimitRequestLine).
LONGEST = 8192
_DEFAULT_PORTS = {"http": 80, "https": 443}
# C0 and C1 controls, and the invisible or direction-changing characters a reader cannot see.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\\\\]"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ADDRESS = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# RFC 3986, 2.3: these mean the same escaped or not.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class HostileUrl(ValueError):
    """An address that is no plain http(s) URL: do not fetch it, do not store it."""


class UrlParts(NamedTuple):
    """A URL taken apart; `host` is lower-case ASCII without brackets, `port` is never None."""

    scheme: str
    host: str
    port: int
    path: str
    query: str | None
    literal: bool  # the host is an IP address

    @property
    def netloc(self) -> str:
        """Host and port as they stand in a URL: default ports left out, IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=2048)
def split_url(url: str) -> UrlParts:
    """Take an absolute http(s) URL apart: the only parser that decides where a request goes.

    Raises HostileUrl for whatever two parsers could read in two ways: backslashes, controls,
    user names, other schemes, numbers for hosts (`2130706433`, `127.1`, `0177.0.0.1`)."""
    _check_text(url)
    try:
        safe = safe_url_string(url)
        parts = urlsplit(safe)
        port = parts.port
    except ValueError as error:
        raise _hostile(url, f"cannot be read ({error})") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise _hostile(url, "is not http or https")
    if "@" in parts.netloc:
        raise _hostile(url, "carries a user name")
    host = (parts.hostname or "").lower()
    literal = _check_host(url, host)
    if literal and not _raw_authority(url).isascii():
        raise _hostile(url, f"writes an address in other digits ({host})")
    if port == 0:
        raise _hostile(url, "names port 0")
    query = parts.query or None
    port = port or _DEFAULT_PORTS[parts.scheme]
    return UrlParts(parts.scheme, host.removesuffix("."), port, parts.path or "/", query, literal)


@lru_cache(maxsize=2048)
def canonical_url(url: str, base: str | None = None) -> str:
    """The one form of an address, resolved against `base` when it is relative.

    Fragments, default ports, dot segments, tracking parameters and session ids go; escapes are
    normalised; the host is lower-case punycode. The order of parameters stays: `?a=1&a=2` and path-like
    queries (`?/news/1`, `?aid=1&p=2`) mean something by it, and one site writes it one way.
    Idempotent. Raises HostileUrl, a ValueError."""
    text = url.strip(" \t\r\n\f\u3000")
    if base is not None:
        _check_text(text, absolute=False)
        try:
            text = urljoin(base, text)
        except ValueError as error:
            raise _hostile(text, f"cannot be read ({error})") from error
    parts = split_url(text)
    path = _remove_dots(SESSION_PATH.sub("", _normal_escapes(parts.path)) or "/")
    query = _kept_query(parts)
    tail = f"?{query}" if query else ""
    return f"{parts.scheme}://{parts.netloc}{path}{tail}"


@lru_cache(maxsize=2048)
def site_of(url: str) -> str:
    """The registrable domain (`sina.com.cn`) that politeness and statistics go by.

    `host:port` for addresses and for names under no public suffix (localhost, intranets).
    Private suffixes do not count: all of github.io is one operator's machine."""
    parts = split_url(url)
    if not parts.literal:
        domain = _suffixes().privatesuffix(parts.host)
        if domain is not None:
            return domain
    host = f"[{parts.host}]" if ":" in parts.host else parts.host
    return f"{host}:{parts.port}"


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The list inside the package: nothing is fetched, nothing is written. 20 ms to read."""
    return PublicSuffixList(only_icann=True, accept_unknown=False)


def _check_text(url: str, *, absolute: bool = True) -> None:
    if len(url) > LONGEST:
        raise HostileUrl(f"{url[:80]}… is {len(url)} characters long; {LONGEST} is the limit")
    if found := _FORBIDDEN.search(url):
        raise _hostile(url, f"contains the character U+{ord(found.group()):04X}")
    scheme = _SCHEME.match(url)
    if scheme and scheme.group(1).lower() not in _DEFAULT_PORTS:
        raise _hostile(url, "is not http or https")
    if absolute and not scheme:
        raise _hostile(url, "is not absolute")
    if scheme and not url[scheme.end() :].startswith("//"):
        raise _hostile(url, "has no // after the scheme")
    # w3lib would shorten `http:///x//y` to a host of its own choosing.
    if scheme and url[scheme.end() + 2 : scheme.end() + 3] in {"/", "?", "#", ""}:
        raise _hostile(url, "has no host")


def _raw_authority(url: str) -> str:
    return re.split(r"[/?#]", url.split("//", 1)[1], maxsplit=1)[0]


def _check_host(url: str, host: str) -> bool:
    """True when the host is a literal IP address; raises when it is not a host at all."""
    if ":" in host:
        if "%" in host:
            raise _hostile(url, "names a network zone")
        return True
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise _hostile(url, f"has no usable host ({host[:80]!r})")
    last = host.removesuffix(".").rsplit(".", 1)[-1]
    if _NUMBER.fullmatch(last):
        # WHATWG URL, "ends in a number checker": such a host is an IPv4 address or an error.
        if _ADDRESS.fullmatch(host) and all(int(part) < 256 for part in host.split(".")):
            return True
        raise _hostile(url, f"writes an address as a number ({host})")
    return False


def _normal_escapes(text: str) -> str:
    """Upper-case escapes, unescape what needs none, escape stray percent signs."""
    if "%" not in text:
        return text
    text = _STRAY_PERCENT.sub("%25", text)
    return _ESCAPE.sub(_one_escape, text)


def _one_escape(found: re.Match[str]) -> str:
    character = chr(int(found.group(1), 16))
    return character if character in _UNRESERVED else found.group().upper()


def _remove_dots(path: str) -> str:
    """RFC 3986, 5.2.4; `/../` at the top stays inside the site."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _kept_query(parts: UrlParts) -> str:
    if not parts.query:
        return ""
    pairs = _normal_escapes(parts.query).split("&")
    return "&".join(pair for pair in pairs if pair and not is_tracking(parts.host, pair))


def _hostile(url: str, problem: str) -> HostileUrl:
    return HostileUrl(f"{url[:200]!r} {problem}; it is not fetched")
