"""RFC 9309 over a real server, and every real robots.txt of the corpus."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from network_crawl import LOCAL, fetch, fetch_all
from network_site import Answer, NetworkSite

from crawler.log.manners import RobotsFile
from crawler.options import CrawlOptions
from crawler.outcomes import Outcome
from crawler.robots import RobotsCache, Rules, product_token, read_robots

CORPUS = Path(os.environ.get("LENDWATCH_SHARED", Path(__file__).parents[2] / "shared")) / "corpus"
CLOSED = b"User-agent: *\nDisallow: /\n"
SECRET = b"User-agent: *\nDisallow: /secret\nAllow: /secret/open\n"


@pytest.mark.parametrize(
    ("status", "body", "page", "secret"),
    [
        (200, SECRET, True, False),
        (200, b"\xef\xbb\xbf" + SECRET, True, False),
        (200, SECRET.replace(b"\n", b"\r"), True, False),
        (200, b"", True, True),
        (200, b"<html><body>Disallow: / is what we say</body></html>", True, True),
        (200, b"User-agent: lendwatch\nDisallow: /secret\n\n" + CLOSED, True, False),
        (200, b"User-agent: LendWatch\nAllow: /\n\n" + CLOSED, True, True),
        (200, b"User-agent: other\nDisallow: /\n", True, True),
        (200, CLOSED, False, False),
        (200, b"\xff\xfe\x00garbage\nUser-agent: *\nDisallow: /secret", True, False),
        (204, b"", True, True),
        (301, b"", True, True),
        (400, CLOSED, True, True),
        (404, CLOSED, True, True),
        (410, CLOSED, True, True),
        (451, CLOSED, True, True),
        (401, b"", False, False),
        (403, b"", False, False),
        (429, b"", False, False),
        (500, SECRET, False, False),
        (503, b"", False, False),
    ],
)
def test_an_answer_stands_for_rules(status, body, page, secret):
    rules = read_robots(status, body)
    assert rules.allow("http://a.com/page", "lendwatch") is page
    assert rules.allow("http://a.com/secret/x", "lendwatch") is secret


def test_rules_beyond_the_limit_are_not_read_and_a_cut_line_is_dropped():
    filler = b"# " + b"x" * 1000 + b"\n"
    body = filler * 600 + b"User-agent: *\nDisallow: /\n"
    assert read_robots(200, body, 512 * 1024).allow("http://a.com/x", "lendwatch")
    cut = b"User-agent: *\nDisallow: /secret-long\n"
    assert read_robots(200, cut, len(cut) - 6).allow("http://a.com/secret", "lendwatch")


def test_seven_megabytes_of_rules_are_read_in_a_moment():
    body = b"User-agent: *\n" + b"".join(b"Disallow: /p%07d/*/x$\n" % n for n in range(300_000))
    started = time.process_time()
    rules = read_robots(200, body)
    assert time.process_time() - started < 5  # protego alone takes 11 s on all of it
    assert not rules.allow("http://a.com/p0000001/a/x", "lendwatch")


@pytest.mark.parametrize(
    ("line", "delay"),
    [("10", 10), ("0.5", 0.5), ("0", 0), ("-3", 0), ("soon", 0), ("", 0), ("10s", 0)],
)
def test_a_crawl_delay_is_seconds_or_nothing(line, delay):
    rules = read_robots(200, f"User-agent: *\nCrawl-delay: {line}\n".encode())
    assert rules.delay("lendwatch") == delay


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "robots").is_dir(), reason="no corpus")
def test_every_real_file_parses():
    lines = (CORPUS / "robots" / "index.jsonl").read_text("utf-8").splitlines()
    for known in map(json.loads, lines):
        rules = read_robots(200, (CORPUS / "robots" / "files" / known["file"]).read_bytes())
        rules.allow(f"https://{known['host']}/news/2024/1.html?a=1", "lendwatch")
        assert rules.delay("lendwatch") >= 0
        if known["looks_html"]:
            assert rules.allow(f"https://{known['host']}/", "lendwatch")


def test_rules_hold_a_day_and_outlast_a_failure():
    now = [0.0]
    cache = RobotsCache(lambda: now[0])
    open_, shut = read_robots(200, b""), read_robots(503, b"")
    assert cache.put("http://a.com", open_) is open_
    now[0] = 24 * 3600 - 1
    assert cache.get("http://a.com") is open_
    now[0] = 24 * 3600 + 1
    assert cache.get("http://a.com") is None
    assert cache.put("http://a.com", shut) is open_
    assert cache.get("http://a.com") is open_
    now[0] += 301
    assert cache.get("http://a.com") is None


def test_an_unreachable_file_is_asked_for_again_after_minutes():
    now = [0.0]
    cache = RobotsCache(lambda: now[0])
    shut = Rules(None, everything=False, reason="down", reached=False)
    assert cache.put("http://a.com", shut) is shut
    now[0] = 299
    assert cache.get("http://a.com") is shut
    now[0] = 301
    assert cache.get("http://a.com") is None


def test_another_processs_answer_holds_for_the_rest_of_its_day_and_thirty_when_unreachable():
    def kept(age: float, body: bytes | None = b"User-agent: *\nDisallow: /a") -> RobotsFile:
        at = datetime.fromtimestamp(now[0] - age, UTC)
        return RobotsFile("http://a.com", at, body, body is not None, "robots.txt")

    day, now = 24 * 3600, [1e9]
    shut = read_robots(503, b"")
    busy = read_robots(429, b"")
    assert (busy.reached, busy.outcome) == (False, Outcome.THROTTLED), "says nothing of the rules"
    for age, known, stands_in in (
        (day - 60, True, True),
        (day + 60, False, True),
        (28 * day, False, True),
        (31 * day, False, False),
        (-60, False, False),  # from a clock that is ahead of ours
    ):
        cache = RobotsCache(lambda: now[0])
        assert (cache.take_up("http://a.com", kept(age)) is not None) is known, age
        now[0] += day
        then = cache.put("http://a.com", shut)
        assert then.allow("http://a.com/b", "lendwatch") is stands_in, age
        assert not then.allow("http://a.com/a", "lendwatch")
    cache = RobotsCache(lambda: now[0])
    closed = cache.take_up("http://a.com", kept(60, None))
    assert closed is not None, "a 403 is an answer"
    assert not closed.allow("http://a.com/b", "lendwatch")


def test_the_product_token_is_the_name_before_the_version():
    assert product_token("lendwatch/0.1 (+https://a.com)") == "lendwatch"
    assert product_token("lendwatch") == "lendwatch"
    assert product_token(CrawlOptions().user_agent) == "lendwatch"


def test_many_pages_of_a_site_ask_for_its_robots_once():
    with NetworkSite({"/robots.txt": Answer(200, SECRET, wait=0.2), "*": Answer()}) as site:
        urls = [f"{site.url}/{n}" for n in range(12)] + [f"{site.url}/secret/{n}" for n in range(3)]
        results = fetch_all(urls)
    assert site.paths().count("/robots.txt") == 1
    assert not [path for path in site.paths() if "secret" in path]
    outcomes = [results[url].outcome for url in urls]
    assert outcomes == [Outcome.OK] * 12 + [Outcome.ROBOTS] * 3
    assert "refused to lendwatch" in results[urls[-1]].message


def test_a_redirect_into_forbidden_ground_is_refused_there():
    pages = {
        "/robots.txt": Answer(200, SECRET),
        "/a": Answer(302, b"", {"Location": "/secret"}),
        "/secret": Answer(),
    }
    with NetworkSite(pages) as site:
        assert fetch(f"{site.url}/a").outcome is Outcome.ROBOTS
        assert "/secret" not in site.paths()


def test_robots_redirects_are_followed_five_times():
    hops = {f"/r{n}": Answer(301, b"", {"Location": f"/r{n + 1}"}) for n in range(1, 9)}
    closed = {"/r5": Answer(200, CLOSED), "/robots.txt": Answer(301, b"", {"Location": "/r1"})}
    with NetworkSite({**hops, **closed, "/a": Answer()}) as site:
        assert fetch(f"{site.url}/a").outcome is Outcome.ROBOTS
    endless = {"/robots.txt": Answer(301, b"", {"Location": "/r1"})}
    with NetworkSite({**hops, **endless, "/a": Answer()}) as site:
        assert fetch(f"{site.url}/a").outcome is Outcome.OK
        assert "/r6" not in site.paths()


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (Answer(500), Outcome.SERVER_ERROR),
        (Answer(403), Outcome.ROBOTS),
        (Answer(404), Outcome.OK),
        (Answer(200, b"x", {"Content-Encoding": "gzip"}), Outcome.ENCODING),
        (Answer(200, SECRET, close_early=True), Outcome.BROKEN),
        (Answer(302, b"", {"Location": "http://10.0.0.1/robots.txt"}), Outcome.BLOCKED_ADDRESS),
    ],
)
def test_a_page_whose_rules_cannot_be_had_ends_by_the_name_of_the_reason(robots, outcome):
    with NetworkSite({"/robots.txt": robots, "/a": Answer()}) as site:
        assert fetch(f"{site.url}/a").outcome is outcome
        assert ("/a" in site.paths()) is (outcome is Outcome.OK)


def test_a_robots_file_of_any_size_is_cut_on_the_wire():
    body = SECRET + b"# x\n" * 3_000_000
    options = CrawlOptions(**{**LOCAL.model_dump(), "page_bytes": 1024 * 1024})
    with NetworkSite({"/robots.txt": Answer(200, body), "*": Answer()}) as site:
        results = fetch_all([f"{site.url}/a", f"{site.url}/secret"], options)
    assert [ended.outcome for ended in results.values()].count(Outcome.OK) == 1
    assert results[f"{site.url}/secret"].outcome is Outcome.ROBOTS


def test_a_site_that_is_down_is_disallowed():
    with NetworkSite({}) as site:
        url = site.url
    assert fetch(f"{url}/a").outcome is Outcome.REFUSED
    assert fetch("http://no-such-host.invalid/").outcome is Outcome.DNS
