"""What a mail says in its own words, all in one place (Simplified Chinese, as most readers are).

What pages say is never translated: titles and excerpts keep the script they were written in.
"""

from monitor.alerts.rules import is_recycled
from monitor.events import Event, EventKind
from monitor.stories.claims import ClaimFlag, Doubt

KINDS = {
    EventKind.STORY_OPENED: "新报道",
    EventKind.STORY_SPREAD: "转载扩散",
    EventKind.COPY_CHANGED: "转载有改动",
    EventKind.ARTICLE_EDITED: "文章被修改",
    EventKind.ARTICLE_REMOVED: "文章已消失",
    EventKind.ARTICLE_RESTORED: "文章恢复访问",
    EventKind.SOURCE_FAILING: "来源抓取失败",
    EventKind.SOURCE_RECOVERED: "来源恢复正常",
}

# StoryOpened, told apart: what a reader must not take for an independent report.
OPENED_BY = {
    "platform-swap": "换名文章",
    "template-sibling": "同模板文章",
}

RECYCLED = "旧文翻新"

EXPLAINED = {
    EventKind.STORY_OPENED: "监测到此前未见过的内容。",
    EventKind.STORY_SPREAD: "已知内容出现在新的网址。",
    EventKind.COPY_CHANGED: "已知报道的一份转载改动或增加了事实，何者属实有待核对。",
    EventKind.ARTICLE_EDITED: "已收录的文章内容发生了变化。",
    EventKind.ARTICLE_REMOVED: "网站仍可访问，但多次复查后该文章已不存在。",
    EventKind.ARTICLE_RESTORED: "先前消失的文章可以再次访问。",
    EventKind.SOURCE_FAILING: "连续多次抓取失败，此来源的新内容暂时无法收录。",
    EventKind.SOURCE_RECOVERED: "此来源已可正常抓取。",
}

RELATIONS = {
    "new": "全新内容",
    "exact": "原文照搬",
    "script-variant": "繁简转换",
    "annotated": "加注拼音",
    "gapped": "删去字词",
    "partial": "节选或扩写",
    "rewrite": "改写",
    "platform-swap": "同一文章换了平台名",
    "template-sibling": "同一模板的另一篇",
}

# Kinds of fact that a copy alters or adds.
FACTS = {
    "amount": "金额",
    "date": "日期",
    "number": "数字",
    "negation": "否定",
    "name": "名称",
}

SEVERITIES = {"low": "低", "medium": "中", "high": "高"}

WHEN = {"instant": "即时", "digest": "每日摘要"}


def explained(event: Event) -> str:
    """Say in a sentence what an event means."""
    return "没有超出此前报道的内容。" if is_recycled(event) else EXPLAINED[event.kind]


def kind_in_words(event: Event) -> str:
    """Name an event as the subject and the head of a mail do."""
    if is_recycled(event) and event.relation not in OPENED_BY:
        return RECYCLED
    if event.kind is EventKind.STORY_OPENED:
        return OPENED_BY.get(event.relation, KINDS[event.kind])
    if event.kind is EventKind.ARTICLE_EDITED and not event.details.get("material", True):
        return "文章微调"
    return KINDS[event.kind]


_DOUBTS = {
    (Doubt.LATER_THAN_SEEN, "seen"): "页面自称 {claimed} 发布，但此网址 {proved} 就已收录",
    (Doubt.REDATED, "seen"): "页面自称 {claimed} 发布；同一文本 {proved} 已见于 {site}（{url}）",
    (
        Doubt.REDATED,
        "claimed",
    ): "页面自称 {claimed} 发布；{site} 的同一文本标注为 {proved}（{url}）",
    (
        Doubt.EARLIER_THAN_TEXT,
        "text",
    ): "页面自称 {claimed} 发布，正文却说到 {proved} 已发生的事：“{quote}”",
    (
        Doubt.EARLIER_THAN_SOURCE,
        "claimed",
    ): "页面自称 {claimed} 发布，早于它所改自的文章：{site} {proved}（{url}）",
    (
        Doubt.CLAIMS_DIFFER,
        "claimed",
    ): "页面自称 {claimed} 发布；{site} 的同一文本标注为 {proved}，孰真待核（{url}）",
}


def doubt_in_words(flag: ClaimFlag, url: str, quote: str) -> str:
    """Say why a claimed date is in doubt, naming the article that shows it; `url` and `quote` are
    its address and words, fit for a mail."""
    return _DOUBTS[flag.doubt, flag.by].format(
        claimed=flag.claimed, proved=flag.proved, site=flag.site, url=url, quote=quote
    )


def change_label(event: Event) -> str:
    """Introduce the sentence that says what changed, or why."""
    if event.kind is EventKind.COPY_CHANGED:
        return "改动："
    if event.kind is EventKind.ARTICLE_EDITED:
        return "实质改动：" if event.details.get("material", True) else "非实质改动："
    return "表现：" if event.kind is EventKind.ARTICLE_REMOVED else "说明："
