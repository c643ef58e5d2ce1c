"""Tell whether a text needs a second reading: the watchlist or the method changed since."""

from hashlib import sha256

from seeds.match import crossings, sides
from seeds.match.wording import SEVERITY, text_of
from seeds.models import Watchlist

# Counted up with every change of the code that lets stored texts mean something else.
METHOD = 6
# What does not decide a mention: examples check the rules, notes and operators are for people.
_SILENT = {"examples", "note", "operator", "traditional", "title"}


def edition(watchlist: Watchlist) -> str:
    """Name a watchlist's meaning in 16 hexadecimal digits; equal means that matching gives equal
    results, whoever edited a comment, an example or a note meanwhile."""
    rules = _spoken(watchlist.model_dump(mode="json"))
    worded = [topic.wording for topic in watchlist.topics if topic.wording]
    learned = [text_of(name + file) for name in worded for file in ("", SEVERITY)]
    learned += [text_of(sides.FILE), text_of(crossings.FILE)]
    return sha256(repr((METHOD, rules, learned)).encode()).hexdigest()[:16]


def _spoken(value: object) -> object:
    """`value` without the keys that decide nothing, at any depth."""
    if isinstance(value, dict):
        return {key: _spoken(each) for key, each in value.items() if key not in _SILENT}
    return [_spoken(each) for each in value] if isinstance(value, list) else value
