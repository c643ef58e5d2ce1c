"""Judge cron lines with the very trigger that will run them."""

import re
from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

from seeds.mistakes import quote
from seeds.problems import Mistake

# Any fixed day does: a line of five fields names no year, so it fires within the eight years
# that a 29 February can take, or never.
_ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)
_FORM = "minute hour day month weekday, as in '30 8 * * mon-fri'"


def cron_mistake(cron: str) -> Mistake | None:
    """Tell why `cron` would not run when its writer thinks, or None."""
    fields = cron.split()
    if len(fields) != 5:
        return Mistake(f"{quote(cron)} has {len(fields)} fields", f"write five: {_FORM}")
    if not fields[2].startswith("*") and not fields[4].startswith("*"):
        # cron fires on either, APScheduler only when both hold: whoever wrote it meant one.
        problem = f"{quote(cron)} names a day of the month and a weekday"
        return Mistake(problem, "write * for one of them")
    if re.search(r"\d", fields[4].partition("/")[0]):
        # APScheduler counts weekdays from Monday = 0, cron from Sunday = 0.
        return Mistake(
            f"weekday {quote(fields[4])} as a number is ambiguous", "write mon, tue … sun"
        )
    try:
        trigger = CronTrigger.from_crontab(cron, timezone=UTC)
    except ValueError as error:
        return Mistake(f"{quote(cron)} is not a cron line: {error}", f"write {_FORM}")
    if trigger.get_next_fire_time(None, _ORIGIN) is None:
        return Mistake(f"{quote(cron)} never fires", "choose a day that the month has")
    return None
