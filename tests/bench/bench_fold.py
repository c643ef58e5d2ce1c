"""What folding costs, beside one `OpenCC("t2s").convert` call on the same text.

    python -m tests.bench.bench_fold

One line a figure. Processor time, the least of 150 calls, in turn in the same process. The texts are
our own (annotated, Traditional, Simplified) and, where the shared corpus is there, the seed article
in the same three dresses."""

import random
import re
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from opencc import OpenCC
from our_articles import FARM
from repost_generator import annotated
from shared_corpus import SHARED

from seeds.fold import fold, fold_text
from tests.bench.timing import in_turn, seconds

CONVERT = OpenCC("t2s").convert
TO_TRADITIONAL = OpenCC("s2t").convert
_ANNOTATION = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+\)")


def texts() -> Iterator[tuple[str, str]]:
    """Each text with its name."""
    traditional = TO_TRADITIONAL(FARM.body * 2)
    yield "ours annotated", annotated(traditional, random.Random(1), 0.08)
    yield "ours traditional", traditional
    yield "ours simplified", FARM.body * 2
    seed = SHARED / "seed/article.txt"
    if seed.is_file():
        text = seed.read_text("utf-8")
        plain = _ANNOTATION.sub("", text)
        yield "seed annotated", text
        yield "seed traditional", plain
        yield "seed simplified", CONVERT(plain)
        yield "seed full-width brackets", text.translate(str.maketrans("(),", "（），"))
        yield "seed with emoji, &nbsp; and zero-width", f"😀{plain}&nbsp;\u200b"


def microseconds(work: Callable[[], object], times: int) -> float:
    return seconds(work, times) * 1e6


def kilobytes(text: str) -> float:
    """What one folded text holds beside its two texts, before and unless offsets are asked for."""
    fold(text)  # fills the tables
    tracemalloc.start()
    folded = fold(text)
    held = tracemalloc.get_traced_memory()[0]
    if folded.text is not text:
        held -= sys.getsizeof(folded.text)
    tracemalloc.stop()
    return held / 1024


def main() -> None:
    for name, text in texts():
        spent = in_turn(
            lambda text=text: CONVERT(text),  # type: ignore[misc]
            lambda text=text: fold(text),  # type: ignore[misc]
            lambda text=text: fold_text(text),  # type: ignore[misc]
        )
        opencc, with_offsets, without = (each * 1e6 for each in spent)
        folded = fold(text)
        print(
            f"fold {name} ({len(text)} characters, {folded.annotations} annotations):"
            f" fold {with_offsets:.0f} µs ({opencc / with_offsets:.1f} × OpenCC, {opencc:.0f} µs),"
            f" fold_text {without:.0f} µs ({opencc / without:.1f} ×),"
            f" {kilobytes(text):.1f} kB held"
        )
        if folded.annotations:
            one = microseconds(lambda folded=folded: folded.offsets[len(folded.text) // 2], 1_000)
            every = microseconds(lambda folded=folded: list(folded.offsets), 30)
            counted = microseconds(lambda folded=folded: folded.signals, 30)
            print(
                f"fold {name}: one offset {one:.2f} µs, all offsets {every:.0f} µs,"
                f" signals {counted:.0f} µs"
            )


if __name__ == "__main__":
    main()
