"""What articles are about, read for many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from monitor.query.novelty import verdicts_of
from monitor.store.models import ArticleLabelRow, ArticleReadingRow
from seeds.farm import FarmLikelihood
from seeds.models import Severity

_SEVERITIES = {severity.rank: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Labels:
    """Canonical platform names, and topics with their severity, both in alphabetical order.

    `farm` is how likely a content farm made the article, 0 to 1; None when it was taken in
    before there were likelihoods (`lendwatch rematch` adds them). `novelty` is what it brought when
    it opened a story: new, partly, recycled; None where that was not judged."""

    platforms: tuple[str, ...] = ()
    topics: Mapping[str, Severity] = field(default_factory=dict)
    farm: float | None = None
    novelty: str | None = None


def labels_of(connection: Connection, article_ids: Collection[int]) -> dict[int, Labels]:
    """Give the labels of each of `article_ids`."""
    platforms: dict[int, list[str]] = {}
    topics: dict[int, dict[str, Severity]] = {}
    label = ArticleLabelRow
    rows = connection.execute(
        select(label.article_id, label.kind, label.name, label.severity)
        .where(label.article_id.in_(article_ids))
        .order_by(label.article_id, label.name)
    )
    for article_id, kind, name, severity in rows:
        if kind == "platform":
            platforms.setdefault(article_id, []).append(name)
        else:
            topics.setdefault(article_id, {})[name] = _SEVERITIES.get(severity, Severity.LOW)
    farms = _farms(connection, article_ids)
    verdicts = verdicts_of(connection, article_ids)
    return {
        article_id: Labels(
            tuple(platforms.get(article_id, ())),
            topics.get(article_id, {}),
            farms.get(article_id),
            verdicts.get(article_id),
        )
        for article_id in article_ids
    }


def _farms(connection: Connection, article_ids: Collection[int]) -> dict[int, float]:
    reading = ArticleReadingRow
    rows = connection.execute(
        select(reading.article_id, reading.farm_score).where(reading.article_id.in_(article_ids))
    )
    return {row.article_id: row.farm_score for row in rows}


def merged(labels: Collection[Labels]) -> Labels:
    """Put the labels of a story's articles together; the gravest severity of a topic counts.

    Who made a story has no answer: each of its articles has its own likelihood."""
    topics: dict[str, Severity] = {}
    for one in labels:
        for name, severity in one.topics.items():
            topics[name] = max(severity, topics.get(name, severity), key=lambda s: s.rank)
    platforms = {name for one in labels for name in one.platforms}
    return Labels(tuple(sorted(platforms)), dict(sorted(topics.items())))


def farm_of(connection: Connection, article_id: int) -> FarmLikelihood | None:
    """Give how likely a content farm made an article, with the reasons; None: not known."""
    reading = ArticleReadingRow
    row = connection.execute(
        select(reading.farm_score, reading.farm_reasons).where(reading.article_id == article_id)
    ).one_or_none()
    if row is None:
        return None
    return FarmLikelihood.from_dict({"score": row.farm_score, "reasons": row.farm_reasons})
