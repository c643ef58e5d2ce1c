"""`lendwatch serve` as its owner meets it: real processes, sites, mail; SQLite and PostgreSQL."""

import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import COMMAND
from local_site import LocalSite, articles, serve
from serving import (
    PATIENCE_SECONDS,
    Serving,
    Store,
    eventually,
    free_port,
    is_running,
    serving,
    store_of,
)
from smtp_server import SmtpServer
from workspaces import COLLECTION_DESK, Workspace

from monitor.lock import holder

RUNNING = "SELECT source FROM crawl WHERE state = 'running'"


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serve(LocalSite(articles(6))) as site:
        yield site
        site.released.set()


@pytest.fixture
def workspace(tmp_path: Path, site: LocalSite) -> Workspace:
    made = Workspace(tmp_path, {"web": {"port": free_port()}})
    made.add("beat", "feed", f"{site.url}/feed.xml")
    return made.write()


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    with store_of(workspace) as store:
        yield store


def ended(store: Store, source: str = "beat", crawls: int = 1) -> bool:
    states = [row["state"] for row in store.crawls(source)]
    return len(states) >= crawls and "running" not in states


def is_idle(served: Serving, store: Store, crawls: int = 1) -> bool:
    """Whether so many crawls ended and all that they brought is taken in and mailed."""
    if not ended(store, crawls=crawls) or store.count("outbox", "state <> 'sent'"):
        return False
    state = served.health()
    return state["intake_behind"] == 0 and not state["running"]


def with_mail(workspace: Workspace, server: SmtpServer, **subscription: object) -> None:
    workspace.config |= {
        "mail": {
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            "sender": "lendwatch@example.com",
        },
        "subscriptions": [COLLECTION_DESK | subscription],
    }
    workspace.write()


def test_what_is_due_is_crawled_taken_in_and_mailed_and_health_tells_of_it(
    workspace: Workspace, store: Store, site: LocalSite
) -> None:
    workspace.add("gone", "feed", f"{site.url}/nowhere.xml")
    with SmtpServer() as server:
        with_mail(workspace, server)
        with serving(workspace) as served:
            server.wait_for(1, PATIENCE_SECONDS)
            eventually(lambda: is_idle(served, store) and ended(store, "gone"))
            state = served.health()
            assert served.stop() == 0
    assert server.received[0].mail["X-Lendwatch-Event"] == "StoryOpened"
    assert store.count("article") == 6
    assert {each["source"] for each in state["next"]} == {"beat", "gone"}
    for each in state["next"]:
        assert datetime.fromisoformat(each["due_at"]) > datetime.now(UTC)
    (failed,) = state["failed"]
    assert (failed["source"], failed["failures"]) == ("gone", 1)
    assert "not-found" in failed["message"]
    assert (state["status"], state["problems"], state["failing"]) == ("ok", [], [])
    assert state["outbox"] == {"sent": len(server.received)}
    logs = workspace.logs()
    for told in ("crawl started", "crawl finished", "crawl failed", "next_due_at", "taken in"):
        assert told in logs
    assert "Traceback" not in logs


def test_health_is_hardened_and_nothing_else_is_served(workspace: Workspace) -> None:
    with serving(workspace) as served:
        served.health()
        with urllib.request.urlopen(f"{served.url}/health") as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "server" not in headers
        for path in ("/", "/docs", "/openapi.json", "/health/../etc/passwd"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(served.url + path)
            with refused.value:
                assert refused.value.code == 404
                assert refused.value.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_an_interrupted_crawl_is_run_again_at_the_next_start(
    workspace: Workspace, store: Store, site: LocalSite, number: int
) -> None:
    site.hold_after = 3
    with serving(workspace) as served:
        site.wait_for_articles(4, PATIENCE_SECONDS)
        (at_work,) = served.health()["running"]
        assert at_work["source"] == "beat"
        (worker,) = served.health()["workers"]
        assert served.stop(number) == 0
    (crawl,) = store.crawls("beat")
    assert crawl["state"] == "interrupted"
    assert not is_running(worker["pid"])
    site.hold_after = None
    site.released.set()
    with serving(workspace) as served:
        eventually(lambda: is_idle(served, store, crawls=2))
        assert served.stop(number) == 0
    assert [row["state"] for row in store.crawls("beat")] == ["interrupted", "finished"]
    assert store.count("article") == store.count("article_log") == 6


def test_a_second_signal_does_not_wait_for_crawls(
    workspace: Workspace, store: Store, site: LocalSite
) -> None:
    site.hold_after = 3
    with serving(workspace) as served:
        site.wait_for_articles(4, PATIENCE_SECONDS)
        served.process.send_signal(signal.SIGINT)
        eventually(lambda: '"stopping"' in workspace.logs())
        assert served.stop(signal.SIGINT, seconds=5) == 0
    assert store.crawls("beat")[0]["state"] == "interrupted"


def test_a_killed_supervisor_leaves_no_process_and_its_crawl_is_run_again(
    workspace: Workspace, store: Store, site: LocalSite
) -> None:
    site.hold_after = 3
    with serving(workspace) as served:
        site.wait_for_articles(4, PATIENCE_SECONDS)
        pids = [worker["pid"] for worker in served.health()["workers"]]
        assert pids
        served.kill()
    eventually(lambda: not any(map(is_running, pids)))
    assert store.crawls("beat")[0]["state"] == "running", "nobody was left to say otherwise"
    site.hold_after = None
    site.released.set()
    with serving(workspace) as served:
        eventually(lambda: is_idle(served, store, crawls=2))
    assert [row["state"] for row in store.crawls("beat")] == ["interrupted", "finished"]
    assert store.count("article_log") == 6


def test_a_second_instance_is_told_who_serves_and_exits_75(workspace: Workspace) -> None:
    with serving(workspace) as served:
        served.health()
        second = workspace.run("serve", check=False)
        assert second.returncode == 75
        assert f"pid {served.process.pid} on host" in second.stderr
        assert served.health()["status"] == "ok"


def test_of_two_simultaneous_starts_exactly_one_serves(workspace: Workspace, store: Store) -> None:
    with ExitStack() as stack:
        both = [stack.enter_context(serving(workspace)) for _ in range(2)]
        eventually(lambda: any(each.process.poll() is not None for each in both))
        (refused,) = [each for each in both if each.process.poll() is not None]
        (serves,) = [each for each in both if each is not refused]
        assert refused.process.returncode == 75, workspace.logs()
        eventually(lambda: is_idle(serves, store))
        assert serves.stop() == 0
    assert len(store.crawls("beat")) == 1


def test_a_taken_port_is_one_clear_line(workspace: Workspace, site: LocalSite) -> None:
    workspace.config["web"] = {"port": int(site.url.rsplit(":", 1)[1])}
    refused = workspace.write().run("serve", check=False)
    assert refused.returncode == 2
    (line,) = [line for line in refused.stderr.splitlines() if not line.startswith("{")]
    assert "Address already in use" in line
    assert "web.port" in line


def test_after_downtime_each_source_is_crawled_once(workspace: Workspace, store: Store) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    with serving(workspace) as served:
        eventually(lambda: is_idle(served, store))
        assert served.stop() == 0
    for stopped in (True, False):  # down, then suspended while it runs
        before = len(store.crawls("beat"))
        with serving(workspace) as served:
            if not stopped:
                served.health()
                served.process.send_signal(signal.SIGSTOP)
            store.write("UPDATE schedule SET due_at = :at", at=long_ago.replace(tzinfo=None))
            if not stopped:
                served.process.send_signal(signal.SIGCONT)
            eventually(lambda: is_idle(served, store, before + 1))  # noqa: B023
            (due,) = served.health()["next"]
            assert datetime.fromisoformat(due["due_at"]) > datetime.now(UTC)
            assert served.stop() == 0
        assert len(store.crawls("beat")) == before + 1


def test_a_crawl_by_hand_beside_it_is_done_by_the_supervisor(
    workspace: Workspace, store: Store, site: LocalSite
) -> None:
    workspace.add("other", "feed", f"{site.url}/feed.xml?other")
    workspace.add("off", "feed", f"{site.url}/feed.xml?off", enabled=False)
    workspace.write()
    with serving(workspace) as served:
        eventually(lambda: is_idle(served, store) and ended(store, "other"))
        asked = workspace.run("crawl", "beat")
        assert f"pid {served.process.pid}" in asked.stdout
        eventually(lambda: is_idle(served, store, crawls=2))
        refused = workspace.run("crawl", "off", check=False)
        assert refused.returncode == 1
        assert "does not know off" in refused.stderr
        assert served.health()["problems"] == []
        assert served.stop() == 0
    assert (len(store.crawls("beat")), len(store.crawls("other"))) == (2, 1)


def test_a_crawl_by_hand_beside_another_is_told_to_try_again(
    workspace: Workspace, site: LocalSite
) -> None:
    site.hold_after = 0
    first = workspace.start("crawl")
    try:
        site.wait_for_articles(1, PATIENCE_SECONDS)
        second = workspace.run("crawl", check=False)
        assert second.returncode == 75
        assert f"`lendwatch crawl` works on this store already: pid {first.pid}" in second.stderr
    finally:
        site.released.set()
        assert first.wait(PATIENCE_SECONDS) == 0


def test_an_interrupted_crawl_by_hand_keeps_what_it_had(
    workspace: Workspace, store: Store, site: LocalSite
) -> None:
    site.hold_after = 3
    process = workspace.start("crawl")
    site.wait_for_articles(4, PATIENCE_SECONDS)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 1
    assert store.crawls("beat")[0]["state"] == "interrupted"
    assert 0 < store.count("article") == store.count("article_log") < 6


def test_three_failures_are_told_once_and_so_is_the_recovery(
    workspace: Workspace, store: Store, site: LocalSite
) -> None:
    feed = "/feed.xml"
    site.answers[feed] = 500
    kinds = ["SourceFailing", "SourceRecovered"]
    with SmtpServer() as server:
        with_mail(workspace, server, topics=[], events=kinds)
        with serving(workspace) as served:
            for crawls in range(1, 8):
                if crawls == 6:
                    del site.answers[feed]
                if crawls > 1:
                    store.write("UPDATE schedule SET due_at = '2026-01-01 00:00:00'")
                eventually(lambda: is_idle(served, store, crawls))  # noqa: B023
                if crawls == 4:
                    (problem,) = served.health()["problems"]
                    assert "beat failed 4 times in a row" in problem
                    assert served.health()["status"] == "degraded"
            assert served.health()["problems"] == []
            assert served.stop() == 0
        told = [each.mail["X-Lendwatch-Event"] for each in server.received]
    assert told == kinds
    events = store.rows("SELECT kind FROM event WHERE source = 'beat' AND story_id IS NULL")
    assert [row["kind"] for row in events] == kinds
    states = [row["state"] for row in store.crawls("beat")]
    assert states == ["failed"] * 5 + ["finished"] * 2


def test_a_changed_timing_takes_effect_at_the_next_start(
    workspace: Workspace, store: Store
) -> None:
    for every, most in (("1d", timedelta(days=1)), ("5m", timedelta(minutes=5))):
        workspace.sources[0]["every"] = every
        workspace.write()
        with serving(workspace) as served:
            eventually(lambda: is_idle(served, store))
            (due,) = served.health()["next"]
            assert served.stop() == 0
        left = datetime.fromisoformat(due["due_at"]) - datetime.now(UTC)
        assert most * 0.5 < left <= most
    assert len(store.crawls("beat")) == 1


def test_a_mail_server_that_is_away_is_told_and_nothing_is_lost(
    workspace: Workspace, store: Store
) -> None:
    with SmtpServer() as server:
        with_mail(workspace, server)
    with serving(workspace) as served:
        problems = eventually(lambda: served.health()["problems"])
        assert problems[0].startswith("mail: ")
        assert served.stop() == 0
    waiting = store.count("outbox", "state = 'pending'")
    assert 0 < waiting == store.count("outbox")


def test_a_store_that_somebody_locks_is_waited_for(workspace: Workspace, store: Store) -> None:
    with serving(workspace) as served:
        eventually(lambda: is_idle(served, store))
        with store.engine.connect() as other:  # BEGIN IMMEDIATE
            other.exec_driver_sql("SELECT 1")
            assert served.health()["status"] == "ok"
            assert workspace.run("search", "催收").returncode == 0
        store.write("UPDATE schedule SET due_at = '2026-01-01 00:00:00'")
        eventually(lambda: is_idle(served, store, crawls=2))
        assert served.stop() == 0


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_all_of_it_works_on_postgresql_and_outlives_lost_connections(
    tmp_path: Path, site: LocalSite, database_url: str
) -> None:
    workspace = Workspace(tmp_path, {"web": {"port": free_port()}, "database": database_url})
    workspace.add("beat", "feed", f"{site.url}/feed.xml")
    workspace.write().run("crawl")
    assert len(workspace.json("search", "催收")) == 6
    assert workspace.json("search", "用錢寶", "--story-only")
    assert workspace.mails
    site.articles += articles(8)[:2]
    with store_of(workspace) as store, serving(workspace) as served:
        served.health()
        # As a restart of the server does: every session ends, the supervisor's lock with its.
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        store.rows(f"{cut} AND datname = current_database()")
        eventually(lambda: holder(store.engine))
        store.write("UPDATE schedule SET due_at = '2026-01-01 00:00:00+00'")
        eventually(lambda: is_idle(served, store, crawls=2))
        # Its lock can be lost once more with a pooled session that ended late: it takes it again.
        eventually(lambda: holder(store.engine))
        second = workspace.run("serve", check=False)
        assert second.returncode == 75
        assert f"pid {served.process.pid} on host" in second.stderr
        assert served.stop() == 0
        assert store.count("article") == 8


def test_it_can_be_started_and_stopped_before_anything_ran(workspace: Workspace) -> None:
    # By Python itself: the others are forked from what has imported all of it.
    command = [*COMMAND, "serve", "-w", str(workspace.folder)]
    (workspace.folder / "logs").mkdir(exist_ok=True)
    log = workspace.folder / "logs" / "process.log"
    with log.open("wb") as told, subprocess.Popen(command, stdout=told, stderr=told) as process:
        eventually(lambda: '"serving"' in workspace.logs())
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
