"""Remember which sites' pages need a browser. The only writer of `rendering`.

For sources with `browser: auto`. A page that was rendered once is rendered from then on: a plain
page that now and then has some text in it would otherwise look like an edit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, select

from crawler.log.dialect import insert_into
from crawler.log.tables import RenderingRow

# A site is rebuilt a few times in its life; a week late costs a week of rendering, no article.
PROBE_NEEDED_AFTER = timedelta(days=7)
# What no rendering helped is left plain for a day: a site that is down, a page without an article.
PROBE_USELESS_AFTER = timedelta(days=1)
# One page may be odd; three in a row are how the site is.
USELESS_AFTER = 3


@dataclass(frozen=True, slots=True)
class Rendering:
    """What is known of one site's lists or articles. Never judged: not needed, no misses."""

    needed: bool = False
    misses: int = 0
    judged_at: datetime | None = None

    def is_certain(self, now: datetime) -> bool:
        """Whether to render without asking what the plain page shows."""
        return self.needed and not self._older_than(PROBE_NEEDED_AFTER, now)

    def is_useless(self, now: datetime) -> bool:
        """Whether rendering was tried often enough, and brought nothing, a short while ago."""
        return self.misses >= USELESS_AFTER and not self._older_than(PROBE_USELESS_AFTER, now)

    def _older_than(self, age: timedelta, now: datetime) -> bool:
        return self.judged_at is None or now - self.judged_at >= age

    def plain_was_enough(self, now: datetime) -> "Rendering":
        """After a plain page with an article in it."""
        return Rendering(judged_at=now)

    def rendered(self, *, helped: bool, now: datetime) -> "Rendering":
        """After a page was rendered; `helped`: it then had an article."""
        if helped:
            judged_at = self.judged_at if self.is_certain(now) else now
            return Rendering(needed=True, judged_at=judged_at)
        return replace(self, misses=self.misses + 1, judged_at=now)


def find_rendering(connection: Connection, source: str, site: str, role: str) -> Rendering:
    """What is remembered; the blank Rendering when nothing is."""
    columns = (RenderingRow.needed, RenderingRow.misses, RenderingRow.judged_at)
    query = select(*columns).where(
        RenderingRow.source == source, RenderingRow.site == site, RenderingRow.role == role
    )
    row = connection.execute(query).first()
    return Rendering(*row) if row else Rendering()


def record_rendering(
    connection: Connection, source: str, site: str, role: str, known: Rendering
) -> None:
    """Remember `known`, in the caller's transaction."""
    table = RenderingRow.__table__
    assert isinstance(table, Table)
    statement = insert_into(connection, table)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.source, table.c.site, table.c.role],
        set_={"needed": new.needed, "misses": new.misses, "judged_at": new.judged_at},
    )
    values = {"needed": known.needed, "misses": known.misses, "judged_at": known.judged_at}
    connection.execute(statement, {"source": source, "site": site, "role": role, **values})
