"""How a proof looks on a terminal: two columns, or one where there is no room for two.

Readable without colour: [-only the older text-], {+only the newer+}, and a sign for each row."""

from collections.abc import Iterable, Iterator
from itertools import islice

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.cli.printable import plain
from monitor.cli.rows import Row, Segment, Sign, rows_of
from monitor.cli.show import moment
from monitor.cli.wrapping import wrapped
from monitor.query.proofs import ComparedArticle, ProofView
from monitor.stories.proof import Proof, Share
from monitor.stories.proof_summary import percent
from monitor.stories.relation import Relation

# Below it a column would hold some fifteen characters of Chinese.
TWO_COLUMNS = 80
# A screen or ten; whoever wants all of a text spun from end to end takes the JSON.
MOST_ROWS = 200

LEGEND = "[-older-]  {+newer+}  ! facts  ~ moved  = the same"
# Of the lines left out as boilerplate so many are quoted, so far.
_LINES, _QUOTED = 3, 16
_OLDER, _NEWER = "red", "green"
_SIGNS = {
    Sign.CHANGED: "yellow",
    Sign.FACT: "bold yellow",
    Sign.MISSING: _OLDER,
    Sign.ADDED: _NEWER,
    Sign.MOVED: "cyan",
    Sign.LEFT_OUT: "dim",
}
_RELATIONS = {
    Relation.EXACT: "the same text",
    Relation.SCRIPT_VARIANT: "the same text in the other script",
    Relation.ANNOTATED: "the same text with annotations",
    Relation.GAPPED: "the same text with gaps",
    Relation.REWRITE: "the same text, reworded",
    Relation.PLATFORM_SWAP: "the same text about another platform",
    Relation.TEMPLATE_SIBLING: "another text of the same form",
    Relation.NEW: "another text",
}


def in_words(proof: Proof) -> str:
    """What the newer text is to the older."""
    if proof.relation is not Relation.PARTIAL:
        return _RELATIONS[proof.relation]
    if proof.newer.share >= proof.older.share:
        return "a part of it"
    return "all of it, or most, and more"


def print_line(out: Console, view: ProofView) -> None:
    """One line: who, to whom, how, and what differs."""
    line = Text.assemble(
        (f"{view.newer.article_id:>5}", "bold"),
        f" to {view.older.article_id:<5} ",
        (f"{view.proof.relation:<17}", _tone(view.proof.relation)),
        plain(view.summary),
    )
    out.print(line, soft_wrap=True)


def print_proof(out: Console, view: ProofView, zone: str) -> None:
    """A proof with its header and both texts side by side."""
    newer, older, proof = view.newer, view.older, view.proof
    out.rule(style="dim")
    out.print(
        Text.assemble(
            (f"Article {newer.article_id} to article {older.article_id}: ", "bold"),
            (f"{proof.relation}", f"bold {_tone(proof.relation)}"),
            f" ({in_words(proof)})",
        )
    )
    for article in (older, newer):
        out.print(_header(article, zone), soft_wrap=True)
    for line in _findings(view):
        out.print(line, soft_wrap=True)
    out.print(Text(f"\n{LEGEND}\n", style="dim"))
    heads = f"older: article {older.article_id}", f"newer: article {newer.article_id}"
    print_rows(out, view, heads)


def print_rows(out: Console, view: ProofView, heads: tuple[str, str]) -> None:
    """Both texts side by side under `heads` (older, newer), or one below the other where there is
    no room."""
    rows = rows_of(view)
    shown = list(islice(rows, MOST_ROWS))
    if out.width >= TWO_COLUMNS:
        _two_columns(out, heads, shown)
    else:
        _one_column(out, shown)
    left = sum(1 for _ in rows)
    if left:
        out.print(Text(f"… {left:,} more rows; --json tells all", style="dim"))


def _tone(relation: Relation) -> str:
    return "green" if relation.joins else "yellow"


def _header(article: ComparedArticle, zone: str) -> Text:
    edited = article.revision_count - 1
    claimed = (article.published_at or "")[:16].replace("T", " ") or "no date"
    seen = f"first seen {moment(article.first_seen_at, zone)} ({zone}), claims {claimed}"
    if edited:
        seen += f", edited {edited}×: as it is now"
    return Text.assemble(
        (f"{article.article_id:>7}  ", "bold"),
        plain(article.title),
        (f"\n         {plain(article.url)}\n         {seen}", "dim"),
    )


def _findings(view: ProofView) -> Iterator[Text]:
    newer, older, proof = view.newer, view.older, view.proof
    yield Text(f"         {plain(view.summary)}", style="bold")
    yield Text(
        f"         {percent(proof.newer.share)} of {newer.article_id} stands in {older.article_id}"
        f" ({proof.newer.shared:,} of {proof.newer.length:,} characters),"
        f" {percent(proof.older.share)} of {older.article_id} in {newer.article_id}"
        f" ({proof.older.shared:,} of {proof.older.length:,})"
    )
    for article, share in ((older, proof.older), (newer, proof.newer)):
        if share.boilerplate:
            yield Text(f"         {_left_out(article, share)}", style="dim")
    of = newer.of_article_id if newer.of_article_id == older.article_id else None
    if of is not None and newer.relation != proof.relation:
        yield Text(
            f"         taken in as {newer.relation}; the texts are others now", style="yellow"
        )


def _left_out(article: ComparedArticle, share: Share) -> str:
    """The first of the lines that were not compared."""
    lines = [plain(article.body[slice(*each)].strip()) for each in share.boilerplate[:_LINES]]
    quoted = " · ".join(each[:_QUOTED] + "…" * (len(each) > _QUOTED) for each in lines)
    more = len(share.boilerplate) - len(lines)
    return f"left out of {article.article_id}: {quoted}" + (f" and {more} more" if more else "")


def _two_columns(out: Console, heads: tuple[str, str], rows: Iterable[Row]) -> None:
    width = (out.width - 1) // 2 - 1
    table = Table.grid(padding=(0, 1), pad_edge=False)
    table.add_column(width=width, no_wrap=True)
    table.add_column(width=1)
    table.add_column(width=width, no_wrap=True)
    table.add_row(heads[0], "", heads[1], style="bold")
    for row in rows:
        older, newer = (wrapped(_column(row, older=older), width) for older in (True, False))
        table.add_row(older, Text(row.sign.value, style=_SIGNS.get(row.sign, "")), newer)
    out.print(table)


def _one_column(out: Console, rows: Iterable[Row]) -> None:
    width = out.width - 2
    table = Table.grid(padding=(0, 1), pad_edge=False)
    table.add_column(width=1)
    table.add_column(width=width, no_wrap=True)
    for row in rows:
        shown = Text(style=_style(row))
        if row.older_line:
            shown.append(f"¶{row.older_line}→¶{row.newer_line} ", style="cyan")
        for each in row.segments:
            shown.append_text(_inline(each))
        table.add_row(Text(row.sign.value, style=_SIGNS.get(row.sign, "")), wrapped(shown, width))
    out.print(table)


def _style(row: Row) -> str:
    return "dim" if row.sign is Sign.LEFT_OUT else ""


def _column(row: Row, *, older: bool) -> Text:
    shown = Text(style=_style(row))
    number = row.older_line if older else row.newer_line
    if number:
        shown.append(f"¶{number} ", style="cyan")
    for each in row.segments:
        written = each.older if older else each.newer
        shown.append_text(
            _marked(each, written, older=older) if each.differs else Text(plain(written))
        )
    return shown


def _inline(segment: Segment) -> Text:
    if not segment.differs:
        return Text(plain(segment.newer))
    return _marked(segment, segment.older, older=True) + _marked(
        segment, segment.newer, older=False
    )


def _marked(segment: Segment, written: str, *, older: bool) -> Text:
    """What only one text has, between signs and in colour."""
    if not written:
        return Text("")
    first, last = ("[-", "-]") if older else ("{+", "+}")
    style = _OLDER if older else _NEWER
    if segment.name:
        style = f"bold {style}"
    if segment.fact:
        first, style = f"{first}!", f"bold underline {style}"
    return Text(f"{first}{plain(written)}{last}", style=style)
