"""Cluster the stored past again with today's method: what would change, and the change itself.

Worked out in a scratch store beside it (monitor/stories/scratch.py), then written in one
transaction: whoever looks sees the stories as they were, or as they are now. Nothing here records
an event or queues an alert: an old story is no news because we learned to compare. Events stay as
they happened; they are shown with the story that their article is in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, or_, select, text, update

from crawler.log.engine import checkpoint
from crawler.log.tables import UtcDateTime
from monitor.store.models import ArticleRow, FingerprintRow, RevisionRow
from monitor.store.problems import StoreLocked
from monitor.stories.index import replace_index
from monitor.stories.method import METHOD
from monitor.stories.numbering import number_clusters
from monitor.stories.record import correct_articles, correct_stories, open_stories
from monitor.stories.replay import Replay
from monitor.stories.runs import count_entries
from monitor.stories.scratch import CHUNK, CLUSTERS, TEXTS, copy_store
from seeds.match import Matcher

# How many entries a crowded shingle ends with depends on which articles came in one batch.
ENTRIES_ASTRAY = 0.01

_BEHIND = (
    select(func.count())
    .select_from(ArticleRow)
    .outerjoin(FingerprintRow, FingerprintRow.article_id == ArticleRow.id)
    .where(or_(FingerprintRow.method.is_(None), FingerprintRow.method != METHOD))
)
# Every article that is not in the store what it would be. A story splits where a cluster gets a
# new number, or that of a story which had gone into another.
_CHANGED = text("""
SELECT place.article_id, place.title, place.url, place.old_story, place.old_relation, place.old_of,
    place.old_similarity, before.lead_article_id AS old_lead, before.title AS old_title,
    cluster.story_id, place.lead, cluster.title AS new_title,
    place.relation, place."of", place.similarity,
    CASE
        WHEN cluster.story_id = place.old_story THEN
            CASE WHEN place.relation = place.old_relation THEN 'evidence' ELSE 'relation' END
        WHEN cluster.story_id IS NULL OR target.merged_into IS NOT NULL THEN 'split'
        WHEN before.into_lead IS NOT NULL THEN 'merge'
        ELSE 'move'
    END AS change
FROM place
JOIN cluster ON cluster.lead = place.lead
JOIN story_before AS before ON before.id = place.old_story
LEFT JOIN story_before AS target ON target.id = cluster.story_id
WHERE cluster.story_id IS NOT place.old_story OR place.relation <> place.old_relation
    OR place."of" IS NOT place.old_of OR place.similarity <> place.old_similarity
""")
_IN_ORDER = text(f"""
SELECT * FROM ({_CHANGED.text}) WHERE change <> 'evidence'
ORDER BY instr('merge split move relation', change), article_id
""")  # noqa: S608 - our own words
_TALLY = text(f"SELECT change, count(*) AS articles FROM ({_CHANGED.text}) GROUP BY change")  # noqa: S608
_PLACED = text(f"""
SELECT article_id AS which, story_id, relation, "of" AS of_article_id, similarity
FROM ({_CHANGED.text})
""")  # noqa: S608
_MERGED = text(
    "SELECT count(*) FROM story_before WHERE into_lead IS NOT NULL AND merged_into IS NULL"
)
_SPLIT = text("""
SELECT count(*) FROM cluster LEFT JOIN story_before AS before ON before.id = cluster.story_id
WHERE cluster.story_id IS NULL OR before.merged_into IS NOT NULL
""")
# Stories that keep their number and whose own row is another, and stories that end.
_RENEWED = text("""
SELECT cluster.story_id AS which, cluster.lead AS lead_article_id, cluster.title,
    cluster.opened_at, cluster.last_seen_at, cluster.article_count, cluster.site_count,
    NULL AS merged_into
FROM cluster JOIN story_before AS before ON before.id = cluster.story_id
WHERE before.lead_article_id <> cluster.lead OR before.title <> cluster.title
    OR before.opened_at <> cluster.opened_at OR before.last_seen_at <> cluster.last_seen_at
    OR before.article_count <> cluster.article_count OR before.site_count <> cluster.site_count
    OR before.merged_into IS NOT NULL
""").columns(opened_at=UtcDateTime, last_seen_at=UtcDateTime)
_ENDED = text("""
SELECT before.id AS which, target.story_id AS merged_into, 0 AS article_count, 0 AS site_count
FROM story_before AS before JOIN cluster AS target ON target.lead = before.into_lead
WHERE before.article_count <> 0 OR before.site_count <> 0
    OR before.merged_into IS NOT target.story_id
""")
_NEW = (
    select(
        CLUSTERS.c.lead.label("lead_article_id"), CLUSTERS.c.title, CLUSTERS.c.opened_at,
        CLUSTERS.c.last_seen_at, CLUSTERS.c.article_count, CLUSTERS.c.site_count,
    )
    .where(CLUSTERS.c.story_id.is_(None))
    .order_by(CLUSTERS.c.position)
    .limit(CHUNK)
)  # fmt: skip
_NUMBER = update(CLUSTERS).where(CLUSTERS.c.lead == bindparam("of")).values(story_id=bindparam("n"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs. `story` is None for one that is to get a number; `lead` is its
    first article, `title` its title; `of` is the article that `relation` is to."""

    story: int | None
    title: str
    lead: int
    relation: str
    of: int | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Move:
    """One article whose story or relation changes: `merge` (its story goes into another one),
    `split` (out of its story into one with a new number), `move` (into another story), or
    `relation` (in its story)."""

    article_id: int
    title: str
    url: str
    change: str
    before: Place
    after: Place


@dataclass(frozen=True, slots=True)
class Plan:
    """What a re-clustering came to.

    Articles by what happens to them; `evidence` are those that only rest on another article or
    number. `merged` stories end, `split` ones begin; `renewed` rows of stories differ in some way.
    `behind` articles have no fingerprint of today's method. `index` says whether the index is to
    be written anew: in a dry run beside a working intake also for what arrived meanwhile."""

    articles: int
    changes: Mapping[str, int]
    merged: int
    split: int
    renewed: int
    behind: int
    index: bool

    @property
    def changed(self) -> int:
        """Articles whose story or relation changes."""
        return sum(count for change, count in self.changes.items() if change != "evidence")

    @property
    def nothing(self) -> bool:
        """Whether the store is what today's method makes of it."""
        return not (self.changes or self.merged or self.renewed or self.index)


def fingerprints_behind(connection: Connection) -> int:
    """How many articles have no fingerprint, or one of another method."""
    return connection.execute(_BEHIND).scalar_one()


def work_out(engine: Engine, scratch: Connection, matcher: Matcher) -> Iterator[tuple[int, int]]:
    """Cluster all articles anew in an empty scratch store; the store is only read.

    Gives again and again how many texts are done, of how many."""
    with engine.connect().execution_options(**_one_moment(engine)) as store:
        total = copy_store(store, scratch)
    done = 0
    for count in Replay(engine, scratch, matcher).run():
        done += count
        yield done, total
    number_clusters(scratch)


def plan_of(engine: Engine, scratch: Connection) -> Plan:
    """Sum up what was worked out."""
    with engine.connect().execution_options(lendwatch_read=True) as store:
        return Plan(
            articles=scratch.execute(text("SELECT count(*) FROM place")).scalar_one(),
            changes={row.change: row.articles for row in scratch.execute(_TALLY)},
            merged=scratch.execute(_MERGED).scalar_one(),
            split=scratch.execute(_SPLIT).scalar_one(),
            renewed=_length(scratch, _RENEWED) + _length(scratch, _ENDED),
            behind=fingerprints_behind(store),
            index=not _same_index(store, scratch),
        )


def moves(scratch: Connection) -> Iterator[Move]:
    """Every article whose story or relation changes: merges first, then splits and moves."""
    for row in scratch.execute(_IN_ORDER, execution_options={"yield_per": CHUNK}):
        yield Move(
            article_id=row.article_id,
            title=row.title,
            url=row.url,
            change=row.change,
            before=Place(
                story=row.old_story,
                title=row.old_title,
                lead=row.old_lead,
                relation=row.old_relation,
                of=row.old_of,
                similarity=row.old_similarity,
            ),
            after=Place(
                story=row.story_id,
                title=row.new_title,
                lead=row.lead,
                relation=row.relation,
                of=row.of,
                similarity=row.similarity,
            ),
        )


def apply_plan(engine: Engine, scratch: Connection, plan: Plan) -> None:
    """Write what was worked out, wholly or not at all; the caller holds the store.

    Raises StoreLocked, and writes nothing, when something arrived in the store meanwhile."""
    with engine.begin() as store:
        _must_be_as_copied(store, scratch)
        _number_new(store, scratch)
        for chunk in _chunks(scratch, _PLACED):
            correct_articles(store, chunk)
        for query in (_RENEWED, _ENDED):
            for chunk in _chunks(scratch, query):
                correct_stories(store, chunk)
        if plan.index:
            replace_index(store, scratch)
    checkpoint(engine)


def _one_moment(engine: Engine) -> dict[str, Any]:
    """What makes a transaction see the store as it is at its start, whatever is written."""
    if engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ"}
    return {"lendwatch_read": True}


def _length(scratch: Connection, query: Any) -> int:
    counted = text(f"SELECT count(*) FROM ({query})")  # noqa: S608 - our own words
    return int(scratch.execute(counted).scalar_one())


def _same_index(store: Connection, scratch: Connection) -> bool:
    """Compare what the two indexes know: of each article row by row, ending at the first
    difference; and how many entries they have, which runs may hold in any arrangement."""
    entries = count_entries(scratch)
    if abs(count_entries(store) - entries) > ENTRIES_ASTRAY * entries:
        return False
    ordered = select(FingerprintRow.__table__).order_by(FingerprintRow.article_id)
    ours, theirs = (
        each.execute(ordered, execution_options={"yield_per": CHUNK}) for each in (store, scratch)
    )
    with ours, theirs:
        return all(one == other for one, other in zip_longest(ours, theirs))


def _chunks(scratch: Connection, query: Any) -> Iterator[list[dict[str, Any]]]:
    rows = scratch.execute(query, execution_options={"yield_per": CHUNK})
    for chunk in rows.mappings().partitions():
        yield list(map(dict, chunk))


def _must_be_as_copied(store: Connection, scratch: Connection) -> None:
    texts = select(func.count(), func.max(RevisionRow.id))
    copied = select(func.count(), func.max(TEXTS.c.revision_id))
    if store.execute(texts).one() != scratch.execute(copied).one():
        raise StoreLocked("articles arrived while stories were worked out; run it again")


def _number_new(store: Connection, scratch: Connection) -> None:
    """Open the stories that begin, in the order of their leads."""
    while clusters := scratch.execute(_NEW).mappings().all():
        numbers = open_stories(store, list(map(dict, clusters)))
        rows = [
            {"of": each["lead_article_id"], "n": n}
            for each, n in zip(clusters, numbers, strict=True)
        ]
        scratch.execute(_NUMBER, rows)
