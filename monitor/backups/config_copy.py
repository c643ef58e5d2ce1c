"""lendwatch.yaml as it stands in a backup: without what belongs to the place it came from."""

import re
from collections.abc import Mapping
from typing import Any

from crawler.places import CONFIG_FILE
from seeds.documents import Document, parse_document
from seeds.problems import Problem, SeedError

# `database:` may hold a password, and a restored workspace must never write to the store it is a
# copy of; `seeds:` may lead out of the folder.
_LEFT_OUT = {
    "database": "left out of the backup: the store is restored beside this file",
    "seeds": "left out of the backup: they are restored in seeds/",
}


def portable(raw: bytes, file: str) -> bytes:
    """The bytes of `file`, a lendwatch.yaml without mistakes, with `database:` and `seeds:` left
    out; all other lines stay as they are. SeedError when one of them cannot be."""
    document = parse_document(file, raw)
    lines = raw.decode("utf-8").splitlines(keepends=True)
    for key, reason in _LEFT_OUT.items():
        if key in _keys(document):
            at = document.line((key,)) - 1
            lines[at] = f"# {key}: ({reason})\n"
            # A long value goes on in lines of its own, further in.
            while at + 1 < len(lines) and lines[at + 1].startswith((" ", "\t")):
                lines[at := at + 1] = "#\n"
    made = "".join(lines).encode()
    again = parse_document(file, made)
    expected = {key: each for key, each in _keys(document).items() if key not in _LEFT_OUT}
    if again.problems or _keys(again) != expected:
        raise SeedError(
            [
                document.problem((key,), "cannot be left out", "write it at the line's start")
                for key in _LEFT_OUT
                if key in _keys(document)
            ]
            or [Problem(file, 1, "file", "cannot be copied", f"look at it: {CONFIG_FILE}")]
        )
    return made


def with_database(raw: bytes, database: str) -> bytes:
    """A lendwatch.yaml from a backup, with `database:` at its end."""
    quoted = re.sub(r"(['])", r"\1\1", database)
    return raw.rstrip(b"\n") + f"\n\ndatabase: '{quoted}'\n".encode()


def _keys(document: Document) -> Mapping[str, Any]:
    return document.value if isinstance(document.value, Mapping) else {}
