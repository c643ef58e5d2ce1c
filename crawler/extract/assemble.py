"""The steps of extraction in their order, each on what the one before found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml.etree import _Element as Element

from crawler.article import Article, ExtractionFailed
from crawler.challenges import LONGEST
from crawler.extract.body import Area, find_area, judged_lines, total_weight
from crawler.extract.byline import Written, find_byline
from crawler.extract.facts import Facts, read_facts
from crawler.extract.guess import guess_date
from crawler.extract.language import language_of
from crawler.extract.lines import Line
from crawler.extract.marked import Marked, read_marked
from crawler.extract.parts import join
from crawler.extract.published import Published, Stated, find_published
from crawler.extract.read import LIBRARY_FAILURES, Document, read
from crawler.extract.selected import select
from crawler.extract.tails import is_opening, trim
from crawler.extract.title import find_title, fold_title
from crawler.page import Page
from seeds.models import Selectors

Around = tuple[str, ...]

_LEAST = 8  # Han characters of body: less is a page without an article
# Characters of a text: nine times the longest of 403 real pages (57,000). A page of 8 MiB that
# repeats one name took a crawl 850 MB; cut here, matching takes it 2 s and 150 MB.
_LONGEST = 500_000
_HEAD_BEFORE = 8  # lines above the title that may still carry its date
_NEARBY_LINES = 6  # lines below the text that may carry its date


def extract(page: Page, selectors: Selectors = Selectors()) -> Article:  # noqa: B008 - a frozen value
    """Read title, text, byline and dates out of a page.

    A selector that matches overrides what was found without it; one that matches nothing is
    passed over. Pure: `page.fetched_at` is the clock. Raises ExtractionFailed, and nothing else,
    when the page holds no article."""
    return extract_around(page, selectors)[0]


def extract_around(page: Page, selectors: Selectors = Selectors()) -> tuple[Article, Around]:  # noqa: B008 - a frozen value
    """The article, and the lines of the page that neither it nor anything said of it comes from:
    what crawler.extract.frame asks for. None of them where that cannot be told for sure."""
    try:
        return _extract(page, selectors)
    except RecursionError as problem:
        raise ExtractionFailed(f"{page.url}: nested too deeply to read") from problem


def extract_parts(pages: Sequence[Page], selectors: Selectors = Selectors()) -> Article:  # noqa: B008 - a frozen value
    """One article of the pages it goes on over, in their order; `extract` of the first and only.

    A later page without text (a picture, an advertisement) adds nothing. Raises
    ExtractionFailed when the first page holds no article."""
    articles = [extract(pages[0], selectors)]
    for page in pages[1:]:
        try:
            articles.append(extract(page, selectors))
        except ExtractionFailed:
            continue
    if len(articles) == 1:
        return articles[0]
    joined = join(articles)
    whole = len(joined.body)
    return replace(
        joined, body=joined.body[:_LONGEST], truncated=joined.truncated or whole > _LONGEST
    )


def _extract(page: Page, selectors: Selectors) -> tuple[Article, Around]:
    document = read(page)
    chosen = select(document, selectors)
    facts = read_facts(document.root)
    area = (
        chosen.area
        or find_area(document.layout)
        or Area((), len(document.layout.lines), len(document.layout.lines))
    )
    title, position = find_title(facts, document.layout, area.first)
    title = chosen.title or title
    kept, cut = _text(document, area, title, whole=chosen.area is not None)
    if total_weight(kept) < _LEAST:
        raise ExtractionFailed(
            f"{page.url}: no article text in the page; check the source's selectors or whether it needs a browser"
        )
    whole = "\n".join(line.text for line in kept)
    body = whole[:_LONGEST].rstrip()
    beside = _head(document, area, position)
    head, nearby = [line.text for line in beside], _nearby(document, area)
    marked = read_marked(_blocks(document, beside), head)
    shown = [chosen.published, *head] if chosen.published else head
    stated = Stated(facts, shown, nearby, _scripts(document), marked.times)
    found = find_published(stated, page.url, page.fetched_at)
    published = found if found.at or document.truncated else _guessed(document, found, shown)
    written = Written(head, [line.text for line in kept], nearby, marked, _scripts(document))
    byline = find_byline(facts, written, title)
    article = Article(
        url=page.url,
        title=title or kept[0].text[:80],
        body=body,
        author=chosen.author or byline.author,
        outlet=byline.outlet,
        published_at=published.at,
        published_precision=published.precision,
        modified_at=published.modified_at,
        boilerplate="\n".join(line.text for line in cut)[:_LONGEST],
        language=language_of(body),
        charset=document.charset,
        truncated=document.truncated or len(whole) > _LONGEST,
    )
    is_sure = area.sure and selectors == Selectors() and found.at and not article.truncated
    around = _around(document, area, position, marked) if is_sure else ()
    return article, around if _is_declared(facts, title) and len(body) > LONGEST else ()


def _text(
    document: Document, area: Area, title: str, *, whole: bool
) -> tuple[list[Line], list[Line]]:
    """The article's lines and those cut off around it."""
    lines = area.lines
    if not area.sure and not whole:
        try:
            judged = judged_lines(document)
        except LIBRARY_FAILURES:
            judged = ()  # what density found is all there is
        if total_weight(judged) > total_weight(lines):
            lines = judged
    trimmed = trim(lines, fold_title(title), fold_title)
    kept = [lines[position] for position in trimmed.kept]
    cut = [lines[position] for position in trimmed.cut]
    return kept, [*cut, *area.beside]


def _head(document: Document, area: Area, title_at: int | None) -> list[Line]:
    """The lines beside the title, most trusted first: below it, then above it."""
    lines = document.layout.lines
    begin, first = max(0, area.first - _HEAD_BEFORE), area.first
    # The text's first "prose" can be bread crumbs above the title: 当前位置：首页 > 网贷.
    if title_at is not None and title_at <= area.first + 2:
        begin, first = title_at + 1, max(title_at + 1, area.first)
    below = lines[begin:first]
    # Or a date line below it: 2014-12-12 12:00，中晝新聞.
    below += [line for line in lines[first : first + 2] if is_opening(line)]
    return [*below, *reversed(lines[max(0, begin - _HEAD_BEFORE) : begin])]


def _blocks(document: Document, lines: Sequence[Line]) -> Iterator[Element]:
    """The innermost blocks around the lines, each once."""
    for block in dict.fromkeys(line.block for line in lines if line.block >= 0):
        yield document.layout.blocks[block].element


def _nearby(document: Document, area: Area) -> list[str]:
    """The first and the last lines of the text, and those right below it."""
    lines = document.layout.lines
    last = max(area.last - _NEARBY_LINES, area.first)
    return [
        line.text
        for line in (*lines[area.first : area.first + 2], *lines[last : area.last + _NEARBY_LINES])
    ]


def _guessed(document: Document, found: Published, shown: Sequence[str]) -> Published:
    try:
        guessed = guess_date(document, shown)
    except LIBRARY_FAILURES:
        guessed = None  # as far as anyone can tell, the page gives no date
    return replace(found, at=guessed.at, precision=guessed.precision) if guessed else found


def _around(document: Document, area: Area, title_at: int | None, marked: Marked) -> Around:
    """The lines above the title and below the text, but for headings, and for what says again what
    stands between or is marked as a name."""
    lines = document.layout.lines
    if title_at is None or title_at > area.first + 2:
        title_at = max(0, area.first - _HEAD_BEFORE)
    begin = min(title_at, area.last - len(area.lines) - len(area.beside))
    said = {line.text for line in lines[begin : area.last]}.union(marked.authors, marked.outlets)
    return tuple(
        line.text
        for line in (*lines[:begin], *lines[area.last :])
        if not line.heading and line.text not in said
    )


def _is_declared(facts: Facts, title: str) -> bool:
    """Whether the page's head agrees with the title: else another line may come to be it."""
    key = fold_title(title)
    return any(key in fold_title(each) for each in (*facts.titles, facts.document_title))


def _scripts(document: Document) -> Iterator[str]:
    return (script.text for script in document.root.iter("script") if script.text)
