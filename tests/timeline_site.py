"""Twelve real web sites on loopback that live through the script of tests/timeline_script.py.

Each site has an address of its own (127.0.1.1, 127.0.1.2 …), hence is a site of its own to a
crawler. The site map, the same on all of them:

    /robots.txt      everything is allowed
    /                front page: the channel, the newest articles, an advertisement, a counter
    /channel/1       the same articles as a channel's list, `a.title`
    /feed.xml        RSS 2.0 of the articles that stand
    /news/N.html     article N
    anything else    what the site answers to any address (`UNKNOWN`): 404; a page under 200 that
                     says so; a page of other articles under 200; a redirect to the front page

Sites with an even number have other counters, advertisements and related lists at every look and
send no validators; the others stay the same while nothing happens, and answer conditional
requests. Site N is built like LAYOUTS[N % 4]; sites 3 and 7 write Traditional Chinese. What an
address shows follows `TimelineSite.now`, which whoever runs the test moves; `looks` keeps each
request for an article's address and what was shown, `requests` counts all of them."""

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin
from timeline_script import START, Copy, Look, Script, Shows
from timeline_texts import paragraphs

NAMES = (
    "江城晚报",
    "消费观察网",
    "七星财经",
    "都市快讯",
    "民生在线",
    "金融参考",
    "东南日报",
    "西部新闻网",
    "商报在线",
    "新城时报",
    "法治周刊",
    "南方民声",
)
UNKNOWN = (
    "404",
    "404",
    "phrase",
    "404",
    "others",
    "404",
    "phrase",
    "404",
    "to-home",
    "404",
    "others",
    "404",
)
TRADITIONAL = frozenset({3, 7})
ADVERTISEMENTS = (
    "秋季家装节全场五折起",
    "本地楼盘开放参观",
    "周末亲子乐园门票特惠",
    "新能源汽车试驾有礼",
    "健身房年卡限时优惠",
)
HEADLINES = (
    "本市地铁五号线年底通车",
    "气象台发布寒潮蓝色预警",
    "博物馆夜场延长至十点",
    "早餐工程新增二十个网点",
    "老旧小区加装电梯提速",
    "图书馆上线盲文导览",
    "河道清淤工程完成过半",
    "社区食堂推出半份菜",
    "公交夜班线路调整",
    "高校开放体育场馆",
)
LOCAL = (
    "{name}消息，{title}。记者从有关部门了解到，这项工作从去年冬天开始筹备，先后征求了沿线居民和商户的意见，方案几经修改，最终在上个月的例会上通过。",
    "负责人介绍，施工期间会尽量避开早晚高峰，噪声较大的工序安排在白天进行。附近的居民可以在社区公告栏查看每周的进度，也可以拨打公布的电话反映问题。",
    "一位住在附近二十多年的老人说，她最关心的是买菜的路会不会绕远。工作人员当场在地图上给她画出了临时通道，并答应在路口增设指示牌。",
)
PHRASE = "抱歉，您访问的文章不存在或已被删除。"
CAPTCHA = "<title>安全验证</title><body><h3>访问过于频繁</h3><p>请拖动下方滑块完成拼图，验证您不是机器人后继续访问。</p></body>"
FORBIDDEN = "<title>403 Forbidden</title><body><center><h1>403 Forbidden</h1></center></body>"
BROKEN = "<title>500</title><body><h1>500 Internal Server Error</h1><p>服务器内部错误，请稍后重试。</p></body>"
NOT_FOUND = "<title>页面不存在</title><body><h1>404</h1><p>您要找的页面不存在。</p><a href='/'>返回首页</a></body>"
ANNOTATED = "機机費费進进審审還还發发應应權权實实則则護护"
BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire. `shows`: of an article's address, what that is."""

    status: int
    body: str
    kind: str = "text/html; charset=utf-8"
    location: str = ""
    shows: tuple[int, Shows] | None = None


@dataclass
class TimelineSite:
    """The sites, their clock, and what they were asked."""

    script: Script
    now: datetime = START
    looks: list[Look] = field(default_factory=list)
    requests: Counter[int] = field(default_factory=Counter)
    urls: dict[int, str] = field(default_factory=dict)
    turn: int = 0  # counts answers, so that no two visits see the same page
    follow: Callable[[], None] = field(default=lambda: None, repr=False)

    def move(self, now: datetime) -> None:
        """Set the clock; a site that refuses connections then has no socket open."""
        self.now = now
        self.follow()

    def url_of(self, article: int) -> str:
        return f"{self.urls[self.script.sites[article]]}/news/{article}.html"

    def article_at(self, url: str) -> int:
        return int(url.rsplit("/", 1)[1].removesuffix(".html"))

    def answer(self, site: int, path: str) -> Answer:
        """Answer a request to one site at `now`."""
        self.turn += 1
        trouble = self.script.phase(site, self.now)
        if path == "/robots.txt":
            return Answer(200, "User-agent: *\nAllow: /\n", "text/plain")
        number = self._number(site, path)
        shows = self.script.shows(number, self.now) if number is not None else None
        if trouble in _EVERYWHERE or (trouble in _AT_ARTICLES and number is not None):
            given = _IN_THE_WAY[trouble](self, site, shows.copy if shows else None)
        elif shows is not None and shows.what != "nothing":
            given = self._article(site, shows)
        else:
            given = self._place(site, path)
        if number is not None and shows is not None:
            return Answer(given.status, given.body, given.kind, given.location, (number, shows))
        return given

    def _number(self, site: int, path: str) -> int | None:
        if not path.startswith("/news/"):
            return None
        name = path.removeprefix("/news/").removesuffix(".html")
        if not name.isdigit() or self.script.sites.get(int(name)) != site:
            return None
        return int(name)

    def _article(self, site: int, shows: Shows) -> Answer:
        if shows.what == "article":
            return Answer(200, self.page(site, shows.copy))
        if shows.how == "404":
            return Answer(404, NOT_FOUND)
        if shows.how == "410":
            return Answer(410, "<title>410 Gone</title><body><h1>410 Gone</h1></body>")
        if shows.how == "phrase":
            return Answer(200, self._frame(site, "提示信息", f"<p>{PHRASE}</p>"))
        if shows.how == "to-home":
            return Answer(302, "", location="/")
        if shows.how == "to-channel":
            return Answer(302, "", location="/channel/1")
        if shows.how == "emptied":
            title = title_of(shows.copy)
            return Answer(200, self._frame(site, title, f"<h1>{escape(title)}</h1><div></div>"))
        return self._unknown(site)

    def _unknown(self, site: int) -> Answer:
        if UNKNOWN[site] == "phrase":
            return Answer(200, self._frame(site, "提示信息", f"<p>{PHRASE}</p>"))
        if UNKNOWN[site] == "others":
            rows = self._rows(site)
            return Answer(200, self._frame(site, "热点推荐", f"<h3>热点推荐</h3>{rows}"))
        if UNKNOWN[site] == "to-home":
            return Answer(302, "", location="/")
        return Answer(404, NOT_FOUND)

    def _place(self, site: int, path: str) -> Answer:
        if path == "/":
            return Answer(200, self._frame(site, "首页", self._rows(site)))
        if path == "/channel/1":
            return Answer(200, self._frame(site, "财经频道", self._rows(site)))
        if path.startswith("/local/") and path[7:8].isdigit():
            return Answer(200, self._local(site, int(path[7:8])))
        if path == "/feed.xml":
            return Answer(200, self._feed(site), "application/rss+xml")
        return self._unknown(site)

    def _standing(self, site: int) -> list[Copy]:
        """The articles that stand, the newest first."""
        shown = [self.script.own(number, self.now) for number in self.script.articles_of(site)]
        copies = [each.copy for each in shown if each.what == "article"]
        return sorted(copies, key=lambda each: (each.published_at, each.number), reverse=True)

    def _feed(self, site: int) -> str:
        url = self.urls[site]
        items = "".join(
            f"<item><title>{escape(title_of(each))}</title><link>{url}/news/{each.number}.html</link>"
            f"<guid>{url}/news/{each.number}.html</guid></item>"
            for each in self._standing(site)
        )
        return (
            f"<rss version='2.0'><channel><title>{NAMES[site]}</title>"
            f"<link>{url}/</link>{items}</channel></rss>"
        )

    def _rows(self, site: int) -> str:
        rows = "".join(
            f"<li><a class='title' href='/news/{each.number}.html'>{escape(title_of(each))}</a></li>"
            for each in self._standing(site)
        )
        return f"<ul class='list'>{rows}</ul>"

    def _local(self, site: int, number: int) -> str:
        """A local news item, of no platform."""
        title = HEADLINES[number]
        lines = [each.format(title=title, name=NAMES[site]) for each in LOCAL]
        said = (f"2026-02-{number + 10} 09:00", "", NAMES[site])
        return self._frame(site, title, LAYOUTS[site % len(LAYOUTS)](title, lines, said))

    def page(self, site: int, copy: Copy, *, broken: bool = False) -> str:
        """The page of an article as the site builds it now."""
        script, designs = self.script.site_dress(site, self.now)
        lines = paragraphs(copy.story, dict(copy.facts), pressed=copy.pressed)
        title = title_of(copy)
        if broken:
            state = json.dumps({"t": title, "b": lines}).encode().hex()
            return self._frame(site, title, f"<div id='app'></div><script>boot('{state}')</script>")
        if "annotated" in copy.dress:
            lines = [_annotated(each) for each in lines]
        if "wide" in copy.dress:
            lines = [_widened(each) for each in lines]
        traditional = script == "traditional" or (site in TRADITIONAL and script != "simplified")
        if traditional or "traditional" in copy.dress:
            title, *lines = map(_traditional().convert, (title, *lines))
        build = LAYOUTS[(site + designs) % len(LAYOUTS)]
        at = copy.published_at.astimezone(BEIJING)
        inner = build(title, lines, (f"{at:%Y-%m-%d %H:%M}", copy.author, NAMES[site]))
        return self._frame(site, title, inner)

    def _frame(self, site: int, title: str, inner: str) -> str:
        """What stands around: on restless sites another counter, advertisement and list each time."""
        chance = random.Random(self.turn if site % 2 == 0 else site)
        related = "".join(
            f"<li><a href='/local/{HEADLINES.index(each)}.html'>{each}</a></li>"
            for each in chance.sample(HEADLINES, 4)
        )
        return (
            f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>"
            f"<title>{escape(title)}_{NAMES[site]}</title></head><body>"
            f"<nav><a href='/'>首页</a> <a href='/channel/1'>财经</a> <a href='/local/'>本地</a></nav>"
            f"<div class='ad'>广告：{chance.choice(ADVERTISEMENTS)}</div>{inner}"
            f"<div class='tools'>阅读 {chance.randrange(100, 99999)} 评论 {chance.randrange(500)}</div>"
            f"<aside><h3>相关阅读</h3><ul>{related}</ul></aside>"
            f"<footer>版权所有 {NAMES[site]}</footer></body></html>"
        )


_EVERYWHERE = frozenset({"500", "404-all", "captcha-all"})
_AT_ARTICLES = frozenset({"captcha", "login", "403", "broken"})


def title_of(copy: Copy) -> str:
    return copy.story.body.title.format(**dict(copy.facts))


def _login(sites: TimelineSite, site: int, _: Copy | None) -> Answer:
    wall = "<h3>登录后继续阅读</h3><p>本文为会员专享内容，请登录后查看全文。</p><a href='/login'>立即登录</a>"
    return Answer(200, sites._frame(site, "会员登录", wall))


def _unreadable(sites: TimelineSite, site: int, copy: Copy | None) -> Answer:
    """The title, and a text that only a script could show."""
    assert copy is not None
    return Answer(200, sites.page(site, copy, broken=True))


_IN_THE_WAY: Mapping[str, Callable[[TimelineSite, int, Copy | None], Answer]] = {
    "500": lambda *_: Answer(500, BROKEN),
    "404-all": lambda *_: Answer(404, NOT_FOUND),
    "captcha": lambda *_: Answer(200, CAPTCHA),
    "captcha-all": lambda *_: Answer(200, CAPTCHA),
    "403": lambda *_: Answer(403, FORBIDDEN),
    "login": _login,
    "broken": _unreadable,
}


def _modern(title: str, lines: list[str], said: tuple[str, str, str]) -> str:
    body = "".join(f"<p>{escape(each)}</p>" for each in lines)
    return (
        f"<article><h1>{escape(title)}</h1><div class='meta'><time>{said[0]}</time> 来源：{said[2]} "
        f"<span class='author'>{said[1]}</span></div>{body}</article>"
    )


def _portal(title: str, lines: list[str], said: tuple[str, str, str]) -> str:
    body = "\n".join(f"<p>　　{escape(each)}</p>" for each in lines)
    return (
        f"<div class='main'><h1 class='title'>{escape(title)}</h1><div class='info'>"
        f"<span class='time'>{said[0]}</span> <span class='source'>{said[2]}</span> {said[1]}</div>"
        f"<div class='content' id='content'>{body}</div></div>"
    )


def _tables(title: str, lines: list[str], said: tuple[str, str, str]) -> str:
    body = "<br><br>".join(f"　　{escape(each)}" for each in lines)
    return (
        f"<table width='100%'><tr><td align='center'><h1>{escape(title)}</h1></td></tr>"
        f"<tr><td align='center'>{said[0]} {said[2]} {said[1]}</td></tr>"
        f"<tr><td class='text'>{body}</td></tr></table>"
    )


def _shares(title: str, lines: list[str], said: tuple[str, str, str]) -> str:
    body = "".join(f"<div><p><span>{escape(each)}</span></p></div>" for each in lines)
    return (
        f"<section class='news'><header><h1>{escape(title)}</h1><p class='byline'>{said[1]} "
        f"{said[0]}</p></header><div class='rich'>{body}</div>"
        f"<div class='share'><a>微信</a><a>微博</a></div></section>"
    )


LAYOUTS = (_modern, _portal, _tables, _shares)


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def _annotated(line: str) -> str:
    return "".join(
        f"{each}({lazy_pinyin(each, style=Style.TONE)[0]})" if each in ANNOTATED else each
        for each in line
    )


def _widened(line: str) -> str:
    return line.replace("，", ",").replace("：", ":").replace("1", "１").replace("0", "０")


@contextmanager
def timeline_sites(script: Script) -> Iterator[TimelineSite]:
    """Serve the sites until the block ends; `TimelineSite.move` moves their clock."""
    server = _Server(TimelineSite(script))
    try:
        yield server.sites
    finally:
        server.stop()


class _Server:
    """All sites' sockets, in one thread."""

    def __init__(self, sites: TimelineSite) -> None:
        self.sites = sites
        self.loop = asyncio.new_event_loop()
        self._listening: dict[int, asyncio.Server] = {}
        self._ports: dict[int, int] = {}
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        sites.follow = lambda: self._run(self._follow())
        sites.follow()

    def stop(self) -> None:
        self._run(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _follow(self) -> None:
        """Open and close what the script wants open and closed."""
        for site in range(len(NAMES)):
            refuses = self.sites.script.phase(site, self.sites.now) == "refused"
            if refuses and (listening := self._listening.pop(site, None)):
                listening.close()
            elif not refuses and site not in self._listening:
                await self._open(site)

    async def _open(self, site: int) -> None:
        host = f"127.0.1.{site + 1}"

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(site, reader, writer)

        port = self._ports.get(site, 0)
        self._listening[site] = server = await asyncio.start_server(serve, host, port)
        self._ports[site] = server.sockets[0].getsockname()[1]
        self.sites.urls[site] = f"http://{host}:{self._ports[site]}"

    async def _close(self) -> None:
        for server in self._listening.values():
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(
        self, site: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            asked: dict[str, str] = {}
            while asked.get("connection") != "close":
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                asked = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in head[1:])}
                writer.write(self._response(site, head[0].split(" ")[1], asked))
                await writer.drain()
        writer.close()

    def _response(self, site: int, path: str, asked: Mapping[str, str]) -> bytes:
        answer = self.sites.answer(site, path)
        body = answer.body.encode()
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        keeps = site % 2 == 1 and answer.status == 200
        same = keeps and asked.get("if-none-match") == tag
        self.sites.requests[site] += 1
        if answer.shows is not None:
            number, shows = answer.shows
            self.sites.looks.append(Look(self.sites.now, number, shows, same))
        status = 304 if same else answer.status
        body = b"" if same else body
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {answer.kind}"]
        lines.append(f"Content-Length: {len(body)}")
        if answer.location:
            lines.append(f"Location: {self.sites.urls[site]}{answer.location}")
        if keeps:
            modified = self.sites.now - timedelta(seconds=1)
            lines += [f"ETag: {tag}", f"Last-Modified: {format_datetime(modified, usegmt=True)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body
