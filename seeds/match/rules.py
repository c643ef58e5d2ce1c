"""When a name counts: its own conditions, judged on the folded text around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seeds.fold import search_key


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that decide about one name: those that hold it must stand right on it, the others
    anywhere within `near` characters of it.

    The former are kept by the character that has to stand before or after the name, with how far
    before the name they begin: most occurrences are settled by two look-ups."""

    before: Mapping[str, tuple[tuple[str, int], ...]]
    after: Mapping[str, tuple[tuple[str, int], ...]]
    nearby: tuple[str, ...]

    @classmethod
    def about(cls, name: str, phrases: Sequence[str]) -> "Phrases":
        """Sort `phrases` by whether they hold `name`, and where; `name` itself says nothing."""
        before: dict[str, tuple[tuple[str, int], ...]] = {}
        after: dict[str, tuple[tuple[str, int], ...]] = {}
        nearby = []
        for phrase in map(search_key, phrases):
            at = phrase.find(name)
            if at < 0:
                nearby.append(phrase)
            while at >= 0 and phrase != name:
                side, character = (before, phrase[at - 1]) if at else (after, phrase[len(name)])
                side[character] = (*side.get(character, ()), (phrase, at))
                at = phrase.find(name, at + 1)
        return cls(before, after, tuple(nearby))

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.nearby)

    def found(self, text: str, start: int, end: int, near: int) -> str | None:
        """Give the first of the phrases that stands on or near text[start:end]."""
        candidates = (
            *self.before.get(text[start - 1 : start], ()),
            *self.after.get(text[end : end + 1], ()),
        )
        for phrase, at in candidates:
            if start >= at and text.startswith(phrase, start - at):
                return phrase
        if not self.nearby:
            return None
        left, right = text[max(0, start - near) : start], text[end : end + near]
        for phrase in self.nearby:
            if phrase in left or phrase in right:
                return phrase
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """One folded name with the conditions under which it counts; `owner` is its platform."""

    pattern: str
    owner: str
    needs: Phrases
    unless: Phrases
    counts_in: Phrases
    near: int

    def rejected(self, text: str, start: int, end: int) -> str | None:
        """Give the phrase for which the occurrence does not count, if there is one."""
        phrase = self.unless.found(text, start, end, self.near)
        if phrase is None or self.counts_in.found(text, start, end, self.near):
            return None
        return phrase

    def supported(self, text: str, start: int, end: int, context: str = "") -> str | None:
        """Give the word that the occurrence needs, nearby or in `context`, if there is one."""
        near = self.needs.found(text, start, end, self.near)
        if near is not None or not context:
            return near
        return next((phrase for phrase in self.needs.nearby if phrase in context), None)


def touches_a_latin_word(text: str, start: int, end: int) -> bool:
    """Tell whether text[start:end] is cut out of a Latin word or a number (1360借条)."""
    return (text[start].isascii() and _joined(text, start)) or (
        text[end - 1].isascii() and _joined(text, end)
    )


def _joined(text: str, position: int) -> bool:
    """Tell whether one Latin word or number runs across `position`."""
    sides = text[max(0, position - 1) : position + 1]
    return len(sides) == 2 and position > 0 and sides.isascii() and sides.isalnum()
