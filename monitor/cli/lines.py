"""Read JSON lines that a person or a script wrote; a bad line is named and the rest goes on."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from monitor.cli.failures import UsageProblem

# A page of 8 MiB, the largest that is ever read, with every character escaped (\\u50ac).
LONGEST_LINE = 16 * 1024 * 1024
_CHUNK = 1024 * 1024

_KINDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


class JsonLines:
    """The objects in a file of JSON lines. `bad` counts the lines that were reported instead."""

    def __init__(
        self,
        file: str,
        keys: Sequence[str],
        optional: Sequence[str] = (),
        shapes: Mapping[str, Callable[[Any], str]] | None = None,
    ) -> None:
        """All of `keys` must be there, `optional` ones are empty where they are not; both are
        text, but for `id` and the keys in `shapes`, which say what is wrong with a value."""
        self._file = file
        self._keys = keys
        self._optional = optional
        self._shapes = shapes or {}
        self.bad = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        name = "standard input" if self._file == "-" else self._file
        with self._open() as stream:
            for number, (raw, size) in enumerate(_bounded(stream), 1):
                if not raw.strip():
                    continue
                found: dict[str, Any] = {}
                problem = _too_long(size)
                if not problem:
                    problem, found = _read(raw, self._keys, self._optional, self._shapes)
                if problem:
                    self.bad += 1
                    print(f"{name}:{number}: {problem}", file=sys.stderr)
                else:
                    yield found

    def _open(self) -> Any:
        if self._file == "-":
            return nullcontext(sys.stdin.buffer)
        try:
            return Path(self._file).open("rb")
        except OSError as error:
            raise UsageProblem(
                f"cannot read {self._file}: {error.strerror}; name a file, or - for standard input"
            ) from None


def _bounded(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Give each line, at most a byte more than `LONGEST_LINE` of it, and how long it is."""
    while raw := stream.readline(LONGEST_LINE + 1):
        size, last = len(raw), raw
        while not last.endswith(b"\n") and (last := stream.readline(_CHUNK)):
            size += len(last)
        yield raw, size


def _too_long(size: int) -> str:
    if size <= LONGEST_LINE:
        return ""
    return f"{size:,} bytes, more than {LONGEST_LINE:,}; split the text over several lines"


def _read(
    raw: bytes,
    keys: Sequence[str],
    optional: Sequence[str],
    shapes: Mapping[str, Callable[[Any], str]],
) -> tuple[str, dict[str, Any]]:
    try:
        found = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start}; convert the file to UTF-8", {}
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}; write one object a line", {}
    if not isinstance(found, dict):
        return f"{_KINDS[type(found)]}, not an object; write {{...}}", {}
    for key in optional:
        found[key] = found.get(key) or ""
    for key in (*keys, *optional):
        if key not in found:
            return f"has no {key!r}; every line needs {', '.join(keys)}", {}
        # An id may be anything.
        shape = shapes.get(key, text) if key != "id" else None
        if shape and (problem := shape(found[key])):
            return f"{key!r} {problem}", {}
    return "", found


def text(value: Any) -> str:
    """What is wrong with a value that should be text; empty when nothing is."""
    return "" if isinstance(value, str) else f"is {kind_of(value)}, not text; write it in quotes"


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    return _KINDS[type(value)]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON value")
