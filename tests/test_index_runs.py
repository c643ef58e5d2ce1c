"""The index's entries as sorted runs: what is found, what is remembered, what is merged."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, event

from crawler.log.engine import open_engine
from monitor.stories import runs
from monitor.stories.entries import (
    CROWDED,
    LONGEST,
    Entries,
    article_of,
    length_of,
    merge,
    pages,
    read_pages,
    texts_of,
)
from monitor.stories.filters import FilterMaker, by_segment, filter_from, question, tags_of
from monitor.stories.fingerprint import Fingerprint, level, levels
from monitor.stories.likely import ask, likely
from monitor.stories.runs import LARGE, LEVELS, Runs

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
    entries = Runs(connection).look_up(ask([asked_for(*hashes)])).entries
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


def test_a_filter_gives_the_tag_of_each_text_and_few_others() -> None:
    # Long texts' shingles are below 2**59, those of short ones and headings anywhere.
    count = 100_000
    spread = np.concatenate(
        [CHANCE.integers(0, 2**59, count), CHANCE.integers(0, 2**63 - 1, 9_000)]
    )
    crowd = np.full(CROWDED, spread[0])
    hashes = np.concatenate((spread, crowd))
    articles, lengths = (
        CHANCE.integers(1, 2**40, len(hashes)),
        CHANCE.integers(1, 9_000, len(hashes)),
    )
    entries = merge([Entries(hashes[np.argsort(hashes)], texts_of(articles, lengths))])
    maker = FilterMaker(by_segment(entries.hashes), len(entries.hashes) + 50)
    for start in range(0, len(entries.hashes), 7_000):
        maker.add(Entries(*(part[start : start + 7_000] for part in entries)))
    made = maker.made()
    assert made.block.nbytes < 6.5 * len(entries.hashes)
    stored = filter_from(bytes(made.block), len(entries.hashes))
    asked = np.unique(np.append(entries.hashes[::7], spread[0]))
    which, tags = stored.ask(question(asked))
    found = set(zip(asked[which].tolist(), tags.tolist(), strict=True))
    there = entries.of(asked)
    wanted = set(zip(there.hashes.tolist(), tags_of(there.texts).tolist(), strict=True))
    assert wanted <= found
    assert len(found) < 1.03 * len(wanted)
    strangers = np.unique(CHANCE.integers(0, 2**59, 10_000))
    assert len(stored.ask(question(strangers))[0]) < 0.03 * len(strangers)


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
        batches = fill(connection, 10 * LARGE, LARGE // 2 - 36)
    with another(engine) as other, other.connect() as connection:
        stored = Runs(connection)._runs  # as a process that has just started has them
        assert sum(each.entries for each in stored) == sum(len(each.hashes) for each in batches)
        for bound in LEVELS:
            assert sum(each.entries for each in stored if each.entries < bound) < bound
        large = [each for each in stored if each.held is None]
        assert 2 <= len(large) <= 8
        whole = sum(sum(part.nbytes for part in each.held) for each in stored if each.held)
        assert whole <= 16 * LARGE
        for each in large:
            assert each.fences.nbytes + each.filter.block.nbytes <= 7.1 * each.entries
        for batch in (batches[0], batches[9], batches[-1]):
            article = int(article_of(batch.texts[:1])[0])
            of_it = batch.hashes[article_of(batch.texts) == article].tolist()
            assert all(article in found(connection, *of_it)[each] for each in of_it)


def test_texts_of_large_runs_are_named_where_tags_agree_and_no_page_is_read(engine: Engine) -> None:
    """Of three large runs one has a copy's source; all have stock phrases, and chance shingles."""
    phrases = np.sort(CHANCE.integers(0, 2**59, 6))
    batches = [some_entries(LARGE, first) for first in (1, 2_001, 4_001)]
    with engine.begin() as connection:
        for batch, first in zip(batches, (1, 2_001, 4_001), strict=True):
            crowd = texts_of(first + np.arange(CROWDED), np.full(CROWDED, 1_470))
            stock = Entries(np.repeat(phrases, CROWDED), np.tile(crowd, len(phrases)))
            Runs(connection).add(merge([batch, stock]))
    source = 2_777
    copied = batches[1].hashes[article_of(batches[1].texts) == source]
    copy = asked_for(*copied[:70].tolist(), *phrases.tolist())
    stranger = asked_for(*batches[0].hashes[:: LARGE // 40].tolist(), *phrases.tolist())
    tenth = Fingerprint("", 147, copied[40:50])
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with engine.connect() as connection:
        asked = ask([copy, stranger, tenth])
        answer = Runs(connection).look_up(asked)
    assert not [each for each in seen if "index_page" in each]
    # Of the stranger's shingles and of stock phrases nothing is told.
    assert set(article_of(answer.entries.texts).tolist()) == {source}
    of_copy, of_stranger, of_tenth = likely(asked, answer)
    # No fingerprint tells its length: it is taken to be as short as its level allows.
    assert of_copy == {source: pytest.approx(70 / 64)}
    assert of_stranger == {}
    assert of_tenth.keys() == {source}
    assert set(phrases.tolist()) <= set(answer.crowded.tolist())


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
