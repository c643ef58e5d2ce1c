"""The demo's news sites: feeds, listing pages, a sitemap, a notice; GBK and Traditional too."""

import gzip
from html import escape

from monitor.demo import texts
from monitor.demo.page import Answer, Pages, article_page, html, rss


def qixing(base: str, round_: int) -> Pages:
    """RSS feed with full pages: the original reporting."""
    entries = {
        "/2026/1120/1001.html": texts.read("yongqianbao-cuishou"),
        "/2026/1120/1002.html": texts.read("lvyou-zouma"),
    }
    if round_ == 2:
        entries["/2026/1124/1017.html"] = texts.read("huanbei-yuetan")
    pages = {path: html(article_page(text, "七星财经")) for path, text in entries.items()}
    return {"/feed.xml": rss(base, "七星财经", entries), **pages}


def weiquan(base: str, _round: int) -> Pages:
    """A home page, a feed that nobody declared, listing pages with pagination."""
    names = ("fenqile-kantouxi", "jietiao-tongxunlu", "paipaidai-tiaojie")
    articles = {f"/a/{number}.html": texts.read(name) for number, name in enumerate(names, 501)}
    paths = list(articles)
    first, second = paths[:2], paths[2:]

    def listing(shown: list[str], more: str) -> Answer:
        links = "".join(
            f'<li class="item"><a href="{path}">{escape(articles[path].title)}</a></li>'
            for path in shown
        )
        return html(f"<title>消费维权观察</title><ul>{links}</ul>{more}")

    home = listing(paths, '<nav><a href="/news/">曝光台</a></nav>')[1].decode()
    feed = '<link rel="alternate" type="application/rss+xml" title="消费维权观察" href="/rss.xml">'
    pages = {path: html(article_page(text, "消费维权观察")) for path, text in articles.items()}
    return {
        "/": html(home.replace("<title>", f"{feed}<title>", 1)),
        "/rss.xml": rss(base, "消费维权观察", articles),
        "/news/": listing(first, '<a class="next" href="/news/?page=2">下一页</a>'),
        "/news/?page=2": listing(second, ""),
        **pages,
    }


def jiangcheng(base: str, _round: int) -> Pages:
    """A GBK site that calls itself gb2312; its links are found without a selector."""
    del base
    articles = {
        "/html/2026-11/19/content_30211.htm": texts.read("jiebei-zhapian"),
        "/html/2026-11/17/content_30175.htm": texts.read("qianbaowang-jiu-an"),
    }
    links = "".join(
        f'<li><a href="{path}">{escape(text.title)}</a></li>' for path, text in articles.items()
    )
    home = f'<html><head><meta charset="gbk"><title>江城晚报</title></head><ul>{links}</ul></html>'

    def gbk(page: str) -> Answer:
        served = page.replace('charset="utf-8"', 'charset="gb2312"')
        return "text/html", served.encode("gb18030")

    pages = {path: gbk(article_page(text, "江城晚报")) for path, text in articles.items()}
    return {"/html/": gbk(home), **pages}


def gangdao(base: str, round_: int) -> Pages:
    """A Traditional site with an Atom feed; in the second round it reposts."""
    entries = {"/finance/20261118-01": texts.read("jiexin-tingye")}
    if round_ == 2:
        copy = texts.traditional(texts.read("yongqianbao-cuishou"))
        entries["/finance/20261122-07"] = texts.dated(
            copy, "港島財訊 轉載", "2026-11-22T18:30:00+08:00"
        )
    items = "".join(
        f"<entry><title>{escape(text.title)}</title><id>{base}{path}</id>"
        f'<link href="{base}{path}"/><updated>{text.published}</updated></entry>'
        for path, text in entries.items()
    )
    feed = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>港島財訊</title><id>{base}/</id>{items}</feed>"
    )
    pages = {
        path: html(article_page(text, "港島財訊", "zh-Hant")) for path, text in entries.items()
    }
    return {"/atom.xml": ("application/atom+xml", feed.encode()), **pages}


def zhilian(base: str, round_: int) -> Pages:
    """A sitemap index with a gzipped sitemap; in the second round half a copy."""
    articles = {"/post/88.html": texts.read("yirendai-feilv")}
    if round_ == 2:
        part = texts.cut(texts.read("yongqianbao-cuishou"), 4)
        articles["/post/93.html"] = texts.dated(
            part, "直聊金融", "2026-11-23 09:12", "用钱宝把逾期账户转给外包公司"
        )
    urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path in articles)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    sitemap = f"<urlset {space}>{urls}</urlset>"
    index = f"<sitemapindex {space}><sitemap><loc>{base}/news.xml.gz</loc></sitemap></sitemapindex>"
    pages = {path: html(article_page(text, "直聊金融")) for path, text in articles.items()}
    return {
        "/sitemap.xml": ("application/xml", index.encode()),
        "/news.xml.gz": ("application/gzip", gzip.compress(sitemap.encode(), mtime=0)),
        **pages,
    }


def guangnan(base: str, _round: int) -> Pages:
    """Its feed has moved: a page for readers stands there now, and says so to nobody."""
    del base
    home = '<html lang="zh-CN"><meta charset="utf-8"><title>广南消费网</title><p>网站改版，敬请期待</p></html>'
    return {"/rss.xml": html(home)}


def gonggao(base: str, round_: int) -> Pages:
    """One notice, edited in the second round."""
    del base
    page = article_page(texts.read(f"gonggao-v{round_}"), "西城金融消费者权益保护中心")
    return {"/notice/q3.html": html(page)}
