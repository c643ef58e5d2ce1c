"""Giving articles out: complete, safe in a spreadsheet, masked, in constant memory."""

import csv
import io
import json
import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from stored_articles import NOON, Given, store

from monitor.query.export import COLUMNS, export_rows, safe_cell, write_rows
from monitor.query.problems import QueryError
from monitor.query.search import SearchQuery
from monitor.store.models import ArticleRow
from seeds.models import Severity

pytest_plugins = ["database_fixtures"]


def written(connection: Connection, form: str, query: SearchQuery, **options) -> str:
    out = io.StringIO(newline="")
    reveal = options.pop("reveal", False)
    write_rows(export_rows(connection, query, reveal=reveal), out, form, **options)
    return out.getvalue()


@pytest.fixture
def connection(engine: Engine):
    with engine.connect() as opened:
        store(opened, Given(
            title='=HYPERLINK("http://evil.example","催收")', body="第一行\n第二行,\u2028手机13812345678",
            platforms=["用钱宝", "借呗"], topics={"collection": Severity.HIGH},
            published_at="2024-11-08T22:41:19+08:00", url="https://a.cn/1",
        ))  # fmt: skip
        store(opened, Given(title="借呗", body="协商", first_seen_at=NOON + timedelta(hours=1)))
        yield opened
        opened.rollback()


def test_csv_holds_every_article_and_no_formula(connection: Connection) -> None:
    text = written(connection, "csv", SearchQuery(sort="oldest"))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["title"][:4] for row in rows] == ["'=HY", "借呗"]
    assert rows[0]["body"] == "第一行\n第二行,\u2028手机138********"
    assert rows[0]["platforms"] == "借呗; 用钱宝"
    assert rows[0]["topics"] == "collection=high"
    assert rows[0]["first_seen_at"] == "2024-11-08T12:00:00+00:00"


def test_csv_begins_with_a_byte_order_mark_when_excel_reads_it(connection: Connection) -> None:
    assert written(connection, "csv", SearchQuery(), bom=True).startswith("\ufeffarticle_id,")
    assert written(connection, "csv", SearchQuery()).startswith("article_id,")


def test_json_lines_hold_one_article_a_line_for_every_reader(connection: Connection) -> None:
    lines = written(connection, "jsonl", SearchQuery(sort="oldest")).splitlines()
    assert len(lines) == 2
    first = json.loads(lines[0])
    assert tuple(first) == COLUMNS
    assert first["title"].startswith("=HYPERLINK")
    assert first["body"] == "第一行\n第二行,\u2028手机138********"
    assert first["platforms"] == ["借呗", "用钱宝"]
    assert first["topics"] == {"collection": "high"}
    assert first["published_at"] == "2024-11-08T22:41:19+08:00"
    assert "借呗" in lines[1]  # readable, not \\u escapes


def test_personal_data_leaves_only_when_asked_for(connection: Connection) -> None:
    assert "13812345678" not in written(connection, "jsonl", SearchQuery())
    assert "13812345678" in written(connection, "jsonl", SearchQuery(), reveal=True)


def test_the_query_chooses_what_is_given_out_and_its_limit_does_not(connection: Connection) -> None:
    assert len(written(connection, "jsonl", SearchQuery("协商")).splitlines()) == 1
    assert len(written(connection, "jsonl", SearchQuery(platforms=("用钱宝",))).splitlines()) == 1
    assert len(written(connection, "jsonl", SearchQuery(limit=1)).splitlines()) == 2
    with pytest.raises(QueryError, match="only excludes"):
        written(connection, "jsonl", SearchQuery("-协商"))
    with pytest.raises(QueryError, match="format is 'pdf'; it must be one of csv, jsonl"):
        written(connection, "pdf", SearchQuery())


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", " =1", "\u200b=1",
     "\ufeff=1", "\n=1", '"=1', "\u3000＝1", "\t", "= 催收"],
)  # fmt: skip
def test_a_cell_that_would_be_a_formula_is_made_text(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["催收", "1+1", "a=b", "https://a.cn/?a=1", "2024-11-08", "'tis", ""]
)
def test_any_other_cell_is_left_alone(cell: str) -> None:
    assert safe_cell(cell) == cell


def test_numbers_and_absent_values_are_plain_cells() -> None:
    assert [safe_cell(value) for value in (None, 7, 0.5)] == ["", "7", "0.5"]


def test_memory_does_not_grow_with_the_number_of_articles(engine: Engine) -> None:
    class Nothing(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    with engine.connect() as connection:
        first = store(connection, Given(title="用钱宝", body="催收电话。" * 400))
        columns = {each.name for each in ArticleRow.__table__.columns} - {"id", "url"}
        same = ", ".join(sorted(columns))
        # Nothing of the search index, which is not asked here, and most of what storing takes.
        connection.execute(
            text(
                f"INSERT INTO article (url, {same}) SELECT :url, {same} FROM article WHERE id = :id"
            ),
            [{"id": first, "url": f"https://a.test/{n}"} for n in range(1199)],
        )
        tracemalloc.start()
        assert write_rows(export_rows(connection, SearchQuery()), Nothing(), "csv") == 1200
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        connection.rollback()
    assert (
        peak < 6 * 1024 * 1024
    )  # one batch of 200 articles; all of them are 5 MB of text each way
