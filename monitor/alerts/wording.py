"""What a mail says in its own words, all in one place (Simplified Chinese, as most readers are).

What pages say is never translated: titles and excerpts keep the script they were written in.
"""

from monitor.alerts.rules import is_recycled
from monitor.events import Event, EventKind

KINDS = {
    EventKind.STORY_OPENED: "新报道",
    EventKind.STORY_SPREAD: "转载扩散",
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
    if event.kind is EventKind.STORY_SPREAD and event.details.get("changed"):
        return "转载有改动"
    if event.kind is EventKind.ARTICLE_EDITED and not event.details.get("material", True):
        return "文章微调"
    return KINDS[event.kind]


def change_label(event: Event) -> str:
    """Introduce the sentence that says what changed, or why."""
    if event.kind is EventKind.STORY_SPREAD:
        return "与首发不同："
    if event.kind is EventKind.ARTICLE_EDITED:
        return "实质改动：" if event.details.get("material", True) else "非实质改动："
    return "说明："
