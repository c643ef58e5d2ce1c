"""What a text mentions: the values that matching hands over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from seeds.models import Severity

TextField = Literal["title", "body", "boilerplate"]

# Why names and terms do not count that would.
NOT_WATCHED = "known, but not watched"
# In the reason of a term that counts, whose words say nothing by themselves (电话, 接到).
ORDINARY = "of ordinary words"
BOILERPLATE = "in the site's own lines, not in the article"


class Mention(NamedTuple):
    """One occurrence of a platform's name or a topic's term.

    `name` is the canonical name, or the topic's. `surface` is what the field's original text
    holds from `start` to `end`, annotations and separators included. Names and terms that did
    not count are mentions too: `counted` is False and `reason` tells why."""

    kind: Literal["platform", "topic"]
    name: str
    surface: str
    field: TextField
    start: int
    end: int
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What an article mentions.

    `platforms` are the canonical names of watched platforms that count, most prominent first;
    `dominant` is the one the article is mainly about (named in the title before all, then most
    often); None when none is named. `topics` gives each topic the text is about its severity."""

    platforms: tuple[str, ...] = ()
    topics: Mapping[str, Severity] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    dominant: str | None = None
