"""`lendwatch forget`: afterwards nothing here says it, and nothing else has changed."""

import sqlite3
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from evidence_workshop import Workshop, article, days_after, page
from killed import killed_at, killed_at_step
from older_store import dump
from sqlalchemy import JSON, Engine, Text, text
from stored_articles import NOON
from workspaces import Workspace

from crawler.evidence.reading import comparable
from crawler.log.engine import open_engine
from crawler.log.looks import Look, append_looks
from monitor.cli.evidencing import check_workspace
from monitor.cli.failures import UsageProblem
from monitor.cli.forgetting import forget_string
from monitor.config import Config, load_config
from monitor.evidence.forgetting import find
from monitor.forgetting.mails import mails_saying
from monitor.forgetting.texts import ADDRESSES, CONTENT
from monitor.forgetting.words import overwrite
from monitor.store.migrate import migrate
from monitor.store.models import Base

pytest_plugins = ["database_fixtures"]

# As a number it is one term of the search index; a name would be three of one character each.
NAME = NUMBER = "13812345678"


@pytest.mark.parametrize(
    ("said", "wanted", "left"),
    [
        ("电话13812345678。", NUMBER, "电话███████████。"),
        ("电话138 1234 5678。", NUMBER, "电话█████████████。"),
        ("电话１３８12345678", NUMBER, "电话███████████"),
        ("&#49;3812345678 &amp;", NUMBER, "███████████████ &amp;"),
        ("MAIL: Zhang@Example.com", "zhang@example.com", "MAIL: █████████████████"),
        ("张 三\n丰和张三", "张三丰", "█████和张三"),
        ("ﬁn", "fin", "██"),
        ("ababa", "aba", "█████"),
        ("cafe\u0301", "café", "█████"),
        ("138123456", NUMBER, "138123456"),
    ],
)
def test_each_way_to_write_it_is_overwritten_and_keeps_its_length(
    said: str, wanted: str, left: str
) -> None:
    made = overwrite(said, comparable(wanted))
    assert made == left
    assert len(made) == len(said)
    assert comparable(wanted) not in comparable(made)


def test_every_column_is_either_content_or_known_to_hold_no_words_of_a_page() -> None:
    """Whoever adds a column of text decides here whether `forget` has to reach it."""
    ours = {
        "source", "crawl_id", "raw_hash", "published_at", "published_precision", "modified_at",
        "language", "charset", "day", "entry", "digest", "machine", "file", "state", "outcome",
        "etag", "last_modified", "text_hash", "frame", "site", "role", "robots", "relation", "folded_hash",
        "kind", "name", "field", "watchlist", "found", "kept", "deed", "subscription", "channel",
        "message_id", "claimed_by", "recipient", "phase", "id", "failures", "timing",
        "verdict", "ground", "sentences", "origin", "reason", "cut_by",
    }  # fmt: skip
    for table in Base.metadata.sorted_tables:
        reached = {*CONTENT.get(table.name, ()), *ADDRESSES.get(table.name, ())}
        for column in table.columns:
            if isinstance(column.type, (Text, JSON)) and column.name not in reached:
                assert column.name in ours, f"{table.name}.{column.name}"


def mail(name: str, number: int) -> bytes:
    message = EmailMessage()
    message["Subject"] = f"{name} 用钱宝"
    message["Message-ID"] = f"<{number}@example.com>"
    message.set_content(f"姓名：{name}，别的都在。")
    message.add_alternative(f"<p>姓名：<b>{name[0]}</b>{name[1:]}</p>", subtype="html")
    return message.as_bytes()


def filled(folder: Path, engine: Engine, database: str) -> Config:
    """A workspace that says the name in every place where one can stand."""
    Workspace(folder, {"database": database}).write()
    workshop = Workshop(engine, folder / "evidence")
    workshop.keep_numbers([1, 2], name=NAME)
    workshop.keep_numbers([3], name="李女士")
    # Edited twice: once the name is in an old revision only, and in what was told of the edit.
    for name, days in (("李女士", 1), (NAME, 2), ("王先生", 3)):
        now = days_after(days)
        of = page(1, name, now)
        workshop.keep([(of, article(of, 1, name))], now)
    workshop.take_in()
    look = Look("https://news.example/2.html", "news.example", "article", "portal", NOON, "ok",
                title=f"{NAME[0]} {NAME[1:]}", text=f"说{NAME}", detail="")  # fmt: skip
    with engine.begin() as connection:
        append_looks(connection, [look])
        first = "WHERE id = (SELECT min(id) FROM story)"
        connection.execute(text(f"UPDATE story SET title = title || :n {first}"), {"n": NAME})
    workshop.archive.close()
    (folder / "mail").mkdir()
    (folder / "mail" / "1.eml").write_bytes(mail(NAME, 1))
    (folder / "mail" / "2.eml").write_bytes(mail("李女士", 2))
    (folder / "mail" / ".3.eml.77").write_bytes(mail(NAME, 3))
    return load_config(folder, {}, names=False)


def is_gone(config: Config) -> None:
    """Nothing says it: no row, no mail, no page, and no byte of the store's files."""
    engine = open_engine(config.database)
    for table, rows in dump(engine).items():
        assert not [row for row in rows if NAME in row], table
    assert list(find(engine, config.evidence_folder, NAME)) == []
    engine.dispose()
    assert list(mails_saying(config.workspace / "mail", NAME)) == []
    for path in config.workspace.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert NAME.encode() not in raw, path


def left_in_free_pages(database: Path) -> sqlite3.Connection:
    """Have it in pages of an SQLite store that no row is in any more; the connection stays open."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("CREATE TABLE IF NOT EXISTS waste (said TEXT)")
    connection.execute("INSERT INTO waste VALUES (?)", [f"{NAME} " * 5000])
    connection.execute("DROP TABLE waste")
    return connection


def outline(engine: Engine) -> list[list[str]]:
    """What must stay as it is."""
    queries = (
        "SELECT id, story_id, relation, url, revision_count FROM article ORDER BY id",
        "SELECT id, lead_article_id, article_count FROM story ORDER BY id",
        "SELECT id, kind, story_id, article_id FROM event ORDER BY id",
        "SELECT id, event_id, state, message_id FROM outbox ORDER BY id",
        "SELECT name, position FROM cursor ORDER BY name",
        "SELECT id, digest, entry FROM evidence ORDER BY id",
        "SELECT id, article_id, number, folded_hash FROM revision ORDER BY id",
    )
    with engine.connect() as connection:
        return [list(map(str, connection.execute(text(each)))) for each in queries]


def test_afterwards_nothing_says_it_and_all_else_stays(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(database_url)
    config = filled(tmp_path, engine, database_url)
    before, rows = outline(engine), dump(engine)
    other = (tmp_path / "mail/2.eml").read_bytes()
    capsys.readouterr()
    forget_string(tmp_path, NAME, apply=False)
    shown = capsys.readouterr().out
    assert dump(engine) == rows
    counts = dict(
        line.split(maxsplit=1)[::-1] for line in shown.splitlines() if line[:8].strip().isdigit()
    )
    assert counts["pages in the evidence"] == "3"
    assert counts["entries of the article log"] == "3"
    assert (counts["articles"], counts["revisions"], counts["story titles"]) == ("1", "3", "1")
    assert (counts["looks"], counts["mails in mail/"]) == ("1", "1")
    assert "--apply does it" in shown
    engine.dispose()

    # Whoever has the store open keeps SQLite from removing the WAL by itself.
    store = tmp_path / "lendwatch.db"
    idle = left_in_free_pages(store if store.exists() else Path(":memory:"))
    forget_string(tmp_path, "138 1234 5678", apply=True)
    assert "gone for good; nobody was mailed" in capsys.readouterr().out
    is_gone(config)
    idle.close()
    engine = open_engine(database_url)
    assert outline(engine) == before
    assert not check_workspace(tmp_path)
    assert "3 gone by retention or request" in capsys.readouterr().out
    kept = message_from_bytes((tmp_path / "mail/1.eml").read_bytes(), policy=policy.default)
    gone = "█" * len(NAME)
    plain, marked_up = kept.iter_parts()
    assert plain.get_content().strip() == f"姓名：{gone}，别的都在。"
    assert marked_up.get_content().strip() == "█"
    assert (kept["Subject"], kept["Message-ID"]) == (f"{gone} 用钱宝", "<1@example.com>")
    assert (tmp_path / "mail/2.eml").read_bytes() == other
    assert not list((tmp_path / "mail").glob(".*"))
    # The same page, met again as it is now: no news.
    workshop = Workshop(engine, tmp_path / "evidence")
    of = page(3, "李女士", days_after(5))
    workshop.keep([(of, article(of, 3, "李女士"))], days_after(5))
    workshop.take_in()
    workshop.archive.close()
    assert outline(engine)[2] == before[2]
    engine.dispose()
    with pytest.raises(UsageProblem, match="too short"):
        forget_string(tmp_path, " 张 ", apply=True)


def test_a_kill_at_any_step_leaves_it_usable_and_the_next_run_finishes(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lendwatch.db'}"
    migrate(database, tmp_path, datetime.now(UTC))
    engine = open_engine(database)
    config = filled(tmp_path, engine, database)
    before = outline(engine)
    engine.dispose()

    def work() -> None:
        forget_string(tmp_path, NAME, apply=True)

    def still_whole() -> None:
        opened = open_engine(database)
        assert outline(opened) == before
        opened.dispose()
        assert not check_workspace(tmp_path)

    for statement in (5, 9, 12, 20, 30, 40):
        assert killed_at(statement, work) or statement > 20
        still_whole()
    for step in (4, 9, 14):
        killed_at_step(step, tmp_path, work)
        still_whole()
    work()
    still_whole()
    is_gone(config)
