"""What `lendwatch recluster` costs at several sizes, beside the intake of as many articles.

    python -m tests.bench.bench_recluster 2000 20000

The stores are ones that an older version left: every article alone, one in ten a copy of the one
before it, nothing in the index. A second pass finds nothing to do, and is timed, too. With
LENDWATCH_BENCH_DATABASE (an empty PostgreSQL database) the last size runs there as well."""

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from intake_desk import MATCHER, Desk
from sqlalchemy import Engine, insert, text

from crawler.article import Article
from crawler.log.engine import open_engine
from monitor.recluster import apply_plan, plan_of, work_out
from monitor.store.migrate import migrate
from monitor.store.models import ArticleRow, FingerprintRow, RevisionRow, StoryRow
from monitor.stories.scratch import scratch_store

SIZES = (1_000, 5_000)
LENGTH = 1_500
BASELINE = 500
# A second pass takes as long as the first, and is the same at every size.
AGAIN = 5_000
START = datetime(2024, 1, 1, tzinfo=UTC)
CHUNK = 1_000


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Titles and bodies; every tenth repeats the one before it with other words at its end."""
    chance = random.Random(7)
    body = ""
    for number in range(count):
        if number % 10 != 9:
            signs = [chr(0x4E00 + chance.randrange(3_000)) for _ in range(LENGTH)]
            signs[:: LENGTH // 30] = "。" * len(signs[:: LENGTH // 30])
            body = "青禾借" + "".join(signs)
        yield f"第{number}篇", body if number % 10 != 9 else body[: -LENGTH // 5]


def fill(engine: Engine, count: int) -> None:
    """Store articles as an older version would have that found no copies."""
    rows: dict[type, list[dict[str, object]]] = {
        each: [] for each in (StoryRow, ArticleRow, RevisionRow, FingerprintRow)
    }
    with engine.begin() as connection:
        for number, (title, body) in enumerate(texts(count), 1):
            at = START + timedelta(minutes=number)
            same = {"title": title, "body": body}
            rows[StoryRow].append(
                {
                    "id": number,
                    "lead_article_id": number,
                    "title": title,
                    "opened_at": at,
                    "last_seen_at": at,
                    "article_count": 1,
                    "site_count": 1,
                }
            )
            rows[ArticleRow].append(
                {
                    **same,
                    "id": number,
                    "url": f"https://a.example/{number}",
                    "site": f"s{number % 50}.example",
                    "source": "s",
                    "language": "zh-Hans",
                    "first_seen_at": at,
                    "last_seen_at": at,
                    "story_id": number,
                    "relation": "new",
                    "similarity": 0.0,
                    "revision_count": 1,
                }
            )
            rows[RevisionRow].append(
                {
                    **same,
                    "article_id": number,
                    "number": 1,
                    "log_id": number,
                    "seen_at": at,
                    "folded_hash": "",
                }
            )
            rows[FingerprintRow].append({"article_id": number, "folded_hash": str(number),
                "shingle_count": 1, "sampled_count": 1, "method": 0})  # fmt: skip
            if number % CHUNK == 0 or number == count:
                for table, each in rows.items():
                    connection.execute(insert(table), each)
                    each.clear()


def intake_ms(folder: Path) -> float:
    """Milliseconds of processor time an article that the intake takes for the same texts."""
    database = f"sqlite:///{folder}/intake.db"
    migrate(database, folder)
    engine = open_engine(database)
    desk = Desk(engine)
    desk.log(*(Article(f"https://a.example/{n}", *each) for n, each in enumerate(texts(BASELINE))))
    started = time.process_time()
    desk.intake.run(BASELINE)
    engine.dispose()
    return (time.process_time() - started) / BASELINE * 1000


def measure(database: str, count: int, folder: Path) -> None:
    """Fill a store, cluster it anew, write it, and look once more."""
    migrate(database, folder)
    engine = open_engine(database)
    fill(engine, count)
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    name = f"recluster, {engine.dialect.name}, {count} articles"
    with scratch_store(folder) as scratch:
        started = time.process_time()
        for _ in work_out(engine, scratch, MATCHER):
            pass
        worked = time.process_time() - started
        size = scratch.execute(
            text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        ).scalar_one()
        plan = plan_of(engine, scratch)
        started, clock = time.process_time(), time.perf_counter()
        apply_plan(engine, scratch, plan)
        written, waited = time.process_time() - started, time.perf_counter() - clock
    print(
        f"{name}: {worked / count * 1000:.2f} ms CPU an article to work out, {worked:.0f} s in all"
    )
    print(f"{name}: scratch store {size / count:.0f} bytes an article, {size / 2**20:.0f} MiB")
    wal = Path(f"{engine.url.database}-wal")
    grown = f", WAL {wal.stat().st_size / 2**20:.0f} MiB" if wal.exists() else ""
    print(
        f"{name}: the one transaction {written:.1f} s CPU,"
        f" {waited:.1f} s by the clock{grown}; {plan.merged} stories merge"
    )
    print(f"{name}: peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    if count <= AGAIN:
        look_again(engine, name, folder)
    engine.dispose()


def look_again(engine: Engine, name: str, folder: Path) -> None:
    """Compare a store that is as it should be with what today's method makes of it."""
    with scratch_store(folder) as scratch:
        for _ in work_out(engine, scratch, MATCHER):
            pass
        started = time.process_time()
        plan = plan_of(engine, scratch)
    print(
        f"{name}: comparing with the store {time.process_time() - started:.1f} s CPU;"
        f" {'nothing to do' if plan.nothing else plan}"
    )


def main(sizes: tuple[int, ...] = SIZES) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        print(f"recluster, baseline: the intake takes {intake_ms(folder):.2f} ms CPU an article")
        for count in sizes:
            measure(f"sqlite:///{folder}/{count}.db", count, folder)
        if database := os.environ.get("LENDWATCH_BENCH_DATABASE"):
            measure(database, sizes[-1], folder)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
