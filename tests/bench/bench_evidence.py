"""What evidence costs a kept page, ours beside a plain write of its bytes, in the same run.

Batches of 50 pages, each batch on disk (fsync) before the next, as in a crawl. Ours: WARC records,
digests, gzip, the chain in an SQLite store. `compressed` pages came with gzip on, as most sites
send them; `plain` ones did not, and are compressed here. The plain write is the page as decoded."""

import gzip
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from evidence_workshop import Workshop, article
from evidence_workshop import page as kept_page

from crawler.log.append import append_articles
from crawler.log.engine import open_engine
from crawler.page import Page
from monitor.evidence.bundle import Wanted, write_bundle
from monitor.evidence.verify import verify
from monitor.store.migrate import migrate
from tests.bench.pages import page

PAGES, BATCH, ROUNDS = 100, 50, 5
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def main() -> None:
    bodies = [page(number, lending=True) for number in range(PAGES)]
    for name, packed in (("compressed", True), ("plain", False)):
        pages = [_page(number, body, packed=packed) for number, body in enumerate(bodies)]
        _compare(name, pages)


def _page(number: int, body: bytes, *, packed: bool) -> Page:
    made = kept_page(number, at=NOW)
    assert made.wire is not None
    headers = tuple(each for each in made.wire.headers if packed or b"gzip" not in each)
    packed_body = gzip.compress(body, 6) if packed else body
    wire = replace(made.wire, headers=headers, body=packed_body)
    return replace(made, body=body, wire=wire)


def _compare(name: str, pages: Sequence[Page]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        migrate(f"sqlite:///{folder / 'a.db'}", folder, NOW)
        engine = open_engine(f"sqlite:///{folder / 'a.db'}")
        workshop = Workshop(engine, folder / "evidence", 1 << 30)
        texts = [article(each, number) for number, each in enumerate(pages)]
        pairs = list(zip(pages, texts, strict=True))

        def ours() -> None:
            for start in range(0, PAGES, BATCH):
                workshop.keep(pairs[start : start + BATCH], NOW)

        def without() -> None:
            """What is spent on the log alone, which is there with and without evidence."""
            for start in range(0, PAGES, BATCH):
                entries = [workshop.entry(*pair) for pair in pairs[start : start + BATCH]]
                with engine.begin() as connection:
                    append_articles(connection, entries)

        def plain() -> None:
            with (folder / "plain").open("wb") as file:
                for start in range(0, PAGES, BATCH):
                    for each in pages[start : start + BATCH]:
                        file.write(each.body)
                    file.flush()
                    os.fsync(file.fileno())

        cost, log, written = (_milliseconds(work) for work in (ours, without, plain))
        rows = workshop.rows()
        stored = sum(row.length for row in rows) / len(rows)
        size = sum(len(each.body) for each in pages) / len(pages)
        links = sum(len(row.entry) + len(row.digest) for row in rows) / len(rows)
        print(f"evidence {name}: {cost - log:.2f} ms CPU a page; a plain write {written:.2f} ms")
        print(
            f"evidence {name}: {stored:,.0f} bytes a page on disk, {links:,.0f} in the store;"
            f" the page has {size:,.0f}"
        )
        workshop.take_in()
        _bundle(name, workshop)
        engine.dispose()


def _bundle(name: str, workshop: Workshop) -> None:
    target = workshop.folder / "bundle.zip"
    with workshop.engine.connect() as connection:
        write_bundle(connection, Wanted(1, workshop.folder), target, NOW)
    content = target.read_bytes()
    spent = _milliseconds(lambda: verify(BytesIO(content))) * PAGES
    links = len(workshop.rows())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"evidence {name}: a bundle of {len(content):,} bytes ({links} links) is checked in"
        f" {spent:.1f} ms; peak memory of this bench {peak:.0f} MiB"
    )


def _milliseconds(work: Callable[[], object]) -> float:
    """Processor time a page, the least of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best / PAGES * 1000


if __name__ == "__main__":
    main()
