"""Sites on loopback that serve exactly the pages a test gives them, one port a site."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = tuple[str, bytes]  # content type, body


class PlainSite:
    """`pages` may be changed while the site runs; `requests` holds every path asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.url = ""

    def feed(self, path: str, links: Mapping[str, str]) -> None:
        """Serve an RSS feed of `links` (path → title) at `path`."""
        items = "".join(
            f"<item><title>{title}</title><link>{self.url}{link}</link></item>"
            for link, title in links.items()
        )
        rss = f'<rss version="2.0"><channel><title>f</title>{items}</channel></rss>'
        self.pages[path] = ("application/rss+xml", rss.encode())

    def sitemap(self, path: str, links: list[str]) -> None:
        urls = "".join(f"<url><loc>{self.url}{link}</loc></url>" for link in links)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        self.pages[path] = ("application/xml", f'<urlset xmlns="{space}">{urls}</urlset>'.encode())


@contextmanager
def plain_sites(count: int = 1) -> Iterator[list[PlainSite]]:
    sites = [PlainSite() for _ in range(count)]
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) for site in sites]
    for site, server in zip(sites, servers, strict=True):
        server.handle_error = lambda *_: None  # a client that is killed resets its connections
        site.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield sites
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _handler(site: PlainSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.requests.append(self.path)
            found = site.pages.get(self.path)
            if self.path == "/robots.txt" and found is None:
                found = ("text/plain", b"User-agent: *\nAllow: /\n")
            content_type, body = found or ("text/html", b"<html>404</html>")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
