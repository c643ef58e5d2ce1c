"""Look at everything lendwatch needs on this machine, and say what to do about what is missing."""

import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from crawler.chromium import NoBrowser, find_browser
from crawler.log.engine import open_engine
from crawler.log.tables import ArticleLogRow
from monitor.config import Config
from monitor.health import health
from monitor.lock import holder
from monitor.recluster import fingerprints_behind
from monitor.rematch import articles_behind
from monitor.store.models import IntakeFailureRow
from monitor.store.problems import StoreError
from monitor.store.version import HEAD, current_revision, is_postgres, place, refuse_newer
from seeds.match.edition import edition
from seeds.models import Seeds

# Two connections that checkpoint a WAL database at once can corrupt it in these versions; ours
# never do (crawler/log/engine.py), but other programs that open the file might.
WAL_FIXED = (3, 51, 3)

# An article takes about 15 kB in the store and 30 kB of evidence; below this a busy week may not
# fit.
FREE_BYTES = 500 * 1024 * 1024

# Articles that could not be taken in; what ails one ails the others, as a rule.
FAILURES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` is empty when it is well."""

    level: Literal["ok", "note", "fail"]
    what: str
    remedy: str = ""


def examine(config: Config, seeds: Seeds) -> Iterator[Finding]:
    """Look at one thing after another; each finding is yielded as soon as it is known."""
    yield Finding("ok", f"Python {sys.version.split()[0]}, workspace {config.workspace}")
    yield _contact(config)
    yield from _store(config, seeds)
    yield _disk(config.workspace)
    yield _mail(config)
    yield from _webhooks(config)
    yield _browser(config, seeds)


def _contact(config: Config) -> Finding:
    if config.crawl.contact:
        return Finding("ok", f"the crawler names its contact: {config.crawl.contact}")
    return Finding(
        "fail",
        "crawl.contact is empty",
        "set it in lendwatch.yaml to an address or page where a site's owner reaches you",
    )


def _store(config: Config, seeds: Seeds) -> Iterator[Finding]:
    where = place(config.database)
    try:
        revision = current_revision(config.database)
        refuse_newer(revision, config.database)
    except StoreError as error:
        yield Finding("fail", str(error), "see the message")
        return
    if revision is None:
        yield Finding("note", f"{where}: no store yet", "the first `lendwatch crawl` makes it")
        return
    if revision != HEAD:
        yield Finding("note", f"{where}: schema {revision}", f"the next crawl makes it {HEAD}")
        return
    engine = open_engine(config.database)
    try:
        running = holder(engine)
        with engine.connect() as connection:
            reader = connection.execution_options(lendwatch_read=True)
            yield from _content(reader, where)
            yield from _read_otherwise(reader, seeds)
            yield from _compared_otherwise(reader)
    except DBAPIError as error:
        yield Finding("fail", f"{where}: {error.orig}", "restore the newest file in backups/")
        return
    finally:
        engine.dispose()
    at_work = f"`lendwatch {running.task}` runs: {running}" if running else "nobody serves it"
    yield Finding("ok", at_work)
    if not is_postgres(engine.url):
        yield _sqlite_version()


def _content(connection: Connection, where: str) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        state = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        if state != "ok":
            yield Finding("fail", f"{where}: {state}", "restore the newest file in backups/")
            return
    state_now = health(connection, datetime.now(UTC))
    yield Finding("ok", f"{where}: schema {HEAD}, readable and whole")
    yield from _not_taken_in(connection)
    for problem in state_now.problems:
        yield Finding("note", problem, "`lendwatch sources list` shows each source's last crawl")


def _not_taken_in(connection: Connection) -> Iterator[Finding]:
    """The newest articles that the intake failed on: `health` only counts them."""
    newest = (
        select(IntakeFailureRow.error, ArticleLogRow.url)
        .join(ArticleLogRow, ArticleLogRow.id == IntakeFailureRow.log_id)
        .order_by(IntakeFailureRow.log_id.desc())
        .limit(FAILURES_SHOWN)
    )
    for row in connection.execute(newest):
        reason = row.error.strip().splitlines()[-1]
        remedy = "a mistake in lendwatch: report it with this line; the page is kept in the log"
        yield Finding("fail", f"{row.url} could not be taken in: {reason}", remedy)


def _read_otherwise(connection: Connection, seeds: Seeds) -> Iterator[Finding]:
    """Articles whose labels are those of a watchlist that was changed since."""
    behind = articles_behind(connection, edition(seeds.watchlist))
    if behind:
        were = "article was" if behind == 1 else "articles were"
        what = f"{behind} {were} read with another watchlist or an older lendwatch"
        yield Finding("note", what, "`lendwatch rematch` shows what would change")


def _compared_otherwise(connection: Connection) -> Iterator[Finding]:
    """Articles that new ones cannot be compared with, or not rightly."""
    behind = fingerprints_behind(connection)
    if behind:
        have = "article has" if behind == 1 else "articles have"
        what = f"{behind} {have} no fingerprint of today's method: copies of them may be missed"
        yield Finding("note", what, "run `lendwatch recluster`: it shows what would change")


def _sqlite_version() -> Finding:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= WAL_FIXED:
        return Finding("ok", f"SQLite {version}")
    return Finding(
        "ok", f"SQLite {version} (before 3.51.3: let no other program write to the store)"
    )


def _disk(workspace: Path) -> Finding:
    free = shutil.disk_usage(workspace).free
    size = f"{free / 1e9:.1f} GB free on the workspace's disk"
    if free >= FREE_BYTES:
        return Finding("ok", size)
    return Finding("fail", size, "make room: a full disk stops collecting (nothing is lost)")


def _mail(config: Config) -> Finding:
    mail = config.mail
    if not mail.host:
        return Finding("ok", f"no mail server: alerts become .eml files in {config.workspace}/mail")
    where = f"mail server {mail.host}:{mail.port}"
    try:
        socket.create_connection((mail.host, mail.port), timeout=5).close()
    except OSError as error:
        return Finding("fail", f"{where}: {error}", "check mail.host, mail.port and the firewall")
    return Finding("ok", f"{where} answers; `lendwatch alerts test NAME` sends a mail through it")


def _webhooks(config: Config) -> Iterator[Finding]:
    """Whether what is posted is signed and encrypted; where it goes, `alerts test` tries."""
    hooks = {each.name: each.webhook for each in config.subscriptions if "webhook" in each.channels}
    readable = [name for name, url in hooks.items() if urlsplit(url).scheme == "http"]
    if readable:
        names = ", ".join(readable)
        what = f"webhooks of {names} are not encrypted: the way there reads the alerts"
        yield Finding("note", what, "write https:// if it has it")
    if hooks and config.webhooks.secret:
        yield Finding(
            "ok",
            f"webhooks of {', '.join(hooks)} are signed; `lendwatch alerts test NAME` posts to one",
        )
    elif hooks:
        remedy = "set LENDWATCH_WEBHOOKS_SECRET, or webhooks_secret in secrets.yaml (mode 0600)"
        yield Finding(
            "note",
            f"webhooks of {', '.join(hooks)} are not signed: anybody could post to their receivers",
            remedy,
        )


def _browser(config: Config, seeds: Seeds) -> Finding:
    wanted = [source.name for source in seeds.sources if source.browser and source.enabled]
    try:
        return Finding("ok", f"browser: {find_browser(config.crawl)}")
    except NoBrowser as error:
        if not wanted:
            return Finding("ok", "no browser here, and no enabled source needs one")
        return Finding("fail", f"sources that need a browser: {', '.join(wanted)}", str(error))
