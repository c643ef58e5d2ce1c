"""Migrations: wholly or not at all, whatever happens meanwhile, on both stores."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from killed import killed_at
from sqlalchemy import Engine, create_engine, inspect, text
from stored_articles import Given, store

from crawler.log.engine import open_engine
from monitor.query.search import SearchQuery, search
from monitor.store.migrate import StoreError, StoreLocked, check_version, migrate
from monitor.store.models import Base
from monitor.store.upgrade import RELEASED, History, upgrade
from monitor.store.version import HEAD, REVISIONS, current_revision
from monitor.stories.fingerprint import Fingerprint, line_hash
from monitor.stories.index import IndexBatch

pytest_plugins = ["database_fixtures"]

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
# Every third statement: a kill costs a process, and what is undone is one transaction. All of
# the migrations from the first are more statements.
STRIDE, FIRST_STRIDE = 3, 7
NEXT = "9999_v9_8_7"

# What a later release might do, each statement of which can be the last one before a kill.
ADDS_A_COLUMN = """
    with op.batch_alter_table("story") as story:
        story.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_story_note", "story", ["note"])
    op.execute("UPDATE story SET note = 'n'")
"""
REBUILDS_A_TABLE = """
    with op.batch_alter_table("story", recreate="auto") as story:
        story.alter_column("title", existing_type=sa.Text(), new_column_name="headline")
        story.alter_column("site_count", existing_type=sa.Integer(), type_=sa.BigInteger())
"""
FAILS_HALFWAY = ADDS_A_COLUMN + '    op.execute("INSERT INTO no_such_table VALUES (1)")\n'
LOSES_ROWS = '    op.execute("DELETE FROM revision")\n'
BREAKS_KEYS = '    op.execute("UPDATE article SET story_id = 77")\n'


def later(folder: Path, statements: str) -> History:
    """Write a release with one more migration."""
    scripts = folder / "migrations"
    shutil.copytree(RELEASED.folder, scripts)
    (scripts / "versions" / "9999_later.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = {NEXT!r}\ndown_revision = {HEAD!r}\n\ndef upgrade():\n{statements}"
    )
    return History(scripts, NEXT)


def schema(database: str) -> dict[str, list[str]]:
    """Give every table with its columns, as they are in the store."""
    engine = create_engine(database)
    inspector = inspect(engine)
    found = {
        table: sorted(column["name"] for column in inspector.get_columns(table))
        for table in inspector.get_table_names()
    }
    engine.dispose()
    return found


def one_article(database: str) -> None:
    engine = open_engine(database)
    with engine.begin() as connection:
        store(connection, Given(platforms=["用钱宝"]))
    engine.dispose()


def test_the_constant_revisions_are_those_of_the_scripts() -> None:
    scripts = ScriptDirectory(str(RELEASED.folder))
    assert scripts.get_heads() == [HEAD]
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS


def test_a_migrated_store_has_the_schema_of_the_models(engine: Engine) -> None:
    def ours(name: str | None, kind: str, _: object) -> bool:
        # The search index is not in the models: each store has its own.
        return not (kind == "table" and (name or "").startswith("search_"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_a_new_store_is_created_without_a_backup(empty_database_url: str, tmp_path: Path) -> None:
    assert current_revision(empty_database_url) is None
    with pytest.raises(StoreError, match="holds nothing yet"):
        check_version(empty_database_url)
    report = migrate(empty_database_url, tmp_path / "backups", NOW)
    assert (report.before, report.after, report.backup, report.applied) == (None, HEAD, None, True)
    check_version(empty_database_url)
    assert not (tmp_path / "backups").exists()


def test_a_second_start_changes_nothing_and_loads_no_alembic(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrate(empty_database_url, tmp_path, NOW)
    script = (
        "import sys; from pathlib import Path; from monitor.store.migrate import migrate;"
        f"assert not migrate({empty_database_url!r}, Path('unused')).applied;"
        "assert not [name for name in sys.modules if name.startswith('alembic')]"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    started = time.perf_counter()
    migrate(empty_database_url, tmp_path, NOW)
    assert time.perf_counter() - started < 0.5  # usually 1 ms (SQLite) to 20 ms


@pytest.mark.parametrize("statements", [ADDS_A_COLUMN, REBUILDS_A_TABLE])
def test_an_upgrade_keeps_every_row_and_the_copy_before_it(
    database_url: str, tmp_path: Path, statements: str
) -> None:
    one_article(database_url)
    backup = upgrade(database_url, tmp_path / "backups", NOW, later(tmp_path, statements))
    assert backup.path is not None, backup.note
    assert f"before-{NEXT}-20261124T083000Z" in backup.path.name
    assert backup.path.stat().st_mode & 0o077 == 0
    assert list(backup.path.parent.iterdir()) == [backup.path]
    engine = open_engine(database_url)
    with engine.connect() as connection:
        for table in ("article", "story", "revision", "article_label", "search_document"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        assert found == NEXT
    engine.dispose()


def test_a_store_of_the_first_release_keeps_its_articles_and_knows_no_likelihoods(
    empty_database_url: str, tmp_path: Path
) -> None:
    first = History(RELEASED.folder, REVISIONS[0])
    upgrade(empty_database_url, tmp_path, NOW, first)
    one_article(empty_database_url)
    report = migrate(empty_database_url, tmp_path / "backups", NOW)
    assert (report.before, report.after) == (REVISIONS[0], HEAD)
    engine = open_engine(empty_database_url)
    with engine.connect() as connection:
        assert search(connection, SearchQuery("用钱宝")).hits[0].farm is None
    engine.dispose()


def test_a_store_from_before_rechecks_tells_which_addresses_had_an_article(
    empty_database_url: str, tmp_path: Path
) -> None:
    eighth = History(RELEASED.folder, REVISIONS[REVISIONS.index("0008_v0_3_0")])
    upgrade(empty_database_url, tmp_path, NOW, eighth)
    engine = create_engine(empty_database_url)
    seen = (
        "INSERT INTO seen_url (url, source, first_seen_at, fetched_at, outcome, failures) "
        "VALUES (:url, 's', :now, :now, :outcome, 0)"
    )
    logged = (
        "INSERT INTO article_log (source, crawl_id, fetched_at, raw_hash, baseline, url, title, "
        "body, boilerplate, language, charset, truncated) VALUES ('s', 'c', :now, '', :no, 'gone', "
        "'', '', '', '', '', :no)"
    )
    outcomes = {"here": "kept", "gone": "not-found", "never": "not-found", "other": "skipped"}
    with engine.begin() as connection:
        for url, outcome in outcomes.items():
            connection.execute(text(seen), {"url": url, "now": NOW, "outcome": outcome})
        connection.execute(text(logged), {"now": NOW, "no": False})
    migrate(empty_database_url, tmp_path / "backups", NOW)
    with engine.connect() as connection:
        known = connection.execute(text("SELECT url FROM seen_url WHERE kept")).scalars().all()
    engine.dispose()
    assert sorted(known) == ["gone", "here"]


# The last release that kept a row a shingle.
ROWS_OF_SHINGLES = REVISIONS.index("0002_v0_2_0")


@pytest.mark.parametrize(
    ("empty_database_url", "texts"),
    # The large one on one store only: the runs are the same in both.
    [("sqlite", 3), pytest.param("postgresql", 3, marks=pytest.mark.postgres), ("sqlite", 12_000)],
    indirect=["empty_database_url"],
)
def test_an_index_of_the_second_release_still_finds_copies(
    empty_database_url: str, tmp_path: Path, texts: int
) -> None:
    second = History(RELEASED.folder, REVISIONS[ROWS_OF_SHINGLES])
    upgrade(empty_database_url, tmp_path, NOW, second)
    one_article(empty_database_url)
    chance = np.random.default_rng(1)
    # Of 12,000 texts the run is one of which only a filter stays in memory.
    marks = [
        Fingerprint(f"{number:064x}", 1_470, np.sort(chance.integers(0, 2**59, 94)))
        for number in range(2, texts + 2)
    ]
    marks[1] = replace(marks[1], headings=tuple(sorted(map(line_hash, "一二三"))))
    store_as_in_the_second_release(empty_database_url, dict(enumerate(marks, 2)))
    migrate(empty_database_url, tmp_path / "backups", NOW)
    engine = open_engine(empty_database_url)
    with engine.begin() as connection:
        for number, mark in ((2, marks[0]), (texts + 1, marks[-1])):
            tenth = Fingerprint("", 147, mark.sampled[40:50])
            assert IndexBatch(connection, [tenth]).look_up(tenth).articles == [number]
        sibling = Fingerprint("", 900, mark.sampled[:0], marks[1].headings)
        assert IndexBatch(connection, [sibling]).look_up(sibling).articles == [3]
        assert IndexBatch(connection, [marks[0]]).look_up(marks[0]).equal
        index = IndexBatch(connection, [tenth])
        index.add(1, tenth)
        index.write()
    engine.dispose()
    assert "shingle" not in schema(empty_database_url)


def store_as_in_the_second_release(database: str, marks: Mapping[int, Fingerprint]) -> None:
    engine = create_engine(database)
    columns = [each for each in schema(database)["article"] if each not in {"id", "url"}]
    same = ", ".join(columns)
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO article (id, url, {same}) SELECT :id, :url, {same} FROM article WHERE id = 1"
            ),
            [{"id": each, "url": f"https://a.test/{each}"} for each in marks],
        )
        connection.execute(
            text("INSERT INTO fingerprint VALUES (:id, :hash, :count, :sampled, 1)"),
            [
                {"id": each, "hash": mark.folded_hash, "count": mark.shingle_count,
                 "sampled": len(mark.sampled)}
                for each, mark in marks.items()
            ],
        )  # fmt: skip
        connection.execute(
            text("INSERT INTO shingle VALUES (:hash, :id)"),
            [
                {"hash": hash_, "id": each}
                for each, mark in marks.items()
                for hash_ in (*mark.sampled.tolist(), *mark.headings)
            ],
        )
    engine.dispose()


def test_the_copy_before_an_upgrade_opens_as_the_old_store(
    database_url: str, tmp_path: Path
) -> None:
    one_article(database_url)
    before = schema(database_url)
    backup = upgrade(database_url, tmp_path / "b", NOW, later(tmp_path, ADDS_A_COLUMN))
    assert backup.path is not None
    if database_url.startswith("sqlite"):
        assert schema(f"sqlite:///{backup.path}") == before
        assert current_revision(f"sqlite:///{backup.path}") == HEAD
    else:
        assert backup.path.read_bytes().startswith(b"PGDMP")


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (FAILS_HALFWAY, "no_such_table"),
        (LOSES_ROWS, "revision has 0 rows of 1"),
        (BREAKS_KEYS, "article row 1 points to a missing story|foreign key"),
    ],
)
def test_an_upgrade_that_fails_leaves_the_store_as_it_was(
    database_url: str, tmp_path: Path, statements: str, fault: str
) -> None:
    one_article(database_url)
    before = schema(database_url)
    with pytest.raises(StoreError, match=fault):
        upgrade(database_url, tmp_path, NOW, later(tmp_path, statements))
    assert schema(database_url) == before
    check_version(database_url)


def test_a_kill_at_any_statement_of_the_first_migration_leaves_nothing_half_done(
    empty_database_url: str, tmp_path: Path
) -> None:
    statement = 1
    while killed_at(statement, lambda: migrate(empty_database_url, tmp_path, NOW)):
        assert current_revision(empty_database_url) is None
        assert schema(empty_database_url) == {}
        statement += FIRST_STRIDE
    assert statement > 30  # it really was interrupted in between
    check_version(empty_database_url)


@pytest.mark.parametrize("statements", [ADDS_A_COLUMN, REBUILDS_A_TABLE])
def test_a_kill_at_any_statement_of_an_upgrade_keeps_the_old_store(
    database_url: str, tmp_path: Path, statements: str
) -> None:
    one_article(database_url)
    before = schema(database_url)
    history = later(tmp_path, statements)
    statement = 1
    while killed_at(statement, lambda: upgrade(database_url, tmp_path / "b", NOW, history)):
        assert schema(database_url) == before
        check_version(database_url)
        statement += STRIDE
    assert statement > 10
    assert schema(database_url) != before


def test_two_starters_migrate_once(empty_database_url: str, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from monitor.store.migrate import migrate;"
        f"migrate({empty_database_url!r}, Path({str(tmp_path)!r}))"
    )
    starters = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [starter.wait(timeout=60) for starter in starters] == [0, 0, 0]
    check_version(empty_database_url)


def test_a_store_of_a_newer_version_is_refused_untouched(database_url: str, tmp_path: Path) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{NEXT}'"))
    engine.dispose()
    for attempt in (
        lambda: migrate(database_url, tmp_path, NOW),
        lambda: check_version(database_url),
    ):
        with pytest.raises(StoreError, match=r"needs lendwatch ≥ 9\.8\.7"):
            attempt()
    assert current_revision(database_url) == NEXT


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (id)")
    with pytest.raises(StoreError, match=r"other\.db holds tables but no schema version"):
        migrate(f"sqlite:///{path}", tmp_path, NOW)
    assert schema(f"sqlite:///{path}") == {"notes": ["id"]}


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("催收" * 1000)
    with pytest.raises(StoreError, match=r"notes\.txt is not an SQLite database; name another"):
        migrate(f"sqlite:///{path}", tmp_path, NOW)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file.* cannot be created"):
        migrate(f"sqlite:///{tmp_path}/file/lendwatch.db", tmp_path, NOW)


def test_a_backup_folder_that_cannot_be_written_stops_the_upgrade(
    database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file: no backup of .* could be written"):
        upgrade(database_url, tmp_path / "file", NOW, later(tmp_path, ADDS_A_COLUMN))
    check_version(database_url)


def test_a_store_that_stays_locked_is_to_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.log.engine.BUSY_SECONDS", 0.05)
    path = tmp_path / "lendwatch.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked, match=r"lendwatch\.db is locked by another process; try again"):
        migrate(f"sqlite:///{path}", tmp_path, NOW)
    holder.execute("ROLLBACK")
    holder.close()
    assert migrate(f"sqlite:///{path}", tmp_path, NOW).applied


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://u:secret@/db?host={tmp_path}"
    with pytest.raises(StoreError, match="does not answer") as raised:
        migrate(url, tmp_path, NOW)
    assert "secret" not in str(raised.value)


def test_a_missing_database_is_to_be_created(postgres, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="createdb"):
        migrate(postgres.url("no_such_database"), tmp_path, NOW)
