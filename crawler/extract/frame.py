"""Whether a page shows an article as it was read before, with nothing new but small change around it.

Counters, advertisements and lists of other articles differ at every visit, and to read the article
out again costs more than all the rest of a look. So a frame is taken of a page whose article was
read; another page fits it when every byte is the same, except

- lines outside the article, each alone between two tags, that before and now are no longer than a
  headline, are no sentence and no newsroom's note, and could give neither date nor name (by the
  rules of those who read them);
- addresses that tags of the body point to.

Then title, author, date, text, the markup of all of it, and whatever is hidden are as they were: what
is written of the article in a new place, or in its own, makes a page that does not fit. In doubt none
does, and is read."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from crawler.dates import written_dates
from crawler.extract.byline import may_name
from crawler.page import Page

# Of whatever decides what may differ: frames of other rules fit nothing.
_RULES = "1"
_TAG = re.compile(r"(<[^>]*>)")
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""(\s(?:href|src)\s*=\s*)(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}')""", re.IGNORECASE
)
_SENTENCE = re.compile(r"[。！？；!?;]|\.(?=\s|$)")
_WORD = re.compile(r"\w")
# What a newsroom says of an article, where something else stood before.
_NOTE = re.compile(
    r"更正|勘误|勘誤|订正|訂正|修正|致歉|道歉|有误|有誤|更新|回应|回應|声明|聲明|编者|編者|撤|删|刪"
    r"|correct|retract|update|withdr|remov",
    re.IGNORECASE,
)
_HEADLINE = 30  # characters
_MOST_TEXTS = 6_000  # between tags; the frame of so many has 1,500 characters


def frame_of(page: Page, around: Collection[str]) -> str | None:
    """The frame of a page out of which an article was read; `around` are the lines that neither it
    nor anything said of it comes from. None when no other page could fit it."""
    parts = _parted(page)
    if not around or parts is None or len(parts[1]) > _MOST_TEXTS:
        return None
    head, texts, tags = parts
    lines = Counter(around)
    found = Counter(text.strip() for text in texts)
    # A line of which the page has another copy, in a script or not shown, may be either of them.
    free = [
        place
        for place, text in enumerate(texts)
        if found[line := text.strip()] == lines[line] and _is_slight(line) and line not in head
    ]
    for place in free:
        texts[place] = ""
    where = sum(1 << place for place in free)
    return f"{_digest(page, head, texts, tags)}:{where:x}"


def fits(page: Page, frame: str) -> bool:
    """Whether the article that the frame was taken of would be read out of this page as well."""
    parts = _parted(page)
    if parts is None:
        return False
    head, texts, tags = parts
    digest, _, places = frame.partition(":")
    where = int(places, 16)
    if where.bit_length() > len(texts):
        return False
    while where:
        place = (where & -where).bit_length() - 1
        line = texts[place].strip()
        if not _is_slight(line) or line in head:
            return False
        texts[place] = ""
        where &= where - 1
    return _digest(page, head, texts, tags) == digest


def _parted(page: Page) -> tuple[str, list[str], list[str]] | None:
    """The page up to its body, and from there on what stands between tags and the tags.

    None for what is not plainly UTF-8: of other pages the rest may say which charset it is."""
    if page.rendered:
        return None
    try:
        text = page.body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    body = _BODY.search(text)
    if body is None:
        return None
    parts = _TAG.split(text[body.start() :])
    return text[: body.start()], parts[::2], parts[1::2]


def _digest(page: Page, head: str, texts: Sequence[str], tags: Sequence[str]) -> str:
    marked = _ADDRESS.sub(r"\1", "".join(tags))
    kind = page.headers.get("content-type", "")
    said = (_RULES, page.url, kind, *page.robots_tags, head, marked, *texts)
    return hashlib.sha256("\0".join(said).encode("utf-8")).hexdigest()[:32]


@lru_cache(maxsize=8192)  # a site's furniture and its headlines come back on its other pages
def _is_slight(line: str) -> bool:
    """Whether an article is the same whatever such a line beside it says."""
    return (
        len(line) <= _HEADLINE
        and line.isprintable()  # nor white space of other kinds, nor what is not seen
        and "&" not in line
        and _WORD.search(line) is not None
        and _SENTENCE.search(line) is None
        and _NOTE.search(line) is None
        and not (len(line) in (10, 13) and line.isascii())  # seconds since 1970
        and next(written_dates(line), None) is None
        and not may_name(line)
    )
