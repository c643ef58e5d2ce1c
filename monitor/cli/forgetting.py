"""What `forget` does and prints."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from crawler.evidence.reading import comparable
from monitor.cli.failures import UsageProblem
from monitor.cli.opening import held_store, open_config, reading_store
from monitor.cli.show import show_marked
from monitor.config import Config
from monitor.evidence import forgetting
from monitor.forgetting.mails import mails_saying, overwrite_mail, remove_unfinished
from monitor.forgetting.texts import count_addresses, count_texts, overwrite_texts, wipe

PLACES: Mapping[str, str] = {
    "evidence": "pages in the evidence",
    "mail": "mails in mail/",
    "article_log": "entries of the article log",
    "article": "articles",
    "revision": "revisions",
    "story": "story titles",
    "event": "events",
    "look": "looks",
}


def forget_string(workspace: Path | None, sought: str, *, apply: bool) -> None:
    """Count where `sought` stands; with `apply`, remove it there."""
    wanted = comparable(sought)
    if len(wanted) < forgetting.SHORTEST:
        raise UsageProblem(f"{sought!r} is too short to find anything by; name more of it")
    config = open_config(workspace, names=False)
    if not apply:
        with reading_store(config) as connection:
            _show(_found(connection, config, sought))
            _show_left(connection, config, wanted)
        print("Nothing was changed; --apply does it, and mails nobody.")
        return
    with held_store(config, "forget") as (engine, _):
        _show(_removed(engine, config, sought))
        with engine.connect().execution_options(lendwatch_read=True) as connection:
            _show_left(connection, config, wanted)
    show_marked("ok", "gone for good; nobody was mailed")


def _found(connection: Connection, config: Config, sought: str) -> Counter[str]:
    wanted = comparable(sought)
    found = count_texts(connection, wanted)
    pages = forgetting.find(connection.engine, config.evidence_folder, sought)
    found["evidence"] = sum(1 for _ in pages)
    found["mail"] = sum(1 for _ in mails_saying(config.workspace / "mail", wanted))
    return found


def _removed(engine: Engine, config: Config, sought: str) -> Counter[str]:
    """Remove it everywhere. Evidence first: it is also found by the texts that were logged of it.
    Whoever is killed on the way runs it again: each step finds what is left."""
    wanted, folder = comparable(sought), config.evidence_folder
    forgetting.prepare(engine, folder)
    pages = list(forgetting.find(engine, folder, sought))
    forgetting.remove_found(engine, folder, pages, datetime.now(UTC))
    found = overwrite_texts(engine, wanted)
    remove_unfinished(config.workspace / "mail")
    for path in mails_saying(config.workspace / "mail", wanted):
        overwrite_mail(path, wanted)
        found["mail"] += 1
    found["evidence"] = len(pages)
    # Also when nothing was found: whoever was killed before may have left it in free pages.
    wipe(engine)
    return found


def _show(found: Counter[str]) -> None:
    shown = {name: found[name] for name in PLACES}
    shown["other"] = sum(found[name] for name in found if name not in PLACES)
    for name, number in shown.items():
        print(f"{number:>8}  {PLACES.get(name, 'other notes on them')}")


def _show_left(connection: Connection, config: Config, wanted: str) -> None:
    if addresses := count_addresses(connection, wanted):
        show_marked(
            "note",
            f"addresses that say it, and stay: {addresses}; without them their pages would be"
            " collected, and told, as new ones",
        )
    if copies := sum(1 for _ in (config.workspace / "backups").glob("*")):
        show_marked("note", f"backups/ is not reached: {copies} copies of the store there")
