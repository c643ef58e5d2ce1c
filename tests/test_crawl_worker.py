"""The crawl worker as a supervisor meets it: jobs in, events out, signals, crashes, memory."""

import os
import select
import signal
import subprocess
import sys
import threading

import pytest
from crawl_worker import LOCAL, PATIENCE_SECONDS, CrawlWorkerProcess, crawl_bench
from local_site import LocalArticle, LocalSite, articles, serve
from serving import eventually

from crawler.crawl import CrawlResult
from crawler.crawling import SharedSettings
from crawler.log.looks import looks_after
from crawler.log.seen import find_seen
from crawler.preview import PreviewJob, preview
from seeds.loader import load_watchlist
from seeds.models import Source


@pytest.fixture
def bench(tmp_path):
    with crawl_bench(tmp_path) as bench:
        yield bench


@pytest.fixture
def site():
    with serve(LocalSite(articles(12))) as site:
        yield site
        site.released.set()


def logged_numbers(bench) -> list[int]:
    return sorted(int(path.split("/")[1].split(".")[0]) for path in bench.paths())


def test_a_crawl_is_told_from_start_to_finish(bench, site):
    job = bench.job(site, "feed", "/feed.xml")
    bench.worker.send(job)
    events = [bench.worker.next_event()]
    while events[-1]["event"] != "finished":
        events.append(bench.worker.next_event())
    assert events[0]["event"] == "started"
    assert (events[0]["crawl_id"], events[0]["source"]) == (job.crawl_id, "local-feed")
    assert {event["event"] for event in events[1:-1]} <= {"progress"}
    assert {event["crawl_id"] for event in events} == {job.crawl_id}
    del events[-1]["event"]
    result = CrawlResult.model_validate(events[-1])
    assert (result.state, result.pages, result.articles) == ("finished", 12, 12)
    assert result.started_at <= result.finished_at


def test_what_one_crawl_sets_is_no_other_crawls():
    shared = SharedSettings({"USER_AGENT": "all", "EXTENSIONS": {"one": 1}})
    own, other = shared.copy(), shared.copy()
    own.set("USER_AGENT", "own", priority="spider")
    own["EXTENSIONS"]["two"] = 2
    assert own["USER_AGENT"] == "own"
    assert (shared["USER_AGENT"], other["USER_AGENT"]) == ("all", "all")
    assert "two" not in shared["EXTENSIONS"]
    assert "two" not in other["EXTENSIONS"]


def test_progress_is_told_while_a_crawl_runs(bench, site):
    site.hold_after = 6
    job = bench.job(site, "feed", "/feed.xml")
    bench.worker.send(job)
    site.wait_for_articles(7)
    site.released.wait(0.6)  # longer than the worker keeps quiet
    site.released.set()
    events = []
    while not events or events[-1]["event"] != "finished":
        events.append(bench.worker.next_event())
    told = [event["articles"] for event in events if event["event"] == "progress"]
    assert told
    assert all(0 < articles <= 12 for articles in told)


def test_several_crawls_run_at_once(bench, site):
    with serve(LocalSite(articles(3), hold_after=0)) as slow:
        waiting = bench.job(slow, "feed", "/feed.xml")
        bench.worker.send(waiting)
        slow.wait_for_articles(1)
        # The first is stuck in the middle; the second comes through meanwhile.
        assert bench.crawl(site, "feed", "/feed.xml").articles == 12
        slow.released.set()
        assert bench.worker.result_of(waiting).articles == 3


def test_a_line_that_is_no_job_is_refused_and_the_next_is_taken(bench, site):
    bench.worker.send_line(b'{"crawl_id": 7}')
    event = bench.worker.next_event()
    assert event["event"] == "refused"
    assert "not a crawl job" in event["message"]
    assert bench.crawl(site, "feed", "/feed.xml").state == "finished"


def test_at_the_end_of_input_crawls_in_hand_are_finished(bench, site):
    site.hold_after = 3
    job = bench.job(site, "feed", "/feed.xml")
    bench.worker.send(job)
    site.wait_for_articles(4)
    bench.worker.process.stdin.close()
    site.released.set()
    assert bench.worker.result_of(job).articles == 12
    assert bench.worker.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_interrupts_crawls_and_keeps_what_they_had(bench, site, number):
    site.hold_after = 3
    job = bench.job(site, "feed", "/feed.xml")
    bench.worker.send(job)
    site.wait_for_articles(4)
    bench.worker.process.send_signal(number)
    wait_until_logged(bench, "worker.stopping")
    site.released.set()
    result = bench.worker.result_of(job)
    assert result.state == "interrupted"
    assert result.failures == {}
    assert bench.worker.wait() == 0
    assert len(bench.logged()) == result.articles >= 3
    # The feed was not dealt with: the next crawl reads it and fetches the rest, once each.
    with CrawlWorkerProcess() as worker:
        rest = worker.crawl(bench.job(site, "feed", "/feed.xml"))
    assert rest.articles == 12 - result.articles
    assert logged_numbers(bench) == list(range(1, 13))


def test_a_signal_among_looks_keeps_those_that_were_made(bench, site):
    bench.crawl(site, "feed", "/feed.xml")
    site.hold_after = 12 + 3
    urls = tuple(f"{site.url}/article/{number}.html" for number in range(1, 13))
    job = bench.job(site, "feed", "/feed.xml").model_copy(update={"rechecks": urls})
    bench.worker.send(job)
    site.wait_for_articles(12 + 4)
    bench.worker.process.send_signal(signal.SIGTERM)
    wait_until_logged(bench, "worker.stopping")
    site.released.set()
    result = bench.worker.result_of(job)
    assert bench.worker.wait() == 0
    assert (result.state, result.failures, bench.worker.problems()) == ("interrupted", {}, [])
    with bench.engine.connect().execution_options(lendwatch_read=True) as connection:
        made = [each.look.outcome for each in looks_after(connection, 0, 100)]
    assert made == ["unchanged"] * len(made)
    assert 3 <= len(made) == result.unchanged - 1  # its feed was unchanged, too


def test_after_kill_9_nothing_is_lost_and_nothing_doubled(bench, tmp_path):
    with serve(LocalSite(articles(150), hold_after=90)) as site:
        bench.worker.send(bench.job(site, "feed", "/feed.xml"))
        site.wait_for_articles(91)
        eventually(bench.logged)  # of the 90 that were answered some are committed
        bench.worker.process.kill()
        bench.worker.wait()
        had = len(bench.logged())
        assert 0 < had < 150
        site.released.set()
        with CrawlWorkerProcess() as worker:
            result = worker.crawl(bench.job(site, "feed", "/feed.xml"))
        assert (result.state, result.articles) == ("finished", 150 - had)
        assert logged_numbers(bench) == list(range(1, 151))


def test_what_cannot_be_committed_is_not_counted_and_is_fetched_again(bench, site):
    with bench.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON article_log WHEN NEW.url LIKE '%/7.html' "
            "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
    result = bench.crawl(site, "feed", "/feed.xml")
    assert result.failures == {"store": 1}
    assert result.articles == len(bench.logged()) == 11
    with bench.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    bench.crawl(site, "feed", "/feed.xml")
    assert logged_numbers(bench) == list(range(1, 13))


def test_a_worker_whose_reader_is_gone_stops_without_a_stack_trace(bench, site):
    job = bench.job(site, "feed", "/feed.xml")
    with subprocess.Popen(
        [sys.executable, "-m", "crawler.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        process.stdin.write(job.model_dump_json().encode() + b"\n")
        process.stdin.flush()
        told = process.stderr.read().decode()
        process.wait(PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "worker.orphaned" in told
    assert "Traceback" not in told


def test_a_worker_dies_with_its_parent(tmp_path):
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'crawler.run'], stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE, start_new_session=True)\n"
        "child.stdin.write(b'{}\\n'); child.stdin.flush()\n"
        "child.stdout.readline()\n"  # it answered: it is past its start
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    pid = int(parent.stdout.readline())
    watched = os.pidfd_open(pid)
    parent.kill()
    parent.wait()
    gone = threading.Event()
    threading.Thread(target=lambda: (wait_readable(watched), gone.set()), daemon=True).start()
    assert gone.wait(PATIENCE_SECONDS)
    parent.stdin.close()
    parent.stdout.close()


def test_a_worker_has_a_session_of_its_own():
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    process.stdin.write(b"{}\n")
    process.stdin.flush()
    process.stdout.readline()
    assert os.getsid(process.pid) == process.pid
    process.communicate()


def test_an_edit_of_the_watchlist_counts_from_the_next_crawl_on(bench):
    with serve(LocalSite([LocalArticle(1, name="某某贷款")])) as site:
        assert bench.crawl(site, "page", "/article/1.html").skipped == 1
        platforms = bench.folder / "platforms.yaml"
        platforms.write_text(platforms.read_text() + "  - name: 某某贷款\n", encoding="utf-8")
        assert bench.crawl(site, "page", "/article/1.html").articles == 1


def test_a_mistake_in_the_watchlist_fails_the_crawl_with_its_place(bench, site):
    (bench.folder / "platforms.yaml").write_text("platforms:\n  - nmae: x\n", encoding="utf-8")
    result = bench.crawl(site, "feed", "/feed.xml")
    assert (result.state, result.failures) == ("failed", {"seeds": 1})
    assert "platforms.yaml:2" in result.message


def test_a_thousand_pages_stay_under_300_mib(bench):
    with serve(LocalSite(articles(1000))) as site:
        result = bench.crawl(site, "sitemap", "/sitemap.xml", max_articles=1000)
    assert (result.state, result.articles) == ("finished", 1000)
    assert bench.worker.resident_bytes("VmHWM") < 300 * 1024 * 1024


def test_a_preview_shows_what_would_be_collected_and_stores_nothing(bench, site):
    site.edit(11, name="某银行理财")
    site.answers["/article/10.html"] = 404
    watchlist = load_watchlist(bench.folder)
    source = Source(name="beat", kind="feed", url=f"{site.url}/feed.xml")
    shown = preview(PreviewJob(source=source, watchlist=watchlist, options=LOCAL))
    assert (shown.state, shown.failures) == ("finished", {"not-found": 1})
    assert len(shown.pages) == 10
    pages = {page.url.rsplit("/", 1)[1]: page for page in shown.pages}
    kept = pages["12.html"]
    assert (kept.outcome, kept.platforms, kept.topics) == ("kept", ("用钱宝",), ("collection",))
    assert kept.title == "用钱宝被指暴力催收 第12位用户讲述经历"
    assert kept.published_at.isoformat() == "2026-11-24T10:12:00+08:00"
    assert kept.characters > 100
    assert pages["11.html"].outcome == "skipped"
    assert pages["10.html"].outcome == "not-found"
    assert bench.logged() == []


def test_a_preview_of_a_dead_source_says_why(bench, site):
    source = Source(name="beat", kind="feed", url=f"{site.url}/page-instead.xml")
    watchlist = load_watchlist(bench.folder)
    shown = preview(PreviewJob(source=source, watchlist=watchlist, options=LOCAL))
    assert (shown.state, shown.pages) == ("failed", ())
    assert shown.message.startswith("not-a-feed: ")


def test_what_was_kept_is_seen_with_its_validators(bench, site):
    bench.crawl(site, "feed", "/feed.xml", max_articles=1)
    url = f"{site.url}/article/12.html"
    with bench.engine.connect() as connection:
        seen = find_seen(connection, [url])[url]
    assert seen.etag.startswith('"')
    assert seen.last_modified.endswith("GMT")
    assert len(seen.raw_hash) == 64


def wait_until_logged(bench, event: str) -> None:
    arrived = threading.Event()
    for _ in range(PATIENCE_SECONDS * 50):
        if any(line.get("event") == event for line in list(bench.worker.log)):
            return
        arrived.wait(0.02)
    raise AssertionError(f"the worker never said {event}")


def wait_readable(descriptor: int) -> None:
    select.select([descriptor], [], [])
