"""What the `sources` commands do beyond parsing their options."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.table import Table
from rich.text import Text

from crawler.places import SECRETS_FILE
from crawler.preview import TRIAL, Preview, PreviewedPage, PreviewJob, preview
from monitor.cli.checking import checked, named_source
from monitor.cli.failures import UsageProblem
from monitor.cli.opening import conduct_database, reading_store
from monitor.cli.options import Format
from monitor.cli.printable import plain
from monitor.cli.show import console, counted, moment, show_json, show_rows
from monitor.config import Config
from monitor.due import due_times
from monitor.query.source_record import SourceRecord, source_records
from monitor.store.version import current_revision
from seeds.models import Seeds, Source
from seeds.times import write_duration


def show_sources(workspace: Path | None, output: Format) -> None:
    """Print every declared source with its last success and yield, last error and next run."""
    config, seeds = checked(workspace)
    records: dict[str, SourceRecord] = {}
    due: dict[str, datetime] = {}
    if current_revision(config.database) is not None:
        with reading_store(config) as connection:
            records = source_records(connection, datetime.now(UTC))
            due = due_times(connection)
    rows = [_row(each, records.get(each.name), due.get(each.name)) for each in seeds.sources]
    if output is Format.TABLE:
        _show_table(rows, config.timezone)
    else:
        show_rows(rows, _COLUMNS, output, config.timezone)


_COLUMNS = (
    "name",
    "kind",
    "timing",
    "state",
    "last_crawl",
    "last_success",
    "articles",
    "articles_7d",
    "last_error_at",
    "last_error",
    "due",
    "note",
)


def _row(source: Source, record: SourceRecord | None, due: datetime | None) -> dict[str, Any]:
    state = "never crawled" if record is None else record.state
    return {
        "name": source.name,
        "kind": source.kind,
        "timing": source.cron or f"every {write_duration(source.every or timedelta())}",
        "state": state if source.enabled else "disabled",
        "failing": record.is_failing if record else False,
        "last_crawl": record.finished_at if record else None,
        "last_success": record.succeeded_at if record else None,
        "articles": record.articles if record else None,
        "articles_7d": record.articles_in_week if record else None,
        "last_error_at": record.failed_at if record else None,
        "last_error": record.error if record else "",
        "failures": record.failures if record else 0,
        "due": due if source.enabled else None,
        "note": (record.message if record else "") or source.note or "",
        "url": source.url,
        "enabled": source.enabled,
        "tried": source.tried,
    }


def _show_table(rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    """One line a source, and below it why it fails or is off: that fits a terminal."""
    table = Table(box=None, pad_edge=False)
    for column in ("source", "kind", "timing", "last success", "yield", "7 days", "next run"):
        right = column in {"yield", "7 days"}
        table.add_column(column, justify="right" if right else "left", no_wrap=column != "source")
    out = console()
    for row in rows:
        failing, enabled = row["failing"], row["enabled"]
        style = "red" if failing and enabled else "" if enabled else "dim"
        success = "disabled" if not enabled else moment(row["last_success"], zone)[5:] or "never"
        yields = (
            "" if row[key] is None else f"{row[key]:,}" for key in ("articles", "articles_7d")
        )
        timing, due = row["timing"].removeprefix("every "), _next_run(row["due"], zone)
        table.add_row(row["name"], row["kind"], timing, success, *yields, due, style=style)
    out.print(table)
    out.print(Text(f"Times are of {zone}.", style="dim"))
    troubled = [row for row in rows if row["failing"] and row["enabled"]]
    if troubled:
        out.print(Text("\nFailing:", style="red"))
    for row in troubled:
        at = moment(row["last_error_at"], zone)[5:]
        often = f"{counted(row['failures'], 'time')} since its last success, last at {at} {zone}"
        out.print(Text(f"  {row['name']}, {often}: {plain(row['last_error'])}"))


def _next_run(due: datetime | None, zone: str) -> str:
    """When a source runs next; a time that is past waits for whoever runs it."""
    if due is not None and due <= datetime.now(UTC):
        return "due now"
    return moment(due, zone)[5:]


def show_preview(workspace: Path | None, name_or_url: str, *, limit: int, output: Format) -> int:
    """Fetch once and show; returns 1 when the source gave nothing."""
    config, seeds = checked(workspace)
    if "://" in name_or_url:
        url = name_or_url
        found = _preview_url(url, limit, config, seeds)
    else:
        source = named_source(seeds, name_or_url)
        url = source.url
        found = _preview(source.model_copy(update={"max_articles": limit}), config, seeds)
    if output is Format.JSON:
        show_json(found.model_dump(mode="json"))
    else:
        _show(found, url, output, config.timezone)
    return 0 if found.state == "finished" else 1


def _preview_url(url: str, limit: int, config: Config, seeds: Seeds) -> Preview:
    """Try a URL as what its name suggests, then as the other kinds."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageProblem(f"{url!r} is no web address; it must begin with http(s)://")
    kinds = ("sitemap", "feed") if "sitemap" in url else ("feed", "listing")
    found = None
    for kind in kinds:
        source = Source.model_validate(
            {"name": "trial", "kind": kind, "url": url, "every": "1h", "max_articles": limit}
        )
        found = _preview(source, config, seeds)
        if found.state == "finished" and found.pages:
            break
    assert found is not None
    return found


def _preview(source: Source, config: Config, seeds: Seeds) -> Preview:
    """Try a source; one that is not declared behaves under the command's name."""
    declared = any(each.name == source.name for each in seeds.sources)
    return preview(
        PreviewJob(
            source=source,
            watchlist=seeds.watchlist,
            options=config.crawl,
            secrets=str(config.workspace / SECRETS_FILE),
            database=conduct_database(config),
            conduct_of="" if declared else TRIAL,
        )
    )


def _show(found: Preview, url: str, output: Format, zone: str) -> None:
    if output is not Format.TABLE:
        columns = ("outcome", "title", "published", "characters", "platforms", "topics", "url")
        show_rows(list(map(_page_row, found.pages)), columns, output, zone)
        return
    out = console()
    out.print(Text(f"{plain(url)}\nrobots.txt: {plain(found.robots)}\n"))
    table = Table.grid(padding=(0, 2, 0, 0))
    for column in range(3):
        table.add_column(overflow="fold", no_wrap=column < 2)
    for page in found.pages:
        kept = page.outcome == "kept"
        published = moment(page.published_at, zone) or ("no date" if page.title else "")
        told = Text(plain(page.title or page.detail), style="bold" if kept else "")
        told.append(f"\n{_beside(page)}{plain(page.url)}", style="not bold dim")
        table.add_row(Text(page.outcome, style="green" if kept else ""), published, told)
    out.print(table)
    out.print(Text("\n".join(map(plain, _summary(found))), style="dim"))


def _page_row(page: PreviewedPage) -> dict[str, Any]:
    return {
        "outcome": page.outcome,
        "title": page.title or page.detail,
        "published": page.published_at,
        "characters": page.characters,
        "platforms": page.platforms,
        "topics": page.topics,
        "url": page.url,
    }


def _beside(page: PreviewedPage) -> str:
    mentioned = plain([*page.platforms, *page.topics])
    if not page.title:
        return ""
    return f"{mentioned or 'no watched platform'} · {page.characters:,} characters\n"


def _summary(found: Preview) -> list[str]:
    kept = sum(page.outcome == "kept" for page in found.pages)
    read = [page for page in found.pages if page.title]
    dated = sum(page.published_at is not None for page in read)
    pages = counted(len(found.pages), "page")
    lines = [f"{pages} read, {kept} would be kept, {dated} of {len(read)} with a date"]
    if found.failures:
        failures = ", ".join(f"{number} {name}" for name, number in found.failures.items())
        lines.append(f"fetches that gave nothing: {failures}")
    if found.message:
        lines.append(f"the source gave nothing: {found.message}")
    return [*lines, "No article was stored."]
