"""The texts read last, kept in memory as they were read."""

from collections import OrderedDict

from monitor.stories.reading import Reading

# Characters of prose whose readings are kept in memory, 24 bytes each: the articles of some days,
# in which copies of a story mostly arrive, or a few of a book's length.
SHELF = 1_500_000


class Shelf:
    """The texts read last, so that a story's copies are not read again for each arrival.

    A text goes by its article and its number among the article's revisions."""

    def __init__(self, size: int = SHELF) -> None:
        self._left = self._size = size
        self._readings: OrderedDict[tuple[int, int], Reading] = OrderedDict()

    def get(self, article_id: int, number: int = 1) -> Reading | None:
        """The reading of a text, or None when it is not on the shelf."""
        reading = self._readings.get((article_id, number))
        if reading is not None:
            self._readings.move_to_end((article_id, number))
        return reading

    def put(self, article_id: int, number: int, reading: Reading) -> None:
        """Keep a reading; those unused for longest go when the shelf is full."""
        earlier = self._readings.pop((article_id, number), None)
        self._left += _weight(earlier) if earlier is not None else 0
        self._readings[article_id, number] = reading
        self._left -= _weight(reading)
        while self._left < 0:
            self._left += _weight(self._readings.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget all: after a rollback the same id may come to mean another text."""
        self._readings.clear()
        self._left = self._size


def _weight(reading: Reading) -> int:
    """What a reading takes of the shelf; one without prose takes something, too."""
    return len(reading.prose) + 100
