"""What the `sources` commands do beyond parsing their options."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.text import Text

from crawler.places import SECRETS_FILE
from crawler.run import Preview, preview
from monitor.cli.checking import checked, named_source
from monitor.cli.failures import UsageProblem
from monitor.cli.opening import reading_store
from monitor.cli.options import Format
from monitor.cli.printable import plain
from monitor.cli.show import console, show_json, show_rows
from monitor.config import Config
from monitor.crawls import LastCrawl, last_crawls
from monitor.due import due_times
from monitor.store.version import current_revision
from seeds.models import Seeds, Source


def show_sources(workspace: Path | None, output: Format) -> None:
    """Print every declared source with its last crawl and next due time."""
    config, seeds = checked(workspace)
    last: dict[str, LastCrawl] = {}
    due: dict[str, Any] = {}
    if current_revision(config.database) is not None:
        with reading_store(config) as connection:
            last, due = last_crawls(connection), due_times(connection)
    rows = [_row(source, last.get(source.name), due.get(source.name)) for source in seeds.sources]
    columns = ("name", "kind", "timing", "state", "last_crawl", "articles", "due", "note")
    show_rows(rows, columns, output, config.timezone)


def _row(source: Source, last: LastCrawl | None, due: Any) -> dict[str, Any]:
    state = "never crawled" if last is None else last.state
    return {
        "name": source.name,
        "kind": source.kind,
        "timing": source.cron or f"every {_span(source.every)}",
        "state": state if source.enabled else "disabled",
        "last_crawl": last.finished_at if last else None,
        "articles": last.articles if last else None,
        "due": due if source.enabled else None,
        "note": (last.message if last else "") or source.note or "",
        "url": source.url,
        "enabled": source.enabled,
        "tried": source.tried,
    }


def _span(every: timedelta | None) -> str:
    seconds = int(every.total_seconds()) if every else 0
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def show_preview(workspace: Path | None, name_or_url: str, *, limit: int, output: Format) -> int:
    """Fetch once and show; returns 1 when the source gave nothing."""
    config, seeds = checked(workspace)
    if "://" in name_or_url:
        found = _preview_url(name_or_url, limit, config, seeds)
    else:
        source = named_source(seeds, name_or_url)
        found = _preview(source.model_copy(update={"max_articles": limit}), config, seeds)
    if output is Format.JSON:
        show_json(found.model_dump(mode="json"))
    else:
        _show(found, output)
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
    secrets = config.workspace / SECRETS_FILE
    return preview(source, seeds.watchlist, config.crawl, str(secrets))


def _show(found: Preview, output: Format) -> None:
    rows = [
        {
            "outcome": page.outcome,
            "title": page.title or page.detail,
            "published": page.published_at.isoformat()[:16] if page.published_at else "no date",
            "characters": page.characters,
            "platforms": page.platforms,
            "topics": page.topics,
            "url": page.url,
        }
        for page in found.pages
    ]
    columns = ("outcome", "title", "published", "characters", "platforms", "topics", "url")
    show_rows(rows, columns, output)
    if output is not Format.TABLE:
        return
    kept = sum(page.outcome == "kept" for page in found.pages)
    lines = [f"{len(found.pages)} pages read, {kept} would be kept; nothing was stored"]
    if found.failures:
        failures = ", ".join(f"{number} {name}" for name, number in found.failures.items())
        lines.append(f"fetches that failed: {failures}")
    if found.message:
        lines.append(f"the source gave nothing: {found.message}")
    console().print(Text("\n".join(map(plain, lines)), style="dim"))
