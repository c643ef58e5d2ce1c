"""What the demo's sites are made of: a site, its pages, and the HTML and feeds in them."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from monitor.demo.texts import Text

Answer = tuple[str, bytes]  # content type, body
Pages = dict[str, Answer]  # by path, query included


@dataclass(frozen=True, slots=True)
class Site:
    """One site: `pages(base_url, round)` is all it serves; `source` declares it to lendwatch."""

    name: str
    title: str
    pages: Callable[[str, int], Pages]
    source: dict[str, Any]  # kind, path and what else the declaration needs


def article_page(text: Text, site: str, language: str = "zh-CN", tail: str = "") -> str:
    """A news page as such sites build it: navigation, heading, byline, body, related reading."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<title>{escape(text.title)} - {escape(site)}</title></head>
<body><nav><a href="/">首页</a> <a href="/about">关于</a></nav>
<article><h1>{escape(text.title)}</h1>
<p class="info"><span class="time">{escape(text.published)}</span> {escape(text.byline)}</p>
<div class="content">{body}</div></article>
<aside>{tail}</aside><footer>© {escape(site)}</footer></body></html>"""


def html(page: str) -> Answer:
    """A page as it is served in UTF-8."""
    return "text/html; charset=utf-8", page.encode()


def rss(base: str, title: str, entries: dict[str, Text]) -> Answer:
    """An RSS feed of `entries` by path."""
    items = "".join(
        f"<item><title>{escape(text.title)}</title><link>{base}{path}</link>"
        f"<guid>{base}{path}</guid></item>"
        for path, text in entries.items()
    )
    feed = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>{base}/</link>{items}</channel></rss>"
    )
    return "application/rss+xml", feed.encode()
