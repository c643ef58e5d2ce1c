"""How long the command line takes to answer, as whole processes on a small store."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from commands import COMMAND
from plain_site import plain_sites
from workspaces import Workspace

from monitor.demo import texts
from monitor.demo.page import article_page

RUNS = 7


def seconds(*arguments: str) -> float:
    """The median of several runs, after one that warms the file cache."""
    measured = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run([*COMMAND, *arguments], capture_output=True, check=True)
        measured.append(time.perf_counter() - started)
    return statistics.median(measured[1:])


def baseline() -> float:
    """An interpreter that does nothing: what no command can be faster than."""
    measured = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        measured.append(time.perf_counter() - started)
    return statistics.median(measured[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, plain_sites(1) as (site,):
        workspace = Workspace(Path(scratch))
        text = texts.read("yongqianbao-cuishou")
        site.pages["/1.html"] = ("text/html; charset=utf-8", article_page(text, "站").encode())
        workspace.add("one", "page", f"{site.url}/1.html")
        workspace.write().run("crawl")
        empty = baseline()
        for name, arguments in (
            ("--help", ["--help"]),
            ("search", ["search", "催收", "-w", scratch]),
            ("search --platform", ["search", "催收", "--platform", "用錢寶", "-w", scratch]),
            ("stories", ["stories", "-w", scratch]),
        ):
            taken = seconds(*arguments)
            print(
                f"cli {name}: {taken * 1000:.0f} ms ({taken / empty:.1f} × an empty interpreter,"
                f" {empty * 1000:.0f} ms)"
            )


if __name__ == "__main__":
    main()
