"""Mistakes in a file a person wrote: where, what, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Mistake(NamedTuple):
    """What is wrong with one value, before anybody knows where it stands."""

    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.problem}; {self.remedy}"


class SeedError(Exception):
    """The files that say what to watch (or lendwatch.yaml) are wrong: nothing was fetched.

    Carries every problem found, not only the first, so that one edit can mend all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
