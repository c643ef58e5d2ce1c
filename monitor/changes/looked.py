"""What a look found: judged beside what is known of the article and of its site. Never writes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)

from crawler.log.looks import Look
from crawler.log.tables import ArticleLogRow, LookRow
from monitor.changes.elsewhere import answers, shows, standing_at
from monitor.changes.life import Around, State
from monitor.changes.lives import Known
from monitor.changes.standing import HERE, Found, Shown, Standing
from monitor.store.life_tables import ArticleLifeRow
from monitor.store.models import ArticleRow, RevisionRow

# What a site shows elsewhere is held against a look so much earlier or later.
NEAR = timedelta(days=7)
# So many of a site's articles gone, and none there, is the site's doing.
MANY = 2
_READ = 200
_UNCHANGED = "unchanged"
_CAPTCHA = "captcha"
# What was answered well enough to be read.
_CAME = "ok"
# Endings of a look at an article that is there, mostly: a list or a notice may be taken for one.
_THERE = ("kept", "unchanged", "skipped")
# What one crawl looks at lies so close together.
ONE_CRAWL = timedelta(hours=1)
# An answer at an address that cannot be which is worth a comparison, or needs none.
_TELLING = (_CAME, "not-found", "gone")


def found_by(connection: Connection, known: Known, look: Look) -> tuple[Found, Shown]:
    """What a look at a known article's address found, and what it was shown there."""
    row = known.row
    if look.outcome == _UNCHANGED:
        # The very page that was kept last, whatever that was.
        kept = Found(Standing(row.kept), row.kept_reason, row.kept_quoted)
        return kept, Shown(look.status, "", "")
    shown = _shown(connection, look)
    if look.outcome == _CAPTCHA:
        return Found(Standing.BLOCKED, "captcha or refusal", shown.title), shown
    before = known_text(connection, row.article_id, row.revision)
    nowhere = nowhere_of(connection, row.site, look.looked_at)
    found = standing_at(before, shown, (look.url, look.address), nowhere)
    if found == HERE and look.log_id is None and shown.text and not shows(before, shown):
        # Another text, that is not even about a platform: nothing that tells of the article.
        return Found(Standing.BLOCKED, "another text", shown.title), shown
    return found, shown


def known_text(connection: Connection, article_id: int, revision: int) -> Shown:
    """A text that the article had."""
    query = select(RevisionRow.title, RevisionRow.body).where(
        RevisionRow.article_id == article_id, RevisionRow.number == revision
    )
    title, body = connection.execute(query).one()
    return Shown(_READ, title, body)


def nowhere_of(connection: Connection, site: str, at: datetime) -> Shown | None:
    """What a site showed about `at` at an address that cannot be: the look nearest to it."""
    row = connection.execute(
        _elsewhere(site, "nowhere", at - NEAR)
        .where(LookRow.looked_at <= at + NEAR)
        .order_by(LookRow.id.desc())
        .limit(1)
    ).first()
    return Shown(row.status, row.title, row.text) if row else None


def settled(connection: Connection, urls: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Those of the known articles that were found gone, and whose next look needs nothing more of
    their site to be judged: what it shows at an address that cannot be is known of late, and, of
    one that is not removed yet, its front page since the first strike."""
    asked = {"urls": urls, "lately": now - NEAR / 2}
    return tuple(connection.scalars(_settled(), asked)) if urls else ()


@cache
def _settled() -> Select[str]:
    """The question, which takes longer to build than to answer."""
    life = ArticleLifeRow
    elsewhere = exists().where(LookRow.site == life.site)
    nowhere = elsewhere.where(
        LookRow.role == "nowhere",
        LookRow.outcome.in_(_TELLING),
        LookRow.looked_at >= bindparam("lately"),
    )
    home = elsewhere.where(_came("home"), LookRow.looked_at >= life.first_strike_at)
    told = or_(life.state == State.REMOVED.value, (life.state == State.SUSPECT.value) & home)
    query = select(ArticleRow.url).join(life, life.article_id == ArticleRow.id)
    among = ArticleRow.url.in_(bindparam("urls", expanding=True))
    return query.where(among, nowhere, told).order_by(ArticleRow.url)


def address_of(connection: Connection, url: str, log_id: int) -> str:
    """Where the address of an article led when an entry was logged; "" when no look says so."""
    query = select(LookRow.address).where(LookRow.url == url, LookRow.log_id == log_id)
    return connection.scalar(query) or ""


def around(connection: Connection, known: Known, shown: Shown) -> Around:
    """What the article's site showed since the first strike."""
    since = known.life.first_strike_at
    if since is None:
        return Around(answers=False, answered=False, all_gone=False)
    life = ArticleLifeRow
    here, gone = connection.execute(
        select(
            func.count(case((life.found == Standing.HERE.value, 1))),
            func.count(case((life.found == Standing.GONE.value, 1))),
        ).where(
            life.site == known.row.site,
            life.article_id != known.row.article_id,
            # What was removed before says nothing of the site today.
            or_(life.state != State.REMOVED.value, life.since >= since),
            life.last_look_at >= since,
        )
    ).one()
    answers = here > 0 or _home_answers(connection, known.row.site, since, shown)
    return Around(
        answers=answers,
        answered=answers and _answered(connection, known, since),
        all_gone=here == 0 and gone + 1 > MANY,
    )


def _answered(connection: Connection, known: Known, since: datetime) -> bool:
    """Whether the site showed anything else up to the crawl of the article's look before."""
    there = (
        (LookRow.role == "article") & LookRow.outcome.in_(_THERE) & (LookRow.url != known.row.url)
    )
    until = known.row.last_look_at + ONE_CRAWL
    query = select(LookRow.id).where(
        LookRow.site == known.row.site,
        LookRow.looked_at.between(since, until),
        there | _came("home"),
    )
    return connection.execute(query.limit(1)).first() is not None


def _home_answers(connection: Connection, site: str, since: datetime, shown: Shown) -> bool:
    rows = connection.execute(
        _elsewhere(site, "home", since).order_by(LookRow.id.desc()).limit(3)
    ).all()
    return any(answers(Shown(row.status, row.title, row.text), shown) for row in rows)


def _elsewhere(site: str, role: str, since: datetime) -> Select[int | None, str, str]:
    return select(LookRow.status, LookRow.title, LookRow.text).where(
        LookRow.site == site, _came(role), LookRow.looked_at >= since
    )


def _came(role: str) -> ColumnElement[bool]:
    """Looks at a site's other places that showed a page."""
    return (LookRow.role == role) & (LookRow.outcome == _CAME) & (LookRow.status == _READ)


def _shown(connection: Connection, look: Look) -> Shown:
    if look.log_id is None:
        return Shown(look.status, look.title, look.text)
    query = select(ArticleLogRow.title, ArticleLogRow.body).where(ArticleLogRow.id == look.log_id)
    title, body = connection.execute(query).one()
    return Shown(_READ, title, body)
