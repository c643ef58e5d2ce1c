"""The index's entries as sorted runs: what is found, what is remembered, what is merged."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
from sqlalchemy import Connection, Engine, event

from crawler.log.engine import open_engine
from monitor.stories import runs
from monitor.stories.entries import (
    CROWDED,
    FILTER_BITS,
    LONGEST,
    Entries,
    article_of,
    empty_filter,
    length_of,
    mark,
    may_hold,
    merge,
    pages,
    question,
    read_pages,
    texts_of,
)
from monitor.stories.fingerprint import Fingerprint, level
from monitor.stories.likely import ask, levels
from monitor.stories.runs import BUDGET, LARGE, LEVELS, Runs

pytest_plugins = ["database_fixtures"]

CHANCE = np.random.default_rng(5)


def some_entries(count: int, first_article: int, most: int = 2**59) -> Entries:
    """Entries of texts with a hundred shingles each."""
    articles = first_article + np.arange(count) // 100
    texts = texts_of(articles, np.full(count, 1_470))
    return merge([Entries(CHANCE.integers(0, most, count), texts)])


def asked_for(*hashes: int) -> Fingerprint:
    return Fingerprint("", 1_470, np.array(sorted(hashes)))


def found(connection: Connection, *hashes: int) -> dict[int, list[int]]:
    entries, _ = Runs(connection).look_up(ask([asked_for(*hashes)]))
    holders = defaultdict(list)
    for each, article in zip(
        entries.hashes.tolist(), article_of(entries.texts).tolist(), strict=True
    ):
        holders[each].append(article)
    return dict(holders)


@contextmanager
def another(engine: Engine) -> Iterator[Engine]:
    """The same store as another process has it, which remembers nothing."""
    opened = open_engine(engine.url.render_as_string(hide_password=False))
    yield opened
    opened.dispose()


def fill(connection: Connection, count: int, step: int) -> list[Entries]:
    """Store `count` entries in batches; give them."""
    batches = []
    for start in range(0, count, step):
        batches.append(some_entries(step, 1 + start // 100))
        Runs(connection).add(batches[-1])
    return batches


def test_a_text_goes_by_its_article_and_its_length() -> None:
    texts = texts_of(np.array([1, 2**47 - 1]), np.array([LONGEST, 0]))
    assert article_of(texts).tolist() == [1, 2**47 - 1]
    assert length_of(texts).tolist() == [LONGEST, 0]


def test_many_lengths_have_the_levels_that_one_has() -> None:
    lengths = [0, 1, 63, 64, 127, 128, 129, 255, 256, 511, 512, 1_023, 1_024, 1_500, 90_000]
    assert levels(np.array(lengths)).tolist() == [level(each) for each in lengths]


def test_pages_give_back_the_entries_and_never_part_a_shingle() -> None:
    entries = some_entries(5_000, 1, most=300)
    cut = list(pages(entries))
    back = read_pages(content for _, content in cut)
    assert (back.hashes == entries.hashes).all()
    assert (back.texts == entries.texts).all()
    fences = [fence for fence, _ in cut]
    assert len(set(fences)) == len(fences) > 10
    assert np.unique(entries.hashes, return_counts=True)[1].max() <= CROWDED


def test_a_filter_knows_what_is_there_and_is_seldom_wrong() -> None:
    there, others = CHANCE.integers(0, 2**59, (2, 100_000))
    words = empty_filter(len(there))
    mark(words, question(there))
    assert may_hold(words, question(there)).all()
    assert may_hold(words, question(others)).mean() < 0.02
    assert words.nbytes * 8 <= FILTER_BITS * len(there) + 64


def test_what_was_added_is_found_through_all_merging(engine: Engine) -> None:
    chance = random.Random(3)
    holders: dict[int, list[int]] = defaultdict(list)
    for article in range(400):
        # Another process every now and then, whose memory has to catch up.
        with ExitStack() as stack:
            store = stack.enter_context(another(engine)) if article % 50 == 0 else engine
            connection = stack.enter_context(store.begin())
            hashes = sorted(chance.sample(range(3_000), chance.choice([5, 40, 90])))
            Runs(connection).add(
                Entries(np.array(hashes), texts_of(np.full(len(hashes), article), np.full(1, 90)))
            )
        for each in hashes:
            holders[each].append(article)
    with engine.connect() as connection:
        asked = range(0, 3_000, 7)
        assert found(connection, *asked) == {
            each: holders[each][:CROWDED] for each in asked if holders[each]
        }
        assert len(Runs(connection)._runs) <= 8 * len(LEVELS)


def test_memory_is_bounded_and_so_is_the_number_of_runs(engine: Engine) -> None:
    with engine.begin() as connection:
        batches = fill(connection, 2 * LARGE + 400_000, 100_000)
    with another(engine) as other, other.connect() as connection:
        stored = Runs(connection)._runs  # as a process that has just started has them
        assert sum(each.entries for each in stored) == sum(len(each.hashes) for each in batches)
        for bound in LEVELS:
            assert sum(each.entries for each in stored if each.entries < bound) < bound
        large = [each for each in stored if each.held is None]
        assert len(large) == 2
        whole = sum(sum(part.nbytes for part in each.held) for each in stored if each.held)
        assert whole <= 16 * LARGE
        for each in large:
            assert each.fences.nbytes + each.filter.nbytes <= 1.6 * each.entries
        for batch in (batches[0], batches[9], batches[-1]):
            asked = batch.hashes[::9_973].tolist()
            assert found(connection, *asked).keys() == set(asked)


def test_a_look_up_reads_no_more_pages_than_its_budget_and_the_rare_ones_first(
    engine: Engine,
) -> None:
    common = np.arange(1, 60) * 2**52
    rare: list[int] = []
    with engine.begin() as connection:
        for number in range(3):
            batch = some_entries(LARGE, 1 + number * 20_000)
            texts = texts_of(np.full(59, 1 + number * 20_000), np.full(59, 1_470))
            Runs(connection).add(merge([batch, Entries(common, texts)]))
            rare = batch.hashes[::200_000].tolist()
    asked = asked_for(*common.tolist(), *rare)
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with engine.connect() as connection:
        entries, unread = Runs(connection).look_up(ask([asked]))
    [query] = [each for each in seen if "index_page" in each]
    numbers = query[query.index("(") + 1 : query.index(")")].split(",")
    assert len(numbers) <= BUDGET[0] + len(asked.sampled) // BUDGET[1]
    # What only one run has comes first: it tells most.
    assert set(rare) <= set(entries.hashes.tolist())
    assert unread
    assert unread <= set(common.tolist())


def test_what_was_rolled_back_is_forgotten(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.begin()
        Runs(connection).add(Entries(np.array([7]), texts_of(np.array([1]), np.array([90]))))
        assert found(connection, 7, 8) == {7: [1]}
        connection.rollback()
        connection.begin()
        Runs(connection).add(Entries(np.array([8]), texts_of(np.array([1]), np.array([90]))))
        assert found(connection, 7, 8) == {8: [1]}
        connection.commit()
    assert len(runs._REMEMBERED[engine]) == 1


def test_a_merge_that_is_rolled_back_loses_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        kept = fill(connection, 1_900, 100)
    with engine.connect() as connection:
        connection.begin()
        Runs(connection).add(some_entries(400, 50))
        assert len(Runs(connection)._runs) == 1
        connection.rollback()
    with engine.connect() as connection:
        assert len(Runs(connection)._runs) == 19
        assert found(connection, *kept[3].hashes.tolist()).keys() == set(kept[3].hashes.tolist())
