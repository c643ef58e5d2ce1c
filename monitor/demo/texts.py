"""The demo's articles, all written for it, and what reposting sites do to a text."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

ARTICLES = Path(__file__).parent / "articles"

# Characters that content farms of this kind annotate; see seeds/fold/ for the other direction.
ANNOTATED = "機費進審構還發應權實則護"


@dataclass(frozen=True, slots=True)
class Text:
    """One article: `published` is written as the site writes it, `paragraphs` have no markup."""

    title: str
    byline: str
    published: str
    paragraphs: tuple[str, ...]

    @property
    def author(self) -> str:
        """The byline's last word: the person, without the outlet."""
        return self.byline.rsplit(" ", maxsplit=1)[-1].removeprefix("作者:")


def read(name: str) -> Text:
    """Read `articles/NAME.txt`: title, byline and time on the first lines, then the body."""
    title, byline, published, *body = (
        (ARTICLES / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    )
    return Text(title, byline, published, tuple(line for line in body if line.strip()))


def dated(text: Text, byline: str, published: str, title: str = "") -> Text:
    """`text` as another site signs and dates it, under its own title if it has one."""
    return replace(text, byline=byline, published=published, title=title or text.title)


def traditional(text: Text) -> Text:
    """A machine-converted Traditional copy."""
    convert = OpenCC("s2t").convert
    paragraphs = tuple(convert(paragraph) for paragraph in text.paragraphs)
    return Text(convert(text.title), convert(text.byline), text.published, paragraphs)


def annotated(text: Text) -> Text:
    """A content farm's copy: readings behind characters, the word 電話 cut out of its place."""

    def annotate(match: re.Match[str]) -> str:
        character = match.group()
        return f"{character}({lazy_pinyin(character, style=Style.TONE)[0]})"

    def doctor(paragraph: str) -> str:
        return re.sub(f"[{ANNOTATED}]", annotate, paragraph.replace("電話", " "))

    return replace(text, paragraphs=tuple(map(doctor, text.paragraphs)))


def cut(text: Text, paragraphs: int) -> Text:
    """The first paragraphs only, as a brief with a link carries them."""
    return replace(text, paragraphs=text.paragraphs[:paragraphs])


def renamed(text: Text, old: str, new: str) -> Text:
    """The same prose about another platform."""
    swap = tuple(paragraph.replace(old, new) for paragraph in text.paragraphs)
    return replace(text, title=text.title.replace(old, new), paragraphs=swap)
