"""Name a source after its address: chinanews-finance for www.chinanews.com.cn/rss/finance.xml."""

import re
from collections.abc import Container
from urllib.parse import urlsplit

from crawler.urls import HostileUrl, site_of

_LONGEST = 63
# Parts of addresses that say what every such address says.
_GENERIC = frozenset(
    (
        "www",
        "m",
        "rss",
        "feed",
        "feeds",
        "atom",
        "rdf",
        "xml",
        "index",
        "default",
        "home",
        "sitemap",
        "list",
        "lists",
        "news",
        "all",
        "search",
        "html",
        "htm",
        "shtml",
        "php",
        "asp",
        "aspx",
        "jsp",
        "json",
        "txt",
        "gz",
        "com",
        "cn",
        "zh",
        "tw",
        "hk",
    )
)
_WORD = re.compile(r"[a-z][a-z0-9]*")


def name_for(url: str, taken: Container[str]) -> str:
    """A name that no source has yet: the site's, and what tells this address from its others."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    try:
        site = site_of(url).partition(":")[0]
    except HostileUrl:
        site = host
    first = site.partition(".")[0] if _is_domain(site) else site
    more = [*host.removesuffix(site).split("."), *re.split(r"[/._-]", parts.path.lower())]
    words = [each for each in more if _WORD.fullmatch(each) and each not in _GENERIC]
    base = _slug("-".join([first, *dict.fromkeys(words[-2:])]))
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base[: _LONGEST - 5]}-{number}"
    return name


def _is_domain(site: str) -> bool:
    return "." in site and not site.replace(".", "").isdigit() and not site.startswith("[")


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST].strip("-")
    return slug or "source"
