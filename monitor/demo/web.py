"""Serve the miniature web on loopback, one port a site."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from monitor.demo.page import Answer, Site
from monitor.demo.sites import SITES


class MiniatureWeb:
    """The sites' current state; `round` may be moved on while they are served."""

    def __init__(self) -> None:
        self.round = 1
        self.urls: dict[str, str] = {}  # base URL by site name

    def answer(self, site: Site, path: str) -> Answer | None:
        """What `site` serves at `path` in this round; None is a 404."""
        if path == "/robots.txt":
            return "text/plain", b"User-agent: *\nDisallow: /admin/\n"
        return site.pages(self.urls[site.name], self.round).get(path)


@contextmanager
def serving() -> Iterator[MiniatureWeb]:
    """Serve all sites on free ports of 127.0.0.1 until the block ends."""
    web = MiniatureWeb()
    with ExitStack() as stack:
        for site in SITES:
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _handler(web, site)))
            web.urls[site.name] = f"http://127.0.0.1:{server.server_port}"
            stack.callback(server.shutdown)
            Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield web


def _handler(web: MiniatureWeb, site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = web.answer(site, self.path)
            content_type, body = answer or ("text/plain", b"not found")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay quiet: the demo shows the crawler's side."""

    return Handler
