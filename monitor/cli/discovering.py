"""What `sources discover` does: look around on a site, and show what could be a source."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from rich.table import Table
from rich.text import Text

from crawler.discovery import Discovery, Offer, discover
from monitor.cli.checking import checked, must_name_contact
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.opening import conduct_database
from monitor.cli.printable import plain
from monitor.cli.show import console, counted, moment, show_json
from monitor.config import Config
from seeds.addresses import url_mistake

_THINGS = {"feed": "entry", "sitemap": "address", "listing": "article"}
_PLURALS = {"feed": "entries", "sitemap": "addresses", "listing": "articles"}


def show_discovery(workspace: Path | None, url: str, *, as_json: bool) -> int:
    """Look around and show; returns 1 when nothing works."""
    config, _ = checked(workspace)
    found = look_around(config, url)
    if as_json:
        show_json(found.model_dump(mode="json"))
    else:
        show_offers(found, config.timezone)
        _next_step(found)
    return 0 if any(offer.works for offer in found.offers) else 1


def look_around(config: Config, url: str) -> Discovery:
    """What the site at `url` offers. Raises UsageProblem for what is no address."""
    must_be_address(url)
    must_name_contact(config)
    if sys.stderr.isatty():
        pause = f"{config.crawl.delay.total_seconds():g}"
        print(
            f"looking around on {urlsplit(url).netloc}, a request each {pause} s …", file=sys.stderr
        )
    return discover(url, config.crawl, database=conduct_database(config))


def look_at(config: Config, url: str) -> Offer:
    """What `url` itself is. Raises CommandFailed when it is no source."""
    must_be_address(url)
    must_name_contact(config)
    found = discover(url, config.crawl, around=False, database=conduct_database(config))
    if found.message:
        raise CommandFailed(f"{url}: {plain(found.message)}; --kind adds it untried")
    (offer,) = found.offers
    if not offer.works:
        raise CommandFailed(
            f"{url} is no feed and no sitemap, and {plain(offer.detail)}; --kind adds it as it is,"
            " `lendwatch sources discover` looks around"
        )
    return offer


def must_be_address(url: str) -> None:
    """Refuse what can be no source's address, with the remedy."""
    wrong = url_mistake(url, search="{alias}" in url)
    if wrong is not None:
        raise UsageProblem(f"{plain(url)}: {wrong.problem}; {wrong.remedy}")


def show_offers(found: Discovery, zone: str) -> None:
    """Print each offer with its number, those that do not work below."""
    out = console()
    requests = counted(found.requests, "request")
    out.print(Text(f"{plain(found.url)}\nrobots.txt: {plain(found.robots)} ({requests} made)\n"))
    if found.message:
        out.print(Text(f"nothing could be looked at: {plain(found.message)}", style="red"))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column()
    table.add_column(overflow="fold")
    for number, offer in enumerate(found.offers, 1):
        mark = Text(str(number), style="bold") if offer.works else Text("✗", style="red")
        table.add_row(mark, offer.kind, _described(offer, zone))
    out.print(table)


def _described(offer: Offer, zone: str) -> Text:
    told = Text(plain(offer.url), style="bold" if offer.works else "")
    if not offer.works:
        told.append(f"\n{offer.outcome}: {plain(offer.detail)}\n", style="dim")
        return told
    number = f"{offer.links:,} {(_THINGS if offer.links == 1 else _PLURALS)[offer.kind]}"
    newest = f"newest {moment(offer.newest, zone)}" if offer.newest else ""
    parts = (plain(offer.title), number, newest, plain(offer.detail), plain(offer.found_by))
    told.append("\n" + " · ".join(filter(None, parts)), style="dim")
    if offer.selector:
        told.append(f"\nselectors.links: {plain(offer.selector)}", style="cyan")
    for title in offer.samples:
        told.append(f"\n  {plain(title)}", style="not bold")
    told.append("\n")
    return told


def _next_step(found: Discovery) -> None:
    if any(offer.works for offer in found.offers):
        print(f"Declare one:  lendwatch sources add '{plain(found.url)}' --discover --choose 1")
    elif not found.message:
        print("Nothing here works as a source. A section's own address may; so may a site search.")
