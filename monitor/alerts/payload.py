"""From an event's facts to what a webhook carries: the mail's content, as JSON for programs. Pure.

`{"type", "timestamp", "subscription", "data"}` as Standard Webhooks has it. Texts are cleaned, cut
and masked as in a mail; keys are stable, and those without a value are null or empty."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monitor.alerts.entry import Entry, Link
from monitor.alerts.facts import Facts


def alert_payload(subscription: str, facts: Facts, shown: Entry) -> bytes:
    """The message of one event."""
    at = facts.event.happened_at
    return _message(facts.event.kind.value, at, subscription, _alert(facts, shown))


def digest_payload(
    subscription: str, facts: Sequence[Facts], shown: Sequence[Entry], at: datetime, day: str
) -> bytes:
    """The message of all events of one digest."""
    alerts = [
        {"type": each.event.kind.value, **_alert(each, entry)}
        for each, entry in zip(facts, shown, strict=True)
    ]
    return _message("Digest", at, subscription, {"day": day, "alerts": alerts})


def trial_payload(subscription: str, at: datetime) -> bytes:
    """The message of `lendwatch alerts test`."""
    text = (
        "收到这条消息，说明订阅的提醒能够送达。它由 lendwatch alerts test 发出，不代表任何新报道。"
    )
    return _message("Test", at, subscription, {"text": text})


def _message(kind: str, at: datetime, subscription: str, data: object) -> bytes:
    message = {
        "type": kind,
        "timestamp": at.isoformat(),
        "subscription": subscription,
        "data": data,
    }
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")


def _alert(facts: Facts, shown: Entry) -> dict[str, Any]:
    event, story = facts.event, facts.story
    return {
        "event": event.id,
        "source": event.source,
        "summary": shown.kind,
        "platforms": sorted(event.platforms),
        "topics": {name: severity.value for name, severity in sorted(event.topics.items())},
        "article": _article(facts, shown),
        "relation": event.relation,
        "of": _link(shown.of, shown.of_title),
        "story": None
        if story is None
        else {
            "id": story.id,
            "lead": facts.lead.url if facts.lead else None,
            "articles": story.article_count,
            "sites": story.site_count,
        },
        "change": shown.change,
        "material": event.details.get("material"),
        "altered": [
            {"label": each.label, "known": _text(each.known), "copy": _text(each.copy)}
            for each in shown.altered
        ],
        "novelty": {"title": shown.novelty, "sentences": list(shown.new)},
        "excerpt": _text(shown.excerpt),
        "copies": [_link(each, each.note) for each in shown.copies],
        "copies_title": shown.copies_title,
        "facts": [{"label": label, "value": value} for label, value in shown.facts],
        "why": shown.why,
    }


def _article(facts: Facts, shown: Entry) -> dict[str, Any] | None:
    article = facts.article
    if article is None or shown.link is None:
        return None
    return {
        "id": article.id,
        "url": shown.link.url,
        "title": shown.title,
        "site": article.site,
        "published_at": article.published_at,
        "first_seen_at": article.first_seen_at.isoformat(),
        "similarity": article.similarity,
    }


def _text(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)


def _link(link: Link | None, note: str) -> dict[str, str] | None:
    return None if link is None else {"url": link.url, "note": note}
