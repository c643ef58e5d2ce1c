"""What may stand on a terminal: page text never moves its cursor, its title or its direction."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

# JSON escapes C0 itself. DEL, C1, what turns the direction of writing and what has no width would
# reach the terminal as they are, and half of a surrogate pair cannot be printed at all.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def plain(value: object) -> str:
    """A value on one line, without a character that a terminal would obey."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} ({each})" if each else str(key) for key, each in value.items())
    return "".join(each if each.isprintable() else " " for each in str(value))


def paragraphs(text: str) -> str:
    """A text of several lines, each as `plain` gives it."""
    return "\n".join(map(plain, text.split("\n")))


def json_text(value: object, indent: int | None = None) -> str:
    """`value` as JSON in UTF-8, unseen characters escaped; times in ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_as_json)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def dump(value: dict[str, Any]) -> None:
    """Print one JSON object on a line of standard output."""
    print(json_text(value))


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
