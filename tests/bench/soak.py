"""A long run over every way a fetch can end: memory and file descriptors must stay flat.

    python -m tests.bench.soak [FETCHES]

A real crawl worker crawls feed after feed of a misbehaving site until so many fetches (5,000) were
made, article pages and those that failed; retries are not counted. One line a figure: resident
memory and open descriptors of the worker at its start, at each quarter and at the end, then how
the fetches ended. The first quarter warms up: libraries load, pools and caches fill."""

import gzip
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawl_worker import LOCAL, Bench, crawl_bench
from local_site import LocalArticle, LocalSite
from network_site import Answer, NetworkSite

FETCHES = 5_000
EACH = 8  # addresses of every kind in one feed
OPTIONS = LOCAL.model_copy(
    update={
        "timeout": timedelta(seconds=1),
        "page_bytes": 256 * 1024,
        "redirects": 3,
        "connections_per_site": 8,
        "path_budget": 1_000_000,
    }
)
HTML = {"Content-Type": "text/html; charset=utf-8"}
BOMB = gzip.compress(bytes(4 * 1024 * 1024))
CAPTCHA = "<title>安全验证</title><p>访问过于频繁，请拖动下方滑块完成拼图后继续访问。</p>".encode()


@dataclass(frozen=True, slots=True)
class Point:
    """The worker at one moment: fetches so far, resident memory, open file descriptors."""

    fetches: int
    resident_bytes: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class Soak:
    """What a soak saw: at the start, at each quarter, at the end; and how fetches ended."""

    points: tuple[Point, ...]
    endings: Mapping[str, int]
    seconds: float


class Kinds:
    """The site: `/kind/…` ends as its kind says; `/feed/N` lists EACH addresses of all kinds."""

    def __init__(self) -> None:
        self.answers = {
            "missing": Answer(404),
            "gone": Answer(410),
            "forbidden": Answer(403),
            "error": Answer(500),
            "busy": Answer(429, b"", {"Retry-After": "0"}),
            "away": Answer(503, b"", {"Retry-After": "0"}),
            "teapot": Answer(418),
            "captcha": Answer(200, CAPTCHA, HTML),
            "large": Answer(200, b"x" * 300_000),
            "bomb": Answer(200, BOMB, {"Content-Encoding": "gzip"}),
            "garbled": Answer(200, b"<html>plain</html>", {"Content-Encoding": "br"}),
            "garbage": Answer(200, b"<html><body><p>" + b"\xff\x80\xfe" * 3000, HTML),
            "loop": Answer(302, b"", {"Location": "/loop/again"}),
            "inside": Answer(302, b"", {"Location": "http://10.0.0.1/"}),
            "disguise": Answer(302, b"", {"Location": "http://2130706433/"}),
            "secret": Answer(),
            "cut": Answer(200, b"<html>", close_early=True),
            "empty": Answer(200, b""),
            "menu": Answer(200, b"<html><body><a href=/>home</a></body></html>", HTML),
            "paper": Answer(200, b"%PDF-1.7 \x00\x01", {"Content-Type": "application/pdf"}),
            "hidden": Answer(200, b"<head><meta name=robots content=noindex></head>", HTML),
        }
        self.url = self.tls = ""
        self.slow = Answer(200, b"x" * 99, drip=0.5)
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            self.closed_port = closed.getsockname()[1]

    def page(self, path: str) -> Answer:
        kind, _, number = path.strip("/").partition("/")
        if path == "/robots.txt":
            return Answer(200, b"User-agent: *\nDisallow: /secret/\n")
        if kind == "feed":
            return self._feed(int(number))
        if kind == "article":
            page = LocalArticle(int(number), name="用钱宝" if int(number) % 2 else "某银行")
            return Answer(200, page.html().encode(), HTML)
        return self.slow if kind == "slow" else self.answers.get(kind, Answer(404))

    def _feed(self, number: int) -> Answer:
        links = [f"{self.url}/article/{number * EACH + n}" for n in range(EACH)]
        links += [f"{self.url}/{kind}/{number}-{n}" for kind in self.answers for n in range(EACH)]
        links += [f"http://127.0.0.1:{self.closed_port}/{number}", f"http://10.0.0.1/{number}"]
        links += [f"{self.tls}/{number}", f"{self.url}/slow/{number}"]
        links += [f"http://no-such-host.invalid/{number}"]
        items = "".join(
            f"<item><title>x</title><link>{escape(each)}</link></item>" for each in links
        )
        body = f"<rss version='2.0'><channel><title>f</title>{items}</channel></rss>"
        return Answer(200, body.encode(), {"Content-Type": "application/rss+xml"})


class KindsSite(NetworkSite):
    """A NetworkSite whose pages are made when they are asked for, and that remembers none."""

    def __init__(self, kinds: Kinds) -> None:
        super().__init__({})
        self.pages = Pages(kinds)
        self.requests = Forgetful()


class Pages(dict[str, Answer]):
    def __init__(self, kinds: Kinds) -> None:
        super().__init__()
        self.kinds = kinds

    def get(self, path: str, _default: Answer | None = None) -> Answer:
        return self.kinds.page(path)


class Forgetful(list):
    def append(self, _: object) -> None:
        """Nothing is kept: the soak is long."""


@contextmanager
def kinds_site() -> Iterator[LocalSite]:
    kinds = Kinds()
    plain = NetworkSite({}, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with KindsSite(kinds) as site, plain:
        kinds.url, kinds.tls = site.url, plain.url.replace("http:", "https:")
        yield LocalSite([], url=site.url)


def soak(fetches: int) -> Soak:
    """Crawl until `fetches` were made, and measure the worker on the way."""
    began = time.monotonic()
    endings: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        kinds_site() as site,
        crawl_bench(Path(folder)) as bench,
    ):
        crawl(bench, site, 0)  # what every crawl needs is loaded
        points = [point(bench, 0)]
        done = number = 0
        while done < fetches:
            number += 1
            found = crawl(bench, site, number)
            endings += found
            done = endings.total()
            if done * 4 >= fetches * len(points):
                points.append(point(bench, done))
        assert bench.worker.problems() == []
    return Soak(tuple(points), dict(sorted(endings.items())), time.monotonic() - began)


def crawl(bench: Bench, site: LocalSite, number: int) -> Counter[str]:
    """Crawl one feed, and a page in place of one; all endings by name."""
    not_one = bench.crawl(site, "feed", f"/menu/{number}", options=OPTIONS)
    result = bench.crawl(site, "feed", f"/feed/{number}", options=OPTIONS, max_articles=1000)
    kept = {"kept": result.articles, "skipped": result.skipped, "unchanged": result.unchanged}
    return Counter({**kept, **result.failures}) + Counter(not_one.failures)


def point(bench: Bench, fetches: int) -> Point:
    descriptors = len(list(Path(f"/proc/{bench.worker.process.pid}/fd").iterdir()))
    return Point(fetches, bench.worker.resident_bytes(), descriptors)


def main() -> None:
    fetches = int(sys.argv[1]) if len(sys.argv) > 1 else FETCHES
    seen = soak(fetches)
    for each in seen.points:
        memory = each.resident_bytes / 1024 / 1024
        print(f"soak fetches {each.fetches:5}: {memory:6.1f} MiB, {each.descriptors} descriptors")
    first, last = seen.points[1], seen.points[-1]
    growth = (last.resident_bytes - first.resident_bytes) / 1024
    per_fetch = growth / max(1, last.fetches - first.fetches)
    print(f"soak growth since the first quarter: {growth:.0f} KiB, {per_fetch:.2f} KiB a fetch")
    print(f"soak {len(seen.endings)} endings in {seen.seconds:.0f} s: {dict(seen.endings)}")


if __name__ == "__main__":
    main()
