"""Fold and match very many random and mutated texts: nothing throws, nothing hangs.

    python -m tests.bench.fuzz_reading --texts 1000000 --seed 1

For each text: both folds agree, folding twice changes nothing, offsets grow and end at the text's
length, every mention of the packaged watchlist lies where it says. A text may take the processor
20 ms and 50 µs a character. Prints counts, and how far it came meanwhile; exits 1 with the first texts
that failed."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from opencc import OpenCC
from our_articles import ALL

from seeds.fold import fold, fold_text
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher, Matches

MATCHER = Matcher(load_watchlist(PACKAGED))
_TO_TRADITIONAL = OpenCC("s2t").convert
ARTICLES = [text for article in ALL for text in (article.body, _TO_TRADITIONAL(article.body))]
PIECES = (
    "(jī)", "（jī）", "[ji1]", "<jī>", "( j ī )", "jī", "(ㄐㄧ)", "ㄑㄧㄢˊ", "(yòng qián bǎo)", "(yongqianbao)",
    "(AI)", "(user)", "机(jī", "&amp;", "&amp;amp;lt;", "&nbsp", "&#29992;", "&#x", "&am&shy;p;", "<rt>", "</rt>",
    "<ruby>", "</ruby>", "<rp>(</rp>", "<rb", "\u200b", "\u00ad", "\ufeff", "\u202e", "\ufe0f", "\u0301", "e\u0301",
    "\u1112\u1161", "\r\n", "\t", "\u3000", " ", "  ", "…", "⑩", "①", "ＡＰＰ", "İ", "ß", "\ud800", "\U00020bb6", "😀",
    "用錢寶", "用钱宝", "借呗", "360借条", "花呗", "催收", "崔收", "催.收", "cui收", "从未委托催收", "爆通讯录", "延伸閱讀", "乾隆",
    "幺麼", "著", "((((", "))))", "[[[", "《", "》", "\n", "\n\n", "标签:", "1.1 ", "“", "”",
)  # fmt: skip
_RANGES = (
    (0x20, 0x7E), (0x4E00, 0x9FFF), (0x4E00, 0x9FFF), (0x3000, 0x312F), (0xFF00, 0xFFEF), (0x2000, 0x206F),
    (0xA0, 0x24F), (0x300, 0x36F), (0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x1100, 0x11FF), (0, 0x10FFFF), (0, 0x2FFF),
)  # fmt: skip
_LONGEST = 400
_SECONDS = 0.02
_SECONDS_A_CHARACTER = 50e-6
_MOST_SHOWN = 10
_TOLD_EVERY = 10_000


def random_text(chance: random.Random) -> str:
    """Characters of any kind, surrogates included."""
    kinds = chance.choices(_RANGES, k=chance.randint(1, 4))
    length = chance.randint(0, 60)
    return "".join(chr(chance.randint(*chance.choice(kinds))) for _ in range(length))


def spliced_text(chance: random.Random) -> str:
    """Nothing but what the fold and the rules look for."""
    return "".join(chance.choices(PIECES, k=chance.randint(1, 16)))


def mutated_text(chance: random.Random) -> str:
    """A stretch of an article of ours with pieces put in, taken out and doubled."""
    article = chance.choice(ARTICLES)
    start = chance.randrange(len(article))
    text = article[start : start + chance.randint(10, _LONGEST)]
    for _ in range(chance.randint(1, 12)):
        at = chance.randint(0, len(text))
        end = at + chance.choice((0, 0, 0, 1, 3))
        new = chance.choice((chance.choice(PIECES), random_text(chance)[:3], text[at : at + 5]))
        text = text[:at] + new + text[end:]
    return text


def nested_text(chance: random.Random) -> str:
    """One thing very often, or brackets in brackets."""
    piece = chance.choice(PIECES)
    times = chance.randint(1, 80)
    return chance.choice(("機", "", "用錢寶")) + piece * times + chance.choice(PIECES) * times


KINDS = (random_text, spliced_text, mutated_text, mutated_text, nested_text)


def texts(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many texts, each with its kind."""
    chance = random.Random(seed)
    for index in range(count):
        make = KINDS[index % len(KINDS)]
        yield make.__name__, make(chance)


def timed_match(text: str) -> tuple[float, Matches]:
    """Fold and match a text; the seconds that took."""
    started = time.process_time()
    matches = MATCHER.match(text[:40], text)
    return time.process_time() - started, matches


def mistakes(text: str) -> list[str]:
    """What went wrong with one text."""
    found = []
    folded = fold(text)
    seconds, matches = timed_match(text)
    allowed = _SECONDS + _SECONDS_A_CHARACTER * len(text)
    if seconds > allowed:
        # Once more: the garbage collector's pause is not the text's.
        seconds, matches = timed_match(text)
    offsets = list(folded.offsets)
    if folded.text != fold_text(text):
        found.append("the two folds differ")
    if fold_text(folded.text) != folded.text:
        found.append("folding twice changes it")
    if len(offsets) != len(folded.text) + 1 or offsets != sorted(offsets):
        found.append("offsets do not grow")
    if offsets[-1] != len(text) or any(not 0 <= at < len(text) for at in offsets[:-1]):
        found.append("offsets leave the text")
    for mention in matches.mentions:
        whole = text[:40] if mention.field == "title" else text
        if not mention.surface or whole[mention.start : mention.end] != mention.surface:
            found.append(f"a mention is elsewhere: {mention}")
    if seconds > allowed:
        found.append(f"slow: {seconds * 1000:.0f} ms")
    return found


def fuzz(count: int, seed: int) -> tuple[Counter[str], list[tuple[str, str]]]:
    """Read so many texts: counts by kind, and the texts that failed with what happened."""
    counts: Counter[str] = Counter()
    failures = []
    for done, (kind, text) in enumerate(texts(count, seed)):
        if done and done % _TOLD_EVERY == 0:
            print(f"{done} of {count} texts, {len(failures)} failures", file=sys.stderr, flush=True)
        counts[kind] += 1
        counts["characters"] += len(text)
        try:
            wrong = mistakes(text)
        except Exception as error:  # noqa: BLE001 - whatever is thrown is what we look for
            wrong = [f"{type(error).__name__}: {error}"]
        failures += [(each, text) for each in wrong]
    return counts, failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    started = time.process_time()
    counts, failures = fuzz(wanted.texts, wanted.seed)
    seconds = time.process_time() - started
    print(
        f"fuzz reading: {wanted.texts} texts, {counts.pop('characters')} characters,"
        f" {len(failures)} failures, {seconds:.0f} s ({seconds / max(1, wanted.texts) * 1e6:.0f} µs a"
        f" text, making and checking included); {dict(counts)}"
    )
    for wrong, text in failures[:_MOST_SHOWN]:
        print(f"{wrong}: {text!r}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
