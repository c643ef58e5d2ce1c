"""The texts read last: bounded by what they hold, the ones used last stay."""

from monitor.stories.reading import Reading, read
from monitor.stories.shelf import Shelf
from seeds.match import Matches


def text_of(length: int) -> Reading:
    return read("", "催" * length, Matches())


def test_the_shelf_holds_so_much_prose_and_keeps_what_was_used_last() -> None:
    shelf = Shelf(3_500)
    for article_id in (1, 2, 3):
        shelf.put(article_id, 1, text_of(1_000))
    assert shelf.get(1) is not None
    shelf.put(4, 1, text_of(1_000))
    assert [each for each in (1, 2, 3, 4) if shelf.get(each)] == [1, 3, 4]


def test_a_text_put_again_takes_its_place_once() -> None:
    shelf = Shelf(2_500)
    shelf.put(1, 1, text_of(1_000))
    for _ in range(5):
        shelf.put(2, 1, text_of(1_000))
    assert shelf.get(1) is not None


def test_a_text_longer_than_the_shelf_is_not_kept() -> None:
    shelf = Shelf(500)
    shelf.put(1, 1, text_of(1_000))
    assert shelf.get(1) is None
    shelf.put(2, 1, text_of(300))
    assert shelf.get(2) is not None


def test_texts_without_prose_are_bounded_as_well() -> None:
    shelf = Shelf(1_000)
    for article_id in range(100):
        shelf.put(article_id, 1, text_of(0))
    assert sum(shelf.get(each) is not None for each in range(100)) == 10


def test_an_articles_revisions_are_two_texts() -> None:
    shelf = Shelf()
    shelf.put(1, 1, text_of(10))
    shelf.put(1, 2, text_of(20))
    first, second = shelf.get(1), shelf.get(1, 2)
    assert first is not None
    assert second is not None
    assert (len(first.prose), len(second.prose)) == (10, 20)
    shelf.clear()
    assert shelf.get(1) is None
