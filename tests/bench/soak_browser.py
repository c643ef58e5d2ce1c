"""Memory over 500 rendered pages: that of the worker's whole process tree, at each quarter.

    python -m tests.bench.soak_browser [PAGES]

Every page brings 2 MB of script objects of its own, as an application page does."""

import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from crawl_worker import Bench, CrawlWorkerProcess, crawl_bench
from local_site import LocalSite, articles, serve

from monitor.process_tree import descendants, resident_bytes
from seeds.models import Selectors

_PAUSE = threading.Event()
SECONDS_A_PAGE = 30
MIB = 1024**2


def soak(bench: Bench, site: LocalSite, pages: int) -> list[int]:
    """Crawl so many rendered pages; bytes of the tree at each quarter, highest of ten looks."""
    site.articles[:] = articles(pages)
    heavy = "<script>window.kept = Array.from({length: 20000}, (_, i) => ({i, t: '用钱宝' + i}));"
    links = ""
    for each in site.articles:
        path = f"/app/{each.number}"
        links += f"<li><a class='title' href='{path}'>{each.headline}</a></li>"
        body = site.answer(path)[2].replace(b"<script>", heavy.encode() + b"</script><script>", 1)
        site.answers[path] = ("text/html; charset=utf-8", body)
    site.answers["/soak"] = f"<!doctype html><html><body>{links}</body></html>".encode()
    job = bench.job(
        site,
        "listing",
        "/soak",
        browser=True,
        selectors=Selectors(links="a.title"),
        max_articles=pages,
    )
    bench.worker.send(job)
    quarters = [_at(bench, site, pages * quarter // 4) for quarter in range(1, 5)]
    result = bench.worker.result_of(job)
    assert (result.state, result.articles) == ("finished", pages), result
    return quarters


def _at(bench: Bench, site: LocalSite, asked: int) -> int:
    give_up_at = time.monotonic() + SECONDS_A_PAGE * asked
    while len(site.fetched("/app/")) < asked:
        assert time.monotonic() < give_up_at, f"{len(site.fetched('/app/'))} of {asked} pages"
        _PAUSE.wait(0.05)
    highest = 0
    for _ in range(10):
        highest = max(highest, tree_bytes(bench.worker.process.pid))
        _PAUSE.wait(0.02)
    return highest


def tree_bytes(pid: int, kind: str = "Pss") -> int:
    """Memory of a process and all below it: `Pss` shares what is shared (six of Chromium's
    processes map the same 200 MB of program), `Rss` counts it for each."""
    return sum(_bytes(each, kind) for each in (pid, *descendants(pid)))


def _bytes(pid: int, kind: str) -> int:
    with suppress(OSError):  # it ended meanwhile
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        line = next((line for line in rollup.splitlines() if line.startswith(f"{kind}:")), "x 0")
        return int(line.split()[1]) * 1024
    return 0


def main(pages: int = 500) -> None:
    """Print a line for each quarter, and the worker's own share."""
    with (
        serve(LocalSite(articles(1))) as site,
        tempfile.TemporaryDirectory() as folder,
        CrawlWorkerProcess() as worker,
        crawl_bench(Path(folder), worker) as bench,
    ):
        started = time.monotonic()
        quarters = soak(bench, site, pages)
        for number, size in enumerate(quarters, 1):
            print(f"browser soak: {pages * number // 4} pages, tree {size / MIB:.0f} MiB (PSS)")
        own = resident_bytes(worker.process.pid) / MIB
        rss = tree_bytes(worker.process.pid, "Rss") / MIB
        seconds = (time.monotonic() - started) / pages
        print(
            f"browser soak: at the end worker {own:.0f}, tree {rss:.0f} MiB (RSS), {seconds:.2f} s a page by the clock"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
