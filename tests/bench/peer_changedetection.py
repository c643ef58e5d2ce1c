"""changedetection.io's own update worker, without its web server: run by tests/bench/bench_peers.py
with the Python of changedetection.io's environment, never with ours.

    python peer_changedetection.py FOLDER

In: a JSON line {"now": …, "watches": {URL: CSS selector or ""}}. Each watch is checked once at that
(moved) time. Out: a JSON line {"alerts": [URL …], "errors": [URL …], "cpu": seconds so far}; an
alert is a watch for which it saved a new version after the first and would send its notification."""

import asyncio
import json
import os
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import SimpleNamespace

os.environ["ALLOW_IANA_RESTRICTED_ADDRESSES"] = "true"  # the sites are on loopback
os.environ["WORKER_MAX_JOBS"] = "1000000"
ANSWERS = os.dup(1)
os.dup2(2, 1)

import time_machine  # noqa: E402
from changedetectionio import store  # noqa: E402
from changedetectionio.queuedWatchMetaData import PrioritizedItem  # noqa: E402
from changedetectionio.worker import async_update_worker  # noqa: E402
from loguru import logger  # noqa: E402

WORKERS = 10


class Jobs:
    """The worker's queue: when it is empty, the worker may go."""

    def __init__(self, watches: list[str]) -> None:
        self.left = list(watches)
        self.done = threading.Event()

    async def async_get(self, **_: object) -> PrioritizedItem:
        if self.left:
            return PrioritizedItem(priority=1, item={"uuid": self.left.pop(0)})
        self.done.set()
        raise queue.Empty

    def qsize(self) -> int:
        return len(self.left)


async def work(jobs: Jobs, *parts: object) -> None:
    """Several workers: each sleeps between jobs, and after each error."""
    app, datastore, executor = parts
    notifications: queue.Queue[object] = queue.Queue()
    workers = [
        async_update_worker(number, jobs, notifications, app, datastore, executor=executor)
        for number in range(WORKERS)
    ]
    await asyncio.gather(*workers)


def main() -> None:
    logger.remove()
    folder = sys.argv[1]
    datastore = store.ChangeDetectionStore(datastore_path=folder, include_default_watches=False)
    known: dict[str, str] = {}
    executor = ThreadPoolExecutor(WORKERS)
    with time_machine.travel(0) as clock:
        for line in sys.stdin:
            order = json.loads(line)
            clock.move_to(datetime.fromisoformat(order["now"]))
            for url, selector in order["watches"].items():
                if url not in known:
                    extras = {"include_filters": [selector]} if selector else {}
                    known[url] = datastore.add_watch(url=url, extras=extras)
            uuids = [known[url] for url in order["watches"]]
            watching = datastore.data["watching"]
            before = {each: watching[each].history_n for each in uuids}
            jobs = Jobs(uuids)
            app = SimpleNamespace(config=SimpleNamespace(exit=jobs.done))
            asyncio.run(work(jobs, app, datastore, executor))
            told = {
                "alerts": [
                    watching[each]["url"]
                    for each in uuids
                    if before[each] and watching[each].history_n > before[each]
                ],
                "errors": [watching[each]["url"] for each in uuids if watching[each]["last_error"]],
                "cpu": time.process_time(),
            }
            os.write(ANSWERS, json.dumps(told).encode() + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main()
