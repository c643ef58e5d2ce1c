"""Who is told of what: the case table of monitor/alerts/rules.py."""

import pytest
from alert_fixtures import event, subscription

from monitor.alerts.rules import decide
from monitor.events import EventKind
from seeds.models import Severity

ALL = tuple(EventKind)

OLD = {"novelty": {"verdict": "recycled", "ground": "all-known", "of_article_id": 7}}

CASES = [
    # what happened, to whom, route, a part of the reason
    (event(), subscription(), "instant", "new story about 用钱宝: collection (high)"),
    (event(), subscription(when="digest"), "digest", "new story"),
    (
        event(details=OLD),
        subscription(),
        "digest",
        "digest only: recycled: every sentence stood in earlier stories (most of it in article 7)",
    ),
    (event(details=OLD), subscription(recycled="instant"), "instant", "new story"),
    (event(details=OLD), subscription(recycled="none"), "none", "the subscription asks for none"),
    (
        event(details={"novelty": {"verdict": "recycled", "ground": "nothing-checkable"}}),
        subscription(),
        "digest",
        "no new fact that can be checked",
    ),
    (event(details={"novelty": {"verdict": "partly"}}), subscription(), "instant", "new story"),
    (
        event(EventKind.ARTICLE_EDITED, details={**OLD, "material": True}),
        subscription(),
        "instant",
        "article edited",
    ),
    (event(baseline=True), subscription(), "none", "baseline"),
    (
        event(EventKind.STORY_SPREAD, relation="exact"),
        subscription(),
        "none",
        "repost (exact copy) of story 12: already alerted",
    ),
    (
        event(EventKind.STORY_SPREAD, relation="script-variant"),
        subscription(),
        "none",
        "repost (the same text in the other Chinese script) of story 12",
    ),
    (
        event(EventKind.STORY_SPREAD, relation="exact"),
        subscription(events=ALL),
        "instant",
        "another copy of a story",
    ),
    (
        event(EventKind.COPY_CHANGED, relation="rewrite", details={"changed": ["amount", "name"]}),
        subscription(),
        "instant",
        "copy of story 12 that tells other facts (amount, name) about 用钱宝: collection (high)",
    ),
    (
        event(EventKind.COPY_CHANGED, relation="partial", details={"changed": ["date"]}),
        subscription(when="digest"),
        "digest",
        "copy of story 12 that tells other facts (date)",
    ),
    (
        event(EventKind.COPY_CHANGED, relation="rewrite", details={"changed": ["amount"]}),
        subscription(events=(EventKind.COPY_CHANGED,)),
        "instant",
        "copy of story 12",
    ),
    (
        event(EventKind.COPY_CHANGED, details={"changed": ["amount"]}),
        subscription(events=(EventKind.STORY_SPREAD, EventKind.ARTICLE_EDITED)),
        "none",
        "does not ask for CopyChanged",
    ),
    (event(EventKind.COPY_CHANGED, baseline=True), subscription(), "none", "baseline"),
    (
        event(EventKind.COPY_CHANGED, topics={"fees": Severity.HIGH}),
        subscription(),
        "none",
        "no watched topic",
    ),
    (
        # one mail for a changed copy, not two
        event(EventKind.STORY_SPREAD, relation="rewrite", details={"changed": ["amount"]}),
        subscription(events=ALL),
        "none",
        "copy of story 12 that tells other facts: told as CopyChanged",
    ),
    (
        event(EventKind.STORY_SPREAD, relation="rewrite", details={"changed": ["amount"]}),
        subscription(events=(EventKind.STORY_SPREAD,)),
        "instant",
        "another copy of a story",
    ),
    (
        event(EventKind.STORY_SPREAD, relation="rewrite", details={"changed": ["amount"]}),
        subscription(),
        "none",
        "already alerted",
    ),
    (event(relation="platform-swap"), subscription(), "digest", "platform-swap"),
    (
        event(relation="template-sibling", details={"of_article_id": 5}),
        subscription(),
        "digest",
        "digest only: template-sibling, the same form with other content as article 5",
    ),
    (
        event(relation="platform-swap"),
        subscription(relations=("new", "platform-swap")),
        "instant",
        "new story",
    ),
    (
        event(),
        subscription(platforms=("借呗",)),
        "none",
        "about 用钱宝, the subscription asks for 借呗",
    ),
    (
        event(platforms=frozenset()),
        subscription(platforms=("借呗",)),
        "none",
        "no watched platform",
    ),
    (
        event(platforms=frozenset({"借呗", "用钱宝"})),
        subscription(platforms=("借呗",)),
        "instant",
        "about 借呗:",
    ),
    (event(topics={"fees": Severity.HIGH}), subscription(), "none", "no watched topic"),
    (event(topics={}), subscription(), "none", "no watched topic"),
    (event(topics={}), subscription(topics=()), "instant", "new story about 用钱宝"),
    (
        event(topics={}),
        subscription(topics=(), min_severity=Severity.MEDIUM),
        "none",
        "no topic recognised",
    ),
    (
        event(topics={"collection": Severity.LOW}),
        subscription(min_severity=Severity.MEDIUM),
        "none",
        "severity low is below medium",
    ),
    (
        # the severity of a topic that was not asked for does not count
        event(topics={"collection": Severity.LOW, "fraud": Severity.HIGH}),
        subscription(min_severity=Severity.HIGH),
        "none",
        "severity low is below high",
    ),
    (
        event(topics={"collection": Severity.MEDIUM}),
        subscription(min_severity=Severity.MEDIUM),
        "instant",
        "collection (medium)",
    ),
    (
        event(EventKind.ARTICLE_EDITED, relation="exact", details={"material": True}),
        subscription(),
        "instant",
        "article edited",
    ),
    (
        event(EventKind.ARTICLE_EDITED, details={"material": False}),
        subscription(),
        "digest",
        "changes no number, date, name or negation",
    ),
    (event(EventKind.ARTICLE_REMOVED), subscription(), "instant", "article removed"),
    (event(EventKind.ARTICLE_RESTORED), subscription(), "none", "does not ask for ArticleRestored"),
    (event(EventKind.ARTICLE_RESTORED), subscription(events=ALL), "instant", "back again"),
    (
        event(EventKind.SOURCE_FAILING, platforms=frozenset(), topics={}, relation=""),
        subscription(events=ALL, platforms=("借呗",), min_severity=Severity.HIGH),
        "instant",
        "source portal is failing",
    ),
    (
        event(EventKind.SOURCE_RECOVERED),
        subscription(events=ALL),
        "instant",
        "source portal works again",
    ),
    (event(EventKind.SOURCE_FAILING), subscription(), "none", "does not ask for SourceFailing"),
]


@pytest.mark.parametrize(("happened", "who", "route", "reason"), CASES)
def test_a_subscription_is_told_what_it_asks_for_and_why(happened, who, route, reason):
    decision = decide(happened, who)
    assert decision.route == route, decision
    assert reason in decision.reason
