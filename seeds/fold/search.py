"""The search key: one letter for words that pages write in two ways and t2s keeps apart.

For finding only, in the full-text index, in names and in terms; a folded text stays exactly what
OpenCC's t2s makes of it, because the edit history and the fingerprints compare that."""

import re

_LETTERS = {
    ord(written): one
    for written, one in zip(
        "著祇帐乾瞭藉徵覆麽妳牠馀喫佔", "着只账干了借征复么你它余吃占", strict=True
    )
}
_LETTER = re.compile(f"[{''.join(map(chr, _LETTERS))}]")


def loosened(folded: str) -> str:
    """Make the search key of a text that is folded already."""
    # A table that lacks most characters is slow to translate by, and most texts have none.
    return _LETTER.sub(_one, folded)


def _one(found: re.Match[str]) -> str:
    return _LETTERS[ord(found[0])]
