"""Looks at known articles' addresses: appended crawl by crawl, followed with a cursor. The only
writer of `look`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, func, insert, select

from crawler.log.append import storable
from crawler.log.tables import LookRow

# Among PostgreSQL's advisory locks, the looks' own.
LOOK_LOCK = 0x6C6F6F6B  # "look"

Role = Literal["article", "home", "nowhere"]


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `role` says what stands at `url`: a known article, its site's front page, or
    nothing that there ever was (`nowhere`): what a site answers to any address.

    `outcome` is kept, unchanged (what was kept last, in bytes or as text), skipped, ok (of another place than
    an article's) or the name of a failure; `title` and `text` are what was read where no article
    was logged (`log_id` names the entry where one was)."""

    url: str
    site: str
    role: Role
    source: str
    looked_at: datetime
    outcome: str
    status: int | None = None
    address: str = ""
    title: str = ""
    text: str = ""
    log_id: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeptLook:
    """A look with its position in the order of commits."""

    id: int
    look: Look


_NAMES = tuple(Look.__dataclass_fields__)
# Built once: each takes longer to build than to run, and every run asks.
_AFTER = (
    select(LookRow.id, *(getattr(LookRow, name) for name in _NAMES))
    .where(LookRow.id > bindparam("position"))
    .order_by(LookRow.id)
    .limit(bindparam("most"))
)
_LAST = select(func.max(LookRow.id))
_APPEND = insert(LookRow)


def append_looks(connection: Connection, looks: Sequence[Look]) -> None:
    """Append `looks` in order, within the caller's transaction.

    Positions grow in commit order, as those of the article log do and for the same reason."""
    if not looks:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOOK_LOCK)))
    connection.execute(_APPEND, [_row(look) for look in looks])


def looks_after(connection: Connection, position: int, limit: int) -> list[KeptLook]:
    """The next looks after `position`, oldest first, at most `limit`."""
    rows = connection.execute(_AFTER, {"position": position, "most": limit})
    return [KeptLook(row[0], Look(*row[1:])) for row in rows]


def last_look(connection: Connection) -> int:
    """The newest look's position, 0 when there is none."""
    return connection.scalar(_LAST) or 0


def _row(look: Look) -> dict[str, object]:
    texts = {name: storable(getattr(look, name)) for name in ("address", "title", "text", "detail")}
    return {**{name: getattr(look, name) for name in _NAMES}, **texts}
