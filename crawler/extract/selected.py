"""What a source's own selectors point at: an override of everything found without them."""

from dataclasses import dataclass
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.etree import _Element as Element

from crawler.article import ExtractionFailed
from crawler.extract.body import Area
from crawler.extract.lines import lay_out, squeeze
from crawler.extract.read import Document
from seeds.models import Selectors


@dataclass(frozen=True)
class Selected:
    """Empty where a selector is not declared or matches nothing."""

    title: str = ""
    author: str = ""
    published: str = ""
    area: Area | None = None


def select(document: Document, selectors: Selectors) -> Selected:
    """ExtractionFailed names a selector that cannot be read."""
    return Selected(
        title=_text(document, selectors.title),
        author=_text(document, selectors.author),
        published=_text(document, selectors.published),
        area=_area(document, selectors.body),
    )


def _matches(document: Document, selector: str | None) -> list[object]:
    if not selector:
        return []
    try:
        found = _compiled(selector)(document.root)
    except (etree.XPathError, SelectorError) as problem:
        raise ExtractionFailed(
            f"{document.page.url}: selector {selector!r}: {problem}; correct it in the source"
        ) from problem
    return list(found) if isinstance(found, list) else [found]


@lru_cache(maxsize=256)
def _compiled(selector: str) -> etree.XPath:
    """CSS, or XPath 1.0 when it starts with `/` or `(`. No EXSLT: it would allow regular
    expressions that never end."""
    path = selector if selector.startswith(("/", "(")) else HTMLTranslator().css_to_xpath(selector)
    return etree.XPath(path, regexp=False)


def _text(document: Document, selector: str | None) -> str:
    for match in _matches(document, selector):
        text = squeeze("".join(match.itertext()) if isinstance(match, Element) else str(match))
        if not text and isinstance(match, Element):
            text = squeeze(match.get("content") or match.get("datetime") or "")
        if text:
            return text
    return ""


def _area(document: Document, selector: str | None) -> Area | None:
    lines = []
    for match in _matches(document, selector):
        if isinstance(match, Element):
            lines.extend(lay_out(match).lines)
    if not lines:
        return None
    whole = document.layout.lines
    first = next(
        (position for position, line in enumerate(whole) if line.text == lines[0].text), len(whole)
    )
    return Area(tuple(lines), first, min(first + len(lines), len(whole)))
