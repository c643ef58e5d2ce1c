"""When an article was published, and when it was last changed, from all places a page says so.

The order, and why: 1. a visible line beside the title with a time of day: it is what readers and
the newsroom see, and declared times are often those of the page's generation (sina: one minute
late); 2. what the page declares as published (JSON-LD, `article:published_time`); 3. a `time` element
beside the title; 4. a visible line with a day only; 5. other declarations; 6. scripts that fill the
visible line in; 7. the URL; 8. any other date near the text. A coarser winner takes the time of day from the first source
that names the same day: 2016-11-22 visible, 2016-11-22 09:53 declared."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from crawler.article import Precision
from crawler.dates import SHANGHAI, Moment, find_dates, parse_date, parse_epoch
from crawler.extract.facts import Facts


class Trust(IntEnum):
    """Where a date was read, most trusted first."""

    SHOWN_TIME = 1
    DECLARED = 2
    MARKED = 3
    SHOWN_DAY = 4
    HINTED = 5
    SCRIPT = 6
    URL = 7
    NEARBY = 8
    YEARLESS = 9


@dataclass(frozen=True, slots=True)
class Published:
    """None where the page gives no believable time."""

    at: datetime | None = None
    precision: Precision | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time the page may have been published at."""

    trust: Trust
    moment: Moment


_DECLARED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "weibo:article:create_at",
    "og:article:published_time",
    "bytedance:published_time",
    "parsely-pub-date",
    "sailthru.date",
)
_HINTED = (
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "og:time",
    "dateupdate",
    "date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "article_date_original",
    "og:pubdate",
    "cxenseparse:recs:publishtime",
    "og:release_date",
    "created",
    "datecreated",
    "article.published",
    "ptime",
    "publishtime",
    "pubtime",
    "uploaddate",
    "releasedate",
)
_CHANGED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "weibo:article:update_at",
    "last-modified",
    "lastmod",
    "dc.date.modified",
    "bytedance:updated_time",
)
_LABEL_CHANGED = re.compile(
    r"(?:更新|修改|修訂|编辑于|編輯於|updated?|modified|edited)(?:[時时][間间]|日期|[于於]|on)?\s*[：:]?\s*$",
    re.IGNORECASE,
)
_LABEL_OTHER = re.compile(
    r"(?:截止|截至|有效期|活[動动]|[開开]始|[結结]束|[報报]名|上映|出生|生日|注册|[註]冊|成立|今天是|现在是)[^，。]{0,6}$"
)
_LABEL_PUBLISHED = re.compile(
    r"(?:[發发][布佈表稿]|[刊登上]|[時时][間间]|日期|published|posted|於|于)[^，。]{0,6}$",
    re.IGNORECASE,
)
# Values first, names second: a pattern that begins with the many possible names costs 1 ms a page.
_SCRIPT_VALUE = re.compile(
    r"""[:=：]\s*\\?["']?\s*((?:19|20)\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}[^"'<\\|]{0,20}|1\d{9}(?:\d{3})?(?!\d))"""
)
_SCRIPT_NAME = re.compile(
    r"""(?:(?:publish|pub|create|post|release|news|article)[a-z_]*(?:time|date|_at|at)|ptime|ctime
        |[发發]布[时時][间間]|(?<![a-z_])time)\\?["']?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
# WeChat writes its page's time as arguments: t="1581604666",n="1581517074",s="2020-02-12".
# Two patterns that begin with letters: as one they cost 5 ms more for 120,000 characters.
_WECHAT = (
    re.compile(r'n="(\d{10})",s="\d{4}-\d\d-\d\d"'),
    re.compile(r'ct(?<!\wct)\s*=\s*"(\d{10})"'),
)
_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d{5})"
)
_SHOWN_LENGTH = 150  # characters: a longer line is text that happens to name a date
_SHOWN_REST = 90  # of them not the date itself
_SCRIPT_CHARACTERS = 400_000  # of scripts read; the largest page of the corpus has 700 kB of them


@dataclass(frozen=True, slots=True)
class Stated:
    """Where a page may say when it was published. `shown` are the lines beside the title, best
    first; `nearby` the first and last lines of the text and those below it; `scripts` are read
    only when they are needed; `marked` are the attributes of `time` elements beside the title."""

    facts: Facts
    shown: Sequence[str]
    nearby: Sequence[str]
    scripts: Iterable[str] = ()
    marked: Sequence[str] = ()


def find_published(stated: Stated, url: str, fetched_at: datetime) -> Published:
    """The published and modified times; None where no believable one is given."""
    facts = stated.facts
    candidates: list[Candidate] = []
    changed: list[Moment] = []
    for lines, trust in ((stated.shown, Trust.SHOWN_TIME), (stated.nearby, Trust.NEARBY)):
        for line in lines:
            _read_line(line, trust, fetched_at, candidates, changed)
    candidates += _declared(facts, fetched_at)
    candidates += [
        Candidate(Trust.MARKED, moment) for moment in _moments(iter(stated.marked), fetched_at)
    ]
    changed += _moments(_values(facts, _CHANGED, ("dateModified", "upDate")), fetched_at)
    chosen = _choose(candidates)
    if chosen is None or chosen.trust > Trust.SCRIPT or chosen.moment.precision == "day":
        scripted = _scripted(stated.scripts, fetched_at)
        candidates += [Candidate(Trust.SCRIPT, moment) for moment in scripted]
        candidates += [Candidate(Trust.URL, moment) for moment in _from_url(url, fetched_at)]
        chosen = _choose(candidates)
    modified = changed[0].at if changed else None
    if chosen is None:
        # A page that only says when it was updated was published no later; it is the best known.
        return Published(changed[0].at, changed[0].precision, modified) if changed else Published()
    moment = _refine(chosen, candidates)
    return Published(moment.at, moment.precision, modified)


def _read_line(
    line: str, trust: Trust, fetched_at: datetime, into: list[Candidate], changed: list[Moment]
) -> None:
    if len(line) > _SHOWN_LENGTH:
        return
    for found in find_dates(line, fetched_at):
        before = line[: found.start]
        if len(line) - (found.end - found.start) > _SHOWN_REST or _LABEL_OTHER.search(before):
            continue
        if _LABEL_CHANGED.search(before):
            changed.append(found.moment)
            continue
        into.append(Candidate(_shown_trust(found.moment, trust), found.moment))


def _shown_trust(moment: Moment, trust: Trust) -> Trust:
    if trust is Trust.NEARBY:
        return Trust.NEARBY if moment.dated else Trust.YEARLESS
    if not moment.dated:
        return Trust.YEARLESS
    return Trust.SHOWN_DAY if moment.precision == "day" else Trust.SHOWN_TIME


def _declared(facts: Facts, fetched_at: datetime) -> Iterator[Candidate]:
    for moment in _moments(_values(facts, _DECLARED, ("datePublished", "pubDate")), fetched_at):
        yield Candidate(Trust.DECLARED, moment)
    for moment in _moments(_values(facts, _HINTED, ("dateCreated", "uploadDate")), fetched_at):
        yield Candidate(Trust.HINTED, moment)


def _values(facts: Facts, names: Sequence[str], keys: Sequence[str]) -> Iterator[str]:
    for entry in facts.linked:
        for key in keys:
            value = _text(entry, key)
            if value:
                yield value
    for name in names:
        declared = facts.meta.get(name)
        if declared:
            yield declared


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _moments(values: Iterator[str], fetched_at: datetime) -> Iterator[Moment]:
    for value in values:
        moment = parse_date(value[:80], fetched_at)
        if moment:
            yield moment


def _scripted(scripts: Iterable[str], fetched_at: datetime) -> Iterator[Moment]:
    budget = _SCRIPT_CHARACTERS
    for script in scripts:
        part = script[:budget]
        budget -= len(part)
        stamps = (match for pattern in _WECHAT for match in pattern.finditer(part))
        for match in sorted(stamps, key=re.Match.start):
            moment = parse_epoch(match[1], fetched_at)
            if moment:
                yield moment
        for match in _SCRIPT_VALUE.finditer(part):
            if _SCRIPT_NAME.search(part, max(0, match.start() - 40), match.start()):
                moment = parse_date(match[1].strip(), fetched_at)
                if moment:
                    yield moment
        if budget <= 0:
            return


def _from_url(url: str, fetched_at: datetime) -> Iterator[Moment]:
    path = url.partition("://")[2].partition("/")[2]
    for match in _URL_DAY.finditer(path):
        moment = parse_date("-".join(match.groups()), fetched_at)
        if moment:
            yield moment


def _choose(candidates: Sequence[Candidate]) -> Candidate | None:
    return min(candidates, key=lambda candidate: candidate.trust, default=None)


def _refine(chosen: Candidate, candidates: Sequence[Candidate]) -> Moment:
    """The chosen moment with whatever more another candidate of the same day or minute says."""
    moment = chosen.moment
    for precision, length in (("day", 10), ("minute", 16)):
        if moment.precision != precision:
            continue
        same = _local(moment)[:length]
        for candidate in sorted(candidates, key=lambda candidate: candidate.trust):
            other = candidate.moment
            if (
                other.precision != precision
                and _local(other)[:length] == same
                and _finer(other, moment)
            ):
                moment = other
                break
    return moment


def _finer(other: Moment, moment: Moment) -> bool:
    order = ("day", "minute", "second")
    return order.index(other.precision) > order.index(moment.precision)


def _local(moment: Moment) -> str:
    return moment.at.astimezone(SHANGHAI).isoformat()
