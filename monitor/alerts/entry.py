"""From an event's facts to what a template shows of it: text only, cleaned and masked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from monitor.alerts.altered import SHOWN, Altered, altered_facts
from monitor.alerts.cleaning import one_line, visible
from monitor.alerts.facts import Facts
from monitor.alerts.gone import copies_title, gone_facts, original_gone
from monitor.alerts.shown import masked_line, shown_time
from monitor.alerts.wording import (
    RELATIONS,
    SEVERITIES,
    change_label,
    doubt_in_words,
    explained,
    kind_in_words,
)
from monitor.events import Event, EventKind
from monitor.masking import mask
from monitor.query.novelty import RECYCLED
from monitor.query.wording import novelty_title
from monitor.stories.claims import ClaimFlag
from seeds.farm import summary

EXCERPT = 200  # design: excerpt in mail and chat, in characters
TITLE = 120  # longer ones are keyword lists
SENTENCE = 120  # of a new sentence; five of them are as much as two excerpts
SUMMARY = 300  # of an edit or a failure
_BEFORE_TERM = 60  # how much of an excerpt may stand before the term that mattered
_READ = 20_000  # characters of a body looked through for a term; the first is nearly always there
_OLD_DAYS = 7  # by then a page that just turned up was dated back, or was found late
_ARRIVALS = frozenset({EventKind.STORY_OPENED, EventKind.STORY_SPREAD, EventKind.COPY_CHANGED})
_SENTENCE_ENDS = "。！？!?\n；;"


@dataclass(frozen=True, slots=True)
class Link:
    """An address of an article. `host` is what the browser would really connect to."""

    url: str
    host: str
    shown: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a mail shows it. `facts` are label and value, in reading order."""

    kind: str
    explained: str
    title: str
    link: Link | None
    facts: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    severity: str  # low, medium, high: for the colour of the mail's edge
    excerpt: tuple[tuple[str, bool], ...]  # pieces of text; True for a term that counted
    change: str
    change_label: str
    altered: tuple[Altered, ...]  # facts of a changed copy, beside what was known
    altered_more: int
    novelty: str  # introduces the new sentences, or says that the text is an old one
    new: tuple[str, ...]
    of: Link | None
    of_title: str
    copies: tuple[Link, ...]
    copies_title: str
    why: str


def entry(facts: Facts, why: str, titles: Mapping[str, str], timezone: str) -> Entry:
    """Prepare what a mail shows of `facts`; `titles` are the topics' readable names."""
    event, article, story = facts.event, facts.article, facts.story
    worst = max(event.topics.values(), key=lambda severity: severity.rank, default=None)
    return Entry(
        kind=kind_in_words(event),
        explained=explained(event),
        title=masked_line(article.title, TITLE) if article else event.source,
        link=link(article.url) if article else None,
        facts=tuple(_facts(facts, ZoneInfo(timezone))),
        topics=tuple(
            f"{titles.get(name, name)}（{SEVERITIES[severity.value]}）"
            for name, severity in sorted(event.topics.items(), key=lambda item: -item[1].rank)
        ),
        severity=worst.value if worst else "low",
        excerpt=_excerpt(facts) if article else (),
        change=masked_line(_change(event.details), SUMMARY),
        change_label=change_label(event),
        altered=altered_facts(event.details),
        altered_more=max(0, len(event.details.get("facts", ())) - SHOWN),
        novelty=novelty_title(facts.novelty) if facts.novelty else "",
        new=_new(facts),
        **_source(facts),
        copies=tuple(_copy(row, ZoneInfo(timezone)) for row in facts.copies),
        copies_title=copies_title(event, story.article_count - 1 if story else 0, facts.sites_left),
        why=why,
    )


def link(url: str, note: str = "") -> Link:
    """Show where `url` leads: the host in its punycode form, so that look-alikes are seen."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        real = host.encode("ascii").decode() if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        real = host.encode("punycode").decode()
    clean = one_line(url, 2_000).replace(" ", "%20")
    if host and real != host:
        clean = clean.replace(host, real, 1)
    return Link(clean, real, clean if len(clean) <= 90 else f"{clean[:60]}…{clean[-25:]}", note)


def _new(facts: Facts) -> tuple[str, ...]:
    """The sentences that no earlier story had; of a recycled text there is nothing to show."""
    if not facts.novelty or not novelty_title(facts.novelty) or facts.novelty.verdict == RECYCLED:
        return ()
    return tuple(masked_line(each, SENTENCE) for each in facts.novelty.sentences)


def _source(facts: Facts) -> dict[str, Any]:
    """The document this one comes from: what it is a copy or a sibling of, or repeats."""
    if facts.of and _is_related(facts.event):
        return {"of": link(facts.of.url), "of_title": masked_line(facts.of.title, TITLE)}
    novelty = facts.novelty
    if novelty and novelty.verdict == RECYCLED and novelty.of_url:
        return {"of": link(novelty.of_url), "of_title": masked_line(novelty.of_title or "", TITLE)}
    return {"of": None, "of_title": ""}


def _is_related(event: Event) -> bool:
    """Whether the mail names the document this one comes from: a copy's, or a sibling's."""
    return event.kind in _ARRIVALS and event.relation not in {"", "new"}


def _facts(facts: Facts, zone: ZoneInfo) -> list[tuple[str, str]]:
    event, article = facts.event, facts.article
    if article is None:
        count = event.details.get("failures")
        lines = [("来源", event.source), ("时间", shown_time(event.happened_at, zone))]
        return [*lines, ("连续失败", f"{count} 次")] if count else lines
    outlet = f"（{one_line(article.outlet, 40)}）" if article.outlet else ""
    lines = [
        ("平台", "、".join(sorted(event.platforms))),
        ("网站", f"{article.site}{outlet}"),
        ("页面标注日期", _claimed(article)),
        ("首次发现", shown_time(article.first_seen_at, zone)),
    ]
    lines += [("日期存疑", _doubt(each)) for each in facts.doubts]
    if event.happened_at - article.first_seen_at >= _LATER:
        lines.append(("事件时间", shown_time(event.happened_at, zone)))
    if _is_related(event):
        lines.append(("关系", _relation(event.relation, article.similarity)))
    if facts.of_removed_at and event.kind in _ARRIVALS:
        lines.append(original_gone(facts.of_removed_at, zone))
    lines += gone_facts(event, zone, facts.sites_left)
    if facts.farm is not None and facts.farm.likely:
        lines.append(("可信度", one_line(f"低，{summary(facts.farm, 'zh')}", SUMMARY)))
    return [(label, value) for label, value in lines if value]


# Below this, an event's time is just the first sight of the article told twice.
_LATER = timedelta(minutes=1)


def _claimed(article: Row[Any]) -> str:
    """What the page says of its own date, in its own zone; nobody vouches for it."""
    if not article.published_at:
        return "未标注"
    precise = article.published_precision != "day"
    said = one_line(article.published_at[: 16 if precise else 10].replace("T", " "), 20)
    claimed = datetime.fromisoformat(article.published_at)
    if claimed.tzinfo is None:
        return said
    days = (article.first_seen_at - claimed).days
    if days >= _OLD_DAYS:
        return f"{said}（比首次发现早 {days} 天）"
    return f"{said}（晚于首次发现）" if days < -1 else said


def _doubt(flag: ClaimFlag) -> str:
    return doubt_in_words(flag, link(flag.url).url, masked_line(flag.quote, TITLE))


def _relation(relation: str, similarity: float) -> str:
    words = RELATIONS.get(relation, relation)
    return f"{words}（相似度 {similarity:.0%}）" if similarity else words


def _change(details: Mapping[str, Any]) -> str:
    return str(details.get("summary") or details.get("message") or "")


def _copy(row: Row[Any], zone: ZoneInfo) -> Link:
    words = RELATIONS.get(row.relation, row.relation)
    return link(row.url, f"{words}，{shown_time(row.first_seen_at, zone)}")


def _excerpt(facts: Facts) -> tuple[tuple[str, bool], ...]:
    """Cut at most 200 characters around the first term that counted, with the terms marked."""
    terms = [term for surfaces in facts.terms.values() for term in surfaces]
    # Cleaned, then masked, then cut: hidden characters must not split a number for the mask,
    # and half a number would not be recognised as one.
    text = mask(visible(facts.article.body[:_READ])) if facts.article else ""
    at = min((found for term in terms if (found := text.find(term)) >= 0), default=0)
    start = _start(text, at)
    cut = one_line(text[start:], EXCERPT - (start > 0))
    return _marked(f"…{cut}" if start else cut, set(terms))


def _start(text: str, at: int) -> int:
    if at < EXCERPT - _BEFORE_TERM:
        return 0
    ends = [text.rfind(end, at - _BEFORE_TERM, at) for end in _SENTENCE_ENDS]
    return max(max(ends) + 1, at - _BEFORE_TERM)


def _marked(text: str, terms: set[str]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    rest = text
    while rest:
        hits = [(rest.find(term), -len(term), term) for term in terms if term and term in rest]
        if not hits:
            break
        at, _, term = min(hits)
        pieces += [(rest[:at], False), (term, True)]
        rest = rest[at + len(term) :]
    return tuple(piece for piece in (*pieces, (rest, False)) if piece[0])
