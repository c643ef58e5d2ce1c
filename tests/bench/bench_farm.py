"""How well content farms are told from others: both halves of our own labelled pages."""

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from farm_pages import labelled_pages

from seeds.farm import likelihood


def area(farms: Sequence[float], others: Sequence[float]) -> float:
    """The chance that a farm's page scores higher than another one (area under the ROC curve)."""
    won = sum((one > other) + (one == other) / 2 for one in farms for other in others)
    return won / (len(farms) * len(others))


def main() -> None:
    """Print precision and recall at 0.5, and the area under the curve, of each half."""
    for half in ("dev", "held"):
        pages = [page for page in labelled_pages() if page.half == half]
        scored = [
            (page.farm, likelihood(page.title, page.body, page.boilerplate).score) for page in pages
        ]
        farms = [score for farm, score in scored if farm]
        others = [score for farm, score in scored if not farm]
        right = sum(score >= 0.5 for score in farms)
        wrong = sum(score >= 0.5 for score in others)
        print(
            f"farm {half} ({len(farms)} farm pages, {len(others)} others):"
            f" precision {right / max(1, right + wrong):.3f} recall {right / len(farms):.3f}"
            f" area {area(farms, others):.3f}"
        )


if __name__ == "__main__":
    main()
