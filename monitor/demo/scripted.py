"""A demo site whose pages a script fills: without a browser there is nothing to read."""

import json
from html import escape

from monitor.demo import texts
from monitor.demo.page import Answer, Pages, article_page, html

SCRIPT = (
    "document.getElementById('app').innerHTML = "
    "JSON.parse(document.getElementById('state').textContent);"
)


def kuaibao(base: str, _round: int) -> Pages:
    """A list and one article, both rendered in the browser."""
    del base
    text = texts.read("yirendai-shangmen")
    article = article_page(text, "快报").split("<body>")[1].removesuffix("</body></html>")
    links = f'<ul><li><a href="/s/7.html">{escape(text.title)}</a></li></ul>'
    return {"/list": _filled(links), "/s/7.html": _filled(article)}


def _filled(inner: str) -> Answer:
    state = json.dumps(inner).replace("<", "\\u003c")
    return html(
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>快报</title></head>'
        f'<body><div id="app">请开启脚本</div><script type="application/json" id="state">{state}'
        f"</script><script>{SCRIPT}</script></body></html>"
    )
