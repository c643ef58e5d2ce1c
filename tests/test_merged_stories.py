"""Stories that a later text shows to be one: the store, its numbers, and who is told."""

from pathlib import Path

import pytest
from intake_desk import Desk, page
from our_articles import BY_KEY
from sqlalchemy import Engine
from test_recluster import recluster

from monitor.query.stories import StoriesQuery, list_stories, story
from monitor.store.models import ArticleRow, OutboxRow, StoryRow

pytest_plugins = ["database_fixtures"]

PRIVACY = BY_KEY["privacy"]
HALF = len(PRIVACY.body) // 2
FIRST = page("privacy", "https://a.test/1", body=PRIVACY.body[:HALF])
SECOND = page(
    "privacy",
    "https://b.test/2",
    title=f"{PRIVACY.title}(下)",
    body=PRIVACY.body[HALF:],
)
WHOLE = page("privacy", "https://c.test/3")
LATER = page("privacy", "https://d.test/4", body=PRIVACY.body + "\n\n(完)")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


@pytest.mark.parametrize("at_once", [True, False])
def test_the_whole_makes_one_story_of_two_halves(desk: Desk, at_once: bool) -> None:
    if at_once:
        desk.take(page("farm"), FIRST, SECOND, WHOLE, LATER)
    else:
        for each in (page("farm"), FIRST, SECOND, WHOLE, LATER):
            desk.take(each)
    farm, first, second = desk.rows(StoryRow)
    assert (farm.article_count, farm.merged_into) == (1, None)
    assert (first.article_count, first.site_count, first.merged_into) == (4, 4, None)
    assert (second.article_count, second.site_count, second.merged_into) == (0, 0, first.id)
    articles = desk.rows(ArticleRow)
    assert {each.story_id for each in articles[1:]} == {first.id}
    assert (articles[2].relation, articles[2].of_article_id) == ("partial", articles[3].id)
    assert first.last_seen_at == articles[4].last_seen_at


def test_the_number_of_a_merged_story_leads_to_where_it_went(desk: Desk) -> None:
    desk.take(FIRST, SECOND, WHOLE)
    one, other = desk.rows(StoryRow)
    with desk.engine.connect() as connection:
        shown = story(connection, other.id)
        assert shown is not None
        assert (shown.summary.story_id, shown.asked) == (one.id, other.id)
        assert len(shown.articles) == 3
        assert {each.kind for each in shown.events} >= {"StoryOpened", "StorySpread"}
        listed = list_stories(connection, StoriesQuery())
        assert [each.story_id for each in listed.stories] == [one.id]


def test_a_merge_tells_nobody_anything_that_was_told(desk: Desk) -> None:
    desk.take(FIRST, SECOND)
    told = desk.rows(OutboxRow)
    desk.take(LATER)
    assert desk.rows(OutboxRow)[: len(told)] == told
    assert [each.kind.value for each in desk.events[:2]] == ["StoryOpened", "StoryOpened"]
    assert all(each.kind.value != "StoryOpened" for each in desk.events[2:])


def test_stories_merged_by_the_intake_are_what_a_re_clustering_finds(
    desk: Desk, tmp_path: Path
) -> None:
    desk.take(page("farm"), FIRST, SECOND, WHOLE, LATER, page("guide"))
    plan, moves = recluster(desk.engine, tmp_path)
    assert moves == []
    assert plan.nothing
