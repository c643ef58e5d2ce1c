"""The visible lines of a page, in reading order, with what is needed to weigh them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import _Element as Element

# Never text of the page. `noscript` repeats images and nags; `textarea` holds share snippets.
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "select",
        "datalist",
        "button",
        "input",
        "textarea",
        "head",
        "meta",
        "link",
        "base",
        "dialog",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "o:p",
        "st1:chsdate",
    ]
)
_ASIDE = frozenset({"nav", "aside", "footer"})
# Blocks that sit on an article's page without being part of it, by what authors call them. Names
# seen on the pages of the tuning half; `_` and `-` are word breaks here, so `\b` is not enough.
_ASIDE_NAME = re.compile(
    r"comment|sidebar|side[-_]?bar|(?<![a-z])side(?![a-z])|recommend|relat(?:ed|e[-_]|ion)|share|"
    r"social|copyright|foot(?:er)?(?![a-z])|(?<![a-z])nav(?![a-z])|navbar|navigation|crumb|(?<![a-z])menu|toolbar|advert|"
    r"(?<![a-z])ads?(?![a-z])|promo(?![a-z])|sponsor|hot[-_]?(?:news|list|rank|word|article)|ranking|tuijian|"
    r"xiangguan|pinglun|disqus|cookie|popup|modal|login|newsletter|subscri|widget|"
    r"(?<![a-z])tags?(?![a-z])|pager|pagination|prev[-_]?next|keyword|disclaimer|mianze|shengming|"
    r"qr[-_]?code|ewm|guess|(?<![a-z])like(?![a-z])|(?<![a-z])also|readmore|read[-_]more|(?<![a-z])more(?![a-z])|"
    r"outbrain|taboola|jiathis|bdshare|bshare|addthis|author[-_]?(?:box|bio|info|card)|about[-_]?author|"
    r"skip[-_]link|screen[-_]reader|print[-_]?only|byline|post[-_]?meta|entry[-_]meta|reply|respond|vote|"
    r"(?<![a-z])toc(?![a-z])|table[-_]of[-_]contents",
)
# Of these, the ones that even a large part of the page's text does not outweigh.
_SURE_ASIDE = re.compile(
    r"comment|cookie|consent|gdpr|foot(?:er)?(?![a-z])|(?<![a-z])nav(?![a-z])|navbar|disqus|reply|respond"
)
# Wrappers of everything, and paragraphs and cells, whose names speak of style.
_NEVER_ASIDE = frozenset("body html article main p tr td tbody table h1 h2 h3 blockquote".split())
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|(?:left|top|text-indent)\s*:\s*-\d{3,}")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPACES = re.compile(r"[ \t\n\r\f\v\u00a0\u3000]+")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff "
_PUNCTUATION = re.compile(r"[，。！？；：、…,;!?]|\.(?=\s|$)")
_WIDE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


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
    lines: list[Line]
    blocks: list[Block]


def squeeze(text: str) -> str:
    """Runs of white space become one space. Zero-width characters stay: they can be a sign of
    evasion that the fold reports."""
    return _SPACES.sub(" ", text).strip()


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
        while stack:
            element, leaving = pop()
            if leaving:
                self.leave(leaving)
            else:
                tag = element.tag
                if tag.__class__ is str and tag not in _UNSEEN and self.enter(element, tag):
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
        return Layout(self.lines, self.blocks)

    def add(self, text: str) -> None:
        if self.links:
            self.linked += len(text.strip())
        self.buffer.append(text)

    def enter(self, element: Element, tag: str) -> bool:
        """False when the element is not shown at all."""
        if tag in _INLINE:
            if tag == "a":
                self.links += 1
            return True
        if tag == "br":
            self.flush()
            return True
        aside = 2 if tag in _ASIDE else 0
        attributes = element.attrib
        if attributes:
            style = attributes.get("style")
            if tag != "body" and (
                (style and _HIDDEN_STYLE.search(style)) or "hidden" in attributes
            ):
                return False
            if not aside and tag not in _NEVER_ASIDE:
                aside = _named_aside(attributes.get("class", ""), attributes.get("id", ""))
        if self.buffer:
            self.flush()
        self.blocks.append(Block(element, self.block, aside, len(self.lines)))
        self.block = len(self.blocks) - 1
        if tag in _HEADINGS:
            self.heading = int(tag[1])
        elif tag == "pre":
            self.pre += 1
        return True

    def leave(self, tag: str) -> None:
        if tag in _INLINE:
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
        if tag in _HEADINGS:
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


@lru_cache(maxsize=4096)
def _named_aside(class_name: str, identity: str) -> int:
    """How surely an element's names call it something beside the article, 0 to 2. Cached: the
    names of one site come back on each of its pages."""
    named = f"{class_name} {identity}".lower()
    if len(named) < 3:
        return 0
    return 2 if _SURE_ASIDE.search(named) else 1 if _ASIDE_NAME.search(named) else 0


def weight(text: str) -> float:
    """Length in Han characters: an alphabetic character counts .4 (AEB pages against gne pages)."""
    wide = len(_WIDE.findall(text))
    return wide + 0.4 * (len(text) - wide)


def punctuation(text: str) -> int:
    return len(_PUNCTUATION.findall(text))
