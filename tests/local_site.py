"""A real web site on loopback. Its site map:

    /                    home page: announces /feed.xml and /page-instead.xml as feeds, links to
                         /list/1 (财经) and /list/2 (社会), and to the newest articles
    /robots.txt          `robots`: everything is allowed, /sitemap.xml is named
    /feed.xml            RSS 2.0 of the newest articles, with ETag
    /atom.xml            Atom 1.0 of the same, with <updated>
    /rdf.xml             RSS 1.0 (RDF) of the same
    /sitemap.xml         index of /sitemap-news.xml and /sitemap-archive.xml.gz
    /sitemap-news.xml    Google News sitemap of the newest half of the articles
    /sitemap-archive.xml.gz   gzipped urlset of the older half
    /sitemap.txt         plain text sitemap of all
    /list/1, /list/2 …   listing pages, `a.title` for articles, `a.next` for the next page,
                         among navigation, tags and pictures
    /gbk/1               the first listing page in GBK, unlabelled
    /search?q=…          results as a listing page: articles whose title or body has the words
    /search.rss?q=…      results as a feed
    /article/N.html      article N, with ETag and Last-Modified
    /app/N               article N, its text put in by a script (needs a browser)
    /bomb.xml            a feed with nested entities ("billion laughs")
    /dtd.xml             a sitemap that declares a document type
    /page-instead.xml    an HTML page where a feed should be

`articles` is the site's content, newest first; `answers` overrides a path with another answer
(a status, an address to redirect to, bytes of HTML, or content type or status and bytes; tests/scripted_pages.py has pages whose scripts
misbehave); both may be changed while it runs. `requests` keeps every (path, headers).
From the article request after `hold_after` on, answers wait until `released` is set.
"""

import gzip
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
PER_PAGE = 5

PARAGRAPH = (
    "记者连日来走访了解到，{name}的多位用户反映，逾期后接到大量电话，"
    "有人称自己是第三方公司的工作人员，要求其在当天之内还清全部欠款。"
    "一位不愿具名的用户告诉记者，对方在通话中提到了他的工作单位和家庭住址，编号{number}。"
)
CLOSING = (
    "截至发稿时，平台方面回应称，已经注意到相关情况，将对合作机构的作业过程进行核查，"
    "对违反规定的机构将终止合作，并欢迎用户通过官方客服渠道反映问题，第{number}号回复。"
)


@dataclass(frozen=True)
class LocalArticle:
    number: int
    name: str = "用钱宝"
    title: str = ""
    extra: str = ""
    updated_at: datetime = NOON

    @property
    def path(self) -> str:
        return f"/article/{self.number}.html"

    @property
    def headline(self) -> str:
        return self.title or f"{self.name}被指暴力催收 第{self.number}位用户讲述经历"

    def html(self) -> str:
        paragraphs = [
            PARAGRAPH.format(name=self.name, number=self.number),
            CLOSING.format(number=self.number),
        ]
        if self.extra:
            paragraphs.insert(1, self.extra)
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        return (
            f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>"
            f"<title>{escape(self.headline)}_本地新闻网</title></head><body>"
            f"<nav><a href='/'>首页</a> <a href='/list/1'>新闻</a></nav>"
            f"<article><h1>{escape(self.headline)}</h1>"
            f"<div class='meta'>2026-11-24 10:{self.number % 60:02d} 来源：本地新闻网</div>"
            f"{body}</article><footer>版权所有 本地新闻网</footer></body></html>"
        )


@dataclass
class LocalSite:
    articles: list[LocalArticle]
    answers: dict[str, int | str | bytes | tuple[str | int, bytes]] = field(default_factory=dict)
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    validators: bool = True
    url: str = ""
    robots: str = "User-agent: *\nAllow: /\nSitemap: /sitemap.xml\n"
    hold_after: int | None = None
    released: threading.Event = field(default_factory=threading.Event)

    def wait_for_articles(self, count: int, seconds: float = 30) -> None:
        """Return when so many article requests have come in."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.fetched()) >= count, seconds)

    def note(self, path: str, headers: Mapping[str, str]) -> None:
        with self._came:
            self.requests.append((path, headers))
            held = self.hold_after is not None and len(self.fetched()) > self.hold_after
            self._came.notify_all()
        if held and path.startswith("/article/"):
            self.released.wait(30)

    def __post_init__(self) -> None:
        self._came = threading.Condition()

    def fetched(self, prefix: str = "/article/") -> list[str]:
        return [path for path, _ in self.requests if path.startswith(prefix)]

    def edit(self, number: int, **changes: object) -> None:
        for index, article in enumerate(self.articles):
            if article.number == number:
                self.articles[index] = LocalArticle(**(vars(article) | changes))

    def answer(self, path: str) -> tuple[int, str, bytes, datetime]:
        """Status, content type, body and modification time."""
        if path in self.answers:
            given = self.answers[path]
            if isinstance(given, int):
                return given, "text/html", b"<html><body>error</body></html>", NOON
            if isinstance(given, str):
                return 302, "text/html", b"", NOON
            if isinstance(given, tuple) and isinstance(given[0], int):
                return given[0], "text/html", given[1], NOON
            if isinstance(given, tuple):
                return 200, *given, NOON
            return 200, "text/html", given, NOON
        parts = urlsplit(path)
        name, _, last = parts.path[1:].partition("/")
        query = unquote(parse_qs(parts.query).get("q", [""])[0])
        if name == "robots.txt":
            return 200, "text/plain", self.robots.encode(), NOON
        if not name:
            return 200, "text/html", self._home().encode(), NOON
        if name == "article":
            found = [each for each in self.articles if each.path == parts.path]
            if not found:
                return 404, "text/html", b"<html><body>404</body></html>", NOON
            return 200, "text/html", found[0].html().encode(), found[0].updated_at
        if name == "app":
            return 200, "text/html; charset=utf-8", self._app(int(last)), NOON
        if name in {"list", "gbk"}:
            text = self._listing(self.articles, int(last))
            body = text.encode("gbk" if name == "gbk" else "utf-8")
            return 200, "text/html", body, NOON
        if name == "search":
            found = [each for each in self.articles if query in each.html()]
            return 200, "text/html", self._listing(found, 1).encode(), NOON
        if name == "search.rss":
            found = [each for each in self.articles if query in each.html()]
            return 200, "text/html", self._rss(found), NOON
        return self._file(name)

    def _file(self, name: str) -> tuple[int, str, bytes, datetime]:
        half = len(self.articles) // 2
        files = {
            "feed.xml": ("application/rss+xml", lambda: self._rss(self.articles)),
            "atom.xml": ("application/atom+xml", lambda: self._atom(self.articles)),
            "rdf.xml": ("application/rdf+xml", lambda: self._rdf(self.articles)),
            "sitemap.xml": ("application/xml", self._sitemap_index),
            "sitemap-news.xml": ("application/xml", lambda: self._news(self.articles[:half])),
            "sitemap-archive.xml.gz": (
                "application/octet-stream",
                lambda: gzip.compress(self._urlset(self.articles[half:]), mtime=0),
            ),
            "sitemap.txt": (
                "text/plain",
                lambda: "\n".join(self.url + each.path for each in self.articles).encode(),
            ),
            "bomb.xml": ("application/rss+xml", self._bomb),
            "dtd.xml": ("application/xml", self._dtd),
            "page-instead.xml": ("text/html", lambda: b"<!doctype html><html><p>moved</p></html>"),
        }
        if name not in files:
            return 404, "text/html", b"<html><body>404</body></html>", NOON
        content_type, make = files[name]
        return 200, content_type, make(), NOON

    def _rss(self, articles: list[LocalArticle]) -> bytes:
        items = "".join(
            f"<item><title>{escape(each.headline)}</title><link>{self.url}{each.path}</link>"
            f"<guid isPermaLink='false'>local-{each.number}</guid>"
            f"<pubDate>{format_datetime(each.updated_at)}</pubDate></item>"
            for each in articles
        )
        return (
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
            f"<title>本地新闻网</title><link>{self.url}</link>{items}</channel></rss>"
        ).encode()

    def _atom(self, articles: list[LocalArticle]) -> bytes:
        entries = "".join(
            f"<entry><title>{escape(each.headline)}</title><id>tag:local,{each.number}</id>"
            f"<link href='{each.path}'/><updated>{each.updated_at.isoformat()}</updated></entry>"
            for each in articles
        )
        return (
            "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>"
            f"<title>本地新闻网</title>{entries}</feed>"
        ).encode()

    def _rdf(self, articles: list[LocalArticle]) -> bytes:
        items = "".join(
            f"<item rdf:about='{self.url}{each.path}'><title>{escape(each.headline)}</title>"
            f"<link>{self.url}{each.path}</link></item>"
            for each in articles
        )
        return (
            "<?xml version='1.0' encoding='utf-8'?>"
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
            " xmlns='http://purl.org/rss/1.0/'><channel rdf:about='/'><title>本地</title></channel>"
            f"{items}</rdf:RDF>"
        ).encode()

    def _sitemap_index(self) -> bytes:
        names = ("sitemap-archive.xml.gz", "sitemap-news.xml")
        entries = "".join(f"<sitemap><loc>{self.url}/{name}</loc></sitemap>" for name in names)
        return (
            "<?xml version='1.0' encoding='utf-8'?>"
            "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            f"{entries}</sitemapindex>"
        ).encode()

    def _urlset(self, articles: list[LocalArticle]) -> bytes:
        entries = "".join(
            f"<url><loc>{self.url}{each.path}</loc>"
            f"<lastmod>{each.updated_at.isoformat()}</lastmod></url>"
            for each in articles
        )
        return (
            "<?xml version='1.0' encoding='utf-8'?>"
            f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"
        ).encode()

    def _news(self, articles: list[LocalArticle]) -> bytes:
        entries = "".join(
            f"<url><loc>{self.url}{each.path}</loc><news:news><news:publication>"
            f"<news:name>本地</news:name><news:language>zh-cn</news:language></news:publication>"
            f"<news:publication_date>{each.updated_at.isoformat()}</news:publication_date>"
            f"<news:title>{escape(each.headline)}</news:title></news:news></url>"
            for each in articles
        )
        return (
            "<?xml version='1.0' encoding='utf-8'?>"
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
            " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
            f"{entries}</urlset>"
        ).encode()

    def _listing(self, articles: list[LocalArticle], page: int) -> str:
        shown = articles[(page - 1) * PER_PAGE : page * PER_PAGE]
        rows = "".join(
            f"<li><a href='{each.path}'><img src='/pic/{each.number}.jpg'></a>"
            f"<a class='title' href='{each.path}?from=list'>{escape(each.headline)}</a>"
            f"<a href='/tag/{each.number}'>标签</a></li>"
            for each in shown
        )
        more = f"<a class='next' href='/list/{page + 1}'>下一页</a>"
        return (
            "<!doctype html><html><head><title>新闻列表</title></head><body>"
            "<nav><a href='/'>首页</a><a href='/about/us.html'>关于我们的网站介绍页面</a>"
            "<a href='https://other.example/2026/1124/99999.html'>友情链接里的另一家网站的文章</a>"
            "<a href='javascript:void(0)'>收藏</a><a href='#top'>顶部</a></nav>"
            f"<ul>{rows}</ul>{more if page * PER_PAGE < len(articles) else ''}</body></html>"
        )

    def _home(self) -> str:
        rows = "".join(
            f"<li><a class='title' href='{each.path}'>{escape(each.headline)}</a></li>"
            for each in self.articles[:PER_PAGE]
        )
        return (
            "<!doctype html><html><head><meta charset='utf-8'><title>本地新闻网</title>"
            "<link rel='alternate' type='application/rss+xml' title='全部新闻' href='/feed.xml'>"
            "<link rel='alternate' type='application/rss+xml' href='/page-instead.xml'></head><body>"
            "<nav><a href='/'>首页</a><a href='/list/1'>财经</a><a href='/list/2'>社会</a>"
            f"<a href='/about/us.html'>关于我们的网站介绍页面</a></nav><ul>{rows}</ul></body></html>"
        )

    def _app(self, number: int) -> bytes:
        article = next(each for each in self.articles if each.number == number)
        inner = article.html().split("<body>")[1].split("</body>")[0]
        return (
            "<!doctype html><html><head><meta charset='utf-8'><title>应用</title></head><body>"
            "<div id='app'>正在加载</div><img src='/pic/1.jpg'><script>"
            # On `load`: after the document was read, before its network can be called silent.
            "addEventListener('load', () => { "
            f"document.getElementById('app').innerHTML = {inner!r}; "
            f"document.title = {article.headline!r}; }});</script></body></html>"
        ).encode()

    def _bomb(self) -> bytes:
        levels = "".join(
            f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" if n else "<!ENTITY l0 'ha'>"
            for n in range(10)
        )
        feed = self._rss(self.articles[:1]).replace(
            b"<rss", f"<!DOCTYPE rss [{levels}]><rss".encode()
        )
        return feed.replace("本地新闻网".encode(), b"&l9;")

    def _dtd(self) -> bytes:
        return self._urlset(self.articles).replace(
            b"<urlset", b"<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset"
        )


def articles(count: int, **changes: object) -> list[LocalArticle]:
    """`count` articles, newest first, an hour apart."""
    return [
        LocalArticle(number, updated_at=NOON - timedelta(hours=count - number), **changes)
        for number in range(count, 0, -1)
    ]


@contextmanager
def serve(site: LocalSite) -> Iterator[LocalSite]:
    """Serve `site` on a free port of 127.0.0.1 until the block ends; sets its `url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave as two writes; Nagle would hold the second back for 40 ms.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            site.note(self.path, dict(self.headers))
            status, content_type, body, modified = site.answer(self.path)
            etag = f'"{sha256(body).hexdigest()[:16]}"'
            if status == 200 and site.validators and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            if status == 302:
                self.send_header("Location", site.answers[self.path])
            if site.validators:
                self.send_header("ETag", etag)
                self.send_header("Last-Modified", format_datetime(modified, usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # a page that went away
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: the tests read `requests`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
