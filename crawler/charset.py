"""Which characters a page's bytes are, whatever its labels say.

Labels mislead in both directions (GBK called UTF-8, UTF-8 called gb2312, none at all), so the
bytes decide and the labels only break ties. UTF-7 is never decoded: it hides markup."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.common_characters import COMMON
from crawler.page import Page


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text and the charset it was read in (a name that `codecs.lookup` knows).

    `notes` says what was odd: a label that was wrong, bytes that could not be read. `utf8` is the
    text in UTF-8 where the page's bytes are that already; whoever needs them need not encode it."""

    text: str
    charset: str
    notes: tuple[str, ...] = ()
    utf8: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    origin: str  # header, meta, xml
    name: str
    codec: str


# WHATWG Encoding's labels, as far as they differ from Python's names: browsers read gb2312 as
# GB18030 and latin-1 as windows-1252, and pages are made to look right in browsers.
_LABELS = {
    "gb18030": "gb2312 gbk gb18030 x-gbk gb_2312 gb_2312-80 gb2312-80 gb-2312 gb chinese csgb2312 "
    "iso-ir-58 cp936 ms936 windows-936 euc-cn",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 csbig5 big-5 big5-eten cp950",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j ms932 csshiftjis",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "cp949": "euc-kr ks_c_5601-1987 ksc5601 ksc_5601 korean windows-949",
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 ascii us-ascii windows-1252 cp1252",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 utf-8-sig utf8mb4",
    "utf-16-le": "utf-16 utf-16le unicode csunicode ucs-2 utf16",
    "utf-16-be": "utf-16be",
}
_CODECS = {name: codec for codec, names in _LABELS.items() for name in names.split()}
_OTHERS = re.compile(r"(?:windows-|cp)125[0-8]|iso-?8859-(?:[2-9]|1[0-6])|koi8-[ru]|tis-620")
_HAN_CODECS = ("gb18030", "big5hkscs", "cp932")
_WIDE = {"utf-16-le", "utf-16-be"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<meta\b[^>]{0,512}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# A run that begins with a high byte and goes on through every byte that may be the second to
# fourth of a character (digits in GB18030, @ to ~ in GBK, Big5 and Shift_JIS).
_RUN = re.compile(rb"[\x80-\xff][0-9\x40-\xff]*")
_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
_ASCII = bytes(range(0x80))
# Enough to tell the encodings apart with certainty; 0.2 ms for all candidates.
_SAMPLE_BYTES = 6000
# UTF-8 with this share of its high bytes unreadable is still UTF-8: a page cut in mid-character,
# a comment pasted in GBK. GBK and Big5 read as UTF-8 leave more than half unreadable (corpus: .55).
_BROKEN_SHARE = 0.2
# A label is worth this much: it decides between texts that read equally well, no more.
_LABEL_BONUS = 0.08
# Share of common characters below which a text is not the language the codec is for. Right
# decodings of the corpus reach .45 to .75, wrong ones .02 to .2.
_READABLE = 0.25
# Valid UTF-8 by accident is possible for a handful of bytes only (the Notepad "联通" case).
_ACCIDENT_BYTES = 40


def decode(page: Page) -> Decoded:
    """The page's text: by byte order mark, by valid UTF-8, by what reads best."""
    body = page.body
    if page.rendered:
        return Decoded(body.decode("utf-8", "replace"), "utf-8")
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _read_as(charset, body[len(mark) :], [])
    labels, notes = _labels(page)
    if body.isascii() and b"\x00" not in body[:64]:
        return Decoded(body.decode("ascii"), "utf-8", tuple(notes), body)
    if wide := _without_mark(body, labels):
        return _read_as(wide, body, notes)
    text = _as_utf8(body, labels)
    charset = "utf-8" if text is not None else _best_legacy(body, labels)
    wrong = {label.name for label in labels if label.codec != charset and label.codec not in _WIDE}
    notes += [f"declared {name}, is {charset}" for name in sorted(wrong)]
    if text is not None and "\ufffd" not in text:
        return Decoded(text, charset, tuple(notes), body)
    return _read_as(charset, body, notes)


def codec_of(label: str) -> str | None:
    """The Python codec a charset label stands for; None for unknown ones and for UTF-7."""
    name = label.strip().lower()
    if found := _CODECS.get(name):
        return found
    if _OTHERS.fullmatch(name):
        return codecs.lookup(name).name
    return None


def _labels(page: Page) -> tuple[list[_Label], list[str]]:
    found: list[_Label] = []
    notes: list[str] = []
    for origin, name in _named(page):
        codec = codec_of(name)
        if codec is None:
            notes.append(f"{origin} names the unusable charset {name!r}")
        elif codec not in {label.codec for label in found}:
            found.append(_Label(origin, name, codec))
    return found, notes


def _named(page: Page) -> Iterator[tuple[str, str]]:
    if header := _HEADER.search(page.headers.get("content-type", "")):
        yield "header", header.group(1)
    if xml := _XML.match(page.body[:1024]):
        yield "xml", xml.group(1).decode("ascii")
    # The whole body: pages with 4 kB of scripts before their meta tag are common.
    if b"charset" in page.body and (meta := _META.search(page.body)):
        yield "meta", meta.group(1).decode("ascii")


def _without_mark(body: bytes, labels: Iterable[_Label]) -> str | None:
    """UTF-16 without its mark: every other byte of markup is NUL."""
    head = body[:64]
    if head.count(0) * 3 < len(head):
        return None
    for label in labels:
        if label.codec in _WIDE and label.origin == "header":
            return label.codec
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _as_utf8(body: bytes, labels: Iterable[_Label]) -> str | None:
    """The text when the bytes are UTF-8, but for a few broken ones; whatever the labels say."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        high = body.translate(None, _ASCII)
        replaced = high.decode("utf-8", "replace")
        broken = replaced.count("\ufffd") - high.count(b"\xef\xbf\xbd")
        return body.decode("utf-8", "replace") if broken <= _BROKEN_SHARE * len(high) else None
    if len(body) - len(text) > _ACCIDENT_BYTES:  # each character has one high byte more than that
        return text
    high = body.translate(None, _ASCII)
    if len(high) > _ACCIDENT_BYTES:
        return text
    for label in labels:
        if label.codec in _HAN_CODECS and _score(high, label.codec) > max(_READABLE, _share(text)):
            return None
    return text


def _best_legacy(body: bytes, labels: list[_Label]) -> str:
    sample = _sample(body)
    labelled = [label.codec for label in labels if label.codec not in _WIDE | {"utf-8"}]
    scores = {
        codec: _score(sample, codec) + (_LABEL_BONUS if codec in labelled else 0.0)
        for codec in dict.fromkeys([*labelled, *_HAN_CODECS])
    }
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= _READABLE and _is_multibyte(sample):
        return best
    for codec in labelled:
        if codec not in _HAN_CODECS:
            return codec
    # Single high bytes between ASCII letters are accents; pairs are Han that reads badly.
    return best if _is_multibyte(sample) else "cp1252"


def _sample(body: bytes) -> bytes:
    """The first few kilobytes of non-ASCII runs, cut where no character can be cut."""
    runs: list[bytes] = []
    size = 0
    for run in _RUN.finditer(body):
        runs.append(run.group())
        size += len(runs[-1])
        if size >= _SAMPLE_BYTES:
            break
    return b" ".join(runs)[: 4 * _SAMPLE_BYTES]


def _is_multibyte(sample: bytes) -> bool:
    high = len(sample.translate(None, _ASCII))
    return 2 * len(_HIGH_PAIR.findall(sample)) > 0.3 * high


def _score(sample: bytes, codec: str) -> float:
    """How well the sample reads in the codec: share of common characters less that of errors."""
    return _share(sample.decode(codec, "replace"))


def _share(text: str) -> float:
    foreign = [character for character in text if character > "\xff"]
    if not foreign:
        return 0.0
    common = sum(map(COMMON.__contains__, foreign))
    # Replacement and private-use characters: what a codec makes of bytes it does not know.
    wrong = sum("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in foreign)
    return (common - 3 * wrong) / len(foreign)


def _read_as(charset: str, body: bytes, notes: list[str]) -> Decoded:
    text = body.decode(charset, "replace")
    unreadable = text.count("\ufffd")
    if unreadable and (lost := unreadable - body.count(b"\xef\xbf\xbd")) > 0:
        notes = [*notes, f"{lost} unreadable characters"]
    return Decoded(text, charset, tuple(notes))
