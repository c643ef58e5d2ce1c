"""Page to tree: decoded once, parsed once, shared by every step after."""

import re
from dataclasses import dataclass
from functools import cached_property

from lxml import etree, html
from lxml.etree import _Element as Element

from crawler.article import ExtractionFailed
from crawler.charset import Decoded, decode
from crawler.extract.floods import first_tags, without_floods
from crawler.extract.lines import Layout, lay_out
from crawler.page import Page

# What XML, and so libxml2, cannot hold; a lone surrogate cannot be encoded either. C1 controls
# (U+0085 is a line break) are no text, and a terminal takes some of them for commands.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# The same in UTF-8, sought in what is left of a page without its printable ASCII: little of most.
_PRINTABLE = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
_HIGH = bytes(range(0x80, 0x100))
_C1_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
# Of a picture or an archive, a tenth and more of what was "decoded"; of the worst of 404 real pages
# (corpus), one in ten thousand.
_MOST_ILLEGAL = 0.02

# What trafilatura, htmldate and dateparser have been seen to raise, or may, on markup they were not
# made for. They are asked last: a page must not be lost because one of them fell over it.
LIBRARY_FAILURES = (
    etree.LxmlError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    OverflowError,
)


@dataclass(frozen=True)
class Document:
    """A parsed page. `cut_off` says that it ends early: at its 200,000th tag, or because libxml2
    stopped at its depth limit (2,048 levels)."""

    page: Page
    text: str
    charset: str
    root: Element
    cut_off: bool

    def library_tree(self) -> html.HtmlElement:
        """A tree of the kind trafilatura and htmldate take, and may change.

        Never hand them the text: htmldate downloads a text that begins with http."""
        parser = html.HTMLParser(encoding="utf-8")
        return html.document_fromstring(self.text.encode("utf-8"), parser=parser)

    @property
    def truncated(self) -> bool:
        """Is there more in the page than was read?"""
        return self.cut_off or self.layout.truncated

    @cached_property
    def layout(self) -> Layout:
        """The page's lines; computed once, as everything but the scripts is read from it."""
        body = self.root.find("body")
        return lay_out(self.root if body is None else body)


def read(page: Page) -> Document:
    """Decode and parse; ExtractionFailed when there is no markup to read."""
    decoded = decode(page)
    text = decoded.text
    raw = _legal(decoded)
    if raw is None:
        whole = len(text)
        text = _ILLEGAL.sub("", text)
        if whole - len(text) > whole * _MOST_ILLEGAL:
            raise ExtractionFailed(f"{page.url}: no text but binary data; check the source's URL")
    shown = first_tags(text)
    cut_off = len(shown) < len(text)
    shown = without_floods(shown)
    if not shown or shown.isspace():
        raise ExtractionFailed(f"{page.url}: the page is empty; nothing to extract")
    if raw is None or shown is not text:
        raw = shown.encode("utf-8")
    # `huge_tree` moves the silent depth limit from 254 to 2,048 levels; `page_bytes` bounds the size.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        # Not lxml.html: its element classes are looked up in Python, half a microsecond each.
        root = etree.fromstring(raw, parser=parser)
    except (etree.LxmlError, ValueError) as problem:
        raise ExtractionFailed(
            f"{page.url}: not HTML ({problem}); check the source's URL"
        ) from problem
    if root is None:
        raise ExtractionFailed(f"{page.url}: no markup in the page; check the source's URL")
    return Document(page, shown, decoded.charset, root, cut_off or _cut_off(parser))


def _legal(decoded: Decoded) -> bytes | None:
    """The text in UTF-8; None when `_ILLEGAL` may find something in it."""
    try:
        raw = decoded.utf8 or decoded.text.encode("utf-8")
    except UnicodeEncodeError:
        return None
    odd = raw.translate(None, _PRINTABLE)
    legal = (
        not odd.translate(None, _HIGH)
        and not _C1_CONTROLS.search(odd)
        and b"\xef\xbf\xbe" not in odd
        and b"\xef\xbf\xbf" not in odd
    )
    return raw if legal else None


def _cut_off(parser: etree.HTMLParser) -> bool:
    # Parsing stops at the limit, so it is the last thing that went wrong.
    last = parser.error_log.last_error
    return last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT
