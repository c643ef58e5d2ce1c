"""Pages a second through the whole pipeline, ours beside the naive one, in the same run.

Both crawl the same site (a process of its own, on another core where there is one) from its
sitemap, pinned to one core, as whole processes from start to end. Ours is `lendwatch crawl`:
robots, egress guard, extraction, log, mentions, stories, search index, alerts. The naive one is
tests/bench/naive.py. `own` pages are generated ones, `real` ones the corpus's, where it is there.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from commands import COMMAND
from workspaces import SHARED, Workspace

PAGES = int(os.environ.get("LENDWATCH_BENCH_PAGES", "500"))


@dataclass(frozen=True)
class Cost:
    """What one whole process took: wall clock, and processor time of it and its children."""

    wall: float
    cpu: float


@contextmanager
def site(kind: str, pages: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.site", kind, str(pages)]
    process = subprocess.Popen(
        pinned(command, last=True), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.communicate("")


def pinned(command: Sequence[str], *, last: bool = False) -> list[str]:
    """`command` on one core: the first one, or the last for what serves the measured one."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[-1] if last else cores[0]), *command]


def measured(command: Sequence[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(pinned(command), capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    assert done.returncode == 0, done.stdout + done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu)


def run_naive(url: str, folder: Path) -> Cost:
    sitemap = f"{url}/sitemap.xml"
    return measured([sys.executable, "-m", "tests.bench.naive", sitemap, str(folder / "naive.db")])


def run_ours(url: str, folder: Path, keep: str) -> Cost:
    workspace = Workspace(folder)
    workspace.config["crawl"] = {
        "contact": "bench@example.com",
        "delay": "0s",
        "allow_addresses": ["127.0.0.0/8"],
        "baseline": False,
        "workers": 1,
        "connections_per_site": 8,  # as many as Scrapy's default, which the naive one uses
    }
    workspace.add("bench", "sitemap", f"{url}/sitemap.xml", keep=keep, max_articles=50_000)
    workspace.write()
    cost = measured([*COMMAND, "crawl", "-w", str(folder)])
    stored = len(workspace.run("export", "--format", "jsonl").stdout.splitlines())
    assert keep != "all" or stored == PAGES, f"{stored} stored, not {PAGES}"
    return cost


def compare(kind: str, scratch: Path) -> None:
    """Print the figures of one kind of pages: both runs, one after the other."""
    with site(kind, PAGES) as url:
        costs = {}
        for keep in ("all", "mentions"):
            folder = scratch / f"{kind}-{keep}"
            folder.mkdir()
            costs[f"ours, keep: {keep}"] = run_ours(url, folder, keep)
        naive = costs["naive"] = run_naive(url, scratch)
        (scratch / "naive.db").unlink()
    for name, cost in costs.items():
        print(
            f"pipeline, {kind} pages, {name}: {PAGES / cost.wall:.1f} pages/s,"
            f" {cost.cpu / PAGES * 1000:.1f} ms CPU a page;"
            f" ratio to naive {naive.wall / cost.wall:.2f} by the clock,"
            f" {naive.cpu / cost.cpu:.2f} by CPU"
        )


def peak_memory_mib() -> float:
    """The largest process among this one's ended children (and theirs)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    kinds = ["own", "real"] if (SHARED / "corpus").exists() else ["own"]
    with tempfile.TemporaryDirectory() as scratch:
        for kind in kinds:
            compare(kind, Path(scratch))
    print(f"pipeline, largest process of all runs: {peak_memory_mib():.0f} MiB")


if __name__ == "__main__":
    main()
