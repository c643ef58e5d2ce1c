"""The stored past under another watchlist: what would change, what is written, nobody is told."""

import json
from pathlib import Path

import pytest
from intake_desk import MATCHER, NOON, Desk, page
from our_articles import COURT, WATCHLIST
from sqlalchemy import Engine, delete, select, update
from workspaces import Workspace

from crawler.article import Article
from crawler.log.engine import open_engine
from monitor.events import EventKind
from monitor.lock import holding
from monitor.rematch import BATCH, Reread, articles_behind, rematch
from monitor.store.migrate import migrate
from monitor.store.models import (
    ArticleLabelRow,
    ArticleReadingRow,
    ArticleRow,
    EventRow,
    MentionRow,
    OutboxRow,
    RevisionRow,
    StoryRow,
)
from monitor.stories.understand import edition_of
from seeds.farm import METHOD
from seeds.match import Matcher
from seeds.models import Platform, Severity, TermGroup, Topic, Watchlist

pytest_plugins = ["database_fixtures"]

# Today's watchlist: one platform less, one more (the court of our article), one topic more.
NEWER = Matcher(
    WATCHLIST.model_copy(
        update={
            "platforms": (
                *(each for each in WATCHLIST.platforms if each.name != "米袋钱包"),
                Platform(name="人民法院"),
            ),
            "topics": (
                *WATCHLIST.topics,
                Topic(
                    name="court",
                    title="法院",
                    groups=(TermGroup(terms=("法院",), severity=Severity.HIGH),),
                ),
            ),
        }
    )
)
KEPT = (ArticleRow, RevisionRow, StoryRow, EventRow, OutboxRow)
READ = (MentionRow, ArticleLabelRow, ArticleReadingRow)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    desk = Desk(engine)
    desk.take(page("court"))
    return desk


def preview(engine: Engine, matcher: Matcher = NEWER) -> list[Reread]:
    return list(rematch(engine, matcher, apply=False))


def behind(engine: Engine, matcher: Matcher = NEWER) -> int:
    with engine.connect() as connection:
        return articles_behind(connection, matcher.edition)


def test_the_watchlist_an_article_was_read_with_needs_no_second_reading(desk: Desk) -> None:
    assert behind(desk.engine, MATCHER) == 0
    assert preview(desk.engine, MATCHER) == []
    assert behind(desk.engine) == 1


def test_a_preview_says_what_would_change_and_writes_nothing(desk: Desk) -> None:
    before = [desk.rows(table) for table in (*KEPT, *READ)]
    [found] = preview(desk.engine)
    assert found.changed
    assert (found.title, found.gained, found.lost) == (COURT.title, ("人民法院",), ("米袋钱包",))
    assert found.topics["court"] == (None, Severity.HIGH)
    assert [desk.rows(table) for table in (*KEPT, *READ)] == before


def test_applied_the_labels_are_todays_and_nothing_else_is_touched(desk: Desk) -> None:
    before = [desk.rows(table) for table in KEPT]
    told = list(desk.events)
    assert [each.gained for each in rematch(desk.engine, NEWER, apply=True)] == [("人民法院",)]
    labels = {(row.kind, row.name) for row in desk.rows(ArticleLabelRow)}
    assert ("platform", "人民法院") in labels
    assert ("topic", "court") in labels
    assert ("platform", "米袋钱包") not in labels
    assert {row.name for row in desk.rows(MentionRow)} >= {"人民法院", "court"}
    assert [row.watchlist for row in desk.rows(ArticleReadingRow)] == [edition_of(NEWER.edition)]
    assert [desk.rows(table) for table in KEPT] == before
    assert desk.events == told
    assert preview(desk.engine) == []


def test_what_was_cut_off_the_page_is_read_again_too(engine: Engine) -> None:
    desk = Desk(engine)
    cut_off = "相关阅读：人民法院公告\n本文来源于网络，如有侵权请联系删除，仅供参考。"
    desk.take(page("court", boilerplate=cut_off))
    [first] = desk.rows(ArticleReadingRow)
    list(rematch(engine, NEWER, apply=True))
    fields = {row.field for row in desk.rows(MentionRow) if row.name == "人民法院"}
    assert "boilerplate" not in fields  # listed there it never counts, and only what counts is kept
    [label] = [row for row in desk.rows(ArticleLabelRow) if row.name == "人民法院"]
    assert label.kind == "platform"
    # Only the part that was cut off tells of a disclaimer.
    assert "disclaimer" in {each["kind"] for each in first.farm_reasons}
    [again] = desk.rows(ArticleReadingRow)
    assert again.farm_reasons == first.farm_reasons
    assert again.watchlist != first.watchlist


def test_a_byline_is_read_again_as_the_page_had_it(engine: Engine) -> None:
    desk = Desk(engine)
    desk.take(page("court", author="小编", outlet="网络"))
    [first] = desk.rows(ArticleReadingRow)
    assert "byline-shape" in {each["kind"] for each in first.farm_reasons}
    list(rematch(engine, NEWER, apply=True))
    [again] = desk.rows(ArticleReadingRow)
    assert again.watchlist != first.watchlist
    assert (again.farm_score, again.farm_reasons) == (first.farm_score, first.farm_reasons)


def test_an_article_taken_in_before_there_were_likelihoods_gets_one(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(delete(ArticleReadingRow))
    assert behind(desk.engine, MATCHER) == 1
    [found] = rematch(desk.engine, MATCHER, apply=True)
    assert not found.changed
    [row] = desk.rows(ArticleReadingRow)
    assert 0 <= row.farm_score <= 1
    assert behind(desk.engine, MATCHER) == 0


def judged_before(engine: Engine, score: float) -> None:
    """The store as a lendwatch with other weights for content farms left it."""
    older = edition_of(MATCHER.edition, METHOD - 1)
    with engine.begin() as connection:
        connection.execute(update(ArticleReadingRow).values(watchlist=older, farm_score=score))


def test_another_judge_of_farms_reads_every_article_again(desk: Desk) -> None:
    [now] = desk.rows(ArticleReadingRow)
    judged_before(desk.engine, 0.9)
    assert behind(desk.engine, MATCHER) == 1
    [found] = preview(desk.engine, MATCHER)
    assert found.changed
    assert found.farm == (0.9, now.farm_score)
    assert (found.gained, found.lost, found.topics) == ((), (), {})
    list(rematch(desk.engine, MATCHER, apply=True))
    [row] = desk.rows(ArticleReadingRow)
    assert (row.farm_score, row.watchlist) == (now.farm_score, now.watchlist)
    assert behind(desk.engine, MATCHER) == 0


def test_a_likelihood_that_leaves_the_verdict_is_renewed_without_ado(desk: Desk) -> None:
    [now] = desk.rows(ArticleReadingRow)
    judged_before(desk.engine, 0.49)
    [found] = rematch(desk.engine, MATCHER, apply=True)
    assert not found.changed
    assert desk.rows(ArticleReadingRow)[0].farm_score == now.farm_score


def test_more_than_a_batch_is_read_in_order_and_an_interrupted_run_goes_on(engine: Engine) -> None:
    desk = Desk(engine)
    urls = [f"https://court.example.com/{number}" for number in range(BATCH + 5)]
    desk.take(*(page("court", url) for url in urls))
    reading = rematch(engine, NEWER, apply=True)
    first = next(reading)
    reading.close()  # the process dies: its first batch is committed
    assert behind(engine) == 5
    rest = list(rematch(engine, NEWER, apply=True))
    assert len(rest) == 5
    assert all(each.article_id > first.article_id for each in rest)
    assert behind(engine) == 0


def test_after_a_rematch_an_edit_is_no_change_of_what_the_article_is_about(desk: Desk) -> None:
    list(rematch(desk.engine, NEWER, apply=True))
    today = Desk(desk.engine, NEWER)
    today.minutes = 60
    today.take(page("court", body=COURT.body.replace("八十万元", "九十万元")))
    [told] = today.events
    assert told.kind is EventKind.ARTICLE_EDITED
    assert "人民法院" in told.platforms
    assert "人民法院" not in told.details["summary"]


def ready(folder: Path) -> tuple[Workspace, Engine]:
    """A workspace whose store holds one article, read without its platforms."""
    workspace = Workspace(folder)
    workspace.add("portal", "page", "https://example.com/1")
    workspace.write()
    database = f"sqlite:///{folder / 'lendwatch.db'}"
    migrate(database, folder, NOON)
    engine = open_engine(database)
    nothing = Matcher(Watchlist(platforms=(), topics=()))
    body = "借款人说，用錢寶逾期三天就收到催收電話，家人也被騷擾。" * 3
    Desk(engine, nothing).take(Article("https://example.com/1", "用錢寶又開始催收", body))
    return workspace, engine


def test_the_command_shows_first_and_writes_when_asked_and_mails_nobody(tmp_path: Path) -> None:
    workspace, engine = ready(tmp_path)
    shown = workspace.run("rematch").stdout
    assert "+用钱宝" in shown
    assert "1 article read with another watchlist or an older lendwatch, 1 would change" in shown
    assert "--apply" in shown
    told = json.loads(workspace.run("rematch", "--jsonl").stdout)
    assert told["platforms"] == {"gained": ["用钱宝"], "lost": []}
    assert told["topics"]["collection"]["before"] is None
    assert workspace.json("search", "--platform", "用钱宝") == []
    applied = workspace.run("rematch", "--apply").stdout
    assert "1 article read again, 1 changed. Nobody was mailed." in applied
    [hit] = workspace.json("search", "--platform", "用钱宝")
    assert hit["farm"] is not None
    assert "nothing to do" in workspace.run("rematch").stdout
    assert workspace.mails == []
    engine.dispose()


def test_the_doctor_says_that_articles_were_read_with_another_watchlist(tmp_path: Path) -> None:
    workspace, engine = ready(tmp_path)
    engine.dispose()
    assert "1 article was read with another watchlist" in workspace.run("doctor").stdout
    workspace.run("rematch", "--apply")
    assert "another watchlist" not in workspace.run("doctor").stdout
    engine = open_engine(f"sqlite:///{tmp_path / 'lendwatch.db'}")
    with engine.begin() as connection:
        [read_with] = connection.scalars(select(ArticleReadingRow.watchlist))
        older = edition_of(read_with.partition(".")[0], METHOD - 1)
        connection.execute(update(ArticleReadingRow).values(watchlist=older, farm_score=0.9))
    engine.dispose()
    assert "read with another watchlist or an older lendwatch" in workspace.run("doctor").stdout
    shown = workspace.run("rematch").stdout
    assert "content farm: 0.90 → 0." in shown
    [told] = [json.loads(line) for line in workspace.run("rematch", "--jsonl").stdout.splitlines()]
    assert told["farm"]["before"] == 0.9


def test_while_serve_works_on_the_store_nothing_is_written(tmp_path: Path) -> None:
    workspace, engine = ready(tmp_path)
    with holding(engine, "serve"):
        refused = workspace.run("rematch", "--apply", check=False)
        assert refused.returncode == 75
        assert "`lendwatch serve` works on this store" in refused.stderr
        assert workspace.run("rematch").returncode == 0  # looking is free
    engine.dispose()
