"""Processor time of a call: what other programs do on the machine counts least."""

import time
from collections.abc import Callable

ROUNDS = 15


def seconds(work: Callable[[], object], times: int) -> float:
    """One call's processor time, the least of several rounds of `times` calls."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - started) / times)
    return best
