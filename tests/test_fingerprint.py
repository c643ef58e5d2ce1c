"""Shingles, their hashes and their samples."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from our_articles import BASE, FARM
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import StaticPool

from monitor.store.models import Base
from monitor.stories import index
from monitor.stories.entries import article_of
from monitor.stories.fingerprint import (
    Fingerprint,
    compact,
    containment,
    level,
    line_hash,
    sample,
    shared,
    shingle_hashes,
    text_hash,
)
from monitor.stories.likely import ask
from monitor.stories.runs import LENGTHS, Runs
from seeds.fold import fold_text

PROSE = compact(fold_text("".join(article.body for article in BASE)))


@pytest.mark.parametrize(
    ("folded", "wanted"),
    [
        ("借款人, 收到 短信。", "借款人收到短信"),
        ("年化 36%！", "年化36"),
        ("a_b-c", "abc"),
        ("…！？\n\t", ""),
    ],
)
def test_compact_text_keeps_letters_and_figures_only(folded: str, wanted: str) -> None:
    assert compact(folded) == wanted


@pytest.mark.parametrize(
    ("words", "count"), [("", 0), ("催", 1), ("催收电话", 1), ("催收电话短信", 2), ("催" * 50, 1)]
)
def test_every_distinct_five_characters_give_one_hash(words: str, count: int) -> None:
    assert len(shingle_hashes(words)) == count


def test_hashes_are_the_same_in_another_process() -> None:
    code = (
        "from monitor.stories.fingerprint import shingle_hashes, line_hash;"
        "print(shingle_hashes('青禾借重启催收').tolist(), line_hash('引言'))"
    )
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert (
        other.stdout.strip() == f"{shingle_hashes('青禾借重启催收').tolist()} {line_hash('引言')}"
    )


def test_hashes_do_not_change_between_releases() -> None:
    # An index on disk was made with these; a change needs another METHOD and a recluster.
    assert shingle_hashes("青禾借重启催收").tolist() == [
        594871475446804551,
        3496917812216996835,
        7457242053242107061,
    ]


@given(st.text(max_size=300))
def test_any_text_can_be_hashed(words: str) -> None:
    hashes = shingle_hashes(words)
    assert (np.diff(hashes) > 0).all()
    assert len(hashes) == 0 or (hashes[0] >= 0 and hashes[-1] < 2**63 - 1)


def test_a_lone_surrogate_breaks_nothing() -> None:
    assert len(shingle_hashes("\ud800催收")) == 1
    assert text_hash("\ud800")


@pytest.mark.parametrize(
    ("length", "wanted"),
    [(0, 0), (64, 0), (127, 0), (128, 1), (300, 2), (1000, 3), (2000, 4), (90_000, 4)],
)
def test_long_texts_are_sampled_more_sparsely(length: int, wanted: int) -> None:
    assert level(length) == wanted


@pytest.mark.parametrize("length", [30, 100, 200, 500, 1000, 2000, 4000])
def test_a_sample_has_enough_hashes_at_every_length(length: int) -> None:
    hashes = shingle_hashes(PROSE[:length])
    kept = sample(hashes)
    assert len(kept) >= min(len(hashes), 45)
    assert set(kept.tolist()) <= set(hashes.tolist())


def test_samples_estimate_the_containment_of_a_part() -> None:
    whole, part = shingle_hashes(PROSE[:2000]), shingle_hashes(PROSE[500:1000])
    at = level(len(whole))
    estimate = containment(sample(part, at), sample(whole))
    assert containment(part, whole) == 1.0
    assert estimate == 1.0


def test_containment_of_half_a_text_is_a_half() -> None:
    half = shingle_hashes(PROSE[:600])
    double = shingle_hashes(PROSE[:1200])
    assert containment(half, double) == 1.0
    assert containment(double, half) == pytest.approx(0.5, abs=0.02)
    assert shared(half, double) == len(half)
    assert containment(shingle_hashes(""), half) == 0.0


@pytest.fixture
def empty_index() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine, tables=index.TABLES)
    return engine


def fingerprint_of(words: str) -> Fingerprint:
    hashes = shingle_hashes(words)
    return Fingerprint(text_hash(words), len(hashes), sample(hashes))


def put(engine: Engine, article_id: int, words: str) -> None:
    with engine.begin() as connection:
        mark = fingerprint_of(words)
        batch = index.IndexBatch(connection, [mark])
        batch.add(article_id, mark)
        batch.write()


def found(engine: Engine, words: str) -> index.LookUp:
    with engine.begin() as connection:
        mark = fingerprint_of(words)
        return index.IndexBatch(connection, [mark]).look_up(mark)


def test_the_index_finds_a_part_of_a_text_it_holds(empty_index: Engine) -> None:
    put(empty_index, 1, PROSE[:1500])
    put(empty_index, 2, PROSE[1500:3000])
    assert found(empty_index, PROSE[300:600]).articles == [1]
    assert found(empty_index, PROSE[1000:2000]).articles == [1, 2]
    assert found(empty_index, PROSE[3200:4000]).articles == []


def test_an_equal_text_is_found_by_its_hash_and_stored_once(empty_index: Engine) -> None:
    put(empty_index, 1, PROSE[:800])
    before = rows(empty_index)
    put(empty_index, 2, PROSE[:800])
    looked_up = found(empty_index, PROSE[:800])
    assert (list(looked_up.articles), looked_up.equal) == ([1, 2], True)
    assert rows(empty_index) == before


def test_a_shingle_is_stored_for_a_bounded_number_of_articles(empty_index: Engine) -> None:
    disclaimer = PROSE[:60]
    full = 0
    for number in range(index.CROWDED + 20):
        full = rows(empty_index) if number == index.CROWDED else full
        put(
            empty_index,
            number,
            disclaimer + chr(0x4E00 + number) * 9 + PROSE[100 + number : 140 + number],
        )
    mark = fingerprint_of(disclaimer)
    with empty_index.begin() as connection:
        entries = Runs(connection).look_up(ask([mark])).entries
    assert set(np.unique(entries.hashes, return_counts=True)[1]) == {index.CROWDED}
    assert set(article_of(entries.texts).tolist()) == set(range(index.CROWDED))
    alone = len(set(shingle_hashes(disclaimer + PROSE[100:140])) - set(shingle_hashes(disclaimer)))
    assert rows(empty_index) - full <= 20 * (alone + 9)  # the rest of each text


def test_a_text_copied_a_hundred_times_is_still_found(empty_index: Engine) -> None:
    for number in range(100):
        put(empty_index, number, PROSE[:1200] + chr(0x4E00 + number) * 8)
    assert found(empty_index, PROSE[:1000]).articles[0] == 0


def test_the_look_up_never_scans_the_table(empty_index: Engine) -> None:
    put(empty_index, 1, PROSE[:1500])
    for query in (LENGTHS.format("1,2,3"), index.EQUALS.format("'','0'", 48)):
        plan = explain(empty_index, query, "")
        assert "SEARCH fingerprint USING" in plan
        assert "SCAN fingerprint" not in plan


def test_the_index_survives_a_restart(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'index.db'}"
    for number, words in enumerate((PROSE[:1500], PROSE[1500:3000])):
        engine = create_engine(url)
        Base.metadata.create_all(engine, tables=index.TABLES)
        put(engine, number, words)
        engine.dispose()
    assert found(create_engine(url), PROSE[1600:2200]).articles == [1]


def test_after_an_edit_both_texts_are_found(empty_index: Engine) -> None:
    put(empty_index, 1, PROSE[:700])
    with empty_index.begin() as connection:
        batch = index.IndexBatch(connection, [])
        batch.renew(1, fingerprint_of(PROSE[2000:2700]))
        batch.write()
    assert found(empty_index, PROSE[100:600]).articles == [1]
    assert found(empty_index, PROSE[2000:2700]).equal


def statements(engine: Engine, work: Callable[[Connection], object]) -> list[str]:
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with engine.begin() as connection:
        work(connection)
    return seen


def rows(engine: Engine) -> int:
    with engine.begin() as connection:
        return connection.execute(text("SELECT sum(entries) FROM index_run")).scalar_one() or 0


def explain(engine: Engine, statement: str, value: object) -> str:
    with engine.begin() as connection:
        steps = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (value,) * statement.count("?")
        )
        return "\n".join(step[3] for step in steps)


def test_our_farm_article_has_a_sample_of_useful_size() -> None:
    hashes = shingle_hashes(compact(fold_text(FARM.body)))
    assert 45 <= len(sample(hashes)) <= 130
