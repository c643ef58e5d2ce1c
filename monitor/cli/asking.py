"""Put questions to the store and show the answers."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from rich.text import Text
from sqlalchemy import Connection

from monitor.cli.answers import percent, print_article, print_hit, print_story, recycled_sign
from monitor.cli.failures import CommandFailed
from monitor.cli.naming import article_number
from monitor.cli.opening import open_config, reading_store
from monitor.cli.options import Format, PageFormat
from monitor.cli.printable import plain
from monitor.cli.show import console, show_json, show_rows
from monitor.config import Config
from monitor.query.articles import article
from monitor.query.export import export_rows, write_rows
from monitor.query.filters import resolve_platforms
from monitor.query.search import Hit, SearchQuery, search
from monitor.query.stories import StoriesQuery, StorySummary, list_stories, story

Q = TypeVar("Q", SearchQuery, StoriesQuery)

LAST_DAYS = re.compile(r"(\d{1,4})d")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user typed: a query and filters, not yet resolved."""

    text: str
    platforms: list[str] | None
    topics: list[str] | None
    sources: list[str] | None
    since: str
    until: str

    def filters(self, config: Config) -> dict[str, Any]:
        """The filters as the query side takes them."""
        return {
            "platforms": tuple(self.platforms or ()),
            "topics": tuple(self.topics or ()),
            "sources": tuple(self.sources or ()),
            "since": since_day(self.since),
            "until": self.until,
            "timezone": config.timezone,
        }


def since_day(written: str) -> str:
    """What `--since` says; `7d` becomes the moment seven days ago."""
    days = LAST_DAYS.fullmatch(written)
    if days is None:
        return written
    return (datetime.now(UTC) - timedelta(days=int(days[1]))).isoformat()


def show_search(
    workspace: Path | None, asked: Asked, *, story_only: bool, sort: str, limit: int, to: Format
) -> None:
    """Print what a search finds."""
    with _reading(workspace) as (config, connection):
        query = SearchQuery(
            text=asked.text,
            story_only=story_only,
            sort=sort,
            limit=limit,
            **asked.filters(config),
        )
        page = search(connection, _resolved(query, config))
    if not page.hits:
        _say_unknown_names(asked, config)
    if to is not Format.TABLE:
        show_rows([_row(hit, to) for hit in page.hits], _HIT_COLUMNS, to)
        return
    for hit in page.hits:
        print_hit(hit)
    shown = f"{len(page.hits)} of {page.total} articles" if page.total else "nothing found"
    console().print(Text(shown, style="dim"))


def _row(found: Hit | StorySummary, to: Format) -> dict[str, Any]:
    """A row of a list: as JSON everything, in a cell the doubts about a claimed date by name."""
    row = asdict(found)
    if to is not Format.JSON:
        row["claim_flags"] = [each.doubt for each in found.claim_flags]
    return row


_HIT_COLUMNS = (
    "article_id",
    "story_id",
    "title",
    "site",
    "source",
    "published_at",
    "claim_flags",
    "first_seen_at",
    "platforms",
    "topics",
    "farm",
    "relation",
    "novelty",
    "url",
)


def _say_unknown_names(asked: Asked, config: Config) -> None:
    """Tell a filter that was mistyped from one that holds for nothing; seeds cost 200 ms to read."""
    filters = (asked.platforms or (), asked.topics or (), asked.sources or ())
    if not any(filters):
        return
    from monitor.cli.hints import unknown_names
    from seeds.loader import read_seeds

    seeds = read_seeds(config.seeds)[0]
    for note in unknown_names(seeds, *filters) if seeds else ():
        print(f"note: {plain(note)}", file=sys.stderr)


def show_stories(
    workspace: Path | None, asked: Asked, *, recycled: bool | None, limit: int, to: Format
) -> None:
    """Print a list of stories."""
    with _reading(workspace) as (config, connection):
        query = StoriesQuery(recycled=recycled, limit=limit, **asked.filters(config))
        page = list_stories(connection, _resolved(query, config))
    if not page.stories:
        _say_unknown_names(asked, config)
    columns = (
        "story_id", "title", "relation", "article_count", "site_count",
        "platforms", "topics", "farm", "claim_flags", "novelty", "opened_at",
    )  # fmt: skip
    rows = [_row(summary, to) for summary in page.stories]
    if to is Format.TABLE:
        rows = [
            {**row, "farm": percent(row["farm"]), "novelty": recycled_sign(row["novelty"])}
            for row in rows
        ]
    show_rows(rows, columns, to, config.timezone)


def show_story(workspace: Path | None, story_id: int, *, to: PageFormat) -> None:
    """Print one story with its copies."""
    with _reading(workspace) as (config, connection):
        found = story(connection, story_id)
    if found is None:
        raise CommandFailed(f"no story {story_id}; `lendwatch stories` lists them")
    if to is PageFormat.JSON:
        show_json(asdict(found))
        return
    print_story(found, config.timezone)


def show_article(workspace: Path | None, named: str, *, to: PageFormat) -> None:
    """Print one article."""
    with _reading(workspace) as (config, connection):
        article_id = article_number(connection, named)
        found = article(connection, article_id)
    if found is None:
        raise CommandFailed(f"no article {article_id}; `lendwatch search` shows their numbers")
    if to is PageFormat.JSON:
        show_json(asdict(found))
        return
    print_article(found, config.timezone)


def write_export(workspace: Path | None, asked: Asked, form: str, to: Path | None) -> None:
    """Write every matching article to `to`, or to standard output."""
    with _reading(workspace) as (config, connection):
        query = SearchQuery(text=asked.text, sort="oldest", **asked.filters(config))
        rows = export_rows(connection, _resolved(query, config))
        if to is None:
            sys.stdout.reconfigure(  # type: ignore[union-attr]
                encoding="utf-8", errors="backslashreplace", newline=""
            )
            write_rows(rows, sys.stdout, form)
            return
        with to.open("w", encoding="utf-8", newline="") as file:
            count = write_rows(rows, file, form, bom=form == "csv")
    print(f"{count} articles written to {to}", file=sys.stderr)


@contextmanager
def _reading(workspace: Path | None) -> Iterator[tuple[Config, Connection]]:
    config = open_config(workspace, names=False)
    with reading_store(config) as connection:
        yield config, connection


def _resolved(query: Q, config: Config) -> Q:
    """`query` with platform names in any script or alias made canonical."""
    if not query.platforms:
        return query  # the watchlist costs 100 ms to read; only a platform filter needs it
    from seeds.watchlist import load_watchlist

    return resolve_platforms(query, load_watchlist(config.seeds))
