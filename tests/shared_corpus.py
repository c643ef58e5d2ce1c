"""Find the third-party corpus, which is never committed: tests that need it skip without it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("LENDWATCH_SHARED", Path(__file__).parents[2] / "shared"))


def shared_file(name: str) -> Path:
    """A file of the corpus; skips the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared corpus has no {name} here")
    return path


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
