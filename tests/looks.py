"""Looks at articles with what became of them, written by strangers to the code.

`looks.jsonl` was opened and its mistakes mended, the last lots after they were measured blind: of
ninety (AA2) kinds .967 right, 6 told as material that are not, 7 missed; of eighty (AA4) .963, 6 and
1. Our own lot (OC, rewritings above all) was written before the judging code was read, half of it
kept unseen: of those 73 .986, 19 and 5 at first, 1.0, 11 and 3 when measured, then opened. Of a
stranger's ninety (DD2) kinds were .989, 17 and 2 at first, .989, 11 and 1 when measured; of another's sixty
(DD3), measured once, .950, 6 and none. Of
our own EF to EJ (310), each measured before its mistakes were looked into, 27 were told as material
that are not and 31 missed; EW are their articles with all rewritings at once, in some of them with
one claim changed. Of a stranger's ninety (EE1) kinds were .978, 6 and 3 when measured, then opened.
Of two
more (EE2 of 80, FF1 of 80) the totals were seen some ten times, their mistakes once, after which
nothing was changed: they are unseen still. A lot that is only measured stands
beside it as `unseen_looks.jsonl`, until it is opened in its turn. All are invented: what they tell of
real companies never happened."""

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
