"""Pages a second through the whole pipeline, ours beside the naive one, in the same run.

Both crawl the same site (a process of its own, on another core where there is one) from its
sitemap, pinned to one core, as whole processes from start to end. Ours is `lendwatch crawl`:
robots, egress guard, extraction, log, mentions, stories, search index, alerts. The naive one is
tests/bench/naive.py.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from workspaces import COMMAND, Workspace

PAGES = int(os.environ.get("LENDWATCH_BENCH_PAGES", "400"))
LENDING_EVERY = 3  # a third of the pages are about a watched platform


@contextmanager
def site(pages: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.site", str(pages), str(LENDING_EVERY)]
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


def timed(command: Sequence[str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(pinned(command), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - started


def run_naive(url: str, folder: Path) -> float:
    sitemap = f"{url}/sitemap.xml"
    return timed([sys.executable, "-m", "tests.bench.naive", sitemap, str(folder / "naive.db")])


def run_ours(url: str, folder: Path, keep: str) -> float:
    workspace = Workspace(folder)
    workspace.config["crawl"] = {
        "contact": "bench@example.com",
        "delay": "0s",
        "allow_addresses": ["127.0.0.0/8"],
        "workers": 1,
        "connections_per_site": 16,  # as many as Scrapy's default, which the naive one uses
    }
    workspace.add("bench", "sitemap", f"{url}/sitemap.xml", keep=keep, max_articles=50_000)
    workspace.write()
    seconds = timed([*COMMAND, "crawl", "-w", str(folder)])
    exported = workspace.run("export", "--format", "jsonl").stdout
    stored = len(exported.splitlines())
    expected = PAGES if keep == "all" else PAGES // LENDING_EVERY
    assert stored == expected, f"{stored} stored, not {expected}"
    return seconds


def peak_memory_mib() -> float:
    """The largest process among this one's ended children (and theirs)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, site(PAGES) as url:
        folders = [Path(scratch) / name for name in ("all", "mentions", "naive")]
        for folder in folders:
            folder.mkdir()
        ours = run_ours(url, folders[0], "all")
        chosen = run_ours(url, folders[1], "mentions")
        memory = peak_memory_mib()
        naive = run_naive(url, folders[2])
    for name, seconds in (
        ("ours, keep: all", ours),
        ("ours, keep: mentions", chosen),
        ("naive", naive),
    ):
        print(f"pipeline pages/s {name}: {PAGES / seconds:.1f} ({PAGES} pages, {seconds:.1f} s)")
    print(f"pipeline ratio to naive, keep: all: {naive / ours:.2f}")
    print(f"pipeline ratio to naive, keep: mentions: {naive / chosen:.2f}")
    print(f"pipeline peak memory of one process: {memory:.0f} MiB")
    print(json.dumps({"bench": "pipeline", "ours": PAGES / ours, "naive": PAGES / naive}))


if __name__ == "__main__":
    main()
