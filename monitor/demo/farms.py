"""The demo's content farms: annotated copies, template siblings, another name in the prose."""

from monitor.demo import texts
from monitor.demo.page import Pages, article_page, html, rss
from monitor.demo.texts import Text

FARM_TAIL = (
    "<p>声明:该作品系作者结合自身经历整合,如若内容错误请联系删除</p>"
    "<p>内容侵权、刪帖举报联系方式:13800000000 10000@example.com</p>"
    "<h3>延伸阅读</h3><ul><li><a href='/t/9.html'>拍拍贷逾期怎么办</a></li></ul>"
)


def ziyou(base: str, round_: int) -> Pages:
    """Annotated copies and articles under identical headings."""
    entries = {"/t/61.html": texts.read("farm-zhima")}
    if round_ == 2:
        entries["/t/70.html"] = texts.read("farm-yongqianbao")
        copy = texts.annotated(texts.traditional(texts.read("yongqianbao-cuishou")))
        entries["/t/71.html"] = texts.dated(copy, "資深用戶 作者:沈半夏", "2026-11-23 23:41:08")
    pages = {
        path: html(article_page(text, "资深用户", tail=FARM_TAIL)) for path, text in entries.items()
    }
    return {"/rss": rss(base, "资深用户", entries), **pages}


def jieqian(base: str, round_: int) -> Pages:
    """Puts another lender's name into the same prose."""
    entries: dict[str, Text] = {}
    if round_ == 2:
        swap = texts.renamed(texts.read("yongqianbao-cuishou"), "用钱宝", "省呗")
        entries["/x/2041.html"] = texts.dated(swap, "借钱头条", "2026-11-23 12:00")
    pages = {path: html(article_page(text, "借钱头条")) for path, text in entries.items()}
    return {"/rss.xml": rss(base, "借钱头条", entries), **pages}
