"""Whether a site lets its page be kept: `noarchive`, in a header or in the page itself."""

import re

from crawler.page import Page

# Names of ours and of every robot. Bing's word for the same is `nocache`.
_FORBIDS = re.compile(r"\b(?:noarchive|nocache)\b", re.IGNORECASE)
# `otherbot: noarchive` is for another robot; a header's rules may carry such a name.
_FOR_ANOTHER = re.compile(r"^\s*(?!lendwatch\b|unavailable_after\b|max-)[\w-]+\s*:", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,1000}>", re.IGNORECASE)
_NAMED = re.compile(rb"\bname\s*=\s*[\"']?\s*(?:robots|lendwatch)\b", re.IGNORECASE)
# Such tags stand in the head; what comes later is text.
_HEAD_BYTES = 64 * 1024


def may_be_kept(page: Page) -> bool:
    """False when the page asks robots to keep no copy of it.

    Every charset that is served keeps ASCII, so the markup is read as bytes."""
    rules = page.headers.get("x-robots-tag", "")
    if _FORBIDS.search(rules) and not _FOR_ANOTHER.match(rules):
        return False
    return not any(
        _NAMED.search(tag) and _FORBIDS.search(tag.decode("latin-1"))
        for tag in _META.findall(page.body[:_HEAD_BYTES])
    )
