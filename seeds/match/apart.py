"""Texts whose characters are all kept apart by signs: 我.妈.今.天.被.打.了, 人‖人‖贷."""

from collections.abc import Iterable, Iterator, Sequence
from operator import sub

from seeds.match.traces import SEPARATES, Span

# So many characters in a row, each alone between two separators, are no list of names.
_FEWEST = 5
# Of what stands between them, so many steps of two places are a row.
_ROW = bytes([True] * (_FEWEST - 2))


def put_together(text: str, runs: Iterable[Span]) -> tuple[str, Sequence[int]] | None:
    """Give a folded text without the signs between characters that are all kept apart, and where
    each of its characters stood; None for an ordinary text. `runs` are its special runs."""
    singles = [start for start, end in runs if end - start == 1]
    # Ordinary texts have no such row even of what may not be a separator.
    if _ROW not in bytes([step == 2 for step in map(sub, singles[1:], singles)]):
        return None
    gaps = {place for row in _rows(text, singles) for place in row}
    if not gaps:
        return None
    places = [place for place in range(len(text)) if place not in gaps]
    return "".join(text[place] for place in places), places


def _rows(text: str, singles: Iterable[int]) -> Iterator[list[int]]:
    """Give the places of the separators, among special characters by themselves, of each row of
    characters that stand alone."""
    row: list[int] = []
    for start in singles:
        if _between(text, start):
            if row and start - row[-1] == 2:
                row.append(start)
                continue
            if len(row) >= _FEWEST - 1:
                yield row
            row = [start]
    if len(row) >= _FEWEST - 1:
        yield row


def _between(text: str, place: int) -> bool:
    """Tell whether a separator stands between two Han characters."""
    sides = text[place - 1 : place], text[place + 1 : place + 2]
    return bool(SEPARATES.match(text[place])) and all("㐀" <= side <= "鿿" for side in sides)
