"""Read OPML, the form in which feed readers hand over their subscriptions. Pure: bytes to entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

# A list of a thousand feeds takes 300 kB.
LARGEST_BYTES = 4 * 1024 * 1024
MOST_ENTRIES = 5_000


class NotOpml(Exception):
    """The file is no OPML, or one that is not read; the message says why."""


@dataclass(frozen=True, slots=True)
class OpmlEntry:
    """One outline with an address. `url` is its `xmlUrl`, a feed; else its `htmlUrl`, a page.

    `folders` are the titles of the outlines around it, `line` where it stands in the file."""

    url: str
    is_feed: bool
    title: str
    folders: tuple[str, ...]
    line: int


def read_opml(body: bytes) -> list[OpmlEntry]:
    """All outlines with an address, nested ones included, in the file's order.

    Raises NotOpml. A file that declares a document type or an entity is refused: no reader
    writes one, and bombs and references to other files need one."""
    if len(body) > LARGEST_BYTES:
        raise NotOpml(f"larger than {LARGEST_BYTES:,} bytes; split it")
    plain = body.replace(b"\x00", b"").lower()  # UTF-16 hides nothing
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise NotOpml("declares a document type or entities; remove that, it is not read")
    entries = list(_entries(_root(body)))
    if len(entries) > MOST_ENTRIES:
        raise NotOpml(f"has {len(entries):,} entries, more than {MOST_ENTRIES:,}; split it")
    return entries


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.parse(BytesIO(body), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise NotOpml(f"not readable XML ({error})") from error
    if etree.QName(root).localname.lower() != "opml":
        raise NotOpml(f"its first element is <{etree.QName(root).localname}>, not <opml>")
    return root


def _entries(root: Any) -> Iterator[OpmlEntry]:
    for outline in root.iter("{*}outline"):
        attributes = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        feed, page = attributes.get("xmlurl", ""), attributes.get("htmlurl", "")
        if not feed and not page:
            continue
        folders = [_title(each.attrib) for each in outline.iterancestors("{*}outline")]
        yield OpmlEntry(
            url=feed or page,
            is_feed=bool(feed),
            title=_title(outline.attrib),
            folders=tuple(name for name in reversed(folders) if name),
            line=outline.sourceline or 0,
        )


def _title(attributes: Any) -> str:
    return " ".join((attributes.get("title") or attributes.get("text") or "").split())
