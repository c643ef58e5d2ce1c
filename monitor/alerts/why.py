"""Why somebody gets an alert, in the reader's words. Reads the topics' titles once."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from monitor.alerts.facts import Facts
from monitor.alerts.rules import decide, is_recycled
from monitor.alerts.wording import SEVERITIES, kind_in_words
from monitor.config import Subscription
from monitor.events import EventKind
from seeds.problems import SeedError
from seeds.watchlist import load_watchlist

log = structlog.get_logger()


def topic_titles(seeds: Path) -> dict[str, str]:
    """Read what each topic is called. A mistake in the seeds must not hold up the mail that
    waits: without titles, topics go by their names."""
    try:
        return {topic.name: topic.title for topic in load_watchlist(seeds).topics}
    except SeedError as error:
        log.warning("topics go by their names in mail", reason=str(error))
        return {}


def why(facts: Facts, subscription: Subscription, titles: Mapping[str, str]) -> str:
    """Say why `subscription` is told: what it asks for and what on the page met it."""
    event = facts.event
    parts = []
    platforms = event.platforms & frozenset(subscription.platforms) or event.platforms
    if platforms:
        parts.append(f"提到平台 {'、'.join(sorted(platforms))}")
    for name, severity in sorted(event.topics.items(), key=lambda item: -item[1].rank):
        if subscription.topics and name not in subscription.topics:
            continue
        told = f"主题“{titles.get(name, name)}”（严重度{SEVERITIES[severity.value]}）"
        terms = facts.terms.get(name, ())
        parts.append(f"{told}，依据：{'、'.join(terms)}" if terms else told)
    if not parts:
        parts.append(f"订阅了“{kind_in_words(event)}”")
    route = decide(event, subscription).route
    if route == "digest" and subscription.when == "instant":
        recycled = is_recycled(event) and event.relation in subscription.relations
        quiet = _QUIET.get(event.kind, "只进摘要")
        parts.append("因没有新内容，只进摘要" if recycled else quiet)
    return "；".join(parts)


_QUIET = {
    EventKind.STORY_OPENED: "因与已知文章同源，只进摘要",
    EventKind.ARTICLE_EDITED: "改动不涉及数字、日期、名称或否定，只进摘要",
}
