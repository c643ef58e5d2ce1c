"""Who is told of an event, how soon, and why. Pure: a case table in tests/test_rules.py."""

from dataclasses import dataclass
from typing import Literal

from monitor.config import Subscription
from monitor.events import Event, EventKind
from seeds.models import Severity

Route = Literal["instant", "digest", "none"]

# About a source, not about an article: platform, topic and severity do not apply.
SOURCE_EVENTS = frozenset({EventKind.SOURCE_FAILING, EventKind.SOURCE_RECOVERED})

# How a relation reads in a sentence.
RELATIONS = {
    "new": "new text",
    "exact": "exact copy",
    "script-variant": "the same text in the other Chinese script",
    "annotated": "the same text with annotations added",
    "gapped": "the same text with words cut out",
    "partial": "a part or an extension of the same text",
    "rewrite": "the same text reworded",
    "platform-swap": "the same text about another platform",
    "template-sibling": "the same form with other content",
}


# Why a story counts as recycled.
GROUNDS = {
    "all-known": "every sentence stood in earlier stories",
    "nothing-checkable": "no new fact that can be checked",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What one subscription is told of one event. `reason` is a sentence for a person."""

    route: Route
    reason: str


def decide(event: Event, subscription: Subscription) -> Decision:
    """Decide how `subscription` is told of `event`, with the reason a user is shown."""
    refusal = _refusal(event, subscription)
    if refusal:
        return Decision("none", refusal)
    subject = _subject(event, subscription)
    quieter = _quieter(event, subscription)
    if quieter:
        return Decision("digest", f"{subject}; digest only: {quieter}")
    return Decision(subscription.when, subject)


def relation_in_words(relation: str) -> str:
    """Say what `relation` means, for a sentence: "exact copy" for `exact`."""
    return RELATIONS.get(relation, relation)


def _refusal(event: Event, subscription: Subscription) -> str:
    if event.baseline:
        return "first crawl of this source (baseline): collected without alerting"
    if not _asks_for(event.kind, subscription):
        return _not_asked(event)
    if _told_as_changed(event, subscription):
        return f"copy of story {event.story_id} that tells other facts: told as CopyChanged"
    if event.kind in SOURCE_EVENTS:
        return ""
    if is_recycled(event) and subscription.recycled == "none":
        return f"recycled: {_ground(event)}; the subscription asks for none"
    return _platform_refusal(event, subscription) or _topic_refusal(event, subscription)


def _asks_for(kind: EventKind, subscription: Subscription) -> bool:
    """A copy that alters or adds facts is news to whoever follows stories: it never hides behind
    "already alerted"."""
    followed = kind is EventKind.COPY_CHANGED and EventKind.STORY_OPENED in subscription.events
    return followed or kind in subscription.events


def _told_as_changed(event: Event, subscription: Subscription) -> bool:
    """Whether a spread is told by the CopyChanged of the same article: one mail, not two."""
    return (
        event.kind is EventKind.STORY_SPREAD
        and bool(event.details.get("changed"))
        and _asks_for(EventKind.COPY_CHANGED, subscription)
    )


def _not_asked(event: Event) -> str:
    if event.kind is EventKind.STORY_SPREAD:
        copy = relation_in_words(event.relation)
        return f"repost ({copy}) of story {event.story_id}: already alerted"
    return f"the subscription does not ask for {event.kind.value}"


def _platform_refusal(event: Event, subscription: Subscription) -> str:
    if not subscription.platforms or event.platforms & frozenset(subscription.platforms):
        return ""
    if not event.platforms:
        return "mentions no watched platform"
    return (
        f"about {_listed(event.platforms)}, the subscription asks for"
        f" {_listed(subscription.platforms)}"
    )


def _topic_refusal(event: Event, subscription: Subscription) -> str:
    severities = _asked_topics(event, subscription)
    if not severities:
        if subscription.topics:
            return f"no watched topic: not about {_listed(subscription.topics)}"
        # No topics means any text about a platform, unless a severity is asked for: a text
        # with no topic has none.
        if subscription.min_severity is not Severity.LOW:
            return f"no topic recognised, so no severity of {subscription.min_severity.value} up"
        return ""
    worst = max(severities.values(), key=lambda severity: severity.rank)
    if worst.rank < subscription.min_severity.rank:
        return f"severity {worst.value} is below {subscription.min_severity.value}"
    return ""


def _asked_topics(event: Event, subscription: Subscription) -> dict[str, Severity]:
    return {
        name: severity
        for name, severity in event.topics.items()
        if not subscription.topics or name in subscription.topics
    }


def _quieter(event: Event, subscription: Subscription) -> str:
    """Why an event that passed goes to the digest although others of its kind may be instant."""
    if event.kind is EventKind.STORY_OPENED and event.relation not in subscription.relations:
        of = event.details.get("of_article_id")
        of_whom = f" as article {of}" if of else ""
        return f"{event.relation}, {relation_in_words(event.relation)}{of_whom}"
    if is_recycled(event) and subscription.recycled == "digest":
        return f"recycled: {_ground(event)}"
    if event.kind is EventKind.ARTICLE_EDITED and not event.details.get("material", True):
        return "the edit changes no number, date, name or negation"
    return ""


def is_recycled(event: Event) -> bool:
    """Whether a story opened that brings nothing new."""
    novelty = event.details.get("novelty") or {}
    return event.kind is EventKind.STORY_OPENED and novelty.get("verdict") == "recycled"


def _ground(event: Event) -> str:
    novelty = event.details["novelty"]
    ground = GROUNDS.get(novelty.get("ground"), "nothing new")
    of = novelty.get("of_article_id")
    return f"{ground} (most of it in article {of})" if of else ground


_SUBJECTS = {
    EventKind.STORY_OPENED: "new story",
    EventKind.STORY_SPREAD: "another copy of a story",
    EventKind.ARTICLE_EDITED: "article edited",
    EventKind.ARTICLE_REMOVED: "article removed",
    EventKind.ARTICLE_RESTORED: "article back again",
}


def _subject(event: Event, subscription: Subscription) -> str:
    if event.kind is EventKind.SOURCE_FAILING:
        return f"source {event.source} is failing"
    if event.kind is EventKind.SOURCE_RECOVERED:
        return f"source {event.source} works again"
    platforms = event.platforms & frozenset(subscription.platforms) or event.platforms
    about = f" about {_listed(platforms)}" if platforms else ""
    topics = ", ".join(
        f"{name} ({severity.value})"
        for name, severity in sorted(_asked_topics(event, subscription).items())
    )
    if event.kind is EventKind.COPY_CHANGED:
        changed = ", ".join(event.details.get("changed", ())) or "facts"
        subject = f"copy of story {event.story_id} that tells other facts ({changed})"
    else:
        subject = _SUBJECTS[event.kind]
    return f"{subject}{about}" + (f": {topics}" if topics else "")


def _listed(names: frozenset[str] | tuple[str, ...]) -> str:
    return ", ".join(sorted(names))
