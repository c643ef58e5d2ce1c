"""Pages whose scripts misbehave, for the local site, each with what must come of it.

Every page shows an article unless it says otherwise. `CANARY` in a page stands for an address that is
not allowed; nothing may reach it."""

from collections.abc import Iterator
from dataclasses import dataclass

from local_site import LocalArticle

CANARY = "CANARY"


@dataclass(frozen=True)
class Scripted:
    """A page: `script` runs in it; `outcomes` are the ways in which its fetch may end."""

    name: str
    script: str
    outcomes: tuple[str, ...] = ("kept",)
    has_article: bool = True

    def html(self, number: int, canary: str) -> bytes:
        page = LocalArticle(number).html() if self.has_article else "<html><body></body></html>"
        script = f"<script>{self.script.replace(CANARY, canary)}</script>"
        return page.replace("</body>", f"{script}</body>").encode()


PAGES = (
    Scripted("endless-script", "while (true) {}", ("timeout",)),
    Scripted("alert", "alert('催收'); confirm('?'); prompt('?');"),
    Scripted("alert-storm", "setInterval(() => alert('再来'), 10);"),
    Scripted("leave-me-not", "onbeforeunload = () => '确定离开？'; addEventListener('unload', () => alert(1));"),
    Scripted(
        "pop-up",
        "open('CANARY/popup'); open('/closed/popup'); open('/open/popup');"
        "const a = document.createElement('a'); a.target = '_blank'; a.href = '/open/blank'; a.click();",
    ),
    Scripted("download", "setTimeout(() => { location.href = '/file.zip'; }, 50);"),
    Scripted("service-worker", "navigator.serviceWorker?.register('/worker.js').catch(() => 0);"),
    Scripted("socket", "new WebSocket('CANARY/socket'.replace('http', 'ws')); new WebSocket('ws://169.254.169.254/');"),
    Scripted(
        "reach",
        "fetch('CANARY/fetch', {mode: 'no-cors'}).catch(() => 0); navigator.sendBeacon('CANARY/beacon');"
        "for (const tag of ['iframe', 'img', 'script', 'embed']) { const e = document.createElement(tag);"
        " e.src = 'CANARY/' + tag; document.body.append(e); }"
        "const o = document.createElement('link'); o.rel = 'prefetch'; o.href = 'CANARY/prefetch';"
        "document.head.append(o); new EventSource('CANARY/events');"
        "new Worker(URL.createObjectURL(new Blob([\"fetch('CANARY/in-worker')\"])));"
        "fetch('/to-canary').catch(() => 0); fetch('file:///etc/passwd').catch(() => 0);",
    ),
    Scripted("data-url", "location.href = 'data:text/html,<p>' + '用钱宝催收'.repeat(50);"),
    Scripted(
        "blob-url",
        "location.href = URL.createObjectURL(new Blob(['<p>' + '用钱宝催收'.repeat(50)], {type: 'text/html'}));",
        ("kept", "layout"),
    ),
    Scripted("reload", "location.reload();", ("redirects",), has_article=False),
    Scripted("lead-away", "location.href = 'http://localhost:8099/';", ("redirects",), has_article=False),
    Scripted("lead-in", "location.href = 'CANARY/lead';", ("blocked-address",), has_article=False),
    Scripted("lead-closed", "location.href = '/closed/x';", ("robots",), has_article=False),
    Scripted("fetch-closed", "fetch('/closed/api').catch(() => 0);"),
    Scripted("poll", "setInterval(() => fetch('/open/poll'), 40);"),
    Scripted(
        "grow",
        "const more = () => { for (let i = 0; i < 100; i++) { const p = document.createElement('p');"
        " p.textContent = '用钱宝'.repeat(500); document.body.append(p); } };"
        # Too much from the start, and without an end: how soon it is read makes no difference.
        "for (let i = 0; i < 6; i++) more();"
        "(async () => { while (true) { await fetch('/open/poll'); more(); } })();",
        ("too-large", "timeout"),
    ),
)  # fmt: skip


def scripted_answers(canary: str) -> Iterator[tuple[str, int | str | bytes | tuple[str, bytes]]]:
    """What the local site serves for them; `/scripted` lists them all."""
    links = ""
    for number, page in enumerate(PAGES, 1):
        path = f"/scripted/{page.name}.html"
        links += f"<li><a class='title' href='{path}'>用钱宝催收报道之{page.name}</a></li>"
        yield path, page.html(number, canary)
    yield "/scripted", f"<!doctype html><html><body><ul>{links}</ul></body></html>".encode()
    yield "/robots.txt", ("text/plain", b"User-agent: *\nDisallow: /closed/\n")
    yield "/file.zip", ("application/zip", b"PK\x03\x04" + bytes(100))
    yield "/worker.js", ("text/javascript", b"self.addEventListener('fetch', () => 0);")
    yield "/open/poll", b"x"
