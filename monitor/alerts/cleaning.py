"""Make page text fit to stand in a header or a line of a mail. Pure."""

import re
import unicodedata

# Controls, format characters (bidi overrides, zero-width, soft hyphen, tags), surrogates, private
# use and unassigned code points: none shows anything a reader should see.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")
# What starts an encoded word (RFC 2047); EmailMessage decodes one it finds in a header's value.
_ENCODED_WORD = re.compile(r"=(?=\?)")


def visible(text: str) -> str:
    """Drop what cannot be seen; line ends and tabs stay as spaces would read."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in _SPACES.sub(_space, text)
        if character == "\n" or unicodedata.category(character) not in _INVISIBLE
    )


def one_line(text: str, limit: int) -> str:
    """Give `text` as one line of at most `limit` visible characters, cut with an ellipsis."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def header_text(text: str, limit: int) -> str:
    """Give `text` as a header's value that reads the same whatever it tries to be.

    Breaks up encoded words: a title `=?utf-8?q?x=0ABcc:_evil@example.com?=` is a title."""
    return one_line(_ENCODED_WORD.sub("= ", visible(text)), limit)


def _space(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " "
