"""What a page's markup marks as author, outlet or time beside the title: names of classes.

For where words say nothing: 新京报 in a `span class="source"` has no label (来源：) to go by, and
spans without white space between them run together (14:242024/11/08)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from lxml.etree import _Element as Element

from crawler.extract.lines import squeeze

_AUTHOR = re.compile(r"author|reporter|writer|rp_name", re.IGNORECASE)
_ABOUT = re.compile(r"detail|desc|intro|bio|badge|avatar|count", re.IGNORECASE)
_OUTLET = re.compile(r"source|laiyuan|comefrom|copyfrom|media[-_]?name", re.IGNORECASE)
_LONGEST = 30  # characters of a name; a longer element is a box about somebody
_MOST = 40  # elements looked at in each block: the lines beside a title have a dozen


@dataclass(frozen=True, slots=True)
class Marked:
    """Texts of elements that are named like an author or a source, and what `time` elements and
    `itemprop=datePublished` say in their attributes; all in page order."""

    authors: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


NOTHING_MARKED = Marked()


@lru_cache(maxsize=4096)
def _named(names: str) -> tuple[bool, bool]:
    """Do an element's names call it an author, an outlet? Cached: a site's names come back."""
    author = _AUTHOR.search(names) is not None and _ABOUT.search(names) is None
    return author, _OUTLET.search(names) is not None


def read_marked(beside: Iterable[Element], head: Sequence[str]) -> Marked:
    """What is marked in the elements `beside` the title, as far as it stands in the `head` lines."""
    authors: list[str] = []
    outlets: list[str] = []
    times: list[str] = []
    for element in chain.from_iterable(islice(block.iter(), _MOST) for block in beside):
        attributes = element.attrib
        if not attributes:
            continue
        named = (attributes.get("class"), attributes.get("id"), attributes.get("itemprop"))
        names = " ".join(filter(None, named))
        when = attributes.get("datetime") or attributes.get("content")
        marks_time = when and (element.tag == "time" or "datePublished" in names)
        marks_author, marks_outlet = _named(names)
        if not (marks_time or marks_author or marks_outlet):
            continue
        text = squeeze("".join(element.itertext()))
        if not any(text in line for line in head):
            continue
        if when and marks_time:
            times.append(when)
        elif 2 <= len(text) <= _LONGEST:
            (authors if marks_author else outlets).append(text)
    return Marked(tuple(authors), tuple(outlets), tuple(times))
