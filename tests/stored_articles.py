"""Put articles into a store the way the intake does, with the few values a test cares about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, update

from monitor.store.models import (
    ArticleLabelRow,
    ArticleLogRow,
    ArticleRow,
    EventRow,
    MentionRow,
    RevisionRow,
    StoryRow,
)
from monitor.store.search import index_article
from seeds.models import Severity

NOON = datetime(2024, 11, 8, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """One article to store. `story` joins an existing one; None opens a story."""

    title: str = "用钱宝又开始催收了"
    body: str = "用钱宝的催收电话。"
    url: str = ""
    source: str = "portal"
    site: str = "example.com"
    published_at: str | None = None
    first_seen_at: datetime = NOON
    story: int | None = None
    relation: str = "new"
    of: int | None = None
    similarity: float = 0.0
    platforms: Sequence[str] = ()
    topics: Mapping[str, Severity] = field(default_factory=dict)
    boilerplate: str = ""


def store(connection: Connection, given: Given) -> int:
    """Store one article with its log row, revision, labels and index entry; give its id."""
    text = {"title": given.title, "body": given.body, "author": None}
    text["published_at"] = given.published_at
    log_id = connection.execute(
        insert(ArticleLogRow)
        .values(
            **text, source=given.source, crawl_id="c1", fetched_at=given.first_seen_at,
            raw_hash="", baseline=False, url=given.url, boilerplate=given.boilerplate,
            language="zh-Hans", charset="utf-8", truncated=False,
        )
        .returning(ArticleLogRow.id)
    ).scalar_one()  # fmt: skip
    story = given.story or _open_story(connection, given)
    article_id = connection.execute(
        insert(ArticleRow)
        .values(
            **text, url=given.url or f"https://{given.site}/{log_id}", site=given.site,
            source=given.source, language="zh-Hans", first_seen_at=given.first_seen_at,
            last_seen_at=given.first_seen_at, story_id=story, relation=given.relation,
            of_article_id=given.of, similarity=given.similarity, revision_count=1,
        )
        .returning(ArticleRow.id)
    ).scalar_one()  # fmt: skip
    changed = {"lead_article_id": article_id} if given.story is None else {
        "article_count": StoryRow.article_count + 1, "site_count": StoryRow.site_count + 1,
        "last_seen_at": given.first_seen_at,
    }  # fmt: skip
    connection.execute(update(StoryRow).where(StoryRow.id == story).values(**changed))
    connection.execute(
        insert(RevisionRow).values(
            **text, article_id=article_id, number=1, log_id=log_id,
            seen_at=given.first_seen_at, folded_hash="",
        )
    )  # fmt: skip
    _label(connection, article_id, given)
    index_article(connection, article_id, given.title, given.body)
    return article_id


def story_of(connection: Connection, article_id: int) -> int:
    """Give the story an article is in."""
    return (
        connection.execute(ArticleRow.__table__.select().where(ArticleRow.id == article_id))
        .one()
        .story_id
    )


def _open_story(connection: Connection, given: Given) -> int:
    story = connection.execute(
        insert(StoryRow)
        .values(
            lead_article_id=0, title=given.title, opened_at=given.first_seen_at,
            last_seen_at=given.first_seen_at, article_count=1, site_count=1,
        )
        .returning(StoryRow.id)
    ).scalar_one()  # fmt: skip
    connection.execute(
        insert(EventRow).values(
            kind="StoryOpened", happened_at=given.first_seen_at, story_id=story,
            source=given.source, details={"title": given.title},
        )
    )  # fmt: skip
    return story


def _label(connection: Connection, article_id: int, given: Given) -> None:
    for name in given.platforms:
        connection.execute(
            insert(ArticleLabelRow).values(
                article_id=article_id, kind="platform", name=name, severity=0
            )
        )
        connection.execute(
            insert(MentionRow).values(
                article_id=article_id, kind="platform", name=name, surface=name, field="title",
                start=0, end=len(name), reason="alias",
            )
        )  # fmt: skip
    for name, severity in given.topics.items():
        connection.execute(
            insert(ArticleLabelRow).values(
                article_id=article_id, kind="topic", name=name, severity=severity.rank
            )
        )
