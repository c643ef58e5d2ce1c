"""Stories that turned out to be one, which site is usually first, and what is new in an article."""

import sqlalchemy as sa
from alembic import op

revision = "0003_v0_3_0"
down_revision = "0002_v0_2_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _merged_stories()
    _sites()
    _novelty()


def _merged_stories() -> None:
    with op.batch_alter_table("story") as story:
        story.add_column(
            sa.Column(
                "merged_into",
                BIG,
                sa.ForeignKey("story.id", name="fk_story_merged_into_story"),
                nullable=True,
            )
        )


def _sites() -> None:
    # These answer which site is usually first without reading a text.
    op.create_index("ix_story_site_count", "story", ["site_count", "opened_at"])
    op.create_index("ix_article_story_site", "article", ["story_id", "site", "first_seen_at"])
    # The new one begins with its column and answers all that it answered.
    op.drop_index("ix_article_story", "article")


def _novelty() -> None:
    # All stay empty: what was stored before is not read again, so that of a platform's stories
    # the first that comes next has nothing to be compared with.
    op.create_table(
        "sentence_mark",
        sa.Column("mark", BIG, autoincrement=False, nullable=False),
        sa.Column("article_id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mark", "article_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sentence_sketch",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "clause_spread",
        sa.Column("clause", BIG, autoincrement=False, nullable=False),
        sa.Column("subject", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("clause", "subject"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "novelty",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("of_article_id", BIG, nullable=True),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
