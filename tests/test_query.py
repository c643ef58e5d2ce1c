"""Questions put to a store: filters, orders, stories, articles, on both stores."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, event, insert, text
from stored_articles import NOON, Given, store, story_of

from monitor.events import Event, EventKind
from monitor.query.articles import article, article_at
from monitor.query.events import events_where
from monitor.query.filters import Filters, resolve_platforms
from monitor.query.problems import QueryError
from monitor.query.search import SearchQuery, count_statement, page_statement, search
from monitor.query.stories import StoriesQuery, list_stories, story
from monitor.query.terms import parse_terms
from monitor.store.models import EventRow, RevisionRow
from monitor.stories.events import record_events
from seeds.models import Alias, Platform, Severity, Watchlist

pytest_plugins = ["database_fixtures"]

HIGH, LOW = Severity.HIGH, Severity.LOW


@pytest.fixture
def connection(engine: Engine):
    with engine.connect() as opened:
        yield opened
        opened.rollback()


def titles(connection: Connection, query: SearchQuery) -> list[str]:
    page = search(connection, query)
    assert page.total == len(page.hits)
    return [hit.title for hit in page.hits]


@pytest.fixture
def four(connection: Connection) -> Connection:
    """Four articles that differ in everything a filter asks for."""
    store(connection, Given(
        title="甲", source="portal", platforms=["用钱宝", "借呗"],
        topics={"collection": HIGH, "fees": LOW}, published_at="2024-11-08T22:41:19+08:00",
        first_seen_at=datetime(2024, 11, 9, tzinfo=UTC),
    ))  # fmt: skip
    store(connection, Given(
        title="乙", source="feed", platforms=["借呗"], topics={"collection": LOW},
        published_at="2024-11-09T00:30:00+08:00", first_seen_at=datetime(2024, 11, 20, tzinfo=UTC),
    ))  # fmt: skip
    store(connection, Given(
        title="丙", source="feed", platforms=["360借条"], topics={"regulation": HIGH},
        first_seen_at=datetime(2024, 11, 10, 1, tzinfo=UTC),
    ))  # fmt: skip
    store(connection, Given(
        title="丁", source="gov", published_at="2099-01-01T00:00:00+08:00",
        first_seen_at=datetime(2024, 11, 12, tzinfo=UTC),
    ))  # fmt: skip
    return connection


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "丁丙乙甲"),
        ({"platforms": ("用钱宝",)}, "甲"),
        ({"platforms": ("用錢寶",)}, "甲"),
        ({"platforms": ("用钱宝", "360借条")}, "丙甲"),
        ({"platforms": ("花呗",)}, ""),
        ({"topics": ("collection",)}, "乙甲"),
        ({"topics": ("collection", "regulation")}, "丙乙甲"),
        ({"topics": ("collection",), "min_severity": HIGH}, "甲"),
        ({"min_severity": HIGH}, "丙甲"),
        ({"sources": ("feed",)}, "丙乙"),
        ({"sources": ("feed",), "platforms": ("借呗",)}, "乙"),
        ({"platforms": ("借呗",), "topics": ("fees",), "sources": ("portal", "feed")}, "甲"),
        ({"since": date(2024, 11, 9)}, "丁丙乙"),
        ({"until": date(2024, 11, 8)}, "甲"),
        ({"since": "2024-11-08", "until": "2024-11-09"}, "乙甲"),
        ({"until": "2024-11-08", "timezone": "UTC"}, "乙甲"),
        ({"since": "2024-11-08T22:41:19+08:00", "until": "2024-11-08T22:41:20+08:00"}, "甲"),
        ({"since": "2024-11-08T22:41:20+08:00", "until": "2024-11-09T00:30"}, ""),
        ({"since": datetime(2024, 11, 10, 1, tzinfo=UTC)}, "丁丙"),
        ({"since": "", "until": None}, "丁丙乙甲"),
        ({"since": date(1, 1, 2), "until": date(9000, 1, 1)}, "丁丙乙甲"),
        ({"sort": "oldest"}, "甲乙丙丁"),
        ({"text": "催收"}, "丁丙乙甲"),
        ({"text": "催收", "platforms": ("借呗",), "sort": "oldest"}, "甲乙"),
        ({"text": "甲 OR 丙", "topics": ("regulation",)}, "丙"),
    ],
)
def test_filters_narrow_what_is_found(four: Connection, filters: dict, expected: str) -> None:
    assert "".join(titles(four, SearchQuery(**({"sort": "newest"} | filters)))) == expected


def test_a_date_no_page_can_have_yet_counts_as_the_day_it_was_seen(four: Connection) -> None:
    assert titles(four, SearchQuery(since="2024-11-12", until="2024-11-12")) == ["丁"]


def test_pages_follow_one_another(four: Connection) -> None:
    pages = [search(four, SearchQuery(sort="newest", limit=2, offset=n)) for n in (0, 2, 4)]
    assert [[hit.title for hit in page.hits] for page in pages] == [["丁", "丙"], ["乙", "甲"], []]
    assert {page.total for page in pages} == {4}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"limit": -1}, "limit is -1; it must be between 1 and 1000"),
        ({"limit": 0}, "between 1 and 1000"),
        ({"limit": 10**9}, "limit is 1000000000; it must be between 1 and 1000"),
        ({"offset": -1}, "offset is -1; it must be between 0 and 1000000"),
        ({"offset": 10**30}, "between 0 and 1000000"),
        ({"sort": "random"}, "sort is 'random'; it must be one of relevance, newest, oldest"),
        ({"since": "yesterday"}, "since: 'yesterday' is no date; write 2024-11-08"),
        ({"until": "2024-13-01"}, "until: '2024-13-01' is no date"),
        ({"until": date.max}, "until: .* is no date"),
        ({"since": "2024-11-09", "until": "2024-11-08"}, "is after until"),
        ({"since": "2024-11-09", "timezone": "Asia/Beijing"}, "try Asia/Shanghai"),
        ({"since": "2024-11-09", "timezone": "../../etc/passwd"}, "try Asia/Shanghai"),
    ],
)
def test_what_cannot_be_answered_names_the_range(engine: Engine, wrong: dict, message: str) -> None:
    with engine.connect() as connection, pytest.raises(QueryError, match=message):
        search(connection, SearchQuery(**wrong))


def test_a_hit_tells_what_it_is_and_why_it_was_found(connection: Connection) -> None:
    first = store(connection, Given(title="又见用錢寶", body="無。"))
    article_id = store(connection, Given(
        title="用錢寶又開始催收了", body="引言。\n審核機(jī)制與催收行為。", url="https://a.example/1",
        site="a.example", source="portal", published_at="2024-11-08T22:41:19+08:00",
        story=story_of(connection, first), relation="rewrite", of=first, similarity=0.9,
        platforms=["用钱宝"], topics={"collection": HIGH},
    ))  # fmt: skip
    (hit,) = search(connection, SearchQuery("催收")).hits
    assert hit.article_id == article_id
    assert hit.story_id == story_of(connection, first)
    assert (hit.url, hit.site, hit.source) == ("https://a.example/1", "a.example", "portal")
    assert (hit.published_at, hit.first_seen_at) == ("2024-11-08T22:41:19+08:00", NOON)
    assert (hit.platforms, hit.topics) == (("用钱宝",), {"collection": HIGH})
    assert hit.relation == "rewrite"
    assert [hit.title[a:b] for a, b in hit.title_matches] == ["催收"]
    assert hit.snippet.text == "引言。 審核機(jī)制與催收行為。"
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.matches] == ["催收"]


def test_a_title_match_comes_before_one_in_the_text(connection: Connection) -> None:
    store(connection, Given(title="甲", body="别的。" * 50 + "协商还款" + "别的。" * 50))
    store(connection, Given(title="乙:协商还款", body="别的。" * 100))
    store(connection, Given(title="丙", body="协商还款。" * 9 + "别的。" * 100))
    ranked = titles(connection, SearchQuery("协商还款"))
    assert ranked[-1] == "甲"
    assert titles(connection, SearchQuery("协商还款 -丙")) == ["乙:协商还款", "甲"]


def test_personal_data_is_masked_unless_asked_for(connection: Connection) -> None:
    store(
        connection, Given(title="催收电话13812345678", body="催收热线400-669-5526,手机13912345678")
    )
    query = SearchQuery("催收")
    (hit,) = search(connection, query).hits
    assert (hit.title, hit.snippet.text) == (
        "催收电话138********", "催收热线400-669-5526,手机139********",
    )  # fmt: skip
    (hit,) = search(connection, query, reveal=True).hits
    assert "13912345678" in hit.snippet.text


def test_what_events_quote_is_masked(connection: Connection) -> None:
    lead = store(connection, Given(title="催收", body="催收"))
    details = {
        "summary": "电话「13812345678」改为「13912345678」",
        "shown": [{"quoted": "请致电13812345678", "url": "https://e.cn/13812345678.html"}],
    }
    happened = Event(0, EventKind.ARTICLE_EDITED, NOON, "portal", 1, lead, details=details)
    record_events(connection, [happened])
    (told,) = events_where(connection, EventRow.article_id == lead)
    assert told.details == {
        "summary": "电话「138********」改为「139********」",
        "shown": [{"quoted": "请致电138********", "url": "https://e.cn/13812345678.html"}],
    }


@pytest.fixture
def two_stories(connection: Connection) -> list[int]:
    """A story of two articles and its platform-swap; gives the article ids."""
    lead = store(connection, Given(
        title="用钱宝催收", body="催收电话", site="a.cn", platforms=["用钱宝"],
        topics={"collection": LOW},
    ))  # fmt: skip
    copy = store(connection, Given(
        title="用錢寶催收(轉)", body="催收電話。補充", site="b.cn", story=story_of(connection, lead),
        relation="partial", of=lead, similarity=0.98, first_seen_at=NOON + timedelta(hours=1),
        platforms=["用钱宝"], topics={"collection": HIGH, "fees": LOW},
    ))  # fmt: skip
    swap = store(connection, Given(
        title="借呗催收", body="催收电话", site="b.cn", relation="platform-swap", of=lead,
        similarity=0.97, first_seen_at=NOON + timedelta(days=1), platforms=["借呗"],
    ))  # fmt: skip
    return [lead, copy, swap]


def test_story_only_gives_the_lead_once(connection: Connection, two_stories: list[int]) -> None:
    lead, _, swap = two_stories
    for sort, expected in (("newest", [swap, lead]), ("oldest", [lead, swap])):
        page = search(connection, SearchQuery("催收", story_only=True, sort=sort))
        assert [hit.article_id for hit in page.hits] == expected
        assert page.total == 2
    page = search(connection, SearchQuery("催收", story_only=True))
    assert {hit.article_id for hit in page.hits} == {lead, swap}
    # Only the copy says so; its story is shown by its lead all the same.
    page = search(connection, SearchQuery("补充", story_only=True))
    assert ([hit.article_id for hit in page.hits], page.total) == ([lead], 1)
    assert search(connection, SearchQuery(story_only=True)).total == 2


def test_stories_are_listed_with_what_their_articles_are_about(
    connection: Connection, two_stories: list[int]
) -> None:
    lead, _, swap = two_stories
    page = list_stories(connection, StoriesQuery())
    assert page.total == 2
    assert [one.lead_article_id for one in page.stories] == [swap, lead]
    told = page.stories[1]
    assert (told.article_count, told.site_count, told.title) == (2, 2, "用钱宝催收")
    assert (told.platforms, told.topics) == (("用钱宝",), {"collection": HIGH, "fees": LOW})
    assert told.last_seen_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (StoriesQuery(platforms=("借呗",)), [2]),
        (StoriesQuery(topics=("fees",)), [0]),
        (StoriesQuery(since="2024-11-09"), [2]),
        (StoriesQuery(until="2024-11-08"), [0]),
        (StoriesQuery(sort="oldest"), [0, 2]),
        (StoriesQuery(sort="active"), [2, 0]),
        (StoriesQuery(sort="largest"), [0, 2]),
        (StoriesQuery(sort="largest", limit=1, offset=1), [2]),
    ],
)
def test_stories_are_filtered_and_ordered(
    connection: Connection, two_stories: list[int], query: StoriesQuery, expected: list[int]
) -> None:
    page = list_stories(connection, query)
    assert [one.lead_article_id for one in page.stories] == [two_stories[n] for n in expected]


def test_a_story_is_shown_with_its_articles_and_events(
    connection: Connection, two_stories: list[int]
) -> None:
    lead, copy, swap = two_stories
    told = story(connection, story_of(connection, lead))
    assert told is not None
    assert [(one.article_id, one.is_lead, one.relation) for one in told.articles] == [
        (lead, True, "new"),
        (copy, False, "partial"),
    ]
    assert told.articles[0].of is None
    assert told.articles[1].of is not None
    assert (told.articles[1].of.article_id, told.articles[1].similarity) == (lead, 0.98)
    assert told.sites == ("a.cn", "b.cn")
    assert [(one.kind, one.details) for one in told.events] == [
        ("StoryOpened", {"title": "用钱宝催收"})
    ]
    swapped = story(connection, story_of(connection, swap))
    assert swapped is not None
    assert swapped.articles[0].of is not None
    assert swapped.articles[0].of.story_id == story_of(connection, lead)


def test_an_article_is_shown_with_all_its_texts(connection: Connection) -> None:
    article_id = store(connection, Given(
        title="用钱宝催收", body="电话13812345678", boilerplate="举报:a@qq.com", url="https://a.cn/1",
        platforms=["用钱宝"], topics={"collection": HIGH},
    ))  # fmt: skip
    connection.execute(insert(RevisionRow).values(
        article_id=article_id, number=2, log_id=1, seen_at=NOON + timedelta(days=1),
        title="用钱宝催收(改)", body="电话", folded_hash="2",
    ))  # fmt: skip
    told = article(connection, article_id)
    assert told is not None
    assert article_at(connection, "https://a.cn/1") == article_id
    assert (told.body, told.boilerplate) == ("电话138********", "举报:*@qq.com")
    assert [(one.number, one.title) for one in told.revisions] == [
        (1, "用钱宝催收"),
        (2, "用钱宝催收(改)"),
    ]
    assert [(one.name, one.field, one.start, one.end) for one in told.mentions] == [
        ("用钱宝", "title", 0, 3)
    ]
    assert (told.platforms, told.topics, told.is_lead) == (("用钱宝",), {"collection": HIGH}, True)
    revealed = article(connection, article_id, reveal=True)
    assert revealed is not None
    assert revealed.boilerplate == "举报:a@qq.com"


def test_what_is_not_there_is_none(connection: Connection) -> None:
    assert article(connection, 1) is None
    assert article_at(connection, "https://a.cn/1") is None
    assert story(connection, 1) is None


@pytest.mark.parametrize(
    ("given", "canonical"),
    [("用錢寶", "用钱宝"), ("用钱宝", "用钱宝"), ("YongQianBao", "用钱宝"), ("支付宝借呗", "借呗"),
     ("unknown", "unknown")],
)  # fmt: skip
def test_a_platform_is_known_by_any_of_its_names(given: str, canonical: str) -> None:
    watchlist = Watchlist(
        platforms=(
            Platform(name="用钱宝", traditional="用錢寶", aliases=(Alias(name="yongqianbao"),)),
            Platform(name="借呗", aliases=(Alias(name="支付宝借呗"),)),
        ),
        topics=(),
    )
    assert resolve_platforms(Filters(platforms=(given,)), watchlist).platforms == (canonical,)


QUERIES = [
    SearchQuery("催收"),
    SearchQuery("催收", platforms=("用钱宝",), story_only=True),
    SearchQuery("催收 -借呗", topics=("collection",), sort="newest"),
    SearchQuery(platforms=("用钱宝",)),
    SearchQuery(topics=("collection",), min_severity=HIGH),
    SearchQuery(sources=("portal",)),
    SearchQuery(since="2024-11-08", until="2024-11-09"),
    SearchQuery(platforms=("用钱宝",), story_only=True, sort="oldest"),
]


# On SQLite alone: the plan of an empty PostgreSQL table says nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", QUERIES)
def test_no_query_reads_a_whole_table(engine: Engine, query: SearchQuery) -> None:
    terms = parse_terms(query.text)
    plans = []
    with engine.connect() as connection:
        # Planned with the sizes of a real store: it is the plan of that one that counts.
        _pretend_sizes(connection)
        for statement in (page_statement, count_statement):
            compiled = statement(query, terms, "sqlite").compile(
                engine, compile_kwargs={"literal_binds": True}
            )
            plans += [row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
        connection.rollback()
    scans = [
        step
        for step in plans
        if step.startswith("SCAN")
        and not step.startswith(("SCAN search_index VIRTUAL TABLE INDEX", "SCAN matched"))
        and "USING" not in step
        and step not in {"SCAN stories", "SCAN CONSTANT ROW"}
    ]
    assert scans == [], plans


def _pretend_sizes(connection: Connection) -> None:
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    connection.exec_driver_sql(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
        " ('article', 'ix_article_dated', '100000 2'),"
        " ('article', 'ix_article_source', '100000 2000'),"
        " ('article', 'ix_article_story_site', '100000 3 2 1'),"
        " ('article_label', 'ix_article_label_name', '200000 100000 3000 1'),"
        " ('story', NULL, '30000')"
    )
    connection.exec_driver_sql("ANALYZE sqlite_schema")


def test_a_list_asks_the_store_a_fixed_number_of_times(engine: Engine) -> None:
    asked: list[str] = []
    with engine.connect() as connection:
        for n in range(30):
            store(connection, Given(title=f"用钱宝{n}", platforms=["用钱宝"]))
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        assert len(search(connection, SearchQuery("用钱宝", limit=30)).hits) == 30
        assert len(list_stories(connection, StoriesQuery(limit=30)).stories) == 30
        connection.rollback()
    assert len(asked) <= 18


def test_searching_loads_no_crawler_and_no_migrations() -> None:
    script = (
        "import sys, monitor.query.search, monitor.query.stories, monitor.query.articles;"
        "heavy = {'alembic', 'scrapy', 'twisted', 'psycopg', 'trafilatura', 'fastapi', 'rich'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=dict(os.environ))
