"""When a message that could not be handed over is tried again. Pure."""

from datetime import datetime, timedelta
from hashlib import sha256

# The server said "not now" about this message (greylisting, full mailbox, rate limit). RFC 5321
# 4.5.4.1 asks for 30 minutes between attempts after the first few, and for days before giving up.
_DEFERRED = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))

# No server answered: nobody is burdened by asking again, and a restarted server should not keep
# an instant alert waiting for hours.
_UNREACHABLE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15))

# RFC 5321 4.5.4.1 suggests four to five days; an alert older than three is no news.
GIVE_UP_AFTER = timedelta(days=3)

# Spreads what failed together over a fifth of the wait on either side.
_JITTER = 0.2


def retry_at(
    message_id: str, attempts: int, now: datetime, *, unreachable: bool = False
) -> datetime:
    """Give the time of the next attempt after `attempts` made; sooner when nobody was reached.

    The jitter comes from the message and the attempt, not from chance: the same question always
    has the same answer."""
    waits = _UNREACHABLE if unreachable else _DEFERRED
    wait = waits[min(attempts, len(waits)) - 1] if attempts > 0 else waits[0]
    digest = sha256(f"{message_id}/{attempts}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 0xFFFFFFFF
    return now + wait * (1 - _JITTER + 2 * _JITTER * share)
