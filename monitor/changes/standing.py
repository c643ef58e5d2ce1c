"""What stands at an article's address now: the article, its absence, or somebody in the way. Pure.

Blocked is not deleted: a page that asks, refuses or fails says nothing about the article, and one
of which nothing could be read says nothing either. Absence has to be stated: by the status, by the
page's own words, by the title without its text, or by the site's list of other articles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.changes.titles import same_title
from monitor.stories.fingerprint import compact, containment, shingle_hashes
from seeds.absence import BROKEN, MISSING, REFUSED, TAKEN_AWAY, UNREADABLE, WALL, WITHDRAWN
from seeds.fold import fold_text
from seeds.furniture import HEAD_ALONE, HEAD_RUNNING_ON, NEIGHBOUR

# A share of the known text, from which up it is the article that stands there, whatever the page
# says around it; and the most of it that another page has by accident (its title, its site's words).
STILL_HERE = 0.5
ANOTHER_PAGE = 0.12
# Notices are a line or two and a menu: longer texts are articles about removals or captchas.
NOTICE = 400
# Of a page that nobody knows: a whole page of so many characters is a notice, else such a line.
A_NOTICE_ALONE, NOTICE_LINE = 120, 40
# So many paragraphs, longer than such a line, are an article.
PARAGRAPHS, SHORT_LINE = 2, 25
# A page of at most so many characters, and this much shorter than the article, of which it has
# nothing, is no article: somebody says something in its place that no list here knows.
LITTLE, MUCH_SHORTER = 240, 0.5
# What an article quotes of a notice is no longer than this; more is an excerpt of the article.
QUOTED = 16
# What is left of a text in front of a wall.
CUT = 0.75
# Longer pages say it at their head, before the list of what else there is to read.
HEAD_LINES, HEAD_LINE = 4, 60
# Lines of a list of articles, how many of them are headlines, and how long one is at most.
LISTED, MOSTLY, HEADLINE = 5, 0.7, 48

_LEGAL_REASONS = 451
_GONE = {404: "not found", 410: "gone", _LEGAL_REASONS: "unavailable for legal reasons"}
_UNCHANGED = 304
_OK = range(200, 300)
_REDIRECTED = range(300, 400)
_HOME = re.compile(r"首页|主页|门户|频道|官网|官方网站|\bhome\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。!?;…]\W*$")
# What an emptied page still has. A menu or a placeholder is another layout, and says nothing.
_COUNTERS = re.compile(
    r"(?:阅读|浏览|点击|评论|跟帖|点赞|赞|转发|分享|收藏|喜欢|热度|回复|人气|views?|comments?|次|条|个|人|量|数|[\W\d_])*"
)
# No notice tells what somebody said: 平台称系统崩溃。
_REPORTED = re.compile(
    r"[称稱]|表示|[说說](?!明)|[认認][为為]|指出|回[应應]|透露|告[诉訴]|据悉|據悉|[记記]者"
)
_WORD = re.compile(r"[^\W\d_]")
_LINES = re.compile(r"[\n|]+")
# What comes below an article on a page.
_SITE_S_OWN = re.compile(
    rf"\W*(?:{HEAD_RUNNING_ON}|{HEAD_ALONE}\W*$|{NEIGHBOUR}|版权所有|copyright|©)", re.IGNORECASE
)


class Standing(StrEnum):
    """What an address shows: the article, that it is gone, or nothing that tells."""

    HERE = "here"
    GONE = "gone"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Shown:
    """One look at an address: `status` as answered (None or 0: no answer), and what was read."""

    status: int | None
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What stands there and why: `reason` is a term (`not found`, `captcha or refusal` …),
    `quoted` the words of the page that say it, empty where none do."""

    standing: Standing
    reason: str
    quoted: str = ""


HERE = Found(Standing.HERE, "")


def standing(known: Shown | None, now: Shown) -> Found:
    """Tell what stands at the address of an article that was `known` as it was; None when it
    never was."""
    by_status = _by_status(now)
    if by_status is not None:
        return by_status
    if known is None:
        return _unknown(now)
    short = len(compact(now.text))
    left = kept(known.text, now.text)
    walled = _quote(WALL, now, beyond=known) if short < CUT * len(compact(known.text)) else ""
    # A page that says in its first lines that it was withdrawn may ask for its app below.
    if walled and (left > ANOTHER_PAGE or not _quote(WITHDRAWN, _head(now), beyond=known)):
        return Found(Standing.BLOCKED, "login or payment", walled)
    if left >= STILL_HERE or (left > ANOTHER_PAGE and short > NOTICE):
        return HERE
    page = now if short <= NOTICE else _head(now)
    said = _said(page, beyond=known)
    if said is None and left <= ANOTHER_PAGE:
        # What stands in the place of an article about removals may be what it quotes.
        said = _said(_unlike(page, known), beyond=None) or _taken_away(known, now)
    if said:
        return said
    return HERE if left > ANOTHER_PAGE else _another(known, now)


def _taken_away(known: Shown, now: Shown) -> Found | None:
    """What a short page that has nothing of the article says in its first lines, in any words."""
    if not _is_little(known, now):
        return None
    quoted = _quote(TAKEN_AWAY, _head(_unlike(now, known)), beyond=None)
    return Found(Standing.GONE, "withdrawn", quoted) if quoted else None


def _unlike(page: Shown, known: Shown) -> Shown:
    """The lines of a page that are not the known one's: neither its title nor of its text, but a
    notice is one although the text quotes it."""
    there = compact(fold_text(f"{known.title}\n{known.text}"))
    own = {compact(fold_text(each)) for each in known.text.splitlines()}
    fresh = []
    for line in page.text.splitlines():
        said = compact(fold_text(line))
        if len(line) <= HEAD_LINE and said not in (own if len(said) <= QUOTED else there):
            fresh.append(line)
    title = "" if same_title(known.title, page.title) else page.title
    return replace(page, title=title, text="\n".join(fresh))


def _head(page: Shown) -> Shown:
    """The title and the first short lines of a long page."""
    lines = [each for each in page.text.splitlines() if each.strip()][:HEAD_LINES]
    return replace(page, text="\n".join(each for each in lines if len(each) <= HEAD_LINE))


def _by_status(now: Shown) -> Found | None:
    status = now.status
    if status == _LEGAL_REASONS and (quoted := _quote(REFUSED, now, beyond=None)):
        return Found(Standing.BLOCKED, "captcha or refusal", quoted)  # there, but not for us
    if status in _GONE:
        return Found(Standing.GONE, _GONE[status], f"HTTP {status}")
    if not status:
        return Found(Standing.BLOCKED, "no answer")
    if status == _UNCHANGED:
        return HERE
    if status not in _OK and status not in _REDIRECTED:
        return Found(
            Standing.BLOCKED, "refused" if status < 500 else "server error", f"HTTP {status}"
        )
    return None


def _unknown(now: Shown) -> Found:
    """Of a page that nobody knows: only its own words tell, in a line that is a notice, not in a
    sentence of an article (批复文件失效, 仍提示网络错误)."""
    length = len(compact(now.text))
    lines = now.text.splitlines() if length <= NOTICE else []
    if length > A_NOTICE_ALONE:
        lines = [line for line in lines if len(line) <= NOTICE_LINE]
    lines = [line for line in lines if not (_REPORTED.search(line) and _is_sentence(line))]
    # A headline over an article may quote a notice: 那些消失的报道和它们的“404”.
    title = now.title
    if _is_article(now.text):
        title, lines = "", [line for line in lines if not _is_sentence(line)]
    if lines and (said := _said(replace(now, title=title, text="\n".join(lines)), beyond=None)):
        return said
    return HERE if now.text.strip() else Found(Standing.BLOCKED, "nothing read")


def _is_sentence(line: str) -> bool:
    return _SENTENCE_END.search(fold_text(line)) is not None


def _is_article(text: str) -> bool:
    """Whether several paragraphs end as sentences do: two, or one more that are shorter."""
    told = [line for line in fold_text(text).splitlines() if _is_sentence(line)]
    lengths = [len(line) for line in told]
    return (
        sum(each > NOTICE_LINE for each in lengths) >= PARAGRAPHS
        or sum(each > SHORT_LINE for each in lengths) > PARAGRAPHS
    )


def _said(now: Shown, beyond: Shown | None) -> Found | None:
    """What a short page says in place of the article. That it was withdrawn is said of this
    article alone; all else may be said of the page, so what is in the way is asked first."""
    if quoted := _quote(WITHDRAWN, now, beyond):
        return Found(Standing.GONE, "withdrawn", quoted)
    for pattern, reason in (
        (REFUSED, "captcha or refusal"),
        (WALL, "login or payment"),
    ):
        if quoted := _quote(pattern, now, beyond):
            return Found(Standing.BLOCKED, reason, quoted)
    if quoted := _quote(MISSING, now, beyond):
        return Found(Standing.GONE, "not found", quoted)
    if quoted := _quote(BROKEN, now, beyond):
        return Found(Standing.BLOCKED, "the site does not work", quoted)
    if quoted := _quote(UNREADABLE, now, beyond):
        return Found(Standing.GONE, "not found", quoted)
    return None


def _another(known: Shown, now: Shown) -> Found:
    """Nothing of the text is left, and no word says why."""
    kept_title = same_title(known.title, now.title)
    lines = [each for each in map(str.strip, _LINES.split(fold_text(now.text))) if each]
    listed = len(lines) >= LISTED and sum(map(_is_headline, lines)) >= MOSTLY * len(lines)
    textless = all(_COUNTERS.fullmatch(each) for each in lines)
    if kept_title:
        if textless or same_title(known.title, now.text) or _is_emptied(known, lines):
            return Found(Standing.GONE, "the title without its text")
        # The page of the article, of which something else was read: a layout that changed.
        return (
            Found(Standing.BLOCKED, "another layout") if listed or _is_little(known, now) else HERE
        )
    if textless and not _HOME.search(fold_text(now.title)):
        return Found(Standing.BLOCKED, "nothing read")
    if listed or _HOME.search(fold_text(now.title)):
        return Found(Standing.GONE, "a list of other articles", now.title)
    return Found(Standing.BLOCKED, "another page", now.text) if _is_little(known, now) else HERE


def _is_emptied(known: Shown, lines: Sequence[str]) -> bool:
    """Whether a whole page has its headline, and between it and the site's own lists nothing but
    counters."""
    headlines = [place for place, line in enumerate(lines) if same_title(known.title, line)]
    below = lines[headlines[-1] + 1 :] if headlines else []
    ends = [place for place, line in enumerate(below) if _SITE_S_OWN.match(line)]
    return bool(ends) and all(_COUNTERS.fullmatch(line) for line in below[: ends[0]])


def _is_little(known: Shown, now: Shown) -> bool:
    length = len(compact(now.text))
    return length <= LITTLE and length < MUCH_SHORTER * len(compact(known.text))


def _is_headline(line: str) -> bool:
    return len(line) <= HEADLINE and not _is_sentence(line)


def kept(known: str, now: str) -> float:
    """The share of the known text that the page still has."""
    ours, theirs = (shingle_hashes(compact(fold_text(each))) for each in (known, now))
    return containment(ours, theirs) if len(ours) else float(not len(theirs))


def _quote(pattern: re.Pattern[str], now: Shown, beyond: Shown | None) -> str:
    """The first line that says so, unless the known text said it too."""
    known = fold_text(f"{beyond.title}\n{beyond.text}") if beyond else ""
    for line in fold_text(f"{now.title}\n{now.text}").splitlines():
        if (match := pattern.search(line)) and match[0] not in known and not _counts(line):
            return line.strip()
    return ""


def _counts(line: str) -> bool:
    """Whether a line is counters with their names, of which one may stand at 404."""
    return bool(_COUNTERS.fullmatch(line) and _WORD.search(line))
