"""Read the stored past again with today's watchlist and today's judge of content farms: what would
change, and the change itself.

Nothing here records an event or queues an alert: an old story is no news because we learned to
read it. Stories stay as they are; only what their articles are said to be about changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, bindparam, func, or_, select

from crawler.log.tables import ArticleLogRow
from monitor.query.labels import Labels, labels_of
from monitor.store.models import ArticleReadingRow, ArticleRow, RevisionRow
from monitor.stories.about import About
from monitor.stories.understand import Understood, byline_of, edition_of, understand
from seeds.farm import FarmLikelihood
from seeds.match import Matcher
from seeds.match.texts import read_article
from seeds.models import Severity

# Read, and with `apply` committed, at a time: a second of work, and a megabyte of text.
BATCH = 200

_READ_OTHERWISE = or_(
    ArticleReadingRow.watchlist.is_(None),
    ArticleReadingRow.watchlist != bindparam("edition"),
)
_BEHIND = (
    select(func.count())
    .select_from(ArticleRow)
    .outerjoin(ArticleReadingRow, ArticleReadingRow.article_id == ArticleRow.id)
    .where(_READ_OTHERWISE)
)
_NEXT = (
    select(
        ArticleRow.id,
        ArticleRow.story_id,
        ArticleRow.url,
        ArticleRow.title,
        ArticleRow.body,
        ArticleLogRow.boilerplate,
        # As on the page that was read last; the article keeps a name that a page lost since.
        ArticleLogRow.author,
        ArticleLogRow.outlet,
    )
    .outerjoin(ArticleReadingRow, ArticleReadingRow.article_id == ArticleRow.id)
    .outerjoin(
        RevisionRow,
        and_(
            RevisionRow.article_id == ArticleRow.id,
            RevisionRow.number == ArticleRow.revision_count,
        ),
    )
    .outerjoin(ArticleLogRow, ArticleLogRow.id == RevisionRow.log_id)
    .where(ArticleRow.id > bindparam("after"), _READ_OTHERWISE)
    .order_by(ArticleRow.id)
    .limit(BATCH)
)


@dataclass(frozen=True, slots=True)
class Reread:
    """One article, as it is labelled in the store and as it would be."""

    article_id: int
    story_id: int
    url: str
    title: str
    before: Labels
    after: Labels

    @property
    def gained(self) -> tuple[str, ...]:
        """Platforms it is about now and was not before."""
        return _without(self.after.platforms, self.before.platforms)

    @property
    def lost(self) -> tuple[str, ...]:
        """Platforms it was about before."""
        return _without(self.before.platforms, self.after.platforms)

    @property
    def topics(self) -> Mapping[str, tuple[Severity | None, Severity | None]]:
        """Topics that come, go or get another severity: before and after, None for absent."""
        names = sorted({*self.before.topics, *self.after.topics})
        pairs = {
            name: (self.before.topics.get(name), self.after.topics.get(name)) for name in names
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def farm(self) -> tuple[float, float] | None:
        """How likely a farm made it, before and after, if that is another verdict now."""
        before, after = self.before.farm, self.after.farm
        if before is None or after is None:
            return None
        turned = FarmLikelihood(before).likely != FarmLikelihood(after).likely
        return (before, after) if turned else None

    @property
    def changed(self) -> bool:
        """Whether it would be about something else, as grave as it was not, or another's text."""
        return bool(self.gained or self.lost or self.topics or self.farm)


def articles_behind(connection: Connection, edition: str) -> int:
    """How many stored articles were read with another watchlist than the one of `edition`, or by
    another judge."""
    return connection.execute(_BEHIND, {"edition": edition_of(edition)}).scalar_one()


def rematch(engine: Engine, matcher: Matcher, *, apply: bool) -> Iterator[Reread]:
    """Read every article again that was read with another watchlist or judge, oldest first.

    With `apply` the caller holds the store; each batch is committed before it is given out, so
    that what was interrupted goes on where it ended. Mentions, labels and likelihoods become
    today's; nothing else is touched."""
    after = 0
    while batch := _batch(engine, matcher, after, apply=apply):
        yield from batch
        after = batch[-1].article_id


def _batch(engine: Engine, matcher: Matcher, after: int, *, apply: bool) -> list[Reread]:
    where = {"after": after, "edition": edition_of(matcher.edition)}
    if not apply:
        with engine.connect().execution_options(lendwatch_read=True) as connection:
            return [found for found, _ in _read(connection, matcher, where)]
    with engine.begin() as connection:
        about = About(connection)
        found = list(_read(connection, matcher, where))
        for reread, understood in found:
            about.replace(reread.article_id, understood)
        about.write()
    return [reread for reread, _ in found]


def _read(
    connection: Connection, matcher: Matcher, where: Mapping[str, object]
) -> Iterator[tuple[Reread, Understood]]:
    rows = connection.execute(_NEXT, where).all()
    labels = labels_of(connection, [row.id for row in rows])
    for row in rows:
        texts = read_article(row.title, row.body, row.boilerplate or "")
        understood = understand(texts, matcher, byline_of(row.author, row.outlet))
        topics = dict(sorted(understood.matches.topics.items()))
        platforms = tuple(sorted(understood.matches.platforms))
        now = Labels(platforms, topics, understood.farm.score)
        yield Reread(row.id, row.story_id, row.url, row.title, labels[row.id], now), understood


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in others)
