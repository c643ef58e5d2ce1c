"""`lendwatch demo`: run the two rounds and tell what came of them."""

import asyncio
import logging
import time
from collections.abc import Mapping
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from rich.text import Text
from sqlalchemy import Connection

from crawler.chromium import NoBrowser, find_browser
from crawler.discovery import discover
from crawler.options import CrawlOptions
from monitor.cli.alerting import decision_rows
from monitor.cli.checking import checked
from monitor.cli.discovering import show_offers
from monitor.cli.failures import UsageProblem
from monitor.cli.opening import held_store, reading_store
from monitor.cli.options import Format
from monitor.cli.printable import plain
from monitor.cli.show import console, show_rows
from monitor.config import Config
from monitor.crawls import last_crawls
from monitor.demo.rounds import ROUNDS, run_rounds
from monitor.demo.sites import SITES
from monitor.demo.web import serving
from monitor.demo.workspace import FolderInUse, write_workspace
from monitor.due import failures_in_a_row
from monitor.logs import log_to_file
from monitor.query.stories import StoriesQuery, StoryArticle, StoryView, list_stories, story

# More events than two rounds over ten sites can bring.
ALL = 500

TITLES = {site.name: site.title for site in SITES}
DISCOVERED = "weiquan"
RENDERED = {site.name: ", rendered in Chromium" for site in SITES if site.source.get("browser")}


def run_demo(folder: Path) -> None:
    """Write the workspace, run the rounds, show the result."""
    started = time.monotonic()
    browser = _has_browser()
    with serving() as web:
        try:
            write_workspace(folder, web.urls, browser=browser)
        except FolderInUse as error:
            raise UsageProblem(f"{error}") from None
        config, seeds = checked(folder)
        _say(f"A miniature web of {len(SITES)} sites runs on loopback; the workspace is {folder}/")
        if not browser:
            _say("No Chromium here: the site whose pages a script fills is left out.")
        _heading(f"What {TITLES[DISCOVERED]} offers, as `lendwatch sources discover` finds it")
        show_offers(discover(f"{web.urls[DISCOVERED]}/", config.crawl), config.timezone)
        with (
            log_to_file(folder / "logs" / "lendwatch.log", level=logging.INFO),
            held_store(config, "demo") as (engine, _),
        ):
            asyncio.run(run_rounds(engine, config, seeds, web, _tell))
    with reading_store(config) as connection:
        largest = _show_collected(connection)
        _show_failing(connection)
        _show_alerts(connection, config, folder)
    _say(f"\nDone in {time.monotonic() - started:.0f} s. Everything is in {folder}/; try:\n")
    where = f"-w {folder}"
    print(f"  lendwatch search 催收 {where}")
    print(f"  lendwatch story {largest} {where}")
    print(f"  lendwatch alerts preview {where}")


def _has_browser() -> bool:
    try:
        return bool(find_browser(CrawlOptions()))
    except NoBrowser:
        return False


def _tell(message: dict[str, Any]) -> None:
    """Show a round or the end of a crawl as it happens."""
    if message["event"] == "round":
        if message["round"] > ROUNDS:
            _heading("What failed in both rounds is asked again")
            return
        what = "the sites as they are" if message["round"] == 1 else "an hour later they changed"
        _heading(f"Round {message['round']} of {ROUNDS}: {what}")
    elif message["event"] == "finished":
        _say(f"  {message['source']:<10} {_came_of(message)}")


def _came_of(message: Mapping[str, Any]) -> str:
    """What one crawl did, or why its source failed."""
    name = message["source"]
    site = f"({TITLES.get(name, name)}{RENDERED.get(name, '')})"
    failures = ", ".join(f"{count} {name}" for name, count in message["failures"].items())
    if message["state"] == "failed":
        return f"failed: {failures}  {site}"
    return (
        f"{message['state']}: {message['articles']} collected,"
        f" {message['skipped']} mention nobody watched, {message['known']} known,"
        f" {message['unchanged']} unchanged  {site}" + (f"  failed: {failures}" if failures else "")
    )


def _show_collected(connection: Connection) -> int:
    """Show every story with the copies that joined it, and why; returns the largest one's id."""
    page = list_stories(connection, StoriesQuery(sort="oldest", limit=ALL))
    _heading(f"Collected: {page.total} stories")
    for summary in page.stories:
        found = story(connection, summary.story_id)
        if found is not None:
            _show_story(found)
    return max(page.stories, key=lambda summary: summary.article_count).story_id


def _show_story(found: StoryView) -> None:
    summary = found.summary
    about = plain([*summary.platforms, *(f"{n} ({v})" for n, v in summary.topics.items())])
    console().print(
        Text.assemble(
            (f"  story {summary.story_id:<3}", "bold"),
            (plain(summary.title), "bold"),
            f"  [{about or 'no watched platform'}]",
        )
    )
    for article in found.articles:
        console().print(Text(f"            {_copy(article, summary.story_id)}", style="dim"))


def _copy(article: StoryArticle, story_id: int) -> str:
    """Why one article stands in its story."""
    site = TITLES.get(article.source, article.source)
    if article.of is None:
        return f"{site}: first seen here"
    share = f" ({article.similarity:.0%} of the text)" if article.similarity else ""
    if article.of.story_id != story_id:
        return (
            f"{site}: a story of its own, though {article.relation} of story"
            f" {article.of.story_id}{share}"
        )
    return f"{site}: joined as {article.relation}, {article.similarity:.0%} of the text in common"


def _show_failing(connection: Connection) -> None:
    """Show the sources that an event said are failing, and why."""
    failing = [each for each in last_crawls(connection).values() if each.state == "failed"]
    _heading(f"Sources that fail: {len(failing)}")
    rows = [
        {
            "source": each.source,
            "site": TITLES.get(each.source, each.source),
            "crawls": failures_in_a_row(connection, each.source),
            "reason": plain(each.message),
        }
        for each in failing
    ]
    show_rows(rows, ("source", "site", "crawls", "reason"), Format.TABLE)


def _show_alerts(connection: Connection, config: Config, folder: Path) -> None:
    mails = sorted((folder / "mail").glob("*.eml"))
    _heading(f"Mails written: {len(mails)}, in {folder / 'mail'}")
    rows = [_mail_row(path) for path in mails]
    show_rows(rows, ("subscription", "event", "subject"), Format.TABLE)
    decisions = decision_rows(connection, config, ALL)[::-1]
    waiting = [each for each in decisions if each["route"] == "digest"]
    _heading(f"Waiting for the daily digests: {len(waiting)}")
    show_rows(waiting, ("subscription", "event", "title", "reason"), Format.TABLE)
    silent = [
        each
        for each in decisions
        if each["route"] == "none" and each["subscription"] == "collection-desk"
    ]
    _heading(f"Not mailed to collection-desk, and why: {len(silent)}")
    show_rows(silent, ("event", "title", "reason"), Format.TABLE)


def _mail_row(path: Path) -> Mapping[str, Any]:
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes(), headersonly=True)
    return {
        "subscription": mail["X-Lendwatch-Subscription"],
        "event": mail["X-Lendwatch-Event"],
        "subject": mail["Subject"],
    }


def _heading(text: str) -> None:
    console().print(Text(f"\n{text}", style="bold cyan"))


def _say(text: str) -> None:
    console().print(Text(text))
