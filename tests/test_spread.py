"""How stories spread and who is first; claimed dates in doubt, wherever they are shown."""

import csv
import io
import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from alert_fixtures import config, stored_event, subscription
from sqlalchemy import Connection, Engine, insert, text, update
from stored_articles import NOON, Given, store, story_of
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.alerts.compose import Composer
from monitor.alerts.outbox import claim, enqueue
from monitor.events import EventKind
from monitor.query.articles import article
from monitor.query.claims import claim_flags
from monitor.query.export import export_rows, write_rows
from monitor.query.problems import QueryError
from monitor.query.search import SearchQuery, search
from monitor.query.sites import SiteRecord, SitesQuery, list_sites, sites_statement
from monitor.query.stories import StoriesQuery, list_stories, story
from monitor.store.models import ArticleReadingRow, ArticleRow
from monitor.stories.claims import Doubt
from seeds.farm import Reason, ReasonKind

HOUR = timedelta(hours=1)
LATE = NOON + timedelta(days=115)


@pytest.fixture
def connection(engine: Engine):
    with engine.connect() as opened:
        yield opened
        opened.rollback()


def spread(connection: Connection, *copies: tuple[str, timedelta]) -> int:
    """Store a story with a copy on each site, so long after its lead; give its id."""
    (site, _), *later = copies
    lead = store(connection, Given(site=site, published_at="2024-11-08T10:00:00+08:00"))
    story_id = story_of(connection, lead)
    for site, delay in later:
        store(connection, Given(
            site=site, story=story_id, relation="exact", of=lead, first_seen_at=NOON + delay,
        ))  # fmt: skip
    sites = len({site for site, _ in copies})
    connection.execute(
        text("UPDATE story SET site_count = :sites WHERE id = :id"),
        {"sites": sites, "id": story_id},
    )
    return story_id


@pytest.fixture
def redated(connection: Connection) -> tuple[int, int]:
    """A text of 2024, seen in 2024, and its copy of 2025 that claims 2025."""
    lead = store(connection, Given(
        site="a.cn", published_at="2024-11-08T10:00:00+08:00", url="https://a.cn/1",
    ))  # fmt: skip
    copy = store(connection, Given(
        site="b.cn", published_at="2025-03-02T00:00:00+08:00", url="https://b.cn/1",
        first_seen_at=LATE, story=story_of(connection, lead), relation="exact", of=lead,
        platforms=["用钱宝"],
    ))  # fmt: skip
    return lead, copy


def test_a_story_tells_its_sites_in_the_order_of_arrival(connection: Connection) -> None:
    story_id = spread(
        connection, ("b.cn", 0 * HOUR), ("a.cn", 2 * HOUR), ("c.cn", 5 * HOUR), ("a.cn", 9 * HOUR)
    )
    found = story(connection, story_id)
    assert found is not None
    told = found.spread
    assert (told.copies, told.first_seen_at, told.last_seen_at) == (4, NOON, NOON + 9 * HOUR)
    assert [(each.site, each.delay_seconds, each.copies) for each in told.sites] == [
        ("b.cn", 0, 1),
        ("a.cn", 7200, 2),
        ("c.cn", 18000, 1),
    ]
    assert told.sites[1].article_id == found.articles[1].article_id
    assert found.claimed is not None
    assert (found.claimed.earliest, found.claimed.days, found.claimed.dated) == ("2024-11-08", 0, 1)


def test_which_site_is_usually_first(connection: Connection) -> None:
    spread(connection, ("a.cn", 0 * HOUR), ("b.cn", 1 * HOUR))
    spread(connection, ("a.cn", 0 * HOUR), ("b.cn", 3 * HOUR), ("c.cn", 30 * HOUR))
    spread(connection, ("b.cn", 0 * HOUR), ("a.cn", 2 * HOUR), ("b.cn", 9 * HOUR))
    spread(connection, ("a.cn", 0 * HOUR), ("a.cn", 1 * HOUR))  # one site alone tells nothing
    page = list_sites(connection, SitesQuery())
    assert (page.sites, page.stories) == (3, 3)
    assert page.records == (
        SiteRecord("a.cn", 3, 2, 1, 0.6667, 7200),
        SiteRecord("b.cn", 3, 1, 2, 0.3333, 7200),
        SiteRecord("c.cn", 1, 0, 1, 0, 108000),
    )
    order = [each.site for each in list_sites(connection, SitesQuery(sort="copied")).records]
    assert order == ["b.cn", "a.cn", "c.cn"]
    assert len(list_sites(connection, SitesQuery(limit=1)).records) == 1
    assert list_sites(connection, SitesQuery(since="2024-11-09")).stories == 0
    assert list_sites(connection, SitesQuery(until="2024-11-08")).stories == 3
    with pytest.raises(QueryError, match="sort is 'x'"):
        list_sites(connection, SitesQuery(sort="x"))


def test_of_two_copies_seen_at_once_the_earlier_article_led(connection: Connection) -> None:
    spread(connection, ("b.cn", 0 * HOUR), ("a.cn", 0 * HOUR))
    (first, *_) = list_sites(connection, SitesQuery()).records
    assert (first.site, first.led) == ("b.cn", 1)


# On SQLite alone: the plan of an empty PostgreSQL table says nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", [SitesQuery(), SitesQuery(since="2024-11-01")])
def test_who_is_first_is_answered_from_indexes_alone(engine: Engine, query: SitesQuery) -> None:
    statement = sites_statement(query).compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        plan = [row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    assert any("COVERING INDEX ix_article_story_site" in step for step in plan), plan
    assert any("COVERING INDEX ix_story_site_count" in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan


def test_a_2025_copy_of_a_2024_text_is_flagged_wherever_it_is_shown(
    connection: Connection, redated: tuple[int, int]
) -> None:
    lead, copy = redated
    assert claim_flags(connection, [lead])[lead] == ()
    (flag,) = claim_flags(connection, [copy])[copy]
    assert (flag.doubt, flag.claimed, flag.proved) == (Doubt.REDATED, "2025-03-02", "2024-11-08")
    assert (flag.article_id, flag.url) == (lead, "https://a.cn/1")
    seen = article(connection, copy)
    told = story(connection, story_of(connection, lead))
    hits = {each.article_id: each for each in search(connection, SearchQuery()).hits}
    (summary,) = list_stories(connection, StoriesQuery()).stories
    assert seen is not None
    assert told is not None
    assert seen.claim_flags == told.articles[1].claim_flags == hits[copy].claim_flags == (flag,)
    assert summary.claim_flags == told.articles[0].claim_flags == hits[lead].claim_flags == ()
    assert told.claimed is not None
    assert (told.claimed.latest, told.claimed.days) == ("2025-03-02", 114)


def test_an_export_names_what_is_in_doubt_and_why(
    connection: Connection, redated: tuple[int, int]
) -> None:
    for form in ("csv", "jsonl"):
        out = io.StringIO(newline="")
        write_rows(export_rows(connection, SearchQuery(sort="oldest")), out, form)
        if form == "jsonl":
            lead, copy = map(json.loads, out.getvalue().splitlines())
            assert lead["claim_flags"] == []
            assert copy["claim_flags"][0]["doubt"] == "redated"
            assert copy["claim_flags"][0]["url"] == "https://a.cn/1"
        else:
            lead, copy = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
            assert lead["claim_flags"] == ""
            assert copy["claim_flags"] == (
                "claims 2025-03-02, but the same text was seen on 2024-11-08:"
                f" article {redated[0]} on a.cn"
            )


def test_a_text_that_tells_of_a_later_day_is_quoted_masked(connection: Connection) -> None:
    body = "2024年11月8日，受害人拨打13812345678向记者讲述了被催收的经过。"
    told = store(connection, Given(body=body, published_at="2023-05-01T00:00:00+08:00"))
    (flag,) = claim_flags(connection, [told])[told]
    assert flag.doubt is Doubt.EARLIER_THAN_TEXT
    assert "138********" in flag.quote


def test_an_annotated_copy_that_claims_to_be_older_is_flagged(connection: Connection) -> None:
    plain = store(connection, Given(published_at="2024-11-08T10:00:00+08:00", site="a.cn"))
    copy = store(connection, Given(
        published_at="2024-10-20T10:00:00+08:00", site="b.cn", first_seen_at=NOON + HOUR,
        story=story_of(connection, plain), relation="annotated", of=plain,
    ))  # fmt: skip
    assert claim_flags(connection, [copy])[copy] == ()
    for article_id, count in ((plain, 0), (copy, 133)):
        reasons = [Reason(ReasonKind.ANNOTATIONS, count, 7.0).as_dict()] if count else []
        row = {"article_id": article_id, "watchlist": "", "farm_score": 0.5}
        connection.execute(insert(ArticleReadingRow).values(**row, farm_reasons=reasons))
    (flag,) = claim_flags(connection, [copy])[copy]
    assert (flag.doubt, flag.article_id) == (Doubt.EARLIER_THAN_SOURCE, plain)


@pytest.mark.parametrize("written", ["2025-13-01", "yesterday", "2025-03-02T10:00:00", ""])
def test_a_date_that_says_nothing_certain_is_not_flagged(connection: Connection, written) -> None:
    told = store(connection, Given(published_at="2024-11-08T10:00:00+08:00"))
    connection.execute(update(ArticleRow).values(published_at=written))
    assert claim_flags(connection, [told])[told] == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_says_what_is_wrong_with_a_claimed_date(engine: Engine, tmp_path) -> None:
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    with engine.begin() as connection:
        lead = store(connection, Given(site="a.cn", url="https://a.cn/1"))
        given = Given(
            site="b.cn", published_at="2025-03-02T00:00:00+08:00", url="https://b.cn/1",
            first_seen_at=LATE, story=story_of(connection, lead), relation="annotated", of=lead,
        )  # fmt: skip
        told = subscription(topics=(), events=tuple(EventKind))
        spread = stored_event(connection, given, EventKind.STORY_SPREAD)
        enqueue(connection, spread, (told,), now)
        claimed = claim(connection, "me", {told.name: told.to}, now, "mail")
        mail = Composer(config(tmp_path, told)).compose(connection, claimed, now).decode()
    line = "日期存疑：页面自称 2025-03-02 发布；同一文本 2024-11-08 已见于 a.cn（https://a.cn/1）"
    assert line in mail


def test_a_terminal_shows_the_spread_and_the_doubts(tmp_path, stores) -> None:
    watch = Workspace(tmp_path / "watch").write()
    shutil.copyfile(stores.sqlite_template(), watch.folder / "lendwatch.db")
    engine = open_engine(f"sqlite:///{watch.folder / 'lendwatch.db'}")
    with engine.begin() as connection:
        lead = store(connection, Given(site="a.cn", published_at="2024-11-08T10:00:00+08:00"))
        store(connection, Given(
            site="b.cn", published_at="2025-03-02T00:00:00+08:00", first_seen_at=LATE,
            story=story_of(connection, lead), relation="exact", of=lead, title="催收\x1b[31m",
        ))  # fmt: skip
    engine.dispose()
    said = "claims 2025-03-02, but the same text was seen on 2024-11-08: article 1 on a.cn"
    told = watch.run("story", "1").stdout
    assert "2025-03-02 00:00 !redated" in told
    assert "Spread: 2 copies on 2 sites" in told
    assert "pages claim 2024-11-08 to 2025-03-02 (114 days)" in told
    assert re.search(r"b.cn +2025-03-03 20:00 +115 d +1", told)
    assert f"! article 2 {said}" in told
    assert "\x1b" not in told
    assert said in " ".join(watch.run("article", "2").stdout.split())
    assert "!redated · story 1" in watch.run("search").stdout
    assert "redated" in watch.run("search", "-f", "csv").stdout
    assert re.search(r"a.cn +1 +1 +0 +100%", watch.run("sites").stdout)
    assert re.search(r"b.cn +1 +0 +1 +0% +115 d", watch.run("sites", "--sort", "fastest").stdout)
    (first, second) = watch.json("sites")
    assert (first["site"], first["led"], first["median_delay_seconds"]) == ("a.cn", 1, None)
    assert second["median_delay_seconds"] == 115 * 86_400
    (shown,) = [each for each in watch.json("story", "1")["articles"] if not each["is_lead"]]
    assert shown["claim_flags"][0]["doubt"] == "redated"
    assert watch.run("sites", "--limit", "0", check=False).returncode == 2
