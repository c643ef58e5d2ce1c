"""Which number each cluster of a re-clustering goes by, and where numbers that nobody keeps lead.

Numbers stand in mails and notes, so they stay: a cluster keeps the number of the story that held
its first article. Of several that could keep one number, the cluster with that story's lead does.
One that goes without takes the number of a story whose lead it has, even one that had gone into
another story; only when there is none it gets a new one. A number that no cluster keeps leads to
the cluster that has its story's lead."""

from sqlalchemy import Connection, text

_CLUSTERS = text("""
INSERT INTO cluster (
    lead, position, title, opened_at, last_seen_at, article_count, site_count
)
SELECT lead.article_id, lead.position, lead.title, lead.first_seen_at, counted.last_seen_at,
    counted.articles, counted.sites
FROM (
    SELECT lead, max(first_seen_at) AS last_seen_at, count(*) AS articles,
        count(DISTINCT site) AS sites
    FROM place WHERE lead IS NOT NULL GROUP BY lead
) AS counted
JOIN place AS lead ON lead.article_id = counted.lead
""")

_KEEP = text("""
UPDATE cluster SET story_id = wish.story_id
FROM (
    SELECT cluster.lead AS lead, story.id AS story_id, row_number() OVER (
        PARTITION BY story.id
        ORDER BY coalesce(held.lead = cluster.lead, 0) DESC, cluster.position
    ) AS turn
    FROM cluster
    JOIN place AS lead ON lead.article_id = cluster.lead
    JOIN story_before AS story ON story.id = lead.old_story
    LEFT JOIN place AS held ON held.article_id = story.lead_article_id
) AS wish
WHERE wish.turn = 1 AND wish.lead = cluster.lead
""")

_TAKE = text("""
UPDATE cluster SET story_id = free.story_id
FROM (
    SELECT held.lead AS lead, min(story.id) AS story_id
    FROM story_before AS story
    JOIN place AS held ON held.article_id = story.lead_article_id
    LEFT JOIN cluster AS keeper ON keeper.story_id = story.id
    WHERE keeper.lead IS NULL
    GROUP BY held.lead
) AS free
WHERE cluster.story_id IS NULL AND free.lead = cluster.lead
""")

# A story whose lead is not in the store any more leads to where its earliest article went.
_LEAD_ON = text("""
UPDATE story_before SET into_lead = coalesce(
    (SELECT held.lead FROM place AS held WHERE held.article_id = story_before.lead_article_id),
    (
        SELECT member.lead FROM place AS member WHERE member.old_story = story_before.id
        ORDER BY member.position LIMIT 1
    )
)
WHERE id NOT IN (SELECT story_id FROM cluster WHERE story_id IS NOT NULL)
""")


def number_clusters(scratch: Connection) -> None:
    """Number the clusters of a scratch store whose articles all have their place."""
    for statement in (_CLUSTERS, _KEEP, _TAKE, _LEAD_ON):
        scratch.execute(statement)
    scratch.commit()
