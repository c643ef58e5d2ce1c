"""What a proof costs, beside the relation it rests on, on the same texts.

    python -m tests.bench.bench_proof

One line a figure, processor time. The article is ours; the books are 200,000 characters each, the
longest that is compared: the same twice, shuffled by sentences, and with a tenth of the words
replaced."""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from our_articles import FARM, WATCHLIST
from repost_generator import sentences_shuffled, spun

from monitor.stories.layout import LONGEST, Text
from monitor.stories.proof import prove
from monitor.stories.reading import read
from monitor.stories.relation import relate
from seeds.match import Matcher

MATCHER = Matcher(WATCHLIST)


def text(body: str) -> Text:
    return Text("题", body, MATCHER.match("题", body))


def book() -> str:
    chance = random.Random(1)
    han = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
    sentences = ("".join(chance.choices(han, k=chance.randint(5, 60))) for _ in range(7_000))
    return "。".join(sentences)[:LONGEST]


def measure(name: str, newer: str, older: str) -> None:
    one, other = text(newer), text(older)
    started = time.process_time()
    relate(*(read(each.title, each.body, each.matches) for each in (one, other)))
    related = time.process_time()
    prove(one, other)
    proven = time.process_time() - related
    print(
        f"proof {name}: {proven * 1e3:,.0f} ms, of it {(related - started) * 1e3:,.0f} ms relation"
    )


def main() -> None:
    chance = random.Random(2)
    measure("article spun 10 %", spun(FARM.body, chance, 0.1), FARM.body)
    whole = book()
    measure("book same", whole, whole)
    measure("book shuffled", sentences_shuffled(whole, chance)[:LONGEST], whole)
    measure("book spun 10 %", spun(whole, chance, 0.1)[:LONGEST], whole)


if __name__ == "__main__":
    main()
