"""Judge the web addresses people write into sources. What a page links to is judged elsewhere."""

import re
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from seeds.mistakes import quote
from seeds.problems import Mistake

# Browsers and servers stop at about this length; longer ones are traps or slips.
LONGEST_URL = 2_000
ALIAS = "{alias}"

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)*{_LABEL}\.?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
# Parsers differ on anything else between brackets, and on brackets anywhere else.
_BRACKETS = re.compile(r"\[[^\[\]]+\](?::[0-9]*)?")
_ADDRESS = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")


def url_mistake(url: str, *, search: bool = False) -> Mistake | None:
    """Tell why `url` cannot be a source's address, or None.

    `search` addresses must hold `{alias}`, others must not. Whether the host is public is
    decided on the connected address when it is fetched, not here."""
    return (
        _form_mistake(url)
        or _parts_mistake(url)
        or _bracket_mistake(url)
        or _alias_mistake(url, search=search)
        or _host_mistake(urlsplit(url).hostname or "")
    )


def _form_mistake(url: str) -> Mistake | None:
    if not url.strip():
        return Mistake("is empty", "write an address: https://…")
    if len(url) > LONGEST_URL:
        return Mistake(f"has {len(url)} characters", f"write at most {LONGEST_URL}")
    if "\\" in url:
        # Parsers split http://a\@b/ differently: one checks a, the other connects to b.
        return Mistake("a backslash in the address", "write `/`, or %5C where one is meant")
    if any(each.isspace() or not each.isprintable() for each in url):
        return Mistake("a space or invisible character in the address", "write %20 for a space")
    return None


def _parts_mistake(url: str) -> Mistake | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return Mistake(f"{quote(url)} is not an address ({error})", "write https://host/path")
    if parts.scheme not in {"http", "https"}:
        shown = f"{parts.scheme}:" if parts.scheme else "an address without http(s)://"
        return Mistake(f"{shown} is refused", "write an address that begins with https://")
    if "@" in parts.netloc:
        return Mistake("a user name or password in the address", "leave out everything before @")
    if not parts.hostname:
        return Mistake(f"{quote(url)} names no host", "write https://host/path")
    if port == 0:
        return Mistake("port 0", "leave the port out, or write the right one")
    return None


def _bracket_mistake(url: str) -> Mistake | None:
    host = urlsplit(url).netloc
    if ("[" in host or "]" in host) and not _BRACKETS.fullmatch(host):
        return Mistake(
            f"{quote(url)} has brackets in its host", "write them around an IPv6 address"
        )
    return None


def _host_mistake(host: str) -> Mistake | None:
    """Tell why `host` cannot be one; parsers read a number as an address, each in its own way."""
    wrong = f"{quote(host)} is not a host name"
    if "%" in host and ":" in host:
        return Mistake(wrong, "leave out the zone behind %")
    if ":" in host:
        return None if _is_ipv6(host) else Mistake(wrong, "write an IPv6 address in brackets")
    try:
        name = host if host.isascii() else host.encode("idna").decode().lower()
    except UnicodeError:
        return Mistake(wrong, "correct it")
    if _NUMBER.fullmatch(name.removesuffix(".").rsplit(".", 1)[-1]):
        if host.isascii() and _ADDRESS.fullmatch(name) and max(map(int, name.split("."))) < 256:
            return None
        return Mistake(wrong, "write an address as four numbers: 192.0.2.1")
    return None if _NAME.fullmatch(name) else Mistake(wrong, "use letters, digits, - and dots")


def _is_ipv6(host: str) -> bool:
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True


def _alias_mistake(url: str, *, search: bool) -> Mistake | None:
    if search and ALIAS not in url:
        remedy = f"put {ALIAS} where the name goes: https://host/search?q={ALIAS}"
        return Mistake(f"a search without {ALIAS}", remedy)
    if search and ALIAS in urlsplit(url).netloc:
        return Mistake(f"{ALIAS} in the host name", "put it in the path or the query")
    if not search and ALIAS in url:
        return Mistake(f"{ALIAS} in a source that is no search", "write `kind: search`")
    return None
