"""Thresholds that stored articles were compared with carry a number."""

from hashlib import sha256

from monitor.stories import (
    alignment,
    finder,
    first_sight,
    furniture,
    quotation,
    reading,
    relation,
    tiling,
)
from monitor.stories.method import RELATION

# The thresholds of each method. Stored articles are compared again when the method changes
# (`lendwatch recluster`): whoever changes a threshold counts RELATION up, and writes a line here.
THRESHOLDS = {2: "d8493de09d78b3c3"}


def test_other_thresholds_are_another_method() -> None:
    modules = (
        alignment, finder, first_sight, furniture, quotation, reading, relation, tiling,
    )  # fmt: skip
    told = "\n".join(
        f"{module.__name__}.{name} = {value}"
        for module in modules
        for name, value in sorted(vars(module).items())
        if name[0].isalpha()
        and name.isupper()
        and name != "METHOD"
        and isinstance(value, int | float | tuple)
    )
    assert THRESHOLDS.get(RELATION) == sha256(told.encode()).hexdigest()[:16], told
