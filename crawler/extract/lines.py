"""The visible lines of a page, in reading order, with what is needed to weigh them."""

import re
from dataclasses import dataclass
from itertools import repeat

from lxml.etree import _Element as Element

from crawler.extract.markup import ASIDE, HEADINGS, INLINE, NEVER_ASIDE, UNSEEN, hides, named_aside

# Two for an element with children, one for a leaf: bounds a page of a million tags to 4 s. The
# largest page of the corpus takes 6,000.
_STEPS = 300_000
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff "
_PUNCTUATION = re.compile(r"[，。！？；：、…,;!?]|\.(?=\s|$)")
_WIDE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


@dataclass(slots=True)
class Line:
    """One block-level run of text. `linked` counts its characters inside links, `block` is the
    position in `Layout.blocks` of the innermost block around it, `heading` is 1-6 in `h1`-`h6`."""

    text: str
    linked: int
    block: int
    heading: int

    @property
    def link_share(self) -> float:
        """Of the characters, how many are inside links: 0 to 1."""
        return min(1.0, self.linked / (len(self.text) or 1))


@dataclass(slots=True)
class Block:
    """A block-level element; `first` and `last` bound the lines in its subtree.

    `aside` says how surely its own tag or name calls it something beside the article: 0 to 2."""

    element: Element
    parent: int
    aside: int
    first: int
    last: int = 0


@dataclass(slots=True)
class Layout:
    """A page as text: lines in reading order, blocks in document order (parents first).

    `truncated` says the page has more elements than are read."""

    lines: list[Line]
    blocks: list[Block]
    truncated: bool = False


def squeeze(text: str) -> str:
    """Runs of white space become one space. Zero-width characters stay: they can be a sign of
    evasion that the fold reports."""
    return " ".join(text.split())


def lay_out(root: Element) -> Layout:
    """Read a tree once, without recursion, into lines and blocks."""
    return _Reader().read(root)


class _Reader:
    """The state of one reading. Every call here is made for each of thousands of elements: what
    looks repeated or unrolled is the difference between 3 and 5 ms a page."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.blocks: list[Block] = []
        self.buffer: list[str] = []
        self.linked = 0
        self.links = 0  # depth of <a>
        self.heading = 0
        self.block = -1
        self.pre = 0

    def read(self, root: Element) -> Layout:
        stack: list[tuple[Element, str]] = [(root, "")]
        pop, push = stack.pop, stack.append
        for _ in repeat(None, _STEPS):
            if not stack:
                break
            element, leaving = pop()
            if leaving:
                self.leave(leaving)
            else:
                tag = element.tag
                if tag.__class__ is str and tag not in UNSEEN and self.enter(element, tag):
                    text = element.text
                    if text:
                        self.add(text)
                    if len(element):
                        push((element, tag))
                        for child in reversed(element):
                            push((child, ""))
                        continue
                    self.leave(tag)
            tail = element.tail
            if tail and element is not root:
                self.add(tail)
        self.flush()
        while self.block >= 0:  # still open at the limit
            self.blocks[self.block].last = len(self.lines)
            self.block = self.blocks[self.block].parent
        return Layout(self.lines, self.blocks, truncated=bool(stack))

    def add(self, text: str) -> None:
        if not self.buffer and text.isspace():
            return  # half of all text: it would begin a line and be stripped
        if self.links:
            self.linked += len(text.strip())
        self.buffer.append(text)

    def enter(self, element: Element, tag: str) -> bool:
        """False when the element is not shown at all."""
        if tag in INLINE:
            if tag == "a":
                self.links += 1
            return True
        if tag == "br":
            self.flush()
            return True
        aside = 2 if tag in ASIDE else 0
        attributes = element.attrib
        if attributes:
            style = attributes.get("style")
            if tag != "body" and ((style and hides(style)) or "hidden" in attributes):
                return False
            if not aside and tag not in NEVER_ASIDE:
                aside = named_aside(attributes.get("class", ""), attributes.get("id", ""))
        if self.buffer:
            self.flush()
        self.blocks.append(Block(element, self.block, aside, len(self.lines)))
        self.block = len(self.blocks) - 1
        if tag in HEADINGS:
            self.heading = int(tag[1])
        elif tag == "pre":
            self.pre += 1
        return True

    def leave(self, tag: str) -> None:
        if tag in INLINE:
            if tag == "a" and self.links:
                self.links -= 1
            return
        if tag == "br":
            return
        if self.buffer:
            self.flush()
        block = self.blocks[self.block]
        block.last = len(self.lines)
        self.block = block.parent
        if tag in HEADINGS:
            self.heading = 0
        elif tag == "pre":
            self.pre -= 1

    def flush(self) -> None:
        raw = "".join(self.buffer)
        self.buffer.clear()
        linked, self.linked = self.linked, 0
        if not raw or raw.isspace():
            return
        for text in raw.split("\n") if self.pre else (raw,):
            clean = squeeze(text)
            if clean.strip(_INVISIBLE):
                self.lines.append(Line(clean, linked, self.block, self.heading))


def weight(text: str) -> float:
    """Length in Han characters: an alphabetic character counts .4 (AEB pages against gne pages)."""
    if text.isascii():
        return 0.4 * len(text)
    wide = len("".join(_WIDE.findall(text)))
    return wide + 0.4 * (len(text) - wide)


def is_punctuated(text: str) -> bool:
    """Whether there is a mark in it that makes sentences of words."""
    return _PUNCTUATION.search(text) is not None
