"""A network of its own with a canary in it: every packet to anywhere but the site is counted.

Run by tests/test_canary.py as `unshare --net --mount python -m …`. The site stands on a public
address (nothing is opened by allow_addresses), names come from a real DNS server through the
system's resolver, and a raw socket sees what leaves on any interface. Prints one JSON object."""

import asyncio
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import structlog
from crawl_worker import CrawlWorkerProcess, crawl_bench
from hostile_forms import FORMS, NAMES, TURNING
from local_site import LocalSite
from network_crawl import fetch_all
from scrapy import Request

from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused
from crawler.posting import AnswerLost, NotSent, Poster
from crawler.proxy import CheckingProxy

SITE = "93.184.216.34"
NAME = "site.news-of-today.com"
DNS = "127.0.0.53"
EPHEMERAL = 32768
OPTIONS = CrawlOptions(
    contact="test@example.invalid",
    delay=timedelta(0),
    connections_per_site=8,
    timeout=timedelta(seconds=20),
    redirects=3,
)
ARTICLE = "<p>" + "用钱宝的多位用户反映，逾期后接到大量电话，要求其在当天之内还清全部欠款。" * 9
# Every address is this machine's own here, so that a packet to any of them is sent, and seen.
COMMANDS = """
link set lo up
route add local default dev lo
-6 route add local ::/0 dev lo
"""


class Canary(threading.Thread):
    """Sees every packet of this network namespace, on all its interfaces."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        everything = socket.ntohs(0x0003)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, everything)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024 * 1024)
        # 8.0.0.1 is public, and what a browser reads in 010.000.000.001: it may go there.
        self.known: set[tuple[str, int]] = {(SITE, 80), (DNS, 53), ("8.0.0.1", 80)}
        self.seen: Counter[str] = Counter()
        self.packets = 0

    def run(self) -> None:
        while True:
            self._note(self._socket.recv(65535))

    def _note(self, packet: bytes) -> None:
        self.packets += 1
        if packet[0] >> 4 == 4:
            protocol, start = packet[9], (packet[0] & 15) * 4
            ends = socket.inet_ntop(2, packet[12:16]), socket.inet_ntop(2, packet[16:20])
        else:
            protocol, start = packet[6], 40
            ends = socket.inet_ntop(10, packet[8:24]), socket.inet_ntop(10, packet[24:40])
        if protocol not in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
            return  # the kernel's own (neighbours, routers, "unreachable")
        ports = struct.unpack_from(">HH", packet, start)
        if ends == ("127.0.0.1", "127.0.0.1") and min(ports) >= EPHEMERAL:
            return  # the browser and our proxy: no form names such a port
        if not self.known & set(zip(ends, ports, strict=True)):
            self.seen[f"{ends[1]} port {ports[1]}"] += 1

    def caught(self) -> dict[str, int]:
        """What was seen since the last time, once all that was sent has been read."""
        before = -1
        while before != self.packets:
            before = self.packets
            time.sleep(0.05)
        found, self.seen = dict(self.seen), Counter()
        return found


class NameServer(threading.Thread):
    """Answers A and AAAA from NAMES; any other name under news-of-today.com is the site."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((DNS, 53))
        self._asked: Counter[tuple[str, int]] = Counter()

    def run(self) -> None:
        while True:
            question, sender = self._socket.recvfrom(4096)
            self._socket.sendto(self._answer(question), sender)

    def _answer(self, question: bytes) -> bytes:
        labels, place = [], 12
        while length := question[place]:
            labels.append(question[place + 1 : place + 1 + length].decode("latin-1").lower())
            place += length + 1
        kind = struct.unpack_from(">H", question, place + 1)[0]
        found = [
            each for each in self._addresses(".".join(labels), kind) if len(each) == LONG[kind]
        ]
        header = question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(found), 0, 0)
        records = (
            b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(each)) + each for each in found
        )
        return header + question[12 : place + 5] + b"".join(records)

    def _addresses(self, name: str, kind: int) -> list[bytes]:
        answers = NAMES.get(name) or ([[SITE]] if name.endswith("news-of-today.com") else [[]])
        turn = self._asked[name, kind]
        self._asked[name, kind] += 1
        answer = answers[min(turn, len(answers) - 1)]
        return [socket.inet_pton(10 if ":" in each else 2, each) for each in answer]


LONG = {1: 4, 28: 16, 65: -1}


class Site(BaseHTTPRequestHandler):
    """/r/N redirects to form N; /robots.txt of rN.… does; lists and a page name them all."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        path = self.path.split("?")[0]
        asked = host.split(".")[0].removeprefix("r") if path == "/robots.txt" else path[3:]
        if (path == "/robots.txt" or path.startswith("/r/")) and asked.isdigit():
            self._redirect(int(asked))
        else:
            kind, body = PAGES.get(path, ("text/html", f"<title>用钱宝催收</title>{ARTICLE}"))
            self._send(404 if path == "/robots.txt" else 200, kind, body.encode())

    def _redirect(self, number: int) -> None:
        self.send_response_only(302)
        location = FORMS[number].encode("utf-8").decode("latin-1")
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: the canary tells."""


def _pages() -> dict[str, tuple[str, str]]:
    forms = [escape(form) for form in FORMS]
    items = "".join(
        f"<item><title>用钱宝催收 {form}</title><link>{form}</link></item>" for form in forms
    )
    locations = "".join(f"<url><loc>{form}</loc></url>" for form in forms)
    links = "".join(f"<a class=t href='{form}'>用钱宝被指暴力催收的长标题</a>" for form in forms)
    pulled = "".join(f"<img src='{form}'><link rel=preconnect href='{form}'>" for form in forms)
    # Each frame of an error page is a page: a dozen of each kind of form.
    pulled += "".join(f"<iframe src='{form}'></iframe>" for form in forms[::20])
    fetched = (
        f"for (const u of {json.dumps(FORMS)}) {{ try {{ fetch(u).catch(e => 1) }} catch (e) {{}}"
        " try { new WebSocket(u.replace('http', 'ws')) } catch (e) {} }"
    )
    own = "<link>http://site.news-of-today.com/own.html</link>"
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return {
        "/feed.xml": (
            "application/rss+xml",
            f"<rss version='2.0'><channel><item><title>a</title>{own}</item>{items}</channel></rss>",
        ),
        "/sitemap.xml": ("application/xml", f"<urlset xmlns='{space}'>{locations}</urlset>"),
        "/listing": ("text/html", f"<a class=t href=/listed.html>x</a>{links}"),
        "/browsed.html": (
            "text/html",
            f"<title>用钱宝催收</title>{ARTICLE}<script>{fetched}</script>{pulled}",
        ),
    }


PAGES = _pages()


def _requestable(form: str) -> bool:
    try:
        Request(form)
    except ValueError:
        return False
    return True


def outcomes(urls: list[str]) -> dict[str, int]:
    """How direct fetches of these ended, by name."""
    return dict(Counter(str(each.outcome) for each in fetch_all(urls, OPTIONS).values()))


def lists(browser: bool) -> dict[str, Any]:
    """Real crawls of the lists that name every form, and of the page in a browser."""
    folder = Path(sys.argv[1])
    named = LocalSite([], url=f"http://{NAME}")
    found: dict[str, Any] = {}
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("feed", "/feed.xml", {}),
        ("sitemap", "/sitemap.xml", {}),
        ("listing", "/listing", {"selectors": {"links": "a.t"}}),
    ]
    if browser:
        kinds.append(("page", "/browsed.html", {"browser": True}))
    with CrawlWorkerProcess() as worker:
        for kind, path, more in kinds:
            # A store each: what failed in one crawl rests in the next.
            with crawl_bench(folder, worker, f"sqlite:///{folder}/{kind}.db") as bench:
                result = bench.crawl(named, kind, path, options=OPTIONS, **more)
            found[kind] = {"articles": result.articles, "failures": result.failures}
    return found


async def posted(urls: list[str]) -> dict[str, int]:
    """How a webhook's POSTs to these ended."""
    ended: Counter[str] = Counter()
    async with Poster((), timedelta(seconds=2)) as poster:
        limit = asyncio.Semaphore(32)

        async def ask(url: str) -> None:
            async def before_sending() -> None:
                """Nothing to put on record."""

            async with limit:
                try:
                    await poster.post(url, b"{}", {}, before_sending)
                except FetchRefused as refusal:
                    ended[str(refusal.outcome)] += 1
                except (NotSent, AnswerLost) as problem:
                    ended[type(problem).__name__] += 1
                else:
                    ended["answered"] += 1

        await asyncio.gather(*map(ask, urls))
    return dict(ended)


async def through_proxy(canary: Canary) -> dict[str, int]:
    """Each form as a plain request and as a tunnel, as a browser would ask the proxy."""
    answers: Counter[str] = Counter()
    async with CheckingProxy() as proxy:
        port = int(proxy.url.rsplit(":", 1)[1])
        canary.known.add(("127.0.0.1", port))
        limit = asyncio.Semaphore(32)

        async def ask(line: str) -> None:
            async with limit:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"{line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                answer = await reader.read(1024)
                answers[answer[9:12].decode() or "closed"] += 1
                writer.close()

        asked = [f"GET {form.strip()}" for form in FORMS]
        asked += [f"CONNECT {form.split('//')[-1].split('/')[0]}:80" for form in FORMS]
        await asyncio.gather(*map(ask, asked))
    return dict(answers)


def check_canary(canary: Canary) -> int:
    """What a client without a guard would send is seen: the canary sings."""
    targets = [("10.1.2.3", 80), ("127.0.0.2", 80), ("169.254.169.254", 80)]
    for target in targets:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            client.setblocking(False)
            client.connect_ex(target)
    return len(canary.caught())


def main() -> None:
    # Each refusal is logged; standard output is for the answer.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for command in filter(None, COMMANDS.splitlines()):
        subprocess.run(["ip", *command.split()], check=not command.startswith("-6"))
    resolv = Path(sys.argv[1]) / "resolv.conf"
    resolv.write_text(f"nameserver {DNS}\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", str(resolv), "/etc/resolv.conf"], check=True)
    canary = Canary()
    canary.start()
    NameServer().start()
    server = ThreadingHTTPServer((SITE, 80), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    told: dict[str, Any] = {"forms": len(FORMS), "sings": check_canary(canary)}
    numbers = range(len(FORMS))
    turning = [f"http://turn{n}.evil.com/{page}" for n in range(len(TURNING)) for page in "abc"]
    ways: dict[str, Callable[[], Any]] = {
        "ok": lambda: outcomes([f"http://{NAME}/ok"]),
        "page": lambda: outcomes([form for form in FORMS if _requestable(form)]),
        "redirect": lambda: outcomes([f"http://{NAME}/r/{n}" for n in numbers]),
        "robots": lambda: outcomes([f"http://r{n}.news-of-today.com/x" for n in numbers]),
        "before turning": lambda: outcomes(turning),
        "rebinding": lambda: outcomes(turning),
        "webhook": lambda: asyncio.run(posted([*FORMS, *turning, f"http://{NAME}/hook"])),
        "proxy": lambda: asyncio.run(through_proxy(canary)),
        "lists": lambda: lists(browser=sys.argv[2] == "browser"),
    }
    for way, take in ways.items():
        began = time.monotonic()
        told[way] = {"ended": take(), "seconds": round(time.monotonic() - began, 2)}
        told[way]["packets"] = canary.caught()
        print(way, told[way]["seconds"], file=sys.stderr)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
