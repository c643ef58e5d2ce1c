"""The simulated quarter in full: ninety days on twelve sites, the clock moved from crawl to crawl.

    python -m tests.bench.quarter [--days 90] [--hours 12]

Prints the true events by kind with how many were told once and in their time, how long after they
happened they were told, the requests and CPU seconds it took, and whatever went wrong."""

import argparse
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from quarter import fits, run
from timeline_script import quarter, scripted


def main() -> None:
    arguments = argparse.ArgumentParser(description="the simulated quarter")
    arguments.add_argument("--days", type=float, default=90)
    arguments.add_argument("--hours", type=float, default=12)
    asked = arguments.parse_args()
    script = quarter(asked.days)
    with tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), script, timedelta(hours=asked.hours))
    print(f"quarter: {len(told.ticks)} crawls of each site, {told.requests} requests, ", end="")
    print(f"{len(told.looks)} of articles, {told.cpu[-1]:.0f} s CPU")
    for kind, true in sorted(Counter(each.kind for each in told.truths).items()):
        late = [
            (event.at - truth.since) / timedelta(hours=1)
            for truth in told.truths
            if truth.kind == kind
            for event in told.events
            if fits(event, truth)
        ]
        happened = sum(each[0] == kind for each in scripted(script))
        print(
            f"quarter {kind}: {happened} happened, {true} could be seen, {len(late)} told, ", end=""
        )
        print(f"{median(late):.0f} h after they happened, at most {max(late):.0f}" if late else "")
    print(f"quarter events: {dict(Counter(each.kind for each in told.events))}")
    problems = told.problems()
    print(f"quarter: {len(problems)} problems")
    for each in problems:
        print(f"  {each[:300]}")


if __name__ == "__main__":
    main()
