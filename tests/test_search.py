"""The index and its query language: what is found, what is not, on both stores."""

import pytest
from sqlalchemy import Engine, text
from stored_articles import Given, store

from monitor.query.problems import QueryError
from monitor.query.search import SearchQuery, search
from monitor.query.snippet import cut, find
from monitor.query.terms import Terms, parse_terms
from monitor.store.search import index_article, rebuild, remove_article, tokens

pytest_plugins = ["database_fixtures"]


def found(engine: Engine, query: str, **filters) -> list[str]:
    with engine.connect() as connection:
        page = search(connection, SearchQuery(query, **filters))
    assert page.total == len(page.hits)
    return [hit.title for hit in page.hits]


def has(engine: Engine, title: str, body: str, query: str) -> bool:
    with engine.begin() as connection:
        store(connection, Given(title=title, body=body))
    return found(engine, query) == [title]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("催收", ["催", "收"]),
        ("用錢寶2024又開始催收了", ["用", "钱", "宝", "2024", "又", "开", "始", "催", "收", "了"]),
        ("360借条 P2P", ["360", "借", "条", "p2p"]),
        ("Lending-Club, Inc.", ["lending", "club", "inc"]),
        ("著作權", ["着", "作", "权"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("カード론", ["カ", "ー", "ド", "론"]),
        ("a_b%c/d", ["a", "b", "c", "d"]),
        ("\udcff—。", []),
        ("x" * 130, ["x" * 64, "x" * 64, "xx"]),
    ],
)
def test_text_is_cut_into_characters_and_words(words: str, expected: list[str]) -> None:
    assert tokens(words) == expected


# Each table is put to one store in one test: a store for each line would take a minute.
FOUND = [
    "催", "催收", "催收了", "用錢寶", "用钱宝", "用錢寶 催收", "催收 用钱宝", "機制", "机制", "着作",
    "著作", "审核机制", '"审核机制"', "“審核機制”", "「审核机制」", "2024", "APP", "ａｐｐ", "催收　手段",
    "借呗 OR 催收", "借呗 | 催收", "手段 AND 催收", "催收 -借呗", "催收 NOT 借呗", "催收 －借呗", "(催收",
    "催收)", '"催收', '催收"', "催收*", "title:催收 OR 催收", "催收 NEAR OR 手段", "手段。更多",
]  # fmt: skip
NOT_FOUND = [
    "收催", "用宝", "ap", "202", "催手", "催收 -用钱宝", "借呗 OR 花呗", '"催收 更多"', "催收 借呗",
    "催收 NOT 审核", "催收 -app", "了审", "title:催收", "催收了审核",
]  # fmt: skip


def test_every_way_to_ask_for_what_is_there_finds_it(engine: Engine) -> None:
    with engine.begin() as connection:
        body = "審核機(jī)制受到青睞。催收手段。\n更多著作見APP。"
        store(connection, Given(title="用錢寶2024又開始催收了", body=body))
    assert [query for query in FOUND if len(found(engine, query)) != 1] == []
    assert [query for query in NOT_FOUND if found(engine, query)] == []


def test_only_adjacent_characters_are_a_phrase(engine: Engine) -> None:
    assert not has(engine, "催促,然后收钱", "收了催费", "催收")


def test_a_phrase_does_not_run_from_the_title_into_the_body(engine: Engine) -> None:
    assert not has(engine, "有人催", "收到了", "催收")


HOSTILE = [
    "", " ", '"AND(', "AND(", "%00", "\0", "a\0b", "'", "''", '"', '""', '"""', "(", ")", "*", "-", "--",
    "OR", "AND OR NOT", "NOT", "NOT NOT 催", "OR 催收", "催收 OR", "-催收", "- 催收", "催收 OR -手段",
    "a:b:c", "{x}", "^催", "+催", "NEAR(催 收, 5)", "催收; DROP TABLE article; --", "%", "_", "\\",
    "催\\收", "\ud800", "\u202e催收", "𠮷", "🙂", "1e9", "é", "x" * 1000, "AND " * 200, '" OR "',
    "{催收}:x", "催收 OR OR OR 手段", "催" * 1000, "\u0301", "ﷺ", "¼", "催收 " * 32, "-催 " * 31 + "收",
]  # fmt: skip


def test_a_hostile_query_gives_hits_or_says_what_to_change(engine: Engine) -> None:
    with engine.begin() as connection:
        store(connection, Given())
    for query in HOSTILE:
        try:
            titles = found(engine, query)
        except QueryError as error:
            titles = [str(error)]
            assert "; " in titles[0], query  # the problem; the remedy
        assert len(titles) <= 1, query


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("-催收", "add a word"),
        ("()*", "write a word"),
        ("x" * 1001, "shorten it to 1000"),
        ("催 " * 33, "leave some out"),
    ],
)
def test_an_unanswerable_query_names_the_remedy(query: str, remedy: str) -> None:
    with pytest.raises(QueryError, match=remedy):
        parse_terms(query)


def test_or_joins_its_neighbours_only() -> None:
    assert parse_terms("催收 用钱宝 OR 借呗 -广告") == Terms(
        groups=((("催", "收"),), (("用", "钱", "宝"), ("借", "呗"))), excluded=(("广", "告"),)
    )


def test_an_edited_article_is_found_by_its_new_text_only(engine: Engine) -> None:
    with engine.begin() as connection:
        article_id = store(connection, Given(title="旧", body="催收电话"))
        index_article(connection, article_id, "旧", "协商还款")
    assert found(engine, "催收") == []
    assert found(engine, "协商") == ["旧"]
    with engine.begin() as connection:
        remove_article(connection, article_id)
        remove_article(connection, article_id)
    assert found(engine, "协商") == []


def test_a_rolled_back_change_leaves_the_index_as_it_was(engine: Engine) -> None:
    with engine.begin() as connection:
        article_id = store(connection, Given(title="旧", body="催收电话"))
    with engine.connect() as connection:
        index_article(connection, article_id, "旧", "协商还款")
        connection.rollback()
    assert found(engine, "催收") == ["旧"]
    assert found(engine, "协商") == []


def test_rebuilding_finds_the_same_and_drops_what_is_dead(engine: Engine) -> None:
    with engine.begin() as connection:
        first = store(connection, Given(title="一", body="催收"))
        store(connection, Given(title="二", body="催收"))
        index_article(connection, first, "一", "催收")
        assert rebuild(connection) == 2
        if engine.dialect.name == "sqlite":
            entries = connection.execute(text("SELECT count(*) FROM search_index")).scalar_one()
            assert entries == 2
    assert sorted(found(engine, "催收")) == ["一", "二"]


def test_a_phrase_in_the_tail_of_a_long_article_is_found(engine: Engine) -> None:
    # Beyond the 16,383 positions of a tsvector, and its 256 positions of one lexeme.
    body = "催促。" * 20_000 + "他们收到催收函"
    assert has(engine, "长文", body, "催收函")


def test_an_empty_article_and_one_of_signs_only_can_be_indexed(engine: Engine) -> None:
    with engine.begin() as connection:
        store(connection, Given(title="", body=""))
        store(connection, Given(title="!", body="。"))
    assert found(engine, "催") == []


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("用錢寶又催收了", "用钱宝 催收", ["用錢寶", "催收"]),
        ("審核機(jī)制好", "机制", ["機(jī)制"]),
        ("審核機(jī)制好", "审核", ["審核"]),
        ("催,收", "催收", ["催,收"]),
        ("催收催收", "催收", ["催收催收"]),
        ("见APP,apple", "app", ["APP"]),
        ("360借条", "360", ["360"]),
        ("1360借条", "360", []),
        ("360借条", "条", ["条"]),
        ("看著作", "着作", ["著作"]),
        ("没有", "催收", []),
        ("", "催收", []),
    ],
)
def test_matches_are_shown_in_the_original_text(text: str, query: str, shown: list[str]) -> None:
    spans = find(text, parse_terms(query).phrases)
    assert [text[start:end] for start, end in spans] == shown


def test_a_snippet_shows_where_most_terms_stand_and_its_offsets_hold() -> None:
    text = "催收。" + "别的事情。" * 60 + "\n用钱宝的催收电话" + "完。" * 100
    snippet = cut(text, find(text, parse_terms("用钱宝 催收").phrases))
    assert [snippet.text[start:end] for start, end in snippet.matches] == ["用钱宝", "催收"]
    assert len(snippet.text) == 120
    assert "\n" not in snippet.text


def test_a_snippet_without_matches_is_the_beginning() -> None:
    assert cut("一二三", ()).text == "一二三"
