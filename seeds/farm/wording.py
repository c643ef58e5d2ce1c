"""A likelihood in words: one line for terminals, one for mails (Simplified Chinese)."""

from typing import Literal

from seeds.farm.reasons import LIKELY, FarmLikelihood, Reason, ReasonKind

Language = Literal["en", "zh"]

# English (one, several) and Chinese, beside each other; `{}` is the count.
LABELS: dict[ReasonKind, tuple[str, str, str]] = {
    ReasonKind.ANNOTATIONS: ("{} pinyin annotation", "{} pinyin annotations", "夹注拼音 {} 处"),
    ReasonKind.GAPS: ("{} gap inside a sentence", "{} gaps inside sentences", "句中空缺 {} 处"),
    ReasonKind.INVISIBLE: ("{} invisible character", "{} invisible characters", "不可见字符 {} 个"),
    ReasonKind.ENTITIES: ("{} HTML entity left", "{} HTML entities left", "残留 HTML 实体 {} 处"),
    ReasonKind.MIXED_SCRIPT: (
        "{} character in the other script", "{} characters in the other script", "繁简混用 {} 字",
    ),
    ReasonKind.TITLE_REPEATED: (
        "title repeated once", "title repeated {} times", "正文重复标题 {} 次",
    ),
    ReasonKind.SEARCH_TITLE: (
        "title made for search engines", "title made for search engines", "标题为搜索引擎而写",
    ),
    ReasonKind.NAME_STUFFED: (
        "one name stuffed {} time", "one name stuffed {} times", "同一名称堆砌 {} 次",
    ),
    ReasonKind.TEMPLATE_HEADINGS: (
        "{} template heading", "{} template headings", "模板化小标题 {} 个",
    ),
    ReasonKind.FILLER: ("{} filler phrase", "{} filler phrases", "套话 {} 处"),
    ReasonKind.UNSOURCED: (
        "names no source, date or figure", "names no source, date or figure",
        "正文未提来源、日期或数据",
    ),
    ReasonKind.BYLINE: ("byline of nobody", "bylines of nobody", "署名空泛"),
    ReasonKind.DISCLAIMER: ("disclaimer", "{} disclaimers", "免责声明 {} 处"),
    ReasonKind.CONTACT: ("{} contact line", "{} contact lines", "留有联系方式 {} 处"),
    ReasonKind.RELATED_TAIL: (
        "{} related-reading heading", "{} related-reading headings", "推荐阅读栏 {} 处",
    ),
    ReasonKind.SOURCED: ("{} named source or fact", "{} named sources or facts", "具名来源或事实 {} 处"),
    ReasonKind.FORMAL: ("form of a notice or filing", "form of a notice or filing", "公文公告体"),
    ReasonKind.PERSONAL: ("somebody's own voice", "somebody's own voice", "个人口吻"),
    ReasonKind.LESSON: ("reads as a lesson or a poem", "reads as a lesson or a poem", "课文或诗词"),
}  # fmt: skip

# How many reasons one line names, as far as it is a line.
_NAMED = 4
# Below it a line says "unlikely", up to LIKELY "possibly".
_POSSIBLE = 0.25


def label(reason: Reason, language: Language = "en") -> str:
    """Say one reason in words: `133 pinyin annotations`."""
    one, several, chinese = LABELS[reason.kind]
    if language == "zh":
        return chinese.format(reason.count)
    return (one if reason.count == 1 else several).format(reason.count)


def summary(likelihood: FarmLikelihood, language: Language = "en") -> str:
    """Say it in one line: `likely a content farm (0.97): 133 pinyin annotations, …`.

    Names the heaviest reasons of the side that prevails."""
    speaks_for = likelihood.score >= _POSSIBLE
    named = [reason for reason in likelihood.reasons if (reason.weight > 0) == speaks_for]
    words = [label(reason, language) for reason in named[:_NAMED]]
    if language == "zh":
        verdict = _verdict(likelihood.score, ("很可能是内容农场", "疑似内容农场", "不像内容农场"))
        # A bare number would be taken for how credible the page is.
        head = f"{verdict}（可能性 {likelihood.score:.0%}）"
        return f"{head}：{'，'.join(words)}" if words else head
    verdicts = ("likely a content farm", "possibly a content farm", "unlikely a content farm")
    head = f"{_verdict(likelihood.score, verdicts)} ({likelihood.score:.2f})"
    return f"{head}: {', '.join(words)}" if words else head


def _verdict(score: float, verdicts: tuple[str, str, str]) -> str:
    likely, possible, unlikely = verdicts
    if score >= LIKELY:
        return likely
    return possible if score >= _POSSIBLE else unlikely
