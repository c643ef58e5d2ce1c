"""Times and texts as a mail shows them. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.cleaning import one_line, visible
from monitor.masking import mask


def shown_time(at: datetime, zone: ZoneInfo) -> str:
    """Give a time of ours in the reader's zone, to the minute."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def masked_line(text: str, limit: int) -> str:
    """Give what a page says on one line, cleaned, masked and cut."""
    return one_line(mask(visible(text)), limit)
