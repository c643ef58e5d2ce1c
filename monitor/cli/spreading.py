"""How stories spread and which claimed dates are in doubt, on a terminal."""

from collections.abc import Sequence

from rich.text import Text

from monitor.cli.options import Format
from monitor.cli.printable import plain
from monitor.cli.show import console, counted, moment, show_rows
from monitor.query.stories import StoryView
from monitor.stories.claims import ClaimFlag, in_words

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def claimed(published_at: str | None, doubts: Sequence[ClaimFlag]) -> str:
    """What a page claims, to the minute, with a sign for each reason to doubt it."""
    said = (published_at or "")[:16].replace("T", " ")
    return " ".join((said, *signs(doubts))) if said else ""


def signs(doubts: Sequence[ClaimFlag]) -> list[str]:
    """A short sign for each reason to doubt a claimed date."""
    return [f"!{each.doubt}" for each in doubts]


def duration(seconds: float | None) -> str:
    """A length of time in its two largest units: `3 d 4 h`, `25 min`; empty for None."""
    if seconds is None:
        return ""
    days, hours = int(seconds // _DAY), int(seconds % _DAY // _HOUR)
    minutes = int(seconds % _HOUR // _MINUTE)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def print_spread(found: StoryView, zone: str) -> None:
    """A story's sites in the order of arrival, and the claimed dates that are in doubt."""
    out = console()
    spread = found.spread
    took = duration((spread.last_seen_at - spread.first_seen_at).total_seconds())
    line = (
        f"\nSpread: {counted(spread.copies, 'copy').replace('copys', 'copies')} on"
        f" {counted(len(spread.sites), 'site')}, the last seen"
        f" {moment(spread.last_seen_at, zone)}, {took} after the first"
    )
    if found.claimed is not None and found.claimed.days:
        line += (
            f"; pages claim {found.claimed.earliest} to {found.claimed.latest}"
            f" ({counted(found.claimed.days, 'day')})"
        )
    out.print(Text(line))
    if len(spread.sites) > 1:
        rows = [
            {
                "site": each.site,
                "first seen": each.first_seen_at,
                "later by": duration(each.delay_seconds) if place else "first",
                "copies": each.copies,
                "article": each.article_id,
            }
            for place, each in enumerate(spread.sites)
        ]
        show_rows(rows, tuple(rows[0]), Format.TABLE, zone)
    for article in found.articles:
        for flag in article.claim_flags:
            out.print(
                Text(plain(f"! article {article.article_id} {in_words(flag)}"), "yellow"),
                soft_wrap=True,
            )
