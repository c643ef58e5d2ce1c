"""How long a server asks to be left alone. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_RETRY_AFTER = timedelta(days=1)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """The pause a Retry-After header asks for, in either form; None when it is neither.

    Never negative, never more than a day."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), _LONGEST_RETRY_AFTER)
