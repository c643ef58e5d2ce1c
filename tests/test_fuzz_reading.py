"""A small run of the fuzzer of `tests/bench/fuzz_reading.py`: any text is folded and matched."""

import pytest
from bench.fuzz_reading import fuzz


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_and_mutated_texts_are_folded_and_matched(seed):
    counts, failures = fuzz(1_500, seed)
    assert failures == []
    assert counts["mutated_text"] == 600
