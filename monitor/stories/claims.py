"""Dates that pages claim for a text and that cannot be the text's. Pure.

What was seen proves, what is claimed only when something bears it out. A flag names what proves
it. Nothing is flagged that another time zone, a repost of the next day or a rounded date explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from monitor.stories.text_dates import TextDate

# A clock of no known zone is wrong by at most so much: 08:00 in Shanghai, read as Pacific time.
ZONES = timedelta(hours=16)
# A repost is dated the day it is put up, often the day after; two days later it is another date.
REPOSTED = timedelta(days=2)
# A claim is borne out when the page was read so soon after, ...
SEEN_SOON = timedelta(days=7)
# ... when a page of another site claims nearly the same day, ...
NEARLY = timedelta(days=7)
# ... or when the text's newest date is so little before it.
WRITTEN_SOON = timedelta(days=60)
# Claims that nothing bears out differ by more than slow reposting from here up.
FAR_APART = timedelta(days=30)

_DAY = timedelta(days=1)


class Doubt(StrEnum):
    """Why a claimed date cannot be the text's, the surest first."""

    LATER_THAN_SEEN = "later-than-seen"
    REDATED = "redated"
    EARLIER_THAN_TEXT = "earlier-than-text"
    EARLIER_THAN_SOURCE = "earlier-than-source"
    CLAIMS_DIFFER = "claims-differ"


@dataclass(frozen=True, slots=True)
class Dated:
    """One copy of a text: what it claims and when it was seen.

    `claimed_at` is aware and in the page's own offset, None for a page without a date;
    `precise` tells whether the page gave a time of day. `told` is the newest date that the text
    speaks of as past. `made_from` is the article that it was plainly made from."""

    article_id: int
    url: str
    site: str
    claimed_at: datetime | None
    precise: bool
    first_seen_at: datetime
    told: TextDate | None = None
    made_from: int | None = None

    @property
    def begins(self) -> datetime:
        """The earliest moment the claim may mean, but for its zone."""
        assert self.claimed_at is not None
        if self.precise:
            return self.claimed_at
        return self.claimed_at.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def ends(self) -> datetime:
        """The latest moment the claim may mean, but for its zone."""
        return self.begins if self.precise else self.begins + _DAY


@dataclass(frozen=True, slots=True)
class ClaimFlag:
    """A claimed date in doubt. `claimed` and `proved` are days (ISO 8601): the one the page claims
    and the one that speaks against it. `by` is how that is known: `seen`, `claimed` or `text`.
    `article_id` and `url` are the article that proves it; `quote` is what the text says."""

    doubt: Doubt
    claimed: str
    proved: str
    by: str
    article_id: int
    url: str
    site: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ClaimedSpan:
    """The days that a story's pages claim, from the earliest to the latest; `dated` of the
    copies claim one."""

    earliest: str
    latest: str
    days: int
    dated: int


def flags(article: Dated, copies: Sequence[Dated]) -> tuple[ClaimFlag, ...]:
    """Say why `article`'s claimed date is in doubt, the surest reason first; empty when nothing
    speaks against it, or when the page claims none. `copies` are all of its story."""
    if article.claimed_at is None:
        return ()
    others = [each for each in copies if each.article_id != article.article_id]
    found = (
        _later_than_seen(article),
        _redated(article, others),
        _earlier_than_text(article),
        _earlier_than_source(article, others),
    )
    sure = tuple(each for each in found if each is not None)
    if sure:
        return sure
    differs = _claims_differ(article, others)
    return (differs,) if differs else ()


def claimed_span(copies: Sequence[Dated]) -> ClaimedSpan | None:
    """The spread of what a story's pages claim; None when none claims a day."""
    dated = sorted(
        (each for each in copies if each.claimed_at is not None), key=lambda each: each.begins
    )
    if not dated:
        return None
    first, last = dated[0], dated[-1]
    days = (_date(last) - _date(first)).days
    return ClaimedSpan(_day(first), _day(last), days, len(dated))


def _later_than_seen(article: Dated) -> ClaimFlag | None:
    if article.begins <= article.first_seen_at + ZONES:
        return None
    return _flag(Doubt.LATER_THAN_SEEN, article, article, "seen")


def _redated(article: Dated, others: Sequence[Dated]) -> ClaimFlag | None:
    """Whether a copy was seen, or claims and bears out, a day well before the claimed one."""
    seen = min(others, key=lambda each: each.first_seen_at, default=None)
    if seen is not None and article.begins - seen.first_seen_at >= REPOSTED:
        return _flag(Doubt.REDATED, article, seen, "seen")
    earlier = [
        each
        for each in others
        if each.claimed_at is not None
        and _days_before(each, article) >= REPOSTED
        and _borne_out(each, (*others, article))
    ]
    if not earlier:
        return None
    return _flag(Doubt.REDATED, article, min(earlier, key=lambda each: each.begins), "claimed")


def _borne_out(claim: Dated, copies: Sequence[Dated]) -> bool:
    """Whether something but the page itself speaks for its claim."""
    if _later_than_seen(claim) or _earlier_than_text(claim):
        return False
    if claim.first_seen_at - claim.ends <= SEEN_SOON:
        return True
    if any(
        each.site != claim.site
        and each.claimed_at is not None
        and abs(each.begins - claim.begins) <= NEARLY
        and not _earlier_than_text(each)
        for each in copies
    ):
        return True
    told = claim.told
    return told is not None and claim.begins - told.begins <= WRITTEN_SOON


def _earlier_than_text(article: Dated) -> ClaimFlag | None:
    told = article.told
    if told is None or told.begins - article.ends < ZONES + _DAY:
        return None
    return ClaimFlag(
        Doubt.EARLIER_THAN_TEXT,
        _day(article),
        told.written,
        "text",
        article.article_id,
        article.url,
        article.site,
        told.quote,
    )


def _earlier_than_source(article: Dated, others: Sequence[Dated]) -> ClaimFlag | None:
    """Whether an altered copy claims an earlier day than the text it was made from can have."""
    source = next((each for each in others if each.article_id == article.made_from), None)
    if source is None or source.claimed_at is None:
        return None
    if _days_before(article, source) < REPOSTED or not _borne_out(source, others):
        return None
    return _flag(Doubt.EARLIER_THAN_SOURCE, article, source, "claimed")


def _claims_differ(article: Dated, others: Sequence[Dated]) -> ClaimFlag | None:
    """Whether copies claim days so far apart that one must be wrong, though not which."""
    if _borne_out(article, others):
        return None
    dated = [each for each in others if each.claimed_at is not None]
    far = max(dated, key=lambda each: abs(each.begins - article.begins), default=None)
    if far is None or abs(far.begins - article.begins) < FAR_APART:
        return None
    return _flag(Doubt.CLAIMS_DIFFER, article, far, "claimed")


def _days_before(one: Dated, other: Dated) -> timedelta:
    """How long before the other's day `one`'s is, by the days that the pages name."""
    return _date(other) - _date(one)


def _flag(doubt: Doubt, article: Dated, proof: Dated, by: str) -> ClaimFlag:
    assert article.claimed_at is not None
    zone = article.claimed_at.tzinfo
    proved = f"{proof.first_seen_at.astimezone(zone):%Y-%m-%d}" if by == "seen" else _day(proof)
    return ClaimFlag(doubt, _day(article), proved, by, proof.article_id, proof.url, proof.site)


def _day(article: Dated) -> str:
    return f"{article.claimed_at:%Y-%m-%d}"


def _date(article: Dated) -> datetime:
    return datetime.fromisoformat(_day(article)).replace(tzinfo=UTC)


def in_words(flag: ClaimFlag) -> str:
    """A flag as one English sentence that names its proof."""
    proof = f"article {flag.article_id} on {flag.site}"
    if flag.doubt is Doubt.LATER_THAN_SEEN:
        return f"claims {flag.claimed}, but this page was first seen on {flag.proved}"
    if flag.doubt is Doubt.EARLIER_THAN_TEXT:
        return f"claims {flag.claimed}, but its text tells of {flag.proved}: {flag.quote}"
    if flag.doubt is Doubt.EARLIER_THAN_SOURCE:
        return f"claims {flag.claimed}, but was made from {proof}, of {flag.proved}"
    if flag.doubt is Doubt.REDATED and flag.by == "seen":
        return f"claims {flag.claimed}, but the same text was seen on {flag.proved}: {proof}"
    if flag.doubt is Doubt.REDATED:
        return f"claims {flag.claimed}, but the same text is of {flag.proved}: {proof}"
    return f"claims {flag.claimed}, and {flag.proved} for the same text: {proof}"
