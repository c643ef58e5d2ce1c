"""Reposts found among many articles, beside datasketch's MinHashLSH, on one core.

    python -m tests.bench.bench_reposts [--documents 100000] [--baseline 20000]

Synthetic articles of 1,500 characters, one in five a planted copy, a third with one of five
disclaimers, are taken in by batches of 200, as the intake does it where as many wait. Ours is fingerprint, look-up in
the store's index, verification (the texts of the dozen likeliest candidates read from the store,
their shingles compared) and storing of the index with commit and checkpoint; the baseline is
datasketch's MinHash (128 permutations, `update_batch` of a set of shingles of five characters) and
MinHashLSH (threshold .5) in memory, nothing verified, nothing stored. Each side is a process of its
own. `--documents 1000000` draws the whole curve (an hour); the baseline costs the same at any size
and is measured on fewer. On PostgreSQL (`--postgres`) the server's own processor time is not in the
figures of CPU, but in those by the clock."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from postgres_server import postgres_programs, running_postgres
from sqlalchemy import Connection, Engine, insert
from synthetic_articles import Generator, Synthetic

from crawler.log.engine import checkpoint, open_engine
from monitor.intake import BATCH
from monitor.store.models import ArticleRow, Base, StoryRow
from monitor.stories.finder import COMPARED
from monitor.stories.fingerprint import (
    Fingerprint,
    Hashes,
    sample,
    shared,
    shingle_hashes,
    text_hash,
)
from monitor.stories.index import TABLES, IndexBatch, LookUp
from monitor.stories.relation import LOOK
from tests.bench.bench_pipeline import pinned

POINTS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
# Readings of known texts that the intake keeps (`finder.SHELF`): as many articles of 1,500 characters.
SHELF = 1_000
NOON = datetime(2024, 11, 8, 12, tzinfo=UTC)
BASELINE_THRESHOLD = 0.5
# Copies that share so much with what they were made of are those that Jaccard can find.
JACCARD = 0.7


class Clock:
    """Seconds of processor time and by the clock, by stage."""

    def __init__(self) -> None:
        self.cpu: Counter[str] = Counter()
        self.wall: Counter[str] = Counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu[name] += time.process_time() - cpu
        self.wall[name] += time.perf_counter() - wall


class Recall:
    """Planted copies by kind, and how many were found."""

    def __init__(self) -> None:
        self.planted: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def count(self, article: Synthetic, jaccard: float, found: bool) -> None:
        kinds = [article.kind, "halves" if "half" in article.kind else ""]
        kinds.append(f"Jaccard >= {JACCARD}" if jaccard >= JACCARD else "")
        for kind in filter(None, kinds):
            self.planted[kind] += 1
            self.found[kind] += found

    def figures(self) -> dict[str, tuple[int, int]]:
        return {kind: (self.found[kind], self.planted[kind]) for kind in sorted(self.planted)}


def memory() -> int:
    """What the process has of the machine's memory, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def written() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))


def batches(articles: Iterator[Synthetic]) -> Iterator[list[Synthetic]]:
    while batch := list(islice(articles, BATCH)):
        yield batch


def fingerprint(text: str, hashes: Hashes) -> Fingerprint:
    return Fingerprint(text_hash(text), len(hashes), sample(hashes))


class Ours:
    """The store's index, as the intake uses it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._shelf: OrderedDict[int, Hashes] = OrderedDict()
        self.compared = 0

    def take(self, batch: Sequence[Synthetic]) -> list[Sequence[int]]:
        """Take articles in; of each, the numbers of those that share text with it."""
        stage = self._clock.stage
        with stage("store"):
            transaction = self._engine.begin()
            connection = transaction.__enter__()
        with stage("fingerprint"):
            hashes = [shingle_hashes(each.text) for each in batch]
            marks = [fingerprint(a.text, h) for a, h in zip(batch, hashes, strict=True)]
        # The articles themselves: their storing is no part of any index's work.
        connection.execute(insert(ArticleRow), [article_row(each) for each in batch])
        with stage("look-up"):
            index = IndexBatch(connection, marks)
            looked_up = []
            for article, mark in zip(batch, marks, strict=True):
                looked_up.append(index.look_up(mark))
                index.add(article.number, mark)
        with stage("verification"):
            own = {a.number: h for a, h in zip(batch, hashes, strict=True)}
            known = own | self._known(connection, looked_up, own)
            found = [
                self._verified(known, each, mine)
                for each, mine in zip(looked_up, hashes, strict=True)
            ]
            for number, mine in own.items():
                self._keep(number, mine)
        with stage("store"):
            index.write()
            transaction.__exit__(None, None, None)
            checkpoint(self._engine)
        return found

    def _verified(
        self, known: Mapping[int, Hashes], looked_up: LookUp, own: Hashes
    ) -> Sequence[int]:
        """Those that really share text: what is equal as it is, of others the likeliest compared."""
        if looked_up.equal:
            return looked_up.articles
        candidates = [(each, known[each]) for each in looked_up.articles[:COMPARED]]
        self.compared += len(candidates)
        return [
            each
            for each, theirs in candidates
            if shared(own, theirs) >= LOOK * min(len(own), len(theirs))
        ]

    def _known(
        self, connection: Connection, looked_up: Sequence[LookUp], own: Container[int]
    ) -> dict[int, Hashes]:
        """The shingles of all candidates: kept from before, or of the texts as they are stored."""
        wanted = {
            number
            for each in looked_up
            if not each.equal
            for number in each.articles[:COMPARED]
            if number not in own
        }
        known = {each: self._shelf[each] for each in wanted if each in self._shelf}
        for number in known:
            self._shelf.move_to_end(number)
        if missing := sorted(wanted - known.keys()):
            listed = ",".join(map(str, missing))
            query = f"SELECT id, body FROM article WHERE id IN ({listed})"
            for number, body in connection.exec_driver_sql(query):
                known[number] = shingle_hashes(body)
                self._keep(number, known[number])
        return known

    def _keep(self, number: int, hashes: Hashes) -> None:
        self._shelf[number] = hashes
        if len(self._shelf) > SHELF:
            self._shelf.popitem(last=False)


def article_row(article: Synthetic) -> dict[str, Any]:
    return {
        "id": article.number, "url": f"https://bench.test/{article.number}", "site": "bench.test",
        "source": "bench", "title": "", "body": article.text, "language": "zh-Hans",
        "first_seen_at": NOON, "last_seen_at": NOON, "story_id": 1, "relation": "new",
        "similarity": 0.0, "revision_count": 1,
    }  # fmt: skip


class Baseline:
    """datasketch as its documentation shows it: a set of shingles, MinHash, query, insert."""

    def __init__(self, clock: Clock) -> None:
        # Not among what the product needs: `pip install '.[bench]'`.
        from datasketch import MinHash, MinHashLSH  # noqa: PLC0415

        self._minhash = MinHash
        self._index = MinHashLSH(threshold=BASELINE_THRESHOLD, num_perm=128)
        self._clock = clock

    def take(self, batch: Sequence[Synthetic]) -> list[Sequence[int]]:
        found = []
        for article in batch:
            with self._clock.stage("fingerprint"):
                text = article.text
                shingles = {text[place : place + 5].encode() for place in range(len(text) - 4)}
                mark = self._minhash(num_perm=128)
                mark.update_batch(shingles)
            with self._clock.stage("look-up"):
                found.append(self._index.query(mark))
            with self._clock.stage("store"):
                self._index.insert(article.number, mark, check_duplication=False)
        return found


def run(
    documents: int, take: Callable[[Sequence[Synthetic]], list[Sequence[int]]], clock: Clock
) -> dict[str, Any]:
    """Have articles taken in: costs, recall and memory, and costs at each point of the curve."""
    generator = Generator()
    recall = Recall()
    # Eight bytes each: what the bench itself keeps should not count for much on either side.
    families = array("q")
    curve: dict[int, dict[str, float]] = {}
    before, cpu, wall, reached, output = memory(), 0.0, 0.0, 0, written()
    found_in = 0.0
    for batch in batches(generator.articles(documents)):
        found = take(batch)
        families.extend(each.family for each in batch)
        for article, numbers in zip(batch, found, strict=True):
            if article.of is not None:
                others = (each for each in numbers if each != article.number)
                same = [each for each in others if families[each] == article.family]
                own, source = (
                    shingle_hashes(each)
                    for each in (article.text, "".join(generator.words(article.of)))
                )
                both = shared(own, source)
                recall.count(article, both / (len(own) + len(source) - both), bool(same))
        done = batch[-1].number + 1
        if done in POINTS or done == documents:
            # What an article cost since the last point, with all merging of runs.
            finding = clock.cpu.total() - clock.cpu["store"]
            curve[done] = {
                "cpu_ms": (clock.cpu.total() - cpu) / (done - reached) * 1000,
                "finding_ms": (finding - found_in) / (done - reached) * 1000,
                "wall_ms": (clock.wall.total() - wall) / (done - reached) * 1000,
                "memory": (memory() - before) / done,
                "written": (written() - output) / (done - reached),
            }
            cpu, wall, reached = clock.cpu.total(), clock.wall.total(), done
            found_in = finding
            output = written()
            print(done, curve[done], file=sys.stderr, flush=True)
    return {
        "documents": documents,
        "cpu": dict(clock.cpu),
        "wall": dict(clock.wall),
        "memory": (memory() - before) / documents,
        "recall": recall.figures(),
        "curve": curve,
    }


def run_ours(documents: int, store: str) -> dict[str, Any]:
    engine = open_engine(store)
    tables = [Base.metadata.tables[row.__tablename__] for row in (StoryRow, ArticleRow)]
    Base.metadata.create_all(engine, tables=[*tables, *TABLES])
    with engine.begin() as connection:
        story = {"id": 1, "lead_article_id": 0, "title": "", "opened_at": NOON,
                 "last_seen_at": NOON, "article_count": 1, "site_count": 1}  # fmt: skip
        connection.execute(insert(StoryRow), story)
    clock = Clock()
    ours = Ours(engine, clock)
    result = run(documents, ours.take, clock)
    engine.dispose()
    return result | {"compared": ours.compared / documents}


def run_baseline(documents: int, _store: str) -> dict[str, Any]:
    clock = Clock()
    return run(documents, Baseline(clock).take, clock)


def run_warm(documents: int, store: str) -> dict[str, Any]:
    """Open a store and look one article up, the first thing a process does."""
    article = next(islice(Generator(5).articles(documents), 1))
    mark = fingerprint(article.text, shingle_hashes(article.text))
    before = memory()
    started, cpu = time.perf_counter(), time.process_time()
    engine = open_engine(store)
    with engine.begin() as connection:
        IndexBatch(connection, [mark]).look_up(mark)
    seconds = time.perf_counter() - started
    cpu = time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, "memory": (memory() - before) / documents}


PARTS = {"ours": run_ours, "baseline": run_baseline, "warm": run_warm}


def part(name: str, documents: int, store: str) -> dict[str, Any]:
    """Run one part in a process of its own, on one core."""
    command = [sys.executable, "-m", "tests.bench.bench_reposts", "--part", name,
               "--documents", str(documents), "--store", store]  # fmt: skip
    done = subprocess.run(pinned(command), stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def print_costs(name: str, result: dict[str, Any]) -> None:
    documents = result["documents"]
    cpu, wall = sum(result["cpu"].values()), sum(result["wall"].values())
    stages = ", ".join(
        f"{stage} {seconds / documents * 1000:.3f}" for stage, seconds in result["cpu"].items()
    )
    print(
        f"reposts {name}: {documents} documents, {documents / cpu:.0f} documents/s of CPU,"
        f" {documents / wall:.0f} by the clock, {result['memory']:.0f} bytes of memory a document;"
        f" CPU-ms a document: {stages}"
    )
    for kind, (found, planted) in result["recall"].items():
        print(f"reposts {name}: recall, {kind}: {found / planted:.4f} of {planted}")


def print_curve(curve: dict[str, dict[str, float]]) -> None:
    """Draw what a document costs since the point before."""
    most = max(point["finding_ms"] for point in curve.values())
    for documents, point in curve.items():
        bar = "#" * round(40 * point["finding_ms"] / most)
        print(
            f"reposts curve {int(documents):>9,}: {point['finding_ms']:.3f} ms CPU to find,"
            f" {point['cpu_ms']:.3f} with storing, {point['wall_ms']:.3f} ms by the clock, {point['memory']:.0f} B of memory,"
            f" {point['written'] / 1000:.0f} kB written a document {bar}"
        )
    least = min(point["finding_ms"] for point in curve.values())
    print(f"reposts curve, dearest to cheapest point: {most / least:.2f}")


def compare(documents: int, baseline: int, store: str) -> None:
    ours = part("ours", documents, store)
    print_costs("ours", ours)
    print(f"reposts ours: {ours['compared']:.2f} candidates compared a document")
    print_curve(ours["curve"])
    warm = part("warm", documents, store)
    print(
        f"reposts warm start at {documents} documents: {warm['seconds']:.3f} s to the first answer"
        f" ({warm['cpu']:.3f} s of CPU),"
        f" {warm['memory']:.0f} bytes of memory a document"
    )
    if not baseline:
        return
    theirs = part("baseline", baseline, store)
    print_costs("datasketch", theirs)
    finding, all_of_it = (
        seconds(theirs, without) / seconds(ours, without) for without in ("store", "")
    )
    print(
        f"reposts ratio to datasketch: {finding:.1f} times the documents/s of CPU in fingerprint,"
        f" look-up and verification, {all_of_it:.1f} with insertion there and storing, commit and"
        f" checkpoint here; 1/{theirs['memory'] / ours['memory']:.1f} of the memory"
    )


def seconds(result: dict[str, Any], without: str) -> float:
    """Seconds of CPU that a document took in all stages but one."""
    total = sum(taken for stage, taken in result["cpu"].items() if stage != without)
    return float(total / result["documents"])


def main() -> None:
    """Print every figure, one a line."""
    parser = argparse.ArgumentParser(description="Reposts among many articles.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--baseline", type=int, default=20_000, help="0: no baseline")
    parser.add_argument("--store", default="", help="an SQLAlchemy URL, empty; default: a new file")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--part", choices=PARTS, help="one part, its figures as JSON")
    asked, _ = parser.parse_known_args()
    if asked.part:
        print(json.dumps(PARTS[asked.part](asked.documents, asked.store)))
        return
    with ExitStack() as stack:
        if asked.postgres:
            programs = postgres_programs()
            assert programs is not None, "no PostgreSQL here"
            server = stack.enter_context(running_postgres(programs))
            store = server.url(server.create())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            store = asked.store or f"sqlite:///{folder}/bench.db"
        compare(asked.documents, asked.baseline, store)


if __name__ == "__main__":
    main()
