"""A page as the judges of its likelihood see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from seeds.farm.phrases import PhraseKind, Phrases, phrases
from seeds.match.texts import ArticleText

# What a farm shows of itself it shows in the first and the last part of a very long text as well.
_MOST = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Search keys of the parts, the body's lines without blanks around, and the phrases found.

    `site` is where a site speaks of itself: the byline, the body and the boilerplate."""

    article: ArticleText
    title: str
    body: str
    lines: tuple[str, ...]
    site: str
    found: Mapping[PhraseKind, Phrases]
    site_found: Mapping[PhraseKind, Phrases]

    @property
    def hundreds(self) -> float:
        """The length of the body in hundreds of characters. A body of less than 150 counts as
        150: one phrase in a headline-long text is no density."""
        return max(len(self.body), 150) / 100


def read_page(article: ArticleText, byline: str) -> Page:
    """Look at an article's folded fields, and at `byline`, a search key too."""
    body = article.body.text[:_MOST]
    boilerplate = article.boilerplate.text[:_MOST]
    found = phrases(body)
    return Page(
        article=article,
        title=article.title.text.strip(),
        body=body,
        lines=tuple(line for each in body.split("\n") if (line := each.strip())),
        site=f"{byline}\n{body}\n{boilerplate}",
        found=found,
        site_found=phrases(boilerplate) if boilerplate else {},
    )
