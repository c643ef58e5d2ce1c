"""`lendwatch diff ARTICLE`: what each edit of an article changed, for a terminal, a file, a program."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.alerts.render import page
from monitor.cli.failures import CommandFailed
from monitor.cli.naming import article_number
from monitor.cli.opening import open_config, reading_store
from monitor.cli.options import PageFormat
from monitor.cli.printable import plain
from monitor.cli.rows import Row, rows_of
from monitor.cli.show import console, moment, show_json
from monitor.cli.side_by_side import LEGEND, print_rows
from monitor.query.edits import Edit, Edits, edits_of
from monitor.query.proofs import ProofView
from seeds.match import Matcher
from seeds.watchlist import load_watchlist


def show_diff(
    workspace: Path | None,
    named: str,
    *,
    revision: int | None,
    html: Path | None,
    to: PageFormat,
) -> None:
    """Print the edits of an article, or the one that made `revision`; or write them to `html`."""
    config = open_config(workspace, names=False)
    with reading_store(config) as connection:
        article_id = article_number(connection, named)
        found = edits_of(connection, Matcher(load_watchlist(config.seeds)), article_id)
    if found is None:
        raise CommandFailed(f"no article {article_id}; `lendwatch search` shows their numbers")
    edits = [each for each in found.edits if revision in {None, each.number}]
    if revision is not None and not edits:
        raise CommandFailed(_no_revision(found, revision))
    if html:
        try:
            html.write_text(_page(found, edits, config.timezone), encoding="utf-8")
        except OSError as error:
            raise CommandFailed(f"cannot write {html}: {error.strerror}") from None
        print(f"wrote {html}")
    elif to is PageFormat.JSON:
        show_json(_as_json(found, edits))
    else:
        _print(found, edits, config.timezone)


def _no_revision(found: Edits, revision: int) -> str:
    last = len(found.edits) + 1
    there = f"revisions 2 to {last} are edits" if last > 1 else "it was never edited"
    return f"article {found.article_id} has no edit {revision}: {there}"


def _print(found: Edits, edits: Sequence[Edit], zone: str) -> None:
    out = console()
    out.print(
        Text.assemble(
            (f"{found.article_id:>5}  ", "bold"),
            plain(found.title),
            (f"\n       {plain(found.url)}", "dim"),
        ),
        soft_wrap=True,
    )
    if not edits:
        seen = moment(found.first_seen_at, zone)
        out.print(Text(f"       never edited since {seen} ({zone})", style="dim"))
        return
    for edit in edits:
        out.rule(style="dim")
        out.print(_header(edit, zone), soft_wrap=True)
        out.print(Text(f"\n{LEGEND}\n", style="dim"))
        heads = f"revision {edit.number - 1}", f"revision {edit.number}"
        print_rows(out, edit.view, heads)


def _header(edit: Edit, zone: str) -> Text:
    older, newer = edit.view.older, edit.view.newer
    tone = "bold yellow" if edit.change.material else "bold"
    header = Text.assemble(
        (f"Revision {edit.number}", "bold"),
        (f", seen {moment(edit.seen_at, zone)} ({zone}): ", "dim"),
        (f"{edit.change.kind}{', material' * edit.change.material}", tone),
        (f" ({', '.join(edit.change.kinds)})" if edit.change.kinds else "", "dim"),
        f"\n  {plain(edit.change.summary)}" if edit.change.summary else "",
    )
    if older.title != newer.title:
        header.append(f"\n  title: [-{plain(older.title)}-]", style="red")
        header.append(f" {{+{plain(newer.title)}+}}", style="green")
    return header


def _as_json(found: Edits, edits: Sequence[Edit]) -> dict[str, Any]:
    return {
        "article_id": found.article_id,
        "url": found.url,
        "title": found.title,
        "first_seen_at": found.first_seen_at,
        "edits": [
            {
                "revision": each.number,
                "seen_at": each.seen_at,
                "change": each.change.kind,
                "material": each.change.material,
                "kinds": each.change.kinds,
                "summary": each.change.summary,
                "before": _text(each.view, newer=False),
                "after": _text(each.view, newer=True),
            }
            for each in edits
        ],
    }


def _text(view: ProofView, *, newer: bool) -> dict[str, Any]:
    side = view.newer if newer else view.older
    return {"title": side.title, "body": side.body, "published_at": side.published_at}


def _page(found: Edits, edits: Sequence[Edit], zone: str) -> str:
    shown = [
        {
            "number": each.number,
            "seen": moment(each.seen_at, zone),
            "material": each.change.material,
            "summary": plain(each.change.summary),
            "titles": [plain(each.view.older.title), plain(each.view.newer.title)],
            "rows": [_cells(row) for row in rows_of(each.view)],
        }
        for each in edits
    ]
    head = {"title": plain(found.title), "url": plain(found.url), "zone": zone}
    return page("diff.html", {**head, "edits": shown})


def _cells(row: Row) -> dict[str, Any]:
    return {
        "sign": row.sign.name.lower(),
        "older": [(plain(each.older), each.differs, each.fact) for each in row.segments],
        "newer": [(plain(each.newer), each.differs, each.fact) for each in row.segments],
    }
