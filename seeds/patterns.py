"""Users' patterns run on RE2, whose time is linear in the text: `(a+)+$` cannot stall a crawl."""

from typing import Any

import re2

from seeds.mistakes import quote
from seeds.problems import Mistake

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False  # otherwise RE2 writes to stderr beside our own message
_OPTIONS.max_mem = 1 << 20  # a pattern of an address fits many times; a{999}{999} does not


def compile_pattern(pattern: str) -> Any:
    """Compile `pattern`; ValueError says what RE2 does not like."""
    try:
        return re2.compile(pattern, _OPTIONS)
    except re2.error as error:
        reason = error.args[0] if error.args else "not a pattern"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(text) from error


def pattern_mistake(pattern: str) -> Mistake | None:
    """Tell why `pattern` cannot select URLs, or None."""
    if not pattern.strip():
        return Mistake("an empty pattern", "fill it in, or remove it: it matches everything")
    try:
        compile_pattern(pattern)
    except ValueError as error:
        return Mistake(
            f"{quote(pattern)} is not an RE2 pattern: {error}", _remedy(pattern, str(error))
        )
    return None


def _remedy(pattern: str, reason: str) -> str:
    if "escape" in reason and any(f"\\{digit}" in pattern for digit in range(1, 10)):
        return "RE2 has no backreferences (\\1); write the text out"
    if "perl operator" in reason:
        return "RE2 has no look-ahead or look-behind; use include and exclude together"
    if "missing )" in reason or "unexpected )" in reason:
        return "close every ( with ), or write \\( for the character"
    if "repetition" in reason or "too large" in reason:
        return "RE2 repeats at most 1000 times; use + or *"
    return "see https://github.com/google/re2/wiki/Syntax"
