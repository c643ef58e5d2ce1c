"""What the events of a removal and of a return tell, as JSON. Never writes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crawler.log.looks import Look
from monitor.changes.judged import REASONS
from monitor.changes.life import Deed, Life
from monitor.changes.lives import Known
from monitor.changes.summary import shortened
from monitor.events import Event, EventKind
from monitor.masking import mask
from monitor.query.labels import labels_of
from monitor.store.life_tables import LifeStepRow
from monitor.store.models import EventRow
from monitor.stories.events import UNRECORDED

_KINDS = {Deed.REMOVED: EventKind.ARTICLE_REMOVED, Deed.RESTORED: EventKind.ARTICLE_RESTORED}


def told(connection: Connection, known: Known, deed: Deed, look: Look) -> Event:
    """The event of a removal or a return, to be recorded. The step is on record already."""
    row = known.row
    labels = labels_of(connection, [row.article_id])[row.article_id]
    details = {
        "title": row.title,
        "url": row.url,
        "site": row.site,
        "relation": row.relation,
        "platforms": list(labels.platforms),
        "topics": {name: severity.value for name, severity in labels.topics.items()},
        "baseline": False,
        **(_removal if deed is Deed.REMOVED else _return)(connection, known, look.looked_at),
    }
    return Event(
        id=UNRECORDED,
        kind=_KINDS[deed],
        happened_at=look.looked_at,
        source=look.source,
        story_id=row.story_id,
        article_id=row.article_id,
        relation=row.relation,
        platforms=frozenset(labels.platforms),
        topics=dict(labels.topics),
        details=details,
    )


def reason_in_words(reason: str, quoted: str) -> str:
    """Say in Chinese how an absence shows, with the page's words."""
    said = REASONS.get(reason, reason)
    return f"{said}：「{shortened(quoted)}」" if quoted else said


def _removal(connection: Connection, known: Known, at: datetime) -> dict[str, Any]:
    """How it shows, since when, and each strike with its evidence; the last is the newest step."""
    del at
    strikes = _strikes(connection, known)
    last = strikes[-1]
    return {
        "summary": reason_in_words(last["reason"], last["quoted"]),
        "reason": last["reason"],
        "quoted": last["quoted"],
        "status": last["status"],
        "gone_since": strikes[0]["at"],
        "first_seen_at": known.row.first_seen_at.isoformat(),
        "strikes": strikes,
    }


def _return(connection: Connection, known: Known, at: datetime) -> dict[str, Any]:
    """Since when it was gone, and what differs of the text that went."""
    life: Life = known.life
    begun = life.first_strike_at or life.since
    changed = known.row.revision_count > known.row.revision
    summary = "重新上线，正文与撤下前相同"
    if changed:
        edit = connection.scalar(
            select(EventRow.details)
            .where(
                EventRow.article_id == known.row.article_id,
                EventRow.kind == EventKind.ARTICLE_EDITED.value,
            )
            .order_by(EventRow.id.desc())
            .limit(1)
        )
        summary = f"重新上线，内容有改动：{(edit or {}).get('summary', '')}"
    return {
        "summary": summary,
        "changed": changed,
        "gone_since": begun.isoformat(),
        "removed_at": life.since.isoformat(),
        "back_since": at.isoformat(),
    }


def _strikes(connection: Connection, known: Known) -> list[dict[str, Any]]:
    """The strikes of this removal, the removal itself the last of them."""
    step = LifeStepRow
    rows = connection.execute(
        select(step.__table__)
        .where(
            step.article_id == known.row.article_id,
            step.deed.in_((Deed.STRIKE.value, Deed.REMOVED.value)),
            step.happened_at >= known.life.first_strike_at,
        )
        .order_by(step.id)
    ).all()
    return [
        {
            "at": each.happened_at.isoformat(),
            "look_id": each.look_id,
            "log_id": each.log_id,
            "status": each.status,
            "outcome": each.outcome,
            "reason": each.reason,
            "quoted": mask(each.quoted),
        }
        for each in rows
    ]
