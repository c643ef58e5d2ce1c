"""What a mail tells of an article that is gone, or is back: since when, and what shows it. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts.shown import masked_line, shown_time
from monitor.changes.judged import REASONS
from monitor.events import Event, EventKind

# Strikes told one by one; of a longer row the first ones and the last.
STRIKES = 4
QUOTED = 40  # characters of the page's words beside each

Lines = list[tuple[str, str]]


def gone_facts(event: Event, zone: ZoneInfo, sites: int) -> Lines:
    """Labels and values of a removal or a return; `sites` are others where the story stands."""
    if event.kind is EventKind.ARTICLE_REMOVED:
        return _removal(event, zone, sites)
    return _return(event, zone) if event.kind is EventKind.ARTICLE_RESTORED else []


def copies_title(event: Event, count: int, sites: int) -> str:
    """Head the list of a story's other addresses; `count` in all, `sites` where it can be read."""
    if event.kind is EventKind.ARTICLE_REMOVED:
        return f"原文已撤下，另有 {sites} 个站点仍可读"
    return f"同一报道的其他网址（共 {count} 个）"


def original_gone(removed_at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Say of a copy that what it copies is gone."""
    return "原文状态", f"转载的原文已于 {shown_time(removed_at, zone)} 撤下"


def _removal(event: Event, zone: ZoneInfo, sites: int) -> Lines:
    details = event.details
    lines: Lines = []
    if begun := _time(details, "gone_since"):
        lines.append(("消失起", shown_time(begun, zone)))
        if first_seen := _time(details, "first_seen_at"):
            lines.append(("存续", f"自收录起 {_length(begun - first_seen)}"))
    if strikes := details.get("strikes"):
        lines.append(("复查", _strikes(strikes, zone)))
    if not sites:
        lines.append(("其他站点", "没有已知站点仍可读到此报道"))
    return [*lines, *_kept(event)]


def _return(event: Event, zone: ZoneInfo) -> Lines:
    told = (("消失起", "gone_since"), ("确认撤下", "removed_at"), ("恢复于", "back_since"))
    lines = [
        (label, shown_time(at, zone)) for label, key in told if (at := _time(event.details, key))
    ]
    if "changed" in event.details:
        changed = event.details["changed"]
        lines.append(("内容", "与撤下前不同" if changed else "与撤下前相同"))
    return [*lines, *_kept(event)]


def _kept(event: Event) -> Lines:
    number = event.article_id
    return [("已存原文", f"lendwatch article {number}；证据：lendwatch evidence {number} -o 文件")]


def _strikes(strikes: list[Mapping[str, Any]], zone: ZoneInfo) -> str:
    shown = strikes if len(strikes) <= STRIKES else [*strikes[: STRIKES - 1], strikes[-1]]
    said = "；".join(_strike(each, zone) for each in shown)
    return f"{len(strikes)} 次均未见原文：{said}"


def _strike(strike: Mapping[str, Any], zone: ZoneInfo) -> str:
    quoted = masked_line(strike["quoted"], QUOTED)
    words = REASONS.get(strike["reason"], strike["reason"])
    evidence = f"记录 {strike['look_id']}"
    at = shown_time(datetime.fromisoformat(strike["at"]), zone)
    return f"{at} {words}{f'「{quoted}」' if quoted else ''}（{evidence}）"


def _time(details: Mapping[str, Any], key: str) -> datetime | None:
    return datetime.fromisoformat(details[key]) if details.get(key) else None


def _length(time: timedelta) -> str:
    hours = max(0, int(time.total_seconds() // 3_600))
    if not hours:
        return "不足 1 小时"
    return f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时"
