"""Write new entries into a file of seeds/sources/. Comments and layout of the file stay."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.util import load_yaml_guess_indent

from crawler.urls import HostileUrl, canonical_url
from seeds.loader import PACKAGED, SOURCES_FOLDER, read_seeds
from seeds.models import Source
from seeds.problems import Problem, SeedError
from seeds.watchlist_files import PLATFORMS_FILE, TOPICS_FILE

DEFAULT_FILE = "added.yaml"
_HEADER = """\
# Sources added with `lendwatch sources add` and `lendwatch sources import`. Edit at will.
# What each key means: `lendwatch check --schema schemas` writes it for your editor.
"""


class PackagedSeeds(Exception):
    """The workspace has no seeds of its own to write into."""


class _AsWritten(RoundTripRepresenter):
    """Writes `null` as people do; ruamel would leave the value out."""


_AsWritten.add_representer(
    type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A source as it is to be written: its keys in their order, and a comment above them."""

    values: Mapping[str, Any]
    comment: str


def known_as(url: str, sources: Sequence[Source]) -> str | None:
    """The name of the source that has this address already, however it is written."""
    wanted = _same(url)
    return next((source.name for source in sources if _same(source.url) == wanted), None)


def add_entries(seeds: Path, file: str, added: Sequence[Entry]) -> tuple[Path, str]:
    """Add entries to the sources file called `file`, which may be new.

    Returns its path and the entries as they stand there. Everything is loaded with them first:
    SeedError names what is wrong, and then nothing was written. Raises PackagedSeeds."""
    if seeds.resolve() == PACKAGED.resolve():
        raise PackagedSeeds(
            "this workspace uses the seeds that come with lendwatch; `lendwatch init DIR` makes"
            " one with copies to edit"
        )
    path = seeds / SOURCES_FOLDER / file
    before = path.read_text("utf-8") if path.exists() else f"{_HEADER}sources:\n"
    after = with_entries(before, added)
    _must_load(seeds, file, after)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, after)
    return path, with_entries("sources:\n", added).partition("\n")[2]


def with_entries(text: str, added: Sequence[Entry]) -> str:
    """The text of a sources file with entries behind those it has."""
    document, indent, offset = load_yaml_guess_indent(text)
    yaml = YAML()
    yaml.Representer = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = 10_000  # long lines are their author's
    offset = 2 if indent is None or offset is None else offset
    yaml.indent(mapping=2, sequence=indent or 4, offset=offset)
    document = yaml.load(text)
    if document is None:
        document = CommentedMap()
    if not isinstance(document.get("sources"), CommentedSeq):
        document["sources"] = CommentedSeq()
    sequence = document["sources"]
    sequence.fa.set_block_style()
    for entry in added:
        values = CommentedMap((key, _node(value)) for key, value in entry.values.items())
        sequence.append(values)
        blank = "\n" if len(sequence) > 1 else ""
        sequence.yaml_set_comment_before_after_key(
            len(sequence) - 1, before=blank + entry.comment, indent=offset
        )
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _node(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap((key, _node(each)) for key, each in value.items())
    if isinstance(value, tuple | list):
        items = CommentedSeq(value)
        items.fa.set_flow_style()
        return items
    return value


def _must_load(seeds: Path, file: str, text: str) -> None:
    """Load a copy of the seeds with the new text in it."""
    with tempfile.TemporaryDirectory(prefix="lendwatch-seeds-") as folder:
        copy = Path(folder)
        for name in (PLATFORMS_FILE, TOPICS_FILE):
            shutil.copyfile(seeds / name, copy / name)
        (copy / SOURCES_FOLDER).mkdir()
        for path in (seeds / SOURCES_FOLDER).glob("*.y*ml"):
            shutil.copyfile(path, copy / SOURCES_FOLDER / path.name)
        (copy / SOURCES_FOLDER / file).write_text(text, encoding="utf-8")
        _, problems = read_seeds(copy)
        if problems:
            raise SeedError(list(_as_in(seeds, copy, problems)))


def _as_in(seeds: Path, copy: Path, problems: Sequence[Problem]) -> Iterator[Problem]:
    for each in problems:
        yield Problem(
            each.file.replace(str(copy), str(seeds)),
            each.line,
            each.key,
            each.problem.replace(str(copy), str(seeds)),
            each.remedy,
        )


def _replace(path: Path, text: str) -> None:
    """Write all of it or nothing: a full disk leaves the old file."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".", suffix=".new", delete=False
    ) as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new = Path(stream.name)
    new.chmod(path.stat().st_mode if path.exists() else 0o644)
    new.replace(path)


def _same(url: str) -> str:
    try:
        return canonical_url(url.replace("{alias}", "alias")).rstrip("/")
    except HostileUrl:
        return url
