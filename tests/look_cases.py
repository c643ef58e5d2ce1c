"""Two looks at one address, and what became of the article: cases that the judgement was made with.

tests/looks.py has those that strangers wrote."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import opencc
from look_sentences import (
    AROUND,
    BYLINES,
    CORRECTIONS,
    FILLERS,
    GONE,
    HARMLESS,
    IN_THE_WAY,
    SAME,
    TELLING,
    TOLD,
)
from our_articles import CLOSING, COURT, DIARY, FINE, PRIVACY
from repost_generator import annotated, spaced, zero_width
from retold_sentences import CLAIMED_ANEW, REWORDED


@dataclass(frozen=True)
class Look:
    """One look, as a line of `lendwatch compare` has it."""

    status: int | None
    title: str
    text: str
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Case:
    """`kind` is one that must be among the kinds of an edit, empty where any will do."""

    name: str
    before: Look
    after: Look
    change: str
    material: bool = False
    kind: str = ""


def look(article) -> Look:
    return Look(200, article.title, article.body, "小禾", "2024-11-08T10:00:00+08:00")


BEFORE = look(COURT)
TITLE = COURT.title


def _instead(title: str, text: str, status: int | None = 200) -> Look:
    return Look(status, title, text)


def _unchanged() -> Iterator[tuple[str, Look, Look]]:
    to_traditional = opencc.OpenCC("s2t").convert
    dice = random.Random(5)
    for article in (COURT, DIARY, PRIVACY):
        here = look(article)
        yield (
            f"script of {article.key}",
            here,
            replace(here, title=to_traditional(here.title), text=to_traditional(here.text)),
        )
        yield (
            f"annotations in {article.key}",
            here,
            replace(here, text=annotated(here.text, dice, 0.2)),
        )
    body = BEFORE.text
    lines = body.strip().splitlines()
    for name, text in (
        ("gaps", spaced(body, dice)),
        ("invisible characters", zero_width(body, dice)),
        ("half-width commas", body.replace("，", ",")),
        ("one line", body.replace("\n", "")),
        ("blank lines", body.replace("\n", "\n\n\n")),
        ("entities", body.replace("“", "&ldquo;").replace("”", "&rdquo;")),
        ("a counter", f"阅读 3120\n{body}\n点赞 12\n评论(32)"),
        ("a counter that moved", f"{body}\n浏览次数:2048"),
        ("its title again", f"{TITLE}\n{body}"),
        ("related reading", f"{body}\n相关阅读\n十大理财技巧\n蓝桥分期上线新功能"),
        ("a disclaimer", f"{body}\n免责声明:本文仅代表作者个人观点,与本站无关。"),
        ("an editor's line", f"{body}\n责任编辑:小禾"),
        ("a source line", f"来源:江城晚报\n{body}"),
        ("a share bar", f"{body}\n分享到微信\n分享到微博"),
        ("a contact line", f"{body}\n投稿邮箱:news@example.com"),
        ("neighbours", f"{body}\n上一篇:米袋钱包上线新功能\n下一篇:云帆贷年报公布"),
        ("tags", f"{body}\n标签:米袋钱包 催收 判决"),
        ("an advertisement", "\n".join([*lines[:3], "广告", *lines[3:]])),
        ("the other half of a pair of quotes", body.replace("“", "「").replace("”", "」")),
        ("figures in the other writing", body.replace("八十万元", "80万元")),
    ):
        yield name, BEFORE, replace(BEFORE, text=text)
    for name, after in (
        ("nothing at all", BEFORE),
        ("not modified", Look(304, "", "")),
        ("the site's name in the title", replace(BEFORE, title=f"{TITLE}_江城新闻网")),
        ("two names in the title", replace(BEFORE, title=f"{TITLE} - 财经频道 - 江城晚报")),
        ("a label before the author", replace(BEFORE, author="记者：小禾")),
        ("no author any more", replace(BEFORE, author=None)),
        ("no date any more", replace(BEFORE, date=None)),
        ("the date in words", replace(BEFORE, date="2024年11月8日 10:00")),
        ("the date without the time", replace(BEFORE, date="2024-11-08")),
        ("the date in another zone", replace(BEFORE, date="2024-11-08T02:00:00Z")),
    ):
        yield name, BEFORE, after


EDITS = (
    ("a smaller fine", COURT, "八十万元", "五十万元", "amount"),
    ("another share", COURT, "百分之四十五", "百分之三十五", "amount"),
    ("another day", COURT, "10月16日", "10月18日", "date"),
    ("fewer people", COURT, "二百一十四名", "一百二十四名", "number"),
    ("what was not adopted is", COURT, "没有采纳", "采纳", "negation"),
    ("what was willing is not", COURT, "愿意向经核实", "不愿意向经核实", "negation"),
    ("another platform", COURT, "恒源公司承接米袋钱包委托", "恒源公司承接云帆贷委托", "name"),
    ("done, now maybe", PRIVACY, "已经报警", "可能报警", "modality"),
    ("another deadline", FINE, "九十日內", "六十日內", "date"),
    ("more in Traditional", FINE, "六百四十萬元", "四百六十萬元", "amount"),
    ("another sum owed", DIARY, "一万两千四百元", "一万两千元", "amount"),
    ("another closing day", CLOSING, "十二月一日", "十二月十日", "date"),
)
WORDING = (
    ("a synonym", COURT, "介绍", "表示"),
    ("a particle", DIARY, "一个年轻的女声", "一个年轻女声"),
    ("a typing error mended", COURT, "当庭表示上诉", "当庭表明上诉"),
    ("another word in Traditional", FINE, "業內人士分析", "業界人士分析"),
)


def _edits() -> Iterator[Case]:
    for name, article, old, new, kind in EDITS:
        here = look(article)
        assert old in here.text, old
        after = replace(here, text=here.text.replace(old, new))
        yield Case(name, here, after, "edit", material=True, kind=kind)
    for name, article, old, new in WORDING:
        here = look(article)
        assert old in here.text, old
        yield Case(name, here, replace(here, text=here.text.replace(old, new)), "edit")
    parts = BEFORE.text.strip().split("\n\n")
    for name, text, material, kind in (
        ("a paragraph gone", "\n\n".join([*parts[:2], *parts[3:]]), True, "paragraph-removed"),
        ("half gone", "\n\n".join(parts[: len(parts) // 2]), True, "paragraph-removed"),
        ("a paragraph more", BEFORE.text + "\n\n" + DIARY.body.strip().split("\n\n")[2], True,
         "paragraph-added"),
        ("a correction", BEFORE.text + "\n编者按:此前报道有误,罚金应为五十万元。", True, "correction"),
        ("paragraphs in another order", "\n\n".join([parts[0], *parts[2:5], parts[1], *parts[5:]]),
         False, "order"),
        ("another article", FINE.body, True, ""),
    ):  # fmt: skip
        yield Case(name, BEFORE, replace(BEFORE, text=text), "edit", material=material, kind=kind)
    yield Case(
        "a figure in the title",
        replace(BEFORE, title="米袋钱包被罚50万元"),
        replace(BEFORE, title="米袋钱包被罚80万元"),
        "edit",
        material=True,
        kind="title",
    )
    yield Case("another author", BEFORE, replace(BEFORE, author="大禾"), "meta", kind="author")
    redated = replace(BEFORE, date="2025-01-01T10:00:00+08:00")
    yield Case("another date", BEFORE, redated, "meta", kind="redated")


HEADLINES = "楼市新政出台\n股市三连涨\n台风将至 沿海停航\n高考今日放榜\n油价下调\n演唱会开票"
DELETED = (
    ("404", _instead("404 Not Found", "nginx", 404)),
    ("410", _instead("", "", 410)),
    ("451", _instead("因法律原因不可用", "", 451)),
    ("404 with a full page", _instead("江城晚报", HEADLINES, 404)),
    ("said to be missing", _instead("页面不存在", "抱歉，您访问的页面不存在\n返回首页")),
    ("said in Traditional", _instead("找不到網頁", "很抱歉，找不到您要瀏覽的網頁。")),
    ("deleted by its author", _instead("提示", "该文章已被作者删除")),
    ("withdrawn for a breach", _instead("", "此内容因违规无法查看")),
    ("taken down", _instead("江城晚报", "您查看的内容已下架，去看看别的吧")),
    ("404 as text", _instead("404", "404\n您要找的页面走丢了")),
    ("in English", _instead("Page not found", "Sorry, the page you requested was not found.")),
    ("no longer available", _instead("Notice", "This article is no longer available.")),
    ("its title, and a notice", _instead(TITLE, "本文已应相关方要求撤下")),
    ("its title alone", _instead(TITLE, "")),
    ("its title twice", _instead(TITLE, TITLE)),
    (
        "its title, and the site's lists",
        _instead(f"{TITLE}_江城晚报", f"首页 财经\n{TITLE}\n阅读 0 评论 3\n相关阅读\n{HEADLINES}"),
    ),
    ("said above a long list", _instead("提示", "抱歉，该文章已删除\n" + (HEADLINES + "\n") * 20)),
    ("the home page in sentences", _instead("江城晚报首页", "今天，台风将至。\n昨日，股市三连涨。")),
    ("a redirect to a list", _instead("江城晚报", HEADLINES, 302)),
    ("the home page", _instead("江城晚报 - 首页", HEADLINES)),
    ("the channel", _instead("财经频道_江城晚报", HEADLINES)),
)  # fmt: skip
BLOCKED = (
    ("403", _instead("403 Forbidden", "", 403)),
    ("401", _instead("", "", 401)),
    ("429", _instead("Too Many Requests", "", 429)),
    ("500", _instead("500", "Internal Server Error", 500)),
    ("503", _instead("维护中", "系统维护中", 503)),
    ("no answer", _instead("", "", None)),
    ("no answer, as nought", _instead("", "", 0)),
    ("a captcha", _instead("安全验证", "请完成下方验证后继续访问")),
    ("a slider", _instead("江城晚报", "请按住滑块，拖动到最右边")),
    ("a firewall", _instead("访问被拒绝", "您的请求疑似攻击行为，已被网站防火墙拦截")),
    ("Cloudflare", _instead("Just a moment...", "Checking your browser before accessing")),
    ("too often", _instead("提示", "您的访问过于频繁，请稍后再试")),
    ("a login", _instead("登录", "请登录后查看全文")),
    ("a login in Traditional", _instead("會員登入", "請先登入後再繼續閱讀")),
    ("a wall behind the first lines", _instead(TITLE, COURT.body[:160] + "\n登录后阅读全文")),
    ("a price", _instead(TITLE, COURT.body[:160] + "\n本文为付费文章，订阅后阅读全文")),
    ("upkeep", _instead("网站维护中", "网站正在升级维护，预计今晚恢复")),
    ("a database", _instead("Error", "Error establishing a database connection")),
    ("a gateway with 200", _instead("502 Bad Gateway", "502 Bad Gateway\nnginx")),
    ("busy", _instead("提示", "服务器繁忙，请稍后重试")),
    ("scripts wanted", _instead("江城晚报", "Please enable JavaScript to view this page.")),
    ("still loading", _instead(TITLE, "加载中…")),
    ("another layout", _instead(TITLE, HEADLINES)),
    ("its title, and nobody knows what", _instead(TITLE, f"{TITLE}\n首页 财经\n{HEADLINES}")),
    ("nothing read", _instead("", "")),
    ("not from here", _instead("提示", "您所在的地区无法访问该内容")),
    ("a redirect to nothing", _instead("", "", 302)),
    ("asked about cookies", _instead("江城晚报", "我们使用 Cookie 来改善您的体验。\n接受所有 Cookie")),
    ("a parked domain", _instead("example.com", "此域名正在出售，有意者请联系")),
)  # fmt: skip


def _with(sentence: str) -> Look:
    parts = BEFORE.text.strip().split("\n\n")
    return replace(BEFORE, text="\n\n".join([*parts[:2], f"记者了解到，{sentence}", *parts[2:]]))


def retold() -> Iterator[Case]:
    """Sentences told anew, both ways."""
    for pairs, material in ((REWORDED, False), (CLAIMED_ANEW, True)):
        for pair in pairs:
            for one, other in (pair, pair[::-1]):
                yield Case(f"{one} {other}", _with(one), _with(other), "edit", material)


def _sentences() -> Iterator[Case]:
    for label, pairs, change, material in (
        ("same", SAME, "none", False),
        ("harmless", HARMLESS, "edit", False),
        ("telling", TELLING, "edit", True),
    ):
        for one, other in pairs:
            yield Case(f"{label}: {one} {other}", _with(one), _with(other), change, material)
            if not material:
                yield Case(f"{label}: {other} {one}", _with(other), _with(one), change)
    for one, other, change in BYLINES:
        yield Case(f"byline: {one} {other}", _with(one), _with(other), change)
    for line in AROUND:
        behind = replace(BEFORE, text=f"{BEFORE.text}\n\n{line}")
        yield Case(f"behind it: {line}", BEFORE, behind, "none")
        yield Case(f"behind it no more: {line}", behind, BEFORE, "none")
        above = replace(BEFORE, text=f"{line}\n{BEFORE.text}")
        yield Case(f"above it: {line}", above, BEFORE, "none")
    for one, other in FILLERS:
        looks = (replace(BEFORE, text=f"{BEFORE.text}\n\n{each}") for each in (one, other))
        yield Case(f"filler: {one} {other}", *looks, "edit")
    for line in TOLD:
        parts = BEFORE.text.strip().split("\n\n")
        within = replace(BEFORE, text="\n\n".join([*parts[:2], line, *parts[2:]]))
        for name, *pair in (("came", BEFORE, within), ("went", within, BEFORE)):
            yield Case(f"{name}: {line}", *pair, "edit", True)
    for line in CORRECTIONS:
        after = replace(BEFORE, text=f"{BEFORE.text}\n\n{line}")
        yield Case(f"corrected: {line}", BEFORE, after, "edit", True, "correction")
    for change, pages in (("deleted", GONE), ("blocked", IN_THE_WAY)):
        for title, text in pages:
            after = _instead(TITLE if title is None else title, text)
            yield Case(f"{change}: {title} {text}", BEFORE, after, change, change == "deleted")


def _about_removals() -> Iterator[Case]:
    """Articles that tell of removals, in the words of those who remove."""
    quoted = "“您访问的页面不存在”，打开旧文章的链接，只剩一句“该内容已被删除”，或者“文章已下架”。"
    for title in (
        "那些消失的报道和它们的“404”",
        "“该内容已被删除”：一家平台的公关",
        "誰讓這篇報導「已下架」",
    ):
        here = replace(BEFORE, title=title, text=f"{quoted}\n\n{BEFORE.text}")
        parts = here.text.strip().split("\n\n")
        less = replace(here, text="\n\n".join([*parts[:3], *parts[4:]]))
        yield Case(f"a paragraph gone of {title}", here, less, "edit", True, "paragraph-removed")
        yield Case(f"the same {title}", here, here, "none")
        for said in (
            "该内容已被发布者删除。",
            "此內容已被刪除",
            "文章已下架",
            "您访问的页面不存在",
        ):
            yield Case(f"{said} instead of {title}", here, _instead(title, said), "deleted", True)
        for said in ("请完成安全验证", "请登录后查看全文"):
            yield Case(f"{said} instead of {title}", here, _instead(title, said), "blocked")


def _another_year() -> Iterator[Case]:
    """The same text under another date."""
    lines = {
        "今年以来，已有九十家退出。": True,
        "自6月5日起，利率下调。": True,
        "截至6月底止，貸款餘額下跌。": True,
        "與去年同期相比，逾期率上升。": True,
        "2023年6月5日，平台成立。": False,
    }
    for line, sent in lines.items():
        here = Look(200, "利率下调", f"平台公布利率。\n\n{line}", "小禾", "2025-06-06")
        for day, material in (
            ("2026-06-06", sent),
            ("2024-06-08", sent),
            ("2025-06-16", False),
            ("2025-12-30", False),
        ):
            after = replace(here, date=day)
            yield Case(f"{day}: {line}", here, after, "meta", material, "redated")
    eve = Look(200, "利率下调", "今年以来，利率下调。", "小禾", "2024-12-31 23:55")
    yield Case("new year's eve", eve, replace(eve, date="2025-01-01 00:05"), "meta")


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _sentences()
    for name, before, after in _unchanged():
        yield Case(f"unchanged: {name}", before, after, "none")
    yield from _edits()
    for name, after in DELETED:
        yield Case(f"deleted: {name}", BEFORE, after, "deleted", material=True)
    for name, after in BLOCKED:
        yield Case(f"blocked: {name}", BEFORE, after, "blocked")
    numbered = replace(BEFORE, text=f"{BEFORE.text}\n1. 核对合同。\n2. 保存录音。")
    pointed = replace(BEFORE, text=f"{BEFORE.text}\n● 核对合同。\n● 保存录音。")
    yield Case("numbers become points", numbered, pointed, "none")
    refused = _instead("無法瀏覽", "因法規限制，您所在的地區無法瀏覽。", 451)
    yield Case("not shown in this region", BEFORE, refused, "blocked")
    # What an article tells of pages and notices is no notice.
    told = look(FINE), replace(look(FINE), text=f"{look(FINE).text}逾期未到任的，批复文件失效。")
    yield Case("a notice in a sentence", told[1], replace(told[1], author="大禾"), "meta")
    yield from _about_removals()
    yield from _another_year()
    gone = _instead("页面不存在", "您访问的页面不存在", 404)
    blocked = _instead("安全验证", "请完成验证")
    yield Case("gone, and still", gone, gone, "none")
    yield Case("gone, and back", gone, BEFORE, "edit", material=True, kind="restored")
    yield Case("blocked, and read again", blocked, BEFORE, "none")
    yield Case("blocked, and gone", blocked, gone, "deleted", material=True)
    yield Case("blocked, and still", blocked, blocked, "blocked")
