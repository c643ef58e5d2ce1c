"""Say in one line of Chinese what changed, quoting it. Pure."""

import re
from collections.abc import Sequence

from monitor.changes.segments import Segment

# A mail's subject and a table's cell hold three quotations; the rest is a count.
QUOTED = 3
# A quotation longer than this is shortened in the middle.
LENGTH = 40

_WORDS = {
    "correction": "更正",
    "amount": "金额",
    "number": "数字",
    "date": "日期",
    "negation": "否定",
    "modality": "语气",
    "claim": "说法",
    "name": "名称",
    "topic": "主题词",
    "paragraph-added": "新增段落",
    "paragraph-removed": "删去段落",
    "wording": "措辞",
    "order": "调换顺序",
}
_SPACE = re.compile(r"\s+")
_SENTENCE_START = re.compile(r"^.*[。！？；，、：!?;,:\n]", re.DOTALL)


def summarise(found: Sequence[Segment]) -> str:
    """Quote the most telling changes, and count the others."""
    order = list(_WORDS)
    ranked = sorted(found, key=lambda each: (order.index(each.kinds[0]), -each.longest))
    told = [_tell(each) for each in ranked[:QUOTED]]
    if len(ranked) > QUOTED:
        told.append(f"另有 {len(ranked) - QUOTED} 处")
    return "；".join(told)


def summarise_facts(changes: Sequence[tuple[str, str, str]]) -> str:
    """Quote the first facts (kind, before, after) that a copy alters or adds, and count the
    others."""
    told = [
        _altered(_WORDS[kind], shortened(before), shortened(after))
        for kind, before, after in changes[:QUOTED]
    ]
    if len(changes) > QUOTED:
        told.append(f"另有 {len(changes) - QUOTED} 处")
    return "；".join(told)


def _altered(label: str, old: str, new: str) -> str:
    if old and new:
        return f"{label}：「{old}」改为「{new}」"
    return f"{label}：新增「{new}」" if new else f"{label}：删去「{old}」"


def _tell(segment: Segment) -> str:
    label = _WORDS[segment.kinds[0]]
    if segment.where == "title":
        label = f"标题{label}"
    old, new = shortened(segment.old), shortened(segment.new)
    if segment.kinds[0] in {"paragraph-added", "paragraph-removed", "order"}:
        return f"{label}：「{new or old}」"
    lead_in = _SPACE.sub("", _SENTENCE_START.sub("", segment.lead_in))
    if old and new:
        return f"{label}：{lead_in}「{old}」改为「{new}」"
    return f"{label}：{lead_in}增「{new}」" if new else f"{label}：{lead_in}删「{old}」"


def shortened(text: str) -> str:
    """`text` on one line, the middle of a long one left out."""
    line = _SPACE.sub(" ", text).strip()
    if len(line) <= LENGTH:
        return line
    return f"{line[: LENGTH - 12]}…{line[-10:]}"
