"""Write what articles are about: the only writer of `mention`, `article_label` and
`article_reading`. Everything happens in the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert

from monitor.store.models import ArticleLabelRow, ArticleReadingRow, MentionRow
from monitor.stories.understand import Understood
from seeds.match.mentions import Matches, Mention

# Stored of one name in one article. The longest real article names its platform some dozens of
# times; a page of 8 MiB that repeats one made 800,000 rows and 80 MB of store.
MOST_MENTIONS = 200

# Built once: SQLAlchemy takes longer to build an insert with values than SQLite to run it.
_ADD_MENTION = insert(MentionRow)
_ADD_LABEL = insert(ArticleLabelRow)
_ADD_READING = insert(ArticleReadingRow)
_FORGET = tuple(
    delete(row).where(row.article_id == bindparam("id"))
    for row in (MentionRow, ArticleLabelRow, ArticleReadingRow)
)


class About:
    """What the articles of one batch are about, kept until `write`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mentions: list[dict[str, Any]] = []
        self._labels: list[dict[str, Any]] = []
        self._readings: list[dict[str, Any]] = []

    def add(self, article_id: int, understood: Understood) -> None:
        """Of an article that has nothing of it in the store."""
        self._mentions += _mention_rows(article_id, understood.matches.mentions)
        self._labels += _label_rows(article_id, understood.matches)
        self._readings.append(
            {
                "article_id": article_id,
                "watchlist": understood.edition,
                "farm_score": understood.farm.score,
                "farm_reasons": [each.as_dict() for each in understood.farm.reasons],
            }
        )

    def replace(self, article_id: int, understood: Understood) -> None:
        """Of an article whose text, or whose meaning, is another now."""
        for statement in _FORGET:
            self._connection.execute(statement, {"id": article_id})
        self.add(article_id, understood)

    def write(self) -> None:
        """Store what was kept."""
        for statement, rows in (
            (_ADD_MENTION, self._mentions),
            (_ADD_LABEL, self._labels),
            (_ADD_READING, self._readings),
        ):
            if rows:
                self._connection.execute(statement, rows)
                rows.clear()


def _mention_rows(article_id: int, mentions: Iterable[Mention]) -> Iterator[dict[str, Any]]:
    for each in _first_of_each(mentions):
        yield {
            "article_id": article_id,
            "kind": each.kind,
            "name": each.name,
            "surface": each.surface,
            "field": each.field,
            "start": each.start,
            "end": each.end,
            "reason": each.reason,
        }


def _label_rows(article_id: int, matches: Matches) -> Iterator[dict[str, Any]]:
    labels = [("platform", name, 0) for name in matches.platforms]
    labels += [("topic", name, severity.rank) for name, severity in matches.topics.items()]
    for kind, name, severity in labels:
        yield {"article_id": article_id, "kind": kind, "name": name, "severity": severity}


def _first_of_each(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """The mentions that counted, of each name the first `MOST_MENTIONS`."""
    kept: Counter[tuple[str, str]] = Counter()
    for each in mentions:
        if each.counted:
            kept[each.kind, each.name] += 1
            if kept[each.kind, each.name] <= MOST_MENTIONS:
                yield each
