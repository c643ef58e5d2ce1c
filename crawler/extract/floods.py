"""Guards before the parser: what a page may cost in time and in memory.

libxml2 compares each attribute of an element with all before it: 200,000 attributes in one tag
(2 MB) take it four minutes, and parsing cannot be interrupted. A tree takes 200 bytes a tag, 400 MB
for a page of 8 MiB that is nothing but tags. The guards read tags less exactly than a parser does:
whoever builds a page against them can still cost a worker its time limit, but no real page is cut
(corpus)."""

import re
from collections.abc import Iterator

# Only a tag this long can hold a flood; images written into a page (data: URLs) are long as well,
# with few attributes.
_LONG_TAG = 4_000
_MOST_ATTRIBUTES = 1_000  # compared in 1 ms
_TAG_START = re.compile(r"<[a-zA-Z]")
_ATTRIBUTE = re.compile(r"""[^\s/][^\s/=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|\S*))?""")
_RAW_START = re.compile(r"<(script|style)\b[^<]*$", re.IGNORECASE)
_RAW_TAG = re.compile(r"<(script|style)\b[^<>]*>", re.IGNORECASE)
# The most in the corpus is under 20,000; this many take 40 MB.
_MOST_TAGS = 200_000
_NAME = 60  # characters kept of a flooded tag: more than any element's name


def first_tags(text: str) -> str:
    """The page up to its 200,000th tag; nearly always the page itself, never a copy of it."""
    if text.count("<") <= _MOST_TAGS:
        return text
    end = -1
    for _ in range(_MOST_TAGS + 1):
        end = text.index("<", end + 1)
    return text[:end]


def without_floods(text: str) -> str:
    """The page with every flooded tag cut to its beginning; nearly always the page itself."""
    if not any(_may_be_flood(text[start:end]) for start, end in _long_parts(text)):
        return text
    parts = text.split(">")
    raw = ""  # inside a script or style, where nothing is a tag but its end
    quoted = False  # the last ">" stood inside an attribute's value
    cut = False
    for position, part in enumerate(parts):
        if raw:
            raw = "" if _close(part, raw, 0) >= 0 else raw
            continue
        # Most parts end here: the two counts are what a page of 5,000 tags can afford.
        if len(part) >= _LONG_TAG or quoted or part.count('"') & 1:
            start = _TAG_START.search(part)
            begin = 0 if quoted else start.start() if start else len(part)
            tag = part[begin:]
            if len(tag) >= _LONG_TAG and _is_flood(tag):
                parts[position] = part[: begin + _NAME].partition("=")[0]
                quoted, cut = False, True
                continue
            quoted = bool(tag) and (tag.count('"') + quoted) & 1 == 1
        if "<s" in part or "<S" in part:
            script = _RAW_START.search(part)
            raw = script[1].lower() if script else ""
            quoted = quoted and not raw
    return ">".join(parts) if cut else text


def _close(text: str, name: str, at: int) -> int:
    """Where `</name` stands in it from `at` on, or -1; scripts are long, and lower case of all
    costs more than this."""
    at = text.find("</", at)
    while at >= 0:
        if text[at + 2 : at + 2 + len(name)].lower() == name:
            return at
        at = text.find("</", at + 2)
    return -1


def _long_parts(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between two ">" that are as long as a flood and in no script or style."""
    for begin, stop in _outside_scripts(text):
        end = begin - 1
        while end + _LONG_TAG < stop:  # in strides
            start = end + 1
            end = text.rfind(">", start, start + _LONG_TAG)
            if end < 0:
                end = text.find(">", start, stop)
                end = stop if end < 0 else end
                yield start, end


def _outside_scripts(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a page that scripts and styles leave: in nine pages of ten all that is
    long is in those."""
    begin = 0
    while script := _RAW_TAG.search(text, begin):
        yield begin, script.end()
        close = _close(text, script[1].lower(), script.end())
        begin = text.find(">", close) + 1 if close >= 0 else 0
        if not begin:
            return
    yield begin, len(text)


def _may_be_flood(part: str) -> bool:
    """False for what has too few breaks for so many attributes."""
    breaks = part.count("/") + part.count('"') + part.count("'")
    return len(part.split()) + breaks >= _MOST_ATTRIBUTES - 1


def _is_flood(tag: str) -> bool:
    return sum(1 for _ in _ATTRIBUTE.finditer(tag)) > _MOST_ATTRIBUTES
