"""How fast mentions are found: against one `re` alternation, and per article."""

import re
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from ahocorasick_rs import AhoCorasick, Implementation
from opencc import OpenCC
from our_articles import BASE

from monitor.demo.texts import Text, annotated
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.scanner import Scanner
from tests.bench.timing import seconds

PLATFORMS = 500
LENGTH = 1600


def names() -> list[str]:
    """500 platforms with three names each, made of the watched ones' characters."""
    characters = sorted({each for p in load_watchlist(PACKAGED).platforms for each in p.name})
    pairs = ["".join(pair) for pair in product(characters, repeat=2)]
    chosen = pairs[:: len(pairs) // PLATFORMS][:PLATFORMS]
    return [pair + tail for pair in chosen for tail in ("贷", "借款", "钱包")]


def main() -> None:
    """Print the ratio to `re`, and the time of whole matches."""
    article = "\n".join(each.body for each in BASE)[: LENGTH * 4]
    patterns = names()
    text = article + "".join(patterns[::100])
    alternation = re.compile("|".join(sorted(map(re.escape, patterns), key=len, reverse=True)))
    scanner = Scanner(patterns)
    ours = {hit.start for hit in scanner.scan(text)}
    assert {at.start() for at in alternation.finditer(text)} <= ours
    naive = seconds(lambda: alternation.findall(text), 3)
    fast = seconds(lambda: scanner.scan(text), 3)
    automaton = AhoCorasick(patterns, implementation=Implementation.DFA)
    bare = seconds(lambda: automaton.find_matches_as_indexes(text), 3)
    print(f"match automaton of {len(patterns)} names: {naive / bare:.1f}x re alternation")
    print(
        f"match scan of {len(patterns)} names: {naive / fast:.1f}x re alternation,"
        " broken and disguised names included"
    )
    matcher = Matcher(load_watchlist(PACKAGED))
    plain = article[:LENGTH]
    traditional = OpenCC("s2t").convert(plain)
    kinds = {
        "simplified": plain,
        "traditional": traditional,
        "annotated": annotated(Text("", "", "", (traditional,))).paragraphs[0],
    }
    for kind, body in kinds.items():
        spent = seconds(lambda body=body: matcher.match("用钱宝又开始催收了", body), 3)  # type: ignore[misc]
        print(f"match article {kind} ({len(body)} characters): {spent * 1000:.2f} ms")


if __name__ == "__main__":
    main()
