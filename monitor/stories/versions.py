"""Make the versions that `monitor.changes` compares from what the stories know. Pure."""

from datetime import datetime
from typing import Protocol

from monitor.changes.diff import Version
from seeds.fold import fold_text
from seeds.match import Matches


class Text(Protocol):
    """An article, or a row of one."""

    @property
    def title(self) -> str: ...  # noqa: D102

    @property
    def body(self) -> str: ...  # noqa: D102

    @property
    def author(self) -> str | None: ...  # noqa: D102

    @property
    def published_at(self) -> datetime | str | None: ...  # noqa: D102


def version(text: Text, matches: Matches) -> Version:
    """One version of an article. `matches` tell its names and terms, which are compared as such:
    another name of the same platform is another wording."""
    counted = [each for each in matches.mentions if each.counted]
    published_at = text.published_at
    return Version(
        title=text.title,
        text=text.body,
        author=text.author,
        published_at=(
            published_at.isoformat() if isinstance(published_at, datetime) else published_at
        ),
        names={fold_text(each.surface): each.name for each in counted if each.kind == "platform"},
        terms=frozenset(fold_text(each.surface) for each in counted if each.kind == "topic"),
    )
