"""What every test can rely on, and what may not be skipped."""

import os
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

# A job that a shell began in the background ignores Ctrl-C, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["database_fixtures", "crawl_fixtures"]

# No deadline: a loaded machine is no mistake of ours. In CI the same examples every time, so that
# it judges the change and not the draw; runs by hand look further.
settings.register_profile("lendwatch", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("lendwatch")

# Where these are named (in CI), a test that skips for want of a browser or a PostgreSQL fails.
REQUIRED = frozenset(filter(None, os.environ.get("LENDWATCH_REQUIRE", "").split(",")))


# Minutes each, mostly waiting for processes: begun first, so that none is what a run ends with.
LONGEST = (
    "test_serve.py",
    "test_kill.py",
    "test_migrations.py",
    "test_memory.py",
    "test_cli.py",
    "test_delivery_kill.py",
    "test_main_job.py",
    "test_recluster_command.py",
    "test_browser.py",
    "test_wal.py",
    "test_intake.py",
    "test_crawl_worker.py",
    "test_worker_pool.py",
    "test_cluster.py",
    "test_sources_commands.py",
    "test_copy_changed.py",
    "test_canary.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; all else keeps its order."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    wanted = REQUIRED & {marker.name for marker in item.iter_markers()}
    if report.skipped and wanted and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but LENDWATCH_REQUIRE says {', '.join(wanted)} must be here"
    return report
