"""`lendwatch recluster`: which stored articles belong together by today's method."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

from rich.text import Text
from sqlalchemy import Connection, Engine

from monitor.cli.opening import held_store, open_config, reading_store
from monitor.cli.printable import dump, plain
from monitor.cli.progress import counting
from monitor.cli.show import console, counted
from monitor.config import Config
from monitor.lock import Hold
from monitor.masking import mask
from monitor.recluster import Move, Place, Plan, apply_plan, moves, plan_of, work_out
from monitor.store.version import place
from monitor.stories.scratch import scratch_store
from seeds.loader import load_watchlist
from seeds.match import Matcher

MARKS = {"merge": "green", "split": "red", "move": "yellow", "relation": "dim"}


def recluster_store(workspace: Path | None, *, apply: bool, limit: int, jsonl: bool) -> None:
    """Cluster the workspace's store anew and show what changes; with `apply`, change it."""
    config = open_config(workspace, names=False)
    matcher = Matcher(load_watchlist(config.seeds))
    with _opened(config, apply=apply) as (engine, hold), scratch_store(config.workspace) as scratch:
        with counting("comparing", "articles") as progress:
            for done, total in work_out(engine, scratch, matcher):
                progress(done, total)
        plan = plan_of(engine, scratch)
        _report(scratch, plan, limit=limit, jsonl=jsonl)
        if hold is not None and not plan.nothing:
            hold.keep()
            apply_plan(engine, scratch, plan)
    if jsonl:
        dump({"change": "summary", "applied": apply, **_counts(plan)})
    for line in _summary(plan, config, apply=apply):
        print(line, file=sys.stderr if jsonl else sys.stdout)


@contextmanager
def _opened(config: Config, *, apply: bool) -> Iterator[tuple[Engine, Hold | None]]:
    """The store, held to be written; or only to be looked at, without a hold."""
    if apply:
        with held_store(config, "recluster") as held:
            yield held
    else:
        with reading_store(config) as connection:
            yield connection.engine, None


def _report(scratch: Connection, plan: Plan, *, limit: int, jsonl: bool) -> None:
    if jsonl:
        for each in moves(scratch):
            dump(asdict(_masked(each)))
        return
    for each in islice(moves(scratch), limit or None):
        _show(_masked(each))
    if limit and plan.changed > limit:
        print(f"       … and {plan.changed - limit} more (--limit 0 shows all)")


def _masked(each: Move) -> Move:
    before, after = (replace(p, title=mask(p.title)) for p in (each.before, each.after))
    return replace(each, title=mask(each.title), before=before, after=after)


def _show(each: Move) -> None:
    out = console()
    out.print(Text.assemble((f"{each.article_id:>5}  ", "bold"), plain(each.title)))
    now, then = _relation(each.after), _relation(each.before)
    what = Text.assemble("       ", (_what(each), MARKS[each.change]))
    out.print(what.append(f"  {now}" if now == then else f"  {now} (was {then})"))


def _what(each: Move) -> str:
    old, new = _story(each, each.before), _story(each, each.after)
    if each.change == "relation":
        return f"stays in {new}"
    if each.change == "merge":
        return f"with {old} into {new}"
    return f"out of {old} into {new}"


def _story(each: Move, where: Place) -> str:
    """A story by its number, with its title where the article's does not say it already."""
    if where.story is not None:
        name = f"story {where.story}"
    elif where.lead == each.article_id:
        name = "a story of its own"
    else:
        name = f"the new story of article {where.lead}"
    return name if where.title == each.title else f"{name} “{plain(where.title)}”"


def _relation(where: Place) -> str:
    return (
        where.relation
        if where.of is None
        else f"{where.relation}, {where.similarity:.0%} of article {where.of}"
    )


def _counts(plan: Plan) -> dict[str, Any]:
    return {**asdict(plan), "changed": plan.changed}


def _summary(plan: Plan, config: Config, *, apply: bool) -> Iterator[str]:
    where = place(config.database)
    if plan.behind:
        yield f"{counted(plan.behind, 'article')} without a fingerprint of today's method"
    if plan.nothing:
        yield f"{where}: {counted(plan.articles, 'article')} compared; nothing to do"
        return
    relation = plan.changes.get("relation", 0)
    yield (
        f"{where}: {counted(plan.articles, 'article')} compared,"
        f" {plan.changed} {'changed' if apply else 'would change'}:"
        f" stories that merge {plan.merged}, split off {plan.split};"
        f" articles that move between others {plan.changes.get('move', 0)},"
        f" that change in relation only {relation}."
    )
    yield from _besides(plan)
    if apply:
        yield "Written; nobody was mailed."
    else:
        yield "Nothing was written; `lendwatch recluster --apply` does, and mails nobody."


def _besides(plan: Plan) -> Iterator[str]:
    """What is written beyond stories and relations, as one line, if there is any."""
    parts = []
    if evidence := plan.changes.get("evidence"):
        parts.append(f"{counted(evidence, 'relation')} with another article or share")
    if plan.renewed:
        parts.append(f"lead, dates or counts of {_stories(plan.renewed)}")
    if plan.index:
        parts.append("the index of near-duplicates, anew")
    if parts:
        yield f"Besides: {'; '.join(parts)}."


def _stories(number: int) -> str:
    return "1 story" if number == 1 else f"{number} stories"
