"""`lendwatch extract`: saved pages through the crawler's own extraction."""

import errno
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.article import Article, ExtractionFailed
from crawler.canonical import named_address
from crawler.extract import extract
from crawler.page import Page
from monitor.cli.printable import dump, paragraphs, plain

# Extraction wants a place for a page to be at; a file has none unless the page names it.
NOWHERE = "http://file.invalid/"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    body: bytes


def extract_files(
    paths: Sequence[str], *, jsonl: bool, url: str, fetched_at: datetime | None
) -> int:
    """Extract each file and print it; returns how many gave no article or could not be read."""
    failed = 0
    now = (fetched_at or datetime.now(UTC)).astimezone(UTC)
    for file in _files(paths):
        if isinstance(file, OSError):
            print(f"lendwatch: cannot read {file.filename}: {file.strerror}", file=sys.stderr)
            failed += 1
            continue
        address = url or named_address(file.body) or NOWHERE
        page = Page(address, address, 200, {}, file.body, now)
        try:
            article = extract(page)
        except ExtractionFailed as error:
            failed += 1
            problem = str(error).removeprefix(f"{page.url}: ")
            name = "standard input" if file.name == "-" else file.name
            print(f"lendwatch: {name}: {problem}", file=sys.stderr)
            if jsonl:
                dump({**dict.fromkeys(_row(file.name, _EMPTY)), "file": file.name})
            continue
        row = _row(file.name, article)
        if jsonl:
            dump(row)
        else:
            _show(row)
    return failed


_EMPTY = Article(url="", title="", body="")


def _files(paths: Sequence[str]) -> Iterator[_File | OSError]:
    for path in paths:
        if path == "-":
            yield _File("-", sys.stdin.buffer.read())
            continue
        inside = [Path(path)]
        if inside[0].is_dir():
            inside = sorted(inside[0].rglob("*.htm*"))
            if not inside:
                yield FileNotFoundError(errno.ENOENT, "no *.html file in it", path)
        for each in inside:
            try:
                yield _File(str(each), each.read_bytes())
            except OSError as error:
                yield error


def _row(file: str, article: Article) -> dict[str, Any]:
    return {
        "file": file,
        "url": None if article.url.startswith(NOWHERE) else article.url,
        "title": article.title,
        "author": article.author,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "body": article.body,
        "charset": article.charset,
        "language": article.language,
        "outlet": article.outlet,
        "published_precision": article.published_precision,
        "boilerplate": article.boilerplate,
    }


def _show(row: dict[str, Any]) -> None:
    for key in ("file", "url", "title", "author", "outlet", "published_at", "charset", "language"):
        print(f"{key + ':':14}{plain(row[key]) or '-'}")
    print(f"\n{paragraphs(row['body'])}\n")
