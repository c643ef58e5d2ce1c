"""The first schema: article log, articles and stories, alerts, schedule, search index."""

import sqlalchemy as sa
from alembic import op

revision = "0001_v0_1_0"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_log()
    _create_articles()
    _create_alerts()
    _create_schedule()
    _create_search_index()


def _create_log() -> None:
    op.create_table(
        "article_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("crawl_id", sa.Text(), nullable=False),
        sa.Column("fetched_at", UTC, nullable=False),
        sa.Column("raw_hash", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("boilerplate", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("charset", sa.Text(), nullable=False),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seen_url",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first_seen_at", UTC, nullable=False),
        sa.Column("fetched_at", UTC, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("raw_hash", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("ix_seen_url_source", "seen_url", ["source"], unique=False)


def _create_articles() -> None:
    op.create_table(
        "shingle",
        sa.Column("hash", BIG, autoincrement=False, nullable=False),
        sa.Column("article_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_article_id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", UTC, nullable=False),
        sa.Column("last_seen_at", UTC, nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.Column("site_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_story_opened", "story", ["opened_at"], unique=False)
    op.create_table(
        "article",
        sa.Column("id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("first_seen_at", UTC, nullable=False),
        sa.Column("last_seen_at", UTC, nullable=False),
        sa.Column("dated_at", UTC, nullable=False),
        sa.Column("story_id", BIG, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("of_article_id", BIG, nullable=True),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("revision_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url"),
    )
    op.create_index("ix_article_dated", "article", ["dated_at"], unique=False)
    op.create_index("ix_article_first_seen", "article", ["first_seen_at"], unique=False)
    op.create_index("ix_article_source", "article", ["source"], unique=False)
    op.create_index("ix_article_story", "article", ["story_id"], unique=False)
    op.create_table(
        "article_label",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "kind", "name"),
    )
    op.create_index(
        "ix_article_label_name", "article_label", ["kind", "name", "article_id"], unique=False
    )
    op.create_table(
        "fingerprint",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("folded_hash", sa.Text(), nullable=False),
        sa.Column("shingle_count", sa.Integer(), nullable=False),
        sa.Column("sampled_count", sa.Integer(), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_index("ix_fingerprint_folded_hash", "fingerprint", ["folded_hash"], unique=False)
    op.create_table(
        "mention",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mention_article", "mention", ["article_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("log_id", BIG, nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("folded_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("article_id", "number"),
    )


def _create_alerts() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("ended_at", UTC, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_delivery_message", "delivery", ["message_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_at", UTC, nullable=False),
        sa.Column("story_id", BIG, nullable=True),
        sa.Column("article_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_article", "event", ["article_id"], unique=False)
    op.create_index("ix_event_happened", "event", ["happened_at"], unique=False)
    op.create_index("ix_event_story", "event", ["story_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", UTC, nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("sent_at", UTC, nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", UTC, nullable=True),
        sa.Column("give_up_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id", "subscription", "channel"),
    )
    op.create_index("ix_outbox_state_due", "outbox", ["state", "due_at"], unique=False)


def _create_schedule() -> None:
    op.create_table(
        "crawl",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("finished_at", UTC, nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_crawl_source", "crawl", ["source", "started_at"], unique=False)
    op.create_table(
        "cursor",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "intake_failure",
        sa.Column("log_id", BIG, autoincrement=False, nullable=False),
        sa.Column("failed_at", UTC, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log_id"),
    )
    op.create_table(
        "schedule",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("timing", sa.Text(), nullable=False),
        sa.Column("due_at", UTC, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )


def _create_search_index() -> None:
    # Not in the models: each store has its own. monitor/store/search.py tells why they are so.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TABLE search_document ("
            " id INTEGER PRIMARY KEY AUTOINCREMENT, article_id INTEGER NOT NULL UNIQUE)"
        )
        op.execute(
            "CREATE VIRTUAL TABLE search_index"
            " USING fts5(title, body, content='', tokenize='ascii')"
        )
        return
    op.execute(
        "CREATE TABLE search_document ("
        " article_id BIGINT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL)"
    )
    # No SQL function: being inlined it would lose its cost, which is what reading a text costs.
    op.execute(
        "CREATE FUNCTION search_tokens(title text, body text) RETURNS text[]"
        " LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 AS $$"
        " DECLARE single text[] := string_to_array(btrim(title) || '  ' || btrim(body), ' ');"
        " BEGIN RETURN single || ARRAY("
        "  SELECT one || ' ' || next FROM unnest(single, single[2:]) AS pair(one, next)"
        "  WHERE one <> '' AND next <> ''); END $$"
    )
    op.execute(
        "CREATE INDEX ix_search_document_tokens ON search_document"
        " USING gin (search_tokens(title, body))"
    )
