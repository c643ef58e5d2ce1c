"""One word in another's place: harmless, or another claim (tests/swaps.jsonl).

Pairs of sentences by ourselves and by strangers to the code. `wrong` marks those that are told otherwise
than they should be; what becomes right has to be unmarked, so that it stays."""

import json
from pathlib import Path

from our_articles import COURT, WATCHLIST

from monitor.changes.judged import judge
from monitor.cli.comparing import read_look
from seeds.match import Matcher

PAIRS = [
    json.loads(line)
    for line in Path(__file__).with_name("swaps.jsonl").read_text("utf-8").splitlines()
]


def look(sentence: str) -> dict[str, object]:
    """An article that has the sentence in its middle."""
    first, *rest = COURT.body.strip().split("\n\n")
    text = "\n\n".join([first, sentence, *rest])
    return {"status": 200, "title": COURT.title, "text": text, "author": "", "date": ""}


def test_one_word_in_anothers_place_is_weighed_by_what_it_claims() -> None:
    matcher = Matcher(WATCHLIST)
    wrong = set()
    for pair in PAIRS:
        judged = judge(*(read_look(look(pair[side]), matcher) for side in ("a", "b")))
        if judged.material != pair["material"]:
            wrong.add((pair["a"], pair["b"]))
    assert wrong == {(pair["a"], pair["b"]) for pair in PAIRS if pair.get("wrong")}
