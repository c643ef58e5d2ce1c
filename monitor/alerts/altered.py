"""What a changed copy tells beside what was known, as a mail shows it: cleaned, masked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from monitor.alerts.cleaning import one_line, visible
from monitor.alerts.wording import FACTS
from monitor.masking import mask

# Facts shown in one mail; the rest is a count.
SHOWN = 6
PASSAGE = 120  # characters of either side
_NOTHING = "（无此内容）"

Pieces = tuple[tuple[str, bool], ...]  # text, and whether it is the fact itself


@dataclass(frozen=True, slots=True)
class Altered:
    """One fact: how the known text at `source` words it, and how the copy does."""

    label: str
    source: str  # the host of the known text; empty for what was added
    known: Pieces
    copy: Pieces


def altered_facts(details: Mapping[str, Any]) -> tuple[Altered, ...]:
    """Give the first facts of a CopyChanged event's details; empty for other events."""
    return tuple(_altered(each) for each in details.get("facts", ())[:SHOWN])


def _altered(fact: Mapping[str, Any]) -> Altered:
    label = FACTS.get(fact["kind"], fact["kind"])
    return Altered(
        label=f"新增{label}" if fact["added"] else label,
        source=urlsplit(fact.get("of_url") or "").hostname or "",
        known=_pieces(fact["known_passage"], fact["before"]),
        copy=_pieces(fact["passage"], fact["after"]),
    )


def _pieces(passage: str, fact: str) -> Pieces:
    """The passage with the fact in it marked; cut around the fact, never within it."""
    text, marked = _clean(passage), _clean(fact)
    if not text:
        return ((_NOTHING, False),)
    before, found, behind = text.partition(marked) if marked else (text, "", "")
    if not found:
        return ((one_line(text, PASSAGE), False),)
    side = max(10, (PASSAGE - len(found)) // 2)
    before = before if len(before) <= side else f"…{before[-side:]}"
    pieces = ((before, False), (one_line(found, PASSAGE), True), (one_line(behind, side), False))
    return tuple(each for each in pieces if each[0])


def _clean(text: str) -> str:
    return " ".join(mask(visible(text)).split())
