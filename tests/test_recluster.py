"""The stored past under another method: what would change, what is written, nobody is told."""

import os
import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from intake_desk import MATCHER, Desk, page
from older_store import (
    COURT,
    COURT_COPY,
    DIARY,
    FINE,
    FINE_PART,
    articles,
    as_an_older_one_left_it,
    dump,
    five_articles,
)
from our_articles import BY_KEY
from repost_generator import reposts
from sqlalchemy import Engine, delete, event, select, update

from crawler.article import Article
from crawler.log.engine import open_engine
from monitor.alerts.facts import read_facts
from monitor.query.stories import StoriesQuery, list_stories, story
from monitor.recluster import (
    Move,
    Place,
    Plan,
    apply_plan,
    fingerprints_behind,
    moves,
    plan_of,
    work_out,
)
from monitor.store.models import (
    EventRow,
    FingerprintRow,
    IndexPageRow,
    IndexRunRow,
    OutboxRow,
    RevisionRow,
    StoryRow,
)
from monitor.store.problems import StoreLocked
from monitor.stories.runs import count_entries
from monitor.stories.scratch import scratch_store
from seeds.match import Matcher

pytest_plugins = ["database_fixtures"]


def recluster(
    engine: Engine, folder: Path, *, apply: bool = False, matcher: Matcher = MATCHER
) -> tuple[Plan, list[Move]]:
    with scratch_store(folder) as scratch:
        list(work_out(engine, scratch, matcher))
        plan, found = plan_of(engine, scratch), list(moves(scratch))
        if apply:
            apply_plan(engine, scratch, plan)
    assert not list(folder.glob(".recluster-*"))
    return plan, found


def stories(engine: Engine) -> dict[int, tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(select(StoryRow.__table__)).all()
    return {
        row.id: (row.lead_article_id, row.article_count, row.site_count, row.merged_into)
        for row in rows
    }


def entries(engine: Engine) -> int:
    with engine.connect().execution_options(lendwatch_read=True) as connection:
        return count_entries(connection)


def test_after_the_intake_there_is_nothing_to_do(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine)
    copied = [
        Article(f"https://site{number % 3}.example.com/{number}", each.title, each.body)
        for number, each in enumerate(reposts(BY_KEY["court"], BY_KEY["diary"]))
    ]
    desk.take(page("court"), *copied[::2], page("farm"), page("farm-sibling"), page("brief"))
    edited = BY_KEY["court"].body.replace("八十万元", "九十万元")
    desk.take(page("court", body=edited), page("diary"), *copied[1::2], page("court-other"))
    before = dump(engine)
    plan, found = recluster(engine, tmp_path, apply=True)
    assert plan.nothing
    assert found == []
    assert dump(engine) == before


def test_a_dry_run_says_what_would_change_and_why_and_writes_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    five_articles(engine)
    right = articles(engine)
    opened = as_an_older_one_left_it(engine)
    before = dump(engine)
    plan, found = recluster(engine, tmp_path)
    share = right[FINE_PART][3]
    fine, diary, court = (BY_KEY[key].title for key in ("fine", "diary", "court"))
    assert [(each.article_id, each.change, each.before, each.after) for each in found] == [
        (
            FINE_PART,
            "merge",
            Place(opened, fine, FINE_PART, "new", None, 0.0),
            Place(2, fine, FINE, "partial", FINE, share),
        ),
        (
            DIARY,
            "split",
            Place(1, court, COURT, "rewrite", COURT, 0.7),
            Place(None, diary, DIARY, "new", None, 0.0),
        ),
        (
            COURT_COPY,
            "relation",
            Place(1, court, COURT, "rewrite", COURT, 0.7),
            Place(1, court, COURT, "exact", COURT, 1.0),
        ),
    ]
    assert [each.title for each in found] == [fine, diary, court]
    assert plan == Plan(
        articles=5,
        changes={"merge": 1, "split": 1, "relation": 1},
        merged=1,
        split=1,
        renewed=3,
        behind=5,
        index=True,
    )
    assert plan.changed == 3
    assert dump(engine) == before


def test_applied_the_store_is_as_if_it_had_always_been_compared_so(
    engine: Engine, tmp_path: Path
) -> None:
    desk = five_articles(engine)
    right, index = articles(engine), (desk.rows(FingerprintRow), entries(engine))
    right_stories = stories(engine)
    opened = as_an_older_one_left_it(engine)
    kept = [desk.rows(table) for table in (EventRow, OutboxRow, RevisionRow)]
    told = list(desk.events)
    recluster(engine, tmp_path, apply=True)
    now = articles(engine)
    new = now[DIARY][0]
    assert new not in (1, 2, opened)
    assert now == {**right, DIARY: (new, *right[DIARY][1:])}
    assert stories(engine) == {
        1: right_stories[1],
        2: right_stories[2],
        new: right_stories[3],
        opened: (FINE_PART, 0, 0, 2),
    }
    assert sorted(map(tuple, desk.rows(FingerprintRow))) == sorted(map(tuple, index[0]))
    assert entries(engine) == index[1]
    assert [desk.rows(table) for table in (EventRow, OutboxRow, RevisionRow)] == kept
    assert desk.events == told
    after = dump(engine)
    plan, found = recluster(engine, tmp_path, apply=True)
    assert plan.nothing
    assert found == []
    assert dump(engine) == after


def test_a_number_that_went_into_another_story_leads_there(engine: Engine, tmp_path: Path) -> None:
    desk = five_articles(engine)
    opened = as_an_older_one_left_it(engine)
    recluster(engine, tmp_path, apply=True)
    new = articles(engine)[DIARY][0]
    [told] = [each for each in desk.rows(EventRow) if each.article_id == FINE_PART]
    assert told.story_id == opened  # as it happened
    with engine.connect() as connection:
        asked = story(connection, opened)
        assert asked is not None
        assert (asked.asked, asked.summary.story_id) == (opened, 2)
        assert replace(asked, asked=2) == story(connection, 2)
        assert [each.article_id for each in asked.events] == [FINE, FINE_PART]
        moved = story(connection, new)
        assert moved is not None
        assert [each.article_id for each in moved.events] == [DIARY]
        page_of_all = list_stories(connection, StoriesQuery())
        assert page_of_all.total == 3
        assert {each.story_id for each in page_of_all.stories} == {1, 2, new}
        facts = read_facts(connection, told.id)
        assert facts.story is not None
        assert (facts.story.id, facts.story.article_count) == (2, 2)


def test_a_chain_of_numbers_leads_to_its_end_and_a_ring_to_no_hang(engine: Engine) -> None:
    five_articles(engine)
    with engine.begin() as connection:
        for number, into in ((3, 2), (2, 1)):
            row = update(StoryRow).where(StoryRow.id == number)
            connection.execute(row.values(merged_into=into))
        found = story(connection, 3)
        assert found is not None
        assert found.summary.story_id == 1
        connection.execute(update(StoryRow).where(StoryRow.id == 1).values(merged_into=3))
        assert story(connection, 3) is not None


def test_a_copy_that_arrives_afterwards_joins(engine: Engine, tmp_path: Path) -> None:
    desk = five_articles(engine)
    as_an_older_one_left_it(engine)
    recluster(engine, tmp_path, apply=True)
    desk.intake.run()
    report = Desk(engine)
    report.minutes = 60
    assert report.take(page("diary", "https://late.example.com/1")).joined == 1
    assert recluster(engine, tmp_path)[0].nothing


def test_a_text_is_compared_with_what_had_arrived_before_it(engine: Engine, tmp_path: Path) -> None:
    """A page that was edited into the text of a later article is no copy's lead."""
    desk = Desk(engine)
    desk.take(page("court"), page("diary"))
    desk.take(page("court", title=BY_KEY["diary"].title, body=BY_KEY["diary"].body))
    right = articles(engine)
    assert right[2][:2] == (2, "new")
    with engine.begin() as connection:
        connection.execute(delete(IndexRunRow))
        connection.execute(delete(IndexPageRow))
    assert recluster(engine, tmp_path, apply=True)[1] == []
    assert articles(engine) == right
    assert recluster(engine, tmp_path)[0].nothing
    late = page("diary", "https://late.example.com/1")
    assert desk.take(late, page("court", "https://late.example.com/2")).joined == 2


def test_texts_that_were_logged_out_of_order_end_with_the_current_one(
    engine: Engine, tmp_path: Path
) -> None:
    desk = Desk(engine)
    desk.take(page("court"))
    for body in ("fine", "diary"):
        desk.take(page("court", body=BY_KEY[body].body))
    early = select(RevisionRow.seen_at).where(RevisionRow.number == 1).scalar_subquery()
    with engine.begin() as connection:
        connection.execute(update(RevisionRow).where(RevisionRow.number == 3).values(seen_at=early))
    recluster(engine, tmp_path, apply=True)
    assert desk.take(page("diary", "https://late.example.com/1")).joined == 1


def test_nothing_is_written_when_something_arrived_meanwhile(
    engine: Engine, tmp_path: Path
) -> None:
    desk = five_articles(engine)
    as_an_older_one_left_it(engine)
    with scratch_store(tmp_path) as scratch:
        list(work_out(engine, scratch, MATCHER))
        plan = plan_of(engine, scratch)
        desk.take(page("farm"))
        before = dump(engine)
        with pytest.raises(StoreLocked, match="run it again"):
            apply_plan(engine, scratch, plan)
    assert dump(engine) == before


def test_fingerprints_that_are_missing_or_of_another_method_are_counted(engine: Engine) -> None:
    five_articles(engine)
    with engine.begin() as connection:
        assert fingerprints_behind(connection) == 0
        connection.execute(delete(FingerprintRow).where(FingerprintRow.article_id == DIARY))
        row = update(FingerprintRow).where(FingerprintRow.article_id == FINE)
        connection.execute(row.values(method=0))
        assert fingerprints_behind(connection) == 2


def test_nothing_stays_of_a_scratch_store(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch_store(tmp_path):
        raise RuntimeError
    with scratch_store(tmp_path):
        assert list(tmp_path.iterdir()) == []


# Steps of writing, each of which can be the last one before a kill.
def killed_at(step: int, database: str, folder: Path) -> bool:
    """Apply in a process that kills itself before its n-th step; False: it got through."""
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(Exception):
            _apply_until(step, database, folder)
            status = 0
        os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _apply_until(step: int, database: str, folder: Path) -> None:
    engine = open_engine(database)
    taken = 0

    def count(*_: object) -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os.kill(os.getpid(), signal.SIGKILL)

    with scratch_store(folder) as scratch:
        list(work_out(engine, scratch, MATCHER))
        plan = plan_of(engine, scratch)
        for moment in ("before_cursor_execute", "commit"):
            event.listen(engine, moment, count)
        apply_plan(engine, scratch, plan)


def test_a_kill_at_any_step_leaves_the_store_as_it_was(database_url: str, tmp_path: Path) -> None:
    engine = open_engine(database_url)
    five_articles(engine)
    as_an_older_one_left_it(engine)
    before = dump(engine)
    engine.dispose()
    (tmp_path / "scratch").mkdir()
    step = 1
    while killed_at(step, database_url, tmp_path / "scratch"):
        assert dump(engine) == before
        engine.dispose()
        assert list((tmp_path / "scratch").iterdir()) == []
        step += 1
    assert step > 10  # it really was interrupted in between
    assert dump(engine) != before
    assert recluster(engine, tmp_path)[0].nothing
    engine.dispose()
