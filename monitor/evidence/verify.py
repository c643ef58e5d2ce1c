"""Check a lendwatch evidence bundle: python3 verify.py BUNDLE.zip

Stands alone: Python 3.8 or newer and nothing else; lendwatch puts this very file into each bundle.
Every byte is accounted for: the zip's own structures, each file in it, each record, each link of
the chain. Exit codes: 0 all is as it was kept, 1 something was altered or is missing (named),
2 no such file, or no command that can be understood."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
import zlib
from typing import Any, BinaryIO, Iterator, Sequence

MANIFEST = "manifest.json"
FORMAT = "lendwatch evidence bundle 1"
# No manifest or chain is longer; more would only be there to fill the memory.
MOST_TEXT = 64 * 1024 * 1024
# A page is 8 MiB at most unless the operator allowed more: beyond this nobody did.
MOST_RECORD = 256 * 1024 * 1024
_CHUNK = 1024 * 1024
_LOCAL, _CENTRAL, _END = 0x04034B50, 0x02014B50, 0x06054B50
# Stored, made by Unix, on 1980-01-01, readable by its owner: the same in every bundle.
_VERSION, _MADE_BY, _DAY, _ATTRIBUTES = 20, 3 << 8 | 20, 33, 0o100600 << 16
_WRONG = (KeyError, TypeError, AttributeError, ValueError, RecursionError, zlib.error)
# What the manifest repeats of a page, and the line of its metadata record that says the same.
_REPEATED = (("url", "canonical-url"), ("fetched_at", "fetched-at"), ("text_sha256", "text-sha256"))


def local_header(name: str, crc: int, size: int) -> bytes:
    """The bytes before a file in the zip."""
    fixed = (_LOCAL, _VERSION, 0, 0, 0, _DAY, crc, size, size, len(name), 0)
    return struct.pack("<IHHHHHIIIHH", *fixed) + name.encode()


def central_entry(name: str, crc: int, size: int, offset: int) -> bytes:
    """The line about a file in the zip's table of contents."""
    fixed = (_CENTRAL, _MADE_BY, _VERSION, 0, 0, 0, _DAY, crc, size, size, len(name), 0, 0, 0, 0)
    return struct.pack("<IHHHHHHIIIHHHHHII", *fixed, _ATTRIBUTES, offset) + name.encode()


def end_of_zip(count: int, size: int, offset: int) -> bytes:
    """The last bytes of the zip: how many files, and where their table is."""
    return struct.pack("<IHHHHIIH", _END, 0, 0, count, count, size, offset, 0)


class Altered(Exception):
    """Nothing after this can be read: the message says where and why."""


class Bundle:
    """A bundle's files, found by walking the zip byte by byte."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.places: dict[str, tuple[int, int]] = {}
        self.problems: list[str] = []

    def walk(self) -> None:
        """Find every file, and check every byte between and around them."""
        entries: list[tuple[str, int, int, int]] = []
        offset = 0
        while True:
            self.file.seek(offset)
            head = self.file.read(30)
            if len(head) < 30 or head[:4] != struct.pack("<I", _LOCAL):
                break
            crc, size, _, length = struct.unpack("<IIIH", head[14:28])
            found = head + self.file.read(length)
            name = plain(found[30:].decode("ascii", "replace"))
            wanted = local_header(name, crc, size) if name.isascii() else b""
            if found != wanted:
                at = offset + _difference(found, wanted)
                self.problems.append(f"zip header of {name}: altered at byte {at}")
            if name in self.places:
                self.problems.append(f"{name}: twice in the zip")
            self.places[name] = (offset + len(found), size)
            entries.append((name, crc, size, offset))
            offset += len(found) + size
            self._check(name, crc)
        self._check_contents_table(entries, offset)

    def read(self, name: str) -> bytes:
        """A file's content. Raises Altered when there is none, or too much of it."""
        start, size = self.places.get(name, (0, -1))
        if not 0 <= size <= MOST_TEXT:
            raise Altered(f"{name}: missing, or larger than any that lendwatch writes")
        self.file.seek(start)
        return self.file.read(size)

    def sha256(self, name: str) -> str:
        """The digest (hex) of a file's content; empty when there is no such file."""
        found = hashlib.sha256()
        for chunk in self._chunks(name):
            found.update(chunk)
        return found.hexdigest() if name in self.places else ""

    def _check(self, name: str, crc: int) -> None:
        found = 0
        for chunk in self._chunks(name):
            found = zlib.crc32(chunk, found)
        if found != crc:
            self.problems.append(f"{name}: its checksum in the zip (CRC-32) does not fit")

    def _chunks(self, name: str) -> Iterator[bytes]:
        start, left = self.places.get(name, (0, 0))
        self.file.seek(start)
        while left:
            chunk = self.file.read(min(left, _CHUNK))
            if not chunk:
                raise Altered(f"{name}: the bundle ends within it")
            yield chunk
            left -= len(chunk)

    def _check_contents_table(self, entries: list[tuple[str, int, int, int]], offset: int) -> None:
        table = b"".join(central_entry(*entry) for entry in entries if entry[0].isascii())
        wanted = table + end_of_zip(len(entries), len(table), offset)
        self.file.seek(offset)
        found = self.file.read(len(wanted) + 1)
        if found != wanted:
            at = offset + _difference(found, wanted)
            last = f"after {entries[-1][0]}" if entries else "where its first file belongs"
            self.problems.append(f"zip table of contents: altered at byte {at}, {last}")


def verify(file: BinaryIO) -> tuple[list[str], list[str]]:
    """Check the bundle open as `file`: (problems, notes), each a list of lines."""
    bundle = Bundle(file)
    notes: list[str] = []
    try:
        bundle.walk()
        manifest = _manifest(bundle)
        heads = manifest["heads"]
        days = {day: _chain(bundle, day, heads[day]) for day in sorted(heads)}
        for capture in manifest["captures"]:
            _capture(bundle, capture, days, notes)
        for day, links in days.items():
            notes.append(f"chain of {plain(day)}: {len(links)} links, head {plain(heads[day])}")
    except Altered as altered:
        return [*bundle.problems, str(altered)], []
    except _WRONG as error:
        wrong = f"{MANIFEST} or the chain: not as lendwatch writes it ({plain(repr(error))})"
        return [*bundle.problems, wrong], []
    return bundle.problems, notes


def _manifest(bundle: Bundle) -> dict[str, Any]:
    if MANIFEST not in bundle.places:
        raise Altered(f"no {MANIFEST} can be found: this is no evidence bundle, or it was cut")
    manifest: dict[str, Any] = json.loads(bundle.read(MANIFEST).decode("utf-8"))
    if manifest["format"] != FORMAT:
        raise Altered(f"{MANIFEST}: the format is not {FORMAT!r}")
    listed = manifest["files"]
    for name in sorted(set(listed) | set(bundle.places) - {MANIFEST}):
        if name not in bundle.places:
            bundle.problems.append(f"{plain(name)}: missing from the zip")
        elif name not in listed:
            bundle.problems.append(f"{name}: not in {MANIFEST}")
        elif bundle.sha256(name) != listed[name]:
            bundle.problems.append(f"{name}: its SHA-256 is not that in {MANIFEST}")
    return manifest


def _chain(bundle: Bundle, day: str, head: str) -> dict[int, Any]:
    """Check a day's links: each names the one before it, none is missing or moved."""
    name = f"chain/{plain(day)}.jsonl"
    links: dict[int, Any] = {}
    before = None
    for number, line in enumerate(bundle.read(name).split(b"\n")[:-1], 1):
        link = json.loads(line.decode("utf-8"))
        if link["number"] != number or link["day"] != day:
            there = plain(link["number"])
            bundle.problems.append(f"{name}: link {there} stands where {number} belongs")
        if before is not None and link["previous"] != before:
            bundle.problems.append(f"{name}: link {number} does not follow the one before it")
        links[number], before = link, hashlib.sha256(line).hexdigest()
    if before != head:
        bundle.problems.append(f"{name}: its last link is not the head that was noted")
    return links


def _capture(
    bundle: Bundle, capture: dict[str, Any], days: dict[str, dict[int, Any]], notes: list[str]
) -> None:
    """Check a page's records against its link in the chain."""
    day, number, name = capture["day"], capture["number"], capture["file"]
    where = f"page {plain(number)} of {plain(day)}"
    link = days[day].get(number)
    if link is None:
        bundle.problems.append(f"{where}: no such link in the chain")
        return
    if not name:
        state, gone_at = plain(capture["state"]), plain(capture["gone_at"])
        notes.append(f"{where}: its records are gone: {state} on {gone_at}")
        return
    start, size = bundle.places.get(name, (0, 0))
    position = start
    fields: dict[str, str] = {}
    for record in link["records"]:
        bundle.file.seek(position)
        stored = bundle.file.read(max(0, min(record["length"], start + size - position)))
        position += record["length"]
        kind = plain(record["type"])
        what = f"{plain(name)}: {kind} record"
        if hashlib.sha256(stored).hexdigest() != record["sha256"]:
            bundle.problems.append(f"{what}: its SHA-256 is not that in the chain")
        else:
            fields.update(_record(bundle, what, kind, stored))
    if position != start + size:
        bundle.problems.append(f"{plain(name)}: more or less in it than the chain tells of")
    _compare(bundle, capture, fields, where)
    if capture["state"] == "digest":
        notes.append(f"{where}: the site lets no copy be kept; only digests of it were")


def _record(bundle: Bundle, what: str, kind: str, stored: bytes) -> dict[str, str]:
    """Check one record from within: its type and its own digests. Gives a metadata's fields."""
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    text = reader.decompress(stored, MOST_RECORD)
    head, _, block = text.partition(b"\r\n\r\n")
    headers = _lines(head)
    length = int(headers.get("content-length", "-1"))
    block, tail = block[:length], block[length:]
    payload = block.partition(b"\r\n\r\n")[2] if kind in ("request", "response") else block
    if headers.get("warc-type") != kind or tail != b"\r\n\r\n" or not reader.eof:
        bundle.problems.append(f"{what}: not the WARC record that its link tells of")
    for name, content in (("warc-block-digest", block), ("warc-payload-digest", payload)):
        digest = base64.b32encode(hashlib.sha256(content).digest()).decode()
        if headers.get(name) != f"sha256:{digest}":
            bundle.problems.append(f"{what}: its {name} does not fit")
    return _lines(block) if kind == "metadata" else {}


def _compare(bundle: Bundle, capture: dict[str, Any], fields: dict[str, str], where: str) -> None:
    """The manifest and the text file say of a page what its chained record says."""
    for key, field in _REPEATED:
        if capture[key] != fields.get(field):
            bundle.problems.append(f"{where}: {key} in {MANIFEST} is not what its record says")
    text = capture["text"]
    if text and bundle.sha256(text) != fields.get("text-sha256"):
        bundle.problems.append(f"{plain(text)}: not the text that was read out of the page")


def _lines(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _difference(found: bytes, wanted: bytes) -> int:
    for at, (one, other) in enumerate(zip(found, wanted)):
        if one != other:
            return at
    return min(len(found), len(wanted))


def plain(text: object) -> str:
    """Text without what a terminal would obey."""
    return "".join(each if each.isprintable() else "?" for each in str(text))[:300]


def main(arguments: Sequence[str]) -> int:
    """Print what is found, give the exit code."""
    if len(arguments) != 1:
        print("usage: python3 verify.py BUNDLE.zip", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as file:
            problems, notes = verify(file)
    except OSError as error:
        print(f"{arguments[0]}: {error.strerror}", file=sys.stderr)
        return 2
    for line in (*notes, *(f"ALTERED {each}" for each in problems)):
        print(line)
    print("NOT as it was kept" if problems else "all is as it was kept")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
