"""Read a YAML file into plain values that remember the line each one stands on."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from seeds.mistakes import Place, key_at, mistake_of
from seeds.problems import Mistake, Problem

Model = TypeVar("Model", bound=BaseModel)

# A thousand platforms with all their rules take about 150 kB; beyond this it is not our file.
MAX_BYTES = 4 * 1024 * 1024

_BOMS = {b"\xef\xbb\xbf": "UTF-8 with BOM", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_TAG = "tag:yaml.org,2002:"
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file as plain values. `lines` gives the line (from 1) of every key and list item.

    A file that could not be read has `value` None and says why in `problems`; problems beside a
    value (a key written twice) leave the rest usable, so that all mistakes show in one go."""

    file: str
    value: Any
    lines: Mapping[Place, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    # Values that were put in from elsewhere: the file, line and key to name for them.
    origins: Mapping[Place, tuple[str, int, str]] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Give the line of `place`, or of the nearest thing around it (for a missing key)."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, problem: str, remedy: str) -> Problem:
        """Say what is wrong at `place`, a path of keys and list indexes."""
        file, line, key = self.file, self.line(place), key_at(self.value, place)
        if place in self.origins:
            file, line, key = self.origins[place]
        return Problem(file, line, key, problem, remedy)


def read_document(path: Path) -> Document:
    """Read `path`. Never raises for what a person wrote: see `Document.problems`."""
    file = str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return _unreadable(file, 0, "no such file", "create it, or run `lendwatch init DIR`")
    except OSError as error:
        reason = error.strerror or str(error)
        return _unreadable(file, 0, reason, "make it a file that this user can read")
    return parse_document(file, raw)


# Kept for the few files a start reads two or three times: the watchlist takes 15 ms each time.
@lru_cache(maxsize=4)
def parse_document(file: str, raw: bytes) -> Document:
    """Read the bytes of a YAML file that is called `file` in messages."""
    if len(raw) > MAX_BYTES:
        size = f"{len(raw)} bytes, more than {MAX_BYTES}"
        return _unreadable(file, 0, size, "split it, or check that it is the right file")
    for bom, encoding in _BOMS.items():
        if raw.startswith(bom):
            remedy = "save it as UTF-8 without BOM (in Notepad: Save as, Encoding UTF-8)"
            return _unreadable(file, 1, f"is {encoding}", remedy)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(file, raw, error)
    return _compose(file, text)


def validate(document: Document, model: type[Model]) -> tuple[Model | None, tuple[Problem, ...]]:
    """Make a `model` of the document, or None; and all that is wrong, the file's own included."""
    if document.value is None and document.problems:
        return None, document.problems
    if document.value is None:
        remedy = f"it needs {' and '.join(_required(model)) or 'at least one key'}"
        return None, (Problem(document.file, 1, "file", "is empty", remedy),)
    try:
        made = model.model_validate(document.value)
    except ValidationError as error:
        errors = (each for each in error.errors(include_url=False) if not _follows(each))
        found = (mistake_of(each, model) for each in errors)
        wrong = tuple(document.problem(place, *mistake) for place, mistake in found)
        return None, document.problems + wrong
    return (None if document.problems else made), document.problems


def entries(document: Document, key: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Walk the mappings under `key` with their places, sound or not."""
    listed = document.value.get(key) if isinstance(document.value, Mapping) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, Mapping):
            yield (key, index), entry


def _follows(error: ErrorDetails) -> bool:
    """Tell whether an error only follows from others: pydantic counts a list's *sound* items."""
    return error["type"] == "too_short" and bool(error["input"])


def _required(model: type[BaseModel]) -> list[str]:
    return [f"`{name}:`" for name, each in model.model_fields.items() if each.is_required()]


def _unreadable(file: str, line: int, problem: str, remedy: str) -> Document:
    return Document(file, None, problems=(Problem(file, line, "file", problem, remedy),))


def _not_utf8(file: str, raw: bytes, error: UnicodeDecodeError) -> Document:
    line = raw.count(b"\n", 0, error.start) + 1
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        problem = f"is not UTF-8 (byte 0x{raw[error.start]:02x})"
        return _unreadable(file, line, problem, "save it as UTF-8 without BOM")
    remedy = f"save it as UTF-8: iconv -f GB18030 -t UTF-8 {file} > new.yaml"
    return _unreadable(file, line, "is not UTF-8; it looks like GBK", remedy)


def _compose(file: str, text: str) -> Document:
    reading = _Reading()
    try:
        root = _nodes(text)
        value = reading.read(root, ()) if root is not None else None
    except MarkedYAMLError as error:
        return Document(file, None, problems=tuple(_syntax(file, text, error)))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        character = error.character
        code = character if isinstance(character, int) else ord(character)
        problem = f"holds the invisible character U+{code:04X}"
        return _unreadable(file, line, problem, "delete it")
    except YAMLError as error:
        return _unreadable(file, 1, str(error), "write it as YAML")
    except RecursionError:
        return _unreadable(file, 1, "is nested too deeply", "write it flatter")
    problems = tuple(
        Problem(file, line, key_at(value, place), *mistake)
        for place, line, mistake in reading.mistakes
    )
    return Document(file, value, reading.lines, problems)


def _nodes(text: str) -> Node | None:
    """Compose the nodes of a document, by libyaml (7 times as fast) when it has no complaint.

    The Python parser words mistakes better, and refuses tabs where libyaml lets some pass."""
    root: Node | None
    if "\t" not in text and _is_shallow(text):
        with suppress(YAMLError):
            root = YAML(typ="safe").compose(text)
            return root
    root = YAML(typ="safe", pure=True).compose(text)
    return root


def _is_shallow(text: str) -> bool:
    """Tell that nothing can be nested deeply: libyaml's binding knows no limit, and overflows an
    8 MiB stack at 16,000 to 30,000 levels. Levels come from brackets and from columns."""
    brackets = text.count("[") + text.count("{")
    return brackets < 4_000 and max(map(len, text.splitlines()), default=0) < 1_000


def _syntax(file: str, text: str, error: MarkedYAMLError) -> Iterator[Problem]:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    column = mark.column + 1 if mark else 1
    reason = error.problem or error.context or "is not YAML"
    if "\\t" in reason:
        yield from _tabs(file, text, line, column)
        return
    begun = error.context_mark.line + 1 if error.context_mark else line
    remedy = _syntax_remedy(reason, text.splitlines()[begun - 1 : line])
    if error.context:
        remedy += f" ({error.context} from line {begun})"
    yield Problem(file, line, f"column {column}", reason, remedy)


def _syntax_remedy(reason: str, lines: list[str]) -> str:
    if any("：" in each for each in lines):
        return "the colon after a key is `:` and a space, not the full-width `：`"
    if "not allowed here" in reason:
        return "put the value in quotes, or indent the line like its neighbours"
    return "check these lines"


def _tabs(file: str, text: str, line: int, column: int) -> Iterator[Problem]:
    """Name the tab the reader stopped at and every other line that is indented with one."""
    places = {line: column}
    for number, each in enumerate(text.splitlines(), start=1):
        indent = each[: len(each) - len(each.lstrip())]
        if "\t" in indent:
            places.setdefault(number, indent.index("\t") + 1)
    for number, at in sorted(places.items()):
        yield Problem(file, number, f"column {at}", "a tab", "indent with spaces, two a level")


class _Reading:
    """Turns YAML nodes into plain values, noting lines, duplicates, tags and aliases."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.mistakes: list[tuple[Place, int, Mistake]] = []
        self._seen: set[int] = set()

    def read(self, node: Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        # An alias gives the same node again. Nine of them, nine deep, are a billion values.
        if id(node) in self._seen:
            self._wrong(node, place, "a YAML alias (*name)", "write the value out")
            return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            self._check_tag(node, place, ("seq",))
            return [self.read(each, (*place, i)) for i, each in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        self._check_tag(node, place, ("map",))
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._wrong(key_node, place, "a key that is not a word", "write `key: value`")
                continue
            key = str(key_node.value)
            at = (*place, key)
            line = key_node.start_mark.line + 1
            if key in values:
                problem = f"written twice, on lines {self.lines[at]} and {line}"
                self._wrong(key_node, at, problem, "keep one of them")
                continue
            self.lines[at] = line
            values[key] = self.read(value_node, at)
        return values

    def _scalar(self, node: Node, place: Place) -> Any:
        kind = str(node.tag).removeprefix(_TAG)
        text = str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return _BOOLEANS.get(text.lower(), text)
        if kind in {"int", "float"}:
            return _number(text, kind)
        # A date stays text: what it means is for its key to say.
        self._check_tag(node, place, ("str", "timestamp"))
        return text

    def _check_tag(self, node: Node, place: Place, allowed: tuple[str, ...]) -> None:
        kind = str(node.tag).removeprefix(_TAG)
        if kind not in allowed:
            shown = f"!!{kind}" if str(node.tag).startswith(_TAG) else kind
            self._wrong(node, place, f"the tag {shown} is refused", "write plain values only")

    def _wrong(self, node: Node, place: Place, problem: str, remedy: str) -> None:
        self.mistakes.append((place, node.start_mark.line + 1, Mistake(problem, remedy)))


def _number(text: str, kind: str) -> Any:
    plain = text.replace("_", "")
    try:
        return int(plain, 0) if kind == "int" else float(plain)
    except ValueError:
        return text  # 0123, .5e: the key's own type says what is wrong
