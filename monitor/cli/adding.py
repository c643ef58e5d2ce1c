"""What `sources add` and `sources import` do: write entries into the workspace's seeds."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from crawler.discovery import Offer
from monitor.cli.checking import checked
from monitor.cli.discovering import look_around, look_at, must_be_address, show_offers
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.printable import plain
from monitor.cli.show import counted, show_marked
from monitor.config import Config
from monitor.opml import NotOpml, OpmlEntry, read_opml
from monitor.source_names import name_for
from monitor.sources_file import Entry, PackagedSeeds, add_entries, known_as
from seeds.mistakes import did_you_mean
from seeds.models import Seeds
from seeds.problems import SeedError

EVERY = {"feed": "30m", "sitemap": "1h", "listing": "1h", "search": "6h", "page": "1d"}
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line. `keys` go into the entry as they are."""

    url: str
    name: str | None = None
    kind: str | None = None
    around: bool = False
    choice: int | None = None
    file: str = "added.yaml"
    keys: Mapping[str, Any] = field(default_factory=dict)


def add_source(workspace: Path | None, wish: Wish) -> None:
    """Write one entry, and show it."""
    config, seeds = checked(workspace)
    if not wish.around:
        _must_be_new(seeds, wish.name, wish.url)  # before anything is fetched
    offer = _chosen(config, wish)
    url = offer.url if offer else wish.url
    _must_be_new(seeds, wish.name, url)
    name = wish.name or name_for(url, {source.name for source in seeds.sources})
    kind = offer.kind if offer else wish.kind or "search"
    values = {"name": name, "title": None, "kind": kind, "url": url, **_of_offer(offer)}
    values |= {"every": EVERY[kind], **wish.keys}
    if "cron" in wish.keys:
        del values["every"]
    path, written = _write(config, wish.file, [Entry(_in_order(values), _comment(offer))])
    print(f"added {name} to {path}:\n\n{written}")
    print(f"Next:  lendwatch sources test {name}     (fetches it once, stores nothing)")
    print(
        f"       lendwatch crawl {name}            (a running `lendwatch serve` must be restarted)"
    )


def import_sources(workspace: Path | None, file: Path, *, into: str, baseline: bool) -> None:
    """Write an entry for each outline of an OPML file, and a line about each."""
    config, seeds = checked(workspace)
    try:
        outlines = read_opml(file.read_bytes())
    except NotOpml as error:
        raise UsageProblem(f"{file}: {error}") from None
    added = list(_imported(outlines, seeds, baseline=baseline))
    entries = [entry for entry, _, _ in added if entry is not None]
    path = _write(config, into, entries)[0] if entries else None
    for _, level, told in added:
        show_marked(level, told)
    where = f" to {path}" if path else ""
    print(
        f"{counted(len(outlines), 'outline')} read, {counted(len(entries), 'source')} added{where}"
    )
    if not outlines:
        raise CommandFailed(f"{file} names no feed and no page")


def _imported(
    outlines: Sequence[OpmlEntry], seeds: Seeds, *, baseline: bool
) -> Iterator[tuple[Entry | None, str, str]]:
    """For each outline its entry, or None; the mark and the words for the report."""
    names = {source.name for source in seeds.sources}
    met: dict[str, str] = {}
    for outline in outlines:
        shown = f"line {outline.line}: {plain(outline.title) or 'no title'}  {plain(outline.url)}"
        try:
            must_be_address(outline.url)
        except UsageProblem as error:
            yield (
                None,
                "fail",
                f"{shown}: refused: {str(error).removeprefix(plain(outline.url) + ': ')}",
            )
            continue
        known = known_as(outline.url, seeds.sources) or met.get(outline.url)
        if known:
            yield None, "note", f"{shown}: declared already, as {known}"
            continue
        name = name_for(outline.url, names)
        names.add(name)
        met[outline.url] = name
        kind = "feed" if outline.is_feed else "listing"
        values = {
            "name": name,
            "title": plain(outline.title)[:_LONGEST_TITLE] or None,
            "kind": kind,
            "url": outline.url,
            "every": EVERY[kind],
            "baseline": baseline,
            "tried": None,
        }
        folders = plain(" / ".join(outline.folders))
        comment = f"imported {_today()}" + (f" from {folders}" if folders else "")
        yield Entry(_in_order(values), comment), "ok", f"{shown}: added as {name}, a {kind}"


def _chosen(config: Config, wish: Wish) -> Offer | None:
    """What to declare, after a look at it; None when the command line says it all."""
    if wish.kind is not None and wish.kind not in EVERY:
        hint = did_you_mean(wish.kind, list(EVERY)) or f"write one of {', '.join(EVERY)}"
        raise UsageProblem(f"--kind {plain(wish.kind)}: no such kind; {hint}")
    must_be_address(wish.url)
    if wish.around:
        return _choice(config, wish)
    if wish.kind or "{alias}" in wish.url:
        return None
    return look_at(config, wish.url)


def _choice(config: Config, wish: Wish) -> Offer:
    found = look_around(config, wish.url)
    offers = [each for each in found.offers if each.works and wish.kind in (None, each.kind)]
    if not offers:
        show_offers(found, config.timezone)
        raise CommandFailed(f"{wish.url} offers nothing that works as a source")
    number = wish.choice
    if number is None and sys.stdin.isatty() and len(offers) > 1:
        show_offers(found.model_copy(update={"offers": tuple(offers)}), config.timezone)
        number = typer.prompt("Which one", type=int, default=1)
    number = number or 1
    if not 1 <= number <= len(offers):
        raise UsageProblem(f"--choose {number}: there are {len(offers)}; choose 1 to {len(offers)}")
    return offers[number - 1]


def _of_offer(offer: Offer | None) -> dict[str, Any]:
    """The keys that a look at the address gives."""
    if offer is None:
        return {"tried": None}
    found: dict[str, Any] = {
        "title": plain(offer.title)[:_LONGEST_TITLE] or None,
        "tried": _today(),
    }
    if offer.selector:
        found["selectors"] = {"links": offer.selector}
    return found


def _comment(offer: Offer | None) -> str:
    if offer is None:
        return f"added {_today()}, not tried yet"
    samples = "".join(f"\n  {plain(title)[:_LONGEST_TITLE]}" for title in offer.samples)
    first = "; it began with" if samples else ""
    return (
        f"added {_today()}, found by: {plain(offer.found_by)}; {offer.links} links{first}{samples}"
    )


_ORDER = (
    "name",
    "title",
    "kind",
    "url",
    "browser",
    "selectors",
    "include",
    "exclude",
    "platforms",
    "every",
    "cron",
    "timezone",
    "keep",
    "max_articles",
    "baseline",
    "enabled",
    "tried",
)


def _in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys as the packaged files order them, without those that say nothing."""
    silent = {key for key, value in values.items() if value is None and key != "tried"}
    return {key: values[key] for key in _ORDER if key in values and key not in silent}


def _must_be_new(seeds: Seeds, name: str | None, url: str) -> None:
    if name is not None and any(source.name == name for source in seeds.sources):
        raise UsageProblem(f"a source is named {name!r} already; --name gives it another name")
    known = known_as(url, seeds.sources)
    if known is not None:
        raise UsageProblem(
            f"{plain(url)} is declared already, as {known}; `lendwatch sources list` shows it"
        )


def _write(config: Config, file: str, entries: Sequence[Entry]) -> tuple[Path, str]:
    if Path(file).name != file or not file.endswith(".yaml"):
        raise UsageProblem(f"--file {file}: write the name of a file in seeds/sources: mine.yaml")
    try:
        return add_entries(config.seeds, file, entries)
    except PackagedSeeds as error:
        raise UsageProblem(f"{error}") from None
    except SeedError as error:
        wrong = "\n".join(f"  {each.key}: {each.problem}; {each.remedy}" for each in error.problems)
        raise UsageProblem(
            f"nothing was written, because the entry would be wrong:\n{wrong}"
        ) from None


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"
