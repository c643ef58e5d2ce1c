"""Which number a story keeps when articles are clustered anew, as a table of cases."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from monitor.stories.numbering import number_clusters
from monitor.stories.scratch import CLUSTERS, PLACES, STORIES, scratch_store

START = datetime(2024, 11, 8, tzinfo=UTC)

# Articles are numbered in the order in which they came.
Old = Mapping[int, list[int]]  # story: its articles, the lead first
New = list[list[int]]  # clusters: their articles, the first one is the lead
# The cluster that each number of the store stands for, None for one that is to get a number, and
# where the numbers that no cluster keeps lead.
Numbers = list[int | None]

CASES: dict[str, tuple[Old, New, Numbers, dict[int, int]]] = {
    "as before": ({1: [1, 2], 2: [3]}, [[1, 2], [3]], [1, 2], {}),
    "two stories are one": ({1: [1], 2: [2, 3]}, [[1, 2, 3]], [1], {2: 1}),
    "three stories are one": ({1: [1], 2: [2], 3: [3]}, [[1, 2, 3]], [1], {2: 1, 3: 1}),
    "one story is two": ({1: [1, 2, 3]}, [[1, 3], [2]], [1, None], {}),
    "a copy moves": ({1: [1, 3], 2: [2]}, [[1], [2, 3]], [1, 2], {}),
    "the lead moves, and the number stays with the others": (
        {1: [1], 2: [2, 3, 4]},
        [[1, 2], [3, 4]],
        [1, 2],
        {},
    ),
    "the lead moves, and the others are two": (
        {1: [1], 2: [2, 3, 4]},
        [[1, 2], [3], [4]],
        [1, 2, None],
        {},
    ),
    "a part goes with another story, whose number is free": (
        {1: [1, 2], 2: [3]},
        [[1], [2, 3]],
        [1, 2],
        {},
    ),
    "an earlier copy was found later, the number is the lead's": (
        {1: [1], 2: [3, 2]},
        [[1], [2, 3]],
        [1, 2],
        {},
    ),
    "of two the one with the lead keeps the number, though the other came first": (
        {1: [2, 1]},
        [[1], [2]],
        [None, 1],
        {},
    ),
    "a story that had gone into another is one again": (
        {1: [1, 2], 2: []},
        [[1], [2]],
        [1, 2],
        {},
    ),
    "a story that had gone into another stays there": ({1: [1, 2], 2: []}, [[1, 2]], [1], {2: 1}),
    "one that had gone into another goes on with it": (
        {1: [1], 2: [3, 2], 3: []},
        [[1, 2, 3]],
        [1],
        {2: 1, 3: 1},
    ),
}
# The leads of stories that have no article left.
ENDED = {
    "a story that had gone into another is one again": {2: 2},
    "a story that had gone into another stays there": {2: 2},
    "one that had gone into another goes on with it": {3: 2},
}


def story_row(number: int, lead: int) -> dict[str, object]:
    return {
        "id": number, "lead_article_id": lead, "title": "", "opened_at": START,
        "last_seen_at": START, "article_count": 0, "site_count": 0,
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_numbers_stay_where_they_can(case: str, tmp_path: Path) -> None:
    old, new, numbers, leads_on = CASES[case]
    story_of = {article: story for story, held in old.items() for article in held}
    lead_of = {article: cluster[0] for cluster in new for article in cluster}
    with scratch_store(tmp_path) as scratch:
        rows = [
            story_row(story, held[0] if held else ENDED[case][story]) for story, held in old.items()
        ]
        scratch.execute(insert(STORIES), rows)
        for article in sorted(story_of):
            place = {
                "article_id": article, "site": f"s{article % 2}", "url": "", "title": str(article),
                "first_seen_at": START + timedelta(minutes=article), "position": article,
                "old_story": story_of[article], "old_relation": "new", "old_similarity": 0.0,
                "lead": lead_of[article],
            }  # fmt: skip
            scratch.execute(insert(PLACES).values(**place))
        number_clusters(scratch)
        clusters = {row.lead: row for row in scratch.execute(select(CLUSTERS))}
        assert [clusters[cluster[0]].story_id for cluster in new] == numbers
        kept = {row.lead: row.story_id for row in clusters.values()}
        found = {
            row.id: kept[row.into_lead]
            for row in scratch.execute(select(STORIES).where(STORIES.c.into_lead.is_not(None)))
        }
        assert found == leads_on
        for cluster in new:
            row = clusters[cluster[0]]
            assert row.title == str(cluster[0])
            assert row.opened_at == START + timedelta(minutes=cluster[0])
            assert row.last_seen_at == START + timedelta(minutes=max(cluster))
            assert row.article_count == len(cluster)
            assert row.site_count == len({article % 2 for article in cluster})


def test_a_story_whose_lead_is_gone_leads_to_where_its_earliest_article_went(
    tmp_path: Path,
) -> None:
    with scratch_store(tmp_path) as scratch:
        scratch.execute(insert(STORIES), [story_row(1, 1), story_row(2, 99)])
        for article, story, lead in ((1, 1, 1), (2, 2, 1)):
            place = {
                "article_id": article, "site": "", "url": "", "title": "", "first_seen_at": START,
                "position": article, "old_story": story, "old_relation": "new",
                "old_similarity": 0.0, "lead": lead,
            }  # fmt: skip
            scratch.execute(insert(PLACES).values(**place))
        number_clusters(scratch)
        ended = select(STORIES.c.into_lead).where(STORIES.c.id == 2)
        assert scratch.scalar(ended) == 1
