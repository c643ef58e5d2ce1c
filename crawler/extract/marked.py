"""What a page's markup marks as author, outlet or time beside the title: names of classes.

Asked where words say nothing: 新京报 in a `span class="source"` has no label (来源：) to go by, and
spans without white space between them run together (14:242024/11/08)."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract.lines import squeeze

_NAMED = "concat(@class,' ',@id,' ',@itemprop)"
_ELEMENTS = etree.XPath(
    "//body//*[@class or @id or @itemprop][not(self::script or self::meta)]["
    + " or ".join(
        f"contains({_NAMED},'{part}')"
        for part in (
            "uthor",
            "eporter",
            "riter",
            "rp_name",
            "ource",
            "laiyuan",
            "mefrom",
            "copyfrom",
        )
    )
    + "]"
)
_TIMES = etree.XPath("//body//time[@datetime] | //body//*[@itemprop='datePublished']")
_AUTHOR = re.compile(r"author|reporter|writer|rp_name", re.IGNORECASE)
_LONGEST = 30  # characters of a name; a longer element is a box about somebody
_MOST = 60  # elements looked at: a page of comments has thousands of authors


def marked_authors(root: Element, head: Sequence[str]) -> list[str]:
    """The texts of elements named like an author that stand in the lines beside the title."""
    return [text for is_author, text in _marked(root, head) if is_author]


def marked_outlets(root: Element, head: Sequence[str]) -> list[str]:
    """The same of elements named like a source."""
    return [text for is_author, text in _marked(root, head) if not is_author]


def _marked(root: Element, head: Sequence[str]) -> Iterator[tuple[bool, str]]:
    found = _ELEMENTS(root)
    assert isinstance(found, list)
    for element in found[:_MOST]:
        assert isinstance(element, Element)
        text = squeeze("".join(element.itertext()))
        if 2 <= len(text) <= _LONGEST and any(text in line for line in head):
            names = " ".join(element.get(name, "") for name in ("class", "id", "itemprop"))
            yield _AUTHOR.search(names) is not None, text


def marked_times(root: Element, head: Sequence[str]) -> Iterator[str]:
    """What `time` elements and `itemprop=datePublished` beside the title say in their attributes."""
    found = _TIMES(root)
    assert isinstance(found, list)
    for element in found[:_MOST]:
        assert isinstance(element, Element)
        value = element.get("datetime") or element.get("content") or ""
        text = squeeze("".join(element.itertext()))
        if value and (any(text in line for line in head) if text else element.get("itemprop")):
            yield value
