"""What a crawl of a thousand pages (400 real ones) takes of memory, in each of its processes; in
CI half as many."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commands import COMMAND, ROOT
from workspaces import SHARED, Workspace

# Real pages are larger: with fewer of them what grows shows as well.
PAGES = {"own": 500, "real": 200} if os.environ.get("CI") else {"own": 1_000, "real": 400}
LIMIT_MIB = 300
PROC = Path("/proc/self/task")


@contextmanager
def bench_site(kind: str) -> Iterator[str]:
    """The benches' site, in a process of its own: its pages are not to be counted."""
    command = [sys.executable, "-m", "tests.bench.site", kind, str(PAGES[kind])]
    site = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert site.stdout is not None
    try:
        yield f"http://127.0.0.1:{site.stdout.readline().strip()}"
    finally:
        site.communicate("")


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def note_peaks(pid: int, peaks: dict[int, float]) -> None:
    """The most each process has had in memory so far: what the kernel kept, not a sample, and not
    the parent's memory before exec, which `ru_maxrss` counts too."""
    try:
        for each in family(pid):
            for line in Path(f"/proc/{each}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    peaks[each] = int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        return  # one of them has just ended


@pytest.mark.skipif(not PROC.is_dir(), reason="reads Linux's /proc")
@pytest.mark.parametrize("kind", ["own", pytest.param("real", marks=pytest.mark.corpus)])
def test_a_crawl_of_many_pages_stays_below_300_mib_in_every_process(
    kind: str, tmp_path: Path
) -> None:
    if kind == "real" and not (SHARED / "corpus").is_dir():
        pytest.skip("the corpus is not here")
    workspace = Workspace(tmp_path)
    peaks: dict[int, float] = {}
    with bench_site(kind) as url:
        workspace.add("site", "sitemap", f"{url}/sitemap.xml", keep="all", max_articles=PAGES[kind])
        workspace.write()
        # Not forked from a process that has imported more than a crawl needs.
        command = [*COMMAND, "crawl", "-w", str(workspace.folder)]
        with (tmp_path / "crawl.log").open("wb") as log:
            crawl = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        while crawl.poll() is None:
            note_peaks(crawl.pid, peaks)
            try:
                crawl.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
    assert crawl.returncode == 0, (tmp_path / "crawl.log").read_text("utf-8")
    taken = workspace.run("export", "--format", "jsonl").stdout.splitlines()
    assert len(taken) == PAGES[kind]
    assert len(peaks) >= 2, "the crawl worker was not seen"
    assert max(peaks.values()) < LIMIT_MIB, peaks
