"""`lendwatch rematch`: what the stored past says under today's watchlist."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.cli.opening import held_store, open_config, reading_store
from monitor.cli.options import Format
from monitor.cli.printable import dump, plain
from monitor.cli.show import console, counted, show_rows
from monitor.config import Config
from monitor.masking import mask
from monitor.rematch import Reread, rematch
from monitor.store.version import place
from seeds.loader import load_watchlist
from seeds.match import Matcher


def rematch_store(workspace: Path | None, *, apply: bool, limit: int, jsonl: bool) -> None:
    """Read the workspace's store again and show what changes; with `apply`, change it."""
    config = open_config(workspace, names=False)
    matcher = Matcher(load_watchlist(config.seeds))
    tally = _Tally()
    for reread in tally.counting(_read(config, matcher, apply=apply)):
        if jsonl:
            dump(_row(reread))
        elif not limit or tally.changed <= limit:
            _show(reread)
    for line in _summary(tally, config, apply=apply, limit=0 if jsonl else limit):
        print(line, file=sys.stderr if jsonl else sys.stdout)
    if not jsonl and tally.names:
        show_rows(tally.rows(), ("name", "gained", "lost", "other severity"), Format.TABLE)


def _read(config: Config, matcher: Matcher, *, apply: bool) -> Iterator[Reread]:
    if apply:
        with held_store(config, "rematch") as (engine, _):
            yield from rematch(engine, matcher, apply=True)
    else:
        with reading_store(config) as connection:
            yield from rematch(connection.engine, matcher, apply=False)


class _Tally:
    """Counts what is read and what changes, name by name."""

    def __init__(self) -> None:
        self.read = self.changed = 0
        self.names: dict[str, Counter[str]] = {}

    def counting(self, found: Iterable[Reread]) -> Iterator[Reread]:
        """Give those that change, counted."""
        for each in found:
            self.read += 1
            if each.changed:
                self.changed += 1
                for name, what in _changes(each):
                    self.names.setdefault(name, Counter())[what] += 1
                yield each

    def rows(self) -> list[dict[str, Any]]:
        """A row for each name, the most changed first."""
        order = sorted(self.names, key=lambda name: (-self.names[name].total(), name))
        return [{"name": name, **self.names[name]} for name in order]


def _changes(each: Reread) -> Iterator[tuple[str, str]]:
    for name in each.gained:
        yield name, "gained"
    for name in each.lost:
        yield name, "lost"
    for name, (before, after) in each.topics.items():
        yield name, "gained" if before is None else "lost" if after is None else "other severity"
    if each.farm is not None:
        yield "likely a content farm", "gained" if each.farm[1] > each.farm[0] else "lost"


def _row(each: Reread) -> dict[str, Any]:
    return {
        "article_id": each.article_id,
        "story_id": each.story_id,
        "url": each.url,
        "title": mask(each.title),
        "platforms": {"gained": list(each.gained), "lost": list(each.lost)},
        "topics": {name: {"before": b, "after": a} for name, (b, a) in each.topics.items()},
        "farm": {"before": each.before.farm, "after": each.after.farm},
    }


def _show(each: Reread) -> None:
    out = console()
    out.print(Text.assemble((f"{each.article_id:>5}  ", "bold"), plain(mask(each.title))))
    marks = [(f"+{name}", "green") for name in each.gained]
    marks += [(f"-{name}", "red") for name in each.lost]
    for name, (before, after) in each.topics.items():
        if before is None:
            marks.append((f"+{name} ({after})", "green"))
        elif after is None:
            marks.append((f"-{name} ({before})", "red"))
        else:
            marks.append((f"{name}: {before} → {after}", "yellow"))
    if each.farm is not None:
        before_and_after = " → ".join(f"{score:.2f}" for score in each.farm)
        marks.append((f"content farm: {before_and_after}", "yellow"))
    out.print(Text("       ").append_text(Text("  ").join(Text(*mark) for mark in marks)))


def _summary(tally: _Tally, config: Config, *, apply: bool, limit: int) -> Iterator[str]:
    where = place(config.database)
    if not tally.read:
        yield f"{where}: every article was read with this watchlist and version; nothing to do"
        return
    if limit and tally.changed > limit:
        yield f"       … and {tally.changed - limit} more (--limit 0 shows all)"
    read = counted(tally.read, "article")
    if apply:
        yield f"{where}: {read} read again, {tally.changed} changed. Nobody was mailed."
    else:
        otherwise = "read with another watchlist or an older lendwatch"
        would = f"{where}: {read} {otherwise}, {tally.changed} would change."
        yield f"{would} Nothing was written; `lendwatch rematch --apply` does, and mails nobody."
