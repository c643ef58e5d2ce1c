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


def in_turn(*works: Callable[[], object], calls: int = 10, rounds: int = ROUNDS) -> list[float]:
    """The least processor time of a call of each of several works, which are called so many times
    in turn in every round: the machine's moods are the same for all, and no work pays for the
    caches that another filled."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            for _ in range(calls):
                started = time.process_time()
                work()
                best[place] = min(best[place], time.process_time() - started)
    return best
