"""The newest date that a text itself speaks of as past. Pure.

Only dates with their year, and only where nothing in the sentence looks ahead: a deadline, a term,
a day something comes into force. A date missed does no harm, a false one accuses a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from monitor.changes.figures import number
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import fold_text

_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
# The text's characters that are looked through: a date later than that is hardly the newest.
LONGEST = 20_000
QUOTE = 60
# Years before web news are history, later ones no past for a long time.
EARLIEST, LATEST = 1994, 2100
# A line that only dates the page (2025-03-02 10:11 来源:…) has fewer Han characters.
_SENTENCE = 12

_HAN = "零〇一二三四五六七八九十"
_DATE = re.compile(
    rf"(?:(?P<roc>民国)\s*)?(?P<y>\d{{2,4}}|[{_HAN}]{{4}})\s*年"
    rf"(?:\s*(?P<m>\d{{1,2}}|[{_HAN}]{{1,3}})\s*月(?:\s*(?P<d>\d{{1,2}}|[{_HAN}]{{1,3}})\s*[日号])?)?"
    r"|(?<!\d)(?P<iy>(?:19|20)\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})(?!\d)"
)
_AHEAD = re.compile(
    r"将|拟|计划|预计|预期|预测|有望|打算|准备|届时|到期|截止|期限|最迟|不晚于|之前|以前|前(?=完成|提出|还清|提交|付|归还|缴|结清)"
    r"|明年|下月|下周|下半年|未来|目标|承诺|应当|必须|可以|如果|若|一旦|每年|有效期|生效|施行|实施|起(?=停|执|实|开|不|恢复|全|正)"
    r"|更新|更正|修订|修改|编者|勘误|版权|copyright|©|备案|许可证|规划|展望|征求意见|考虑|希望|愿景|周期|五年|起至"
)
_PAST = re.compile(
    r"已|曾|了|过|获悉|报道|宣布|公布|发布|表示|作出|判决|宣判|查明|发现|显示|通报|披露|当日|当天|截至|以来|发生|成立|上线|收到|逾期|被"
    r"|起诉|立案|披露|接到|开始|联系|致电|催"
)
_END = re.compile(r"[。！？；!?;\n]")


@dataclass(frozen=True, slots=True)
class TextDate:
    """A date in a text. `begins` is its first moment, in Shanghai; `written` the day, month or
    year it names (2024-11-08, 2024-11, 2024); `quote` what stands around it."""

    begins: datetime
    written: str
    quote: str


def newest_past(title: str, body: str, seen_at: datetime) -> TextDate | None:
    """The newest date that the article's prose tells of as past, and that was past when the page
    was read at `seen_at`; None when there is none."""
    found = [each for each in _dates(title, body[:LONGEST]) if each.begins <= seen_at]
    return max(found, key=lambda each: each.begins, default=None)


def _dates(title: str, body: str) -> Iterator[TextDate]:
    if not _DATE.search(folded := fold_text(body)):
        return
    lines = folded.splitlines()
    kinds = line_kinds(fold_text(title), lines)
    for line, kind in zip(lines, kinds, strict=True):
        if kind is not Kind.PROSE:
            continue
        for sentence in _END.split(line):
            yield from _in_sentence(sentence.strip())


def _in_sentence(sentence: str) -> Iterator[TextDate]:
    if len(re.findall(r"[\u4e00-\u9fff]", sentence)) < _SENTENCE or _AHEAD.search(sentence):
        return
    for match in _DATE.finditer(sentence):
        told = _told(match)
        # A month or a year alone may belong to anything (2024年度报告) unless the past is told.
        if told and (told[1].count("-") == 2 or _PAST.search(sentence[match.end() :])):
            start = max(0, match.start() - QUOTE // 3)
            yield TextDate(
                told[0], told[1], f"{'…' * (start > 0)}{sentence[start : start + QUOTE]}"
            )


def _told(match: re.Match[str]) -> tuple[datetime, str] | None:
    group = match.groupdict()
    if match.string[match.end() : match.end() + 1] in {"度", "版", "期", "底", "末", "款"}:
        return None
    month, day = (group["m"] or group["im"]), (group["d"] or group["id"])
    try:
        year = int(number(group["y"] or group["iy"])) + (1911 if group["roc"] else 0)
        parts = [int(number(each)) for each in (month, day) if each]
        first = (parts[0] if parts else 1, parts[1] if parts[1:] else 1)
        begins = datetime(year, *first, tzinfo=_SHANGHAI)
    except ValueError:  # 30 February, 十十月: no such day
        return None
    if not EARLIEST <= year <= LATEST:
        return None
    return begins, "-".join([str(year), *(f"{each:02}" for each in parts)])
