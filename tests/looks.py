"""Looks at articles with what became of them, written by strangers to the code.

`looks.jsonl` was opened and its mistakes mended, each lot after it was measured blind (DESIGN 36 has the
figures). Lots that begin with G were written from the request's own words, evenly over its kinds; in the older
ones half of the harmless edits are rewritings. OC, EF to EJ and EW are our own, EW the articles of EF to EJ with
all their rewritings at once, in some of them with one claim changed. A lot that is only measured stands beside it
as `unseen_looks.jsonl`, until it is opened in its turn. `rewritings.jsonl` (HH, two strangers', by their totals
alone) has a hundred articles with some sentences told anew, once faithfully (a) and once with one claim changed
(b): what cannot be told apart yet. All are invented: what they tell of real companies never happened."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.changes.judged import judge
from monitor.cli.comparing import read_look
from seeds.match import Matcher

FOLDER = Path(__file__).parent
TUNED = FOLDER / "looks.jsonl"
UNSEEN = FOLDER / "unseen_looks.jsonl"
REWRITINGS = FOLDER / "rewritings.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """One case with what was found in it."""

    case: dict[str, Any]
    change: str
    material: bool
    summary: str

    @property
    def is_right(self) -> bool:
        """Whether kind and weight are as labelled."""
        return (self.change, self.material) == (self.case["change"], self.case["material"])


def judged(path: Path, matcher: Matcher) -> Iterator[Judged]:
    """Judge each case of a file."""
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        found = judge(*(read_look(case[side], matcher) for side in ("before", "after")))
        yield Judged(case, found.change, found.material, found.summary)
