"""Extraction as others do it, each as its users run it: what ours is measured beside.

trafilatura and htmldate are our own libraries; gne, newspaper4k and readability-lxml take part
where they are installed (`pip install gne newspaper4k readability-lxml`)."""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from types import ModuleType

import htmldate
import trafilatura
from corpus_pages import SHANGHAI, Case
from lxml.html import fromstring

from crawler.article import Article
from crawler.charset import decode

Extractor = Callable[[Case], Article]
_TEXT = frozenset({"title", "f1", "precision", "recall"})
_ALL = _TEXT | {"author", "day", "minute"}


@dataclass(frozen=True)
class Peer:
    """Somebody else's extractor; `figures` are those it gives an answer to (empty: all)."""

    name: str
    read: Extractor
    figures: frozenset[str] = frozenset()


def peers() -> Iterator[Peer]:
    """Those that are installed, trafilatura first."""
    yield Peer("trafilatura", _with_trafilatura, _TEXT | {"author", "day"})
    yield Peer("htmldate", _with_htmldate, frozenset({"day"}))
    for module, name, reader, figures in (
        ("gne", "gne", _gne_reader, _ALL),
        ("newspaper", "newspaper4k", _newspaper_reader, _ALL),
        ("readability", "readability-lxml", _readability_reader, _TEXT),
    ):
        if find_spec(module):
            yield Peer(name, reader(importlib.import_module(module)), figures)


def _article(
    case: Case, title: object, body: object, author: object = None, date: object = None
) -> Article:
    return Article(
        url=case.page.url,
        title=str(title or ""),
        body=str(body or ""),
        author=str(author) if author else None,
        published_at=_time(date),
    )


def _time(value: object) -> datetime | None:
    """What a library gives as a date; in its own offset, else the one the truths are in."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace("/", "-"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def _with_trafilatura(case: Case) -> Article:
    found = trafilatura.bare_extraction(
        decode(case.page).text, url=case.page.url, with_metadata=True, include_comments=False
    )
    if found is None:
        return _article(case, "", "")
    return _article(case, found.title, found.text, found.author, found.date)


def _with_htmldate(case: Case) -> Article:
    found = htmldate.find_date(decode(case.page).text, original_date=True, url=case.page.url)
    return _article(case, "", "", date=found)


def _gne_reader(gne: ModuleType) -> Extractor:
    extractor = gne.GeneralNewsExtractor()

    def read(case: Case) -> Article:
        found = extractor.extract(decode(case.page).text)
        return _article(
            case, found["title"], found["content"], found["author"], found["publish_time"]
        )

    return read


def _newspaper_reader(newspaper: ModuleType) -> Extractor:
    def read(case: Case) -> Article:
        language = "zh" if case.folder.startswith("zh") else "en"
        article = newspaper.Article(case.page.url, language=language)
        article.download(input_html=decode(case.page).text)
        article.parse()
        return _article(
            case, article.title, article.text, " ".join(article.authors), article.publish_date
        )

    return read


def _readability_reader(readability: ModuleType) -> Extractor:
    def read(case: Case) -> Article:
        document = readability.Document(decode(case.page).text)
        text = "\n".join(fromstring(document.summary()).itertext())
        return _article(case, document.short_title(), text)

    return read
