"""How fast mentions are found: against one `re` alternation, and per article, beside one
`OpenCC("t2s").convert` of the same text.

    python -m tests.bench.bench_match

The article of ours is dense (a term every sixteen characters); real ones of the shared corpus are
as long and say less."""

import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from statistics import fmean, median

sys.path.insert(0, str(Path(__file__).parent.parent))

from ahocorasick_rs import AhoCorasick, Implementation
from opencc import OpenCC
from our_articles import BASE
from shared_corpus import SHARED, json_lines

from monitor.demo.texts import Text, annotated
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.scanner import Scanner
from tests.bench.timing import in_turn

PLATFORMS = 500
LENGTH = 1600
# What counts as long as that.
_SHORTEST, _LONGEST = 1200, 2000
CONVERT = OpenCC("t2s").convert


def names() -> list[str]:
    """500 platforms with three names each, made of the watched ones' characters."""
    characters = sorted({each for p in load_watchlist(PACKAGED).platforms for each in p.name})
    pairs = ["".join(pair) for pair in product(characters, repeat=2)]
    chosen = pairs[:: len(pairs) // PLATFORMS][:PLATFORMS]
    return [pair + tail for pair in chosen for tail in ("贷", "借款", "钱包")]


def real_articles() -> Iterator[tuple[str, str]]:
    """Titles and bodies of the shared corpus' news that are as long; none where it is absent."""
    for name in ("lending_articles", "background_singles"):
        path = SHARED / "corpus/reposts_news2018" / f"{name}.jsonl"
        for article in json_lines(path) if path.is_file() else ():
            if _SHORTEST < len(article["body"]) < _LONGEST:
                yield article["title"] or "", article["body"]


def match_real(matcher: Matcher) -> None:
    """Print the time of whole matches of real articles."""
    articles = list(real_articles())
    if not articles:
        return
    for title, body in articles:
        matcher.match(title, body)
    each_in_turn = [
        in_turn(
            lambda each=each: matcher.match(*each),  # type: ignore[misc]
            lambda each=each: CONVERT(each[1]),  # type: ignore[misc]
            calls=3,
            rounds=4,
        )
        for each in articles
    ]
    spent, opencc = zip(*each_in_turn, strict=True)
    print(
        f"match {len(articles)} real articles ({fmean(len(body) for _, body in articles):.0f}"
        f" characters): mean {fmean(spent) * 1000:.2f} ms, median {median(spent) * 1000:.2f}, longest"
        f" {max(spent) * 1000:.2f}; {fmean(spent) / fmean(opencc):.2f} of OpenCC's time"
    )


def main() -> None:
    """Print the ratio to `re`, and the time of whole matches."""
    article = "\n".join(each.body for each in BASE)[: LENGTH * 4]
    patterns = names()
    text = article + "".join(patterns[::100])
    alternation = re.compile("|".join(sorted(map(re.escape, patterns), key=len, reverse=True)))
    scanner = Scanner(patterns)
    ours = {hit.start for hit in scanner.scan(text)}
    assert {at.start() for at in alternation.finditer(text)} <= ours
    automaton = AhoCorasick(patterns, implementation=Implementation.DFA)
    naive, fast, bare = in_turn(
        lambda: alternation.findall(text),
        lambda: scanner.scan(text),
        lambda: automaton.find_matches_as_indexes(text),
    )
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
        spent, opencc = in_turn(
            lambda body=body: matcher.match("用钱宝又开始催收了", body),  # type: ignore[misc]
            lambda body=body: CONVERT(body),  # type: ignore[misc]
        )
        print(
            f"match dense article {kind} ({len(body)} characters): {spent * 1000:.2f} ms,"
            f" {spent / opencc:.2f} of OpenCC's time"
        )
    match_real(matcher)


if __name__ == "__main__":
    main()
