"""Give out every matching article, one at a time, as CSV or JSON lines."""

import csv
import json
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, TextIO

from sqlalchemy import Connection, Row, select

from monitor.masking import mask
from monitor.query.claims import claim_flags
from monitor.query.filters import check_choice
from monitor.query.fulltext import favour_index
from monitor.query.labels import Labels, labels_of
from monitor.query.search import SearchQuery, page_statement
from monitor.query.terms import parse_terms
from monitor.store.models import ArticleRow
from monitor.stories.claims import ClaimFlag, in_words
from seeds.models import Severity

FORMATS = ("csv", "jsonl")

# Articles are read this many at a time: about 1 MiB of text.
BATCH = 200

# A spreadsheet takes a cell for a formula when it begins with one of these (security.md: Ghost
# #19965, Kibana #91994); full-width forms too in East Asian locales. Space and invisible
# characters before them are dropped by some programs, so they do not count as a beginning.
_FORMULA = re.compile("[\\s\u200b-\u200f\u2060\ufeff\"']*[=+\\-@＝＋－＠]|[\t\r\n]")
# Legal inside a JSON string, but many readers of JSON lines split on them.
_LINE_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One article as it is given out: the field names are the column names, and stable."""

    article_id: int
    story_id: int
    relation: str
    of_article_id: int | None
    similarity: float
    url: str
    site: str
    source: str
    outlet: str | None
    author: str | None
    title: str
    published_at: str | None
    claim_flags: tuple[ClaimFlag, ...]  # what speaks against `published_at`
    first_seen_at: datetime
    last_seen_at: datetime
    language: str
    revision_count: int
    platforms: tuple[str, ...]
    topics: Mapping[str, Severity]
    farm: float | None  # how likely a content farm made it, 0 to 1; None: not known
    body: str


COLUMNS = tuple(field.name for field in fields(ExportRow))


def export_rows(
    connection: Connection, query: SearchQuery, *, reveal: bool = False
) -> Iterator[ExportRow]:
    """Give every article that `query` finds, in its order; its limit and offset do not count.

    Memory is constant but for 8 bytes an article: the ids come first, all of one moment, then
    the articles in batches. Personal data is masked unless `reveal`. QueryError as in `search`."""
    terms = parse_terms(query.text)
    statement = page_statement(query, terms, connection.dialect.name)
    if terms.groups:
        favour_index(connection)
    stream = connection.execution_options(stream_results=True).execute(statement)
    article_ids = array("q")
    for part in stream.scalars().partitions(10_000):
        article_ids.extend(part)
    for start in range(0, len(article_ids), BATCH):
        yield from _batch(connection, article_ids[start : start + BATCH].tolist(), reveal)


def write_rows(rows: Iterator[ExportRow], out: TextIO, form: str, *, bom: bool = False) -> int:
    """Write `rows` to `out` as `csv` or `jsonl`; give how many there were.

    `out` is open with newline="" and UTF-8. `bom` lets Excel know that a CSV is UTF-8."""
    check_choice("format", form, FORMATS)
    return _write_csv(rows, out, bom) if form == "csv" else _write_jsonl(rows, out)


def as_json(row: ExportRow) -> dict[str, Any]:
    """Give `row` as JSON knows it: times in ISO 8601, topics as name → severity."""
    values = {name: getattr(row, name) for name in COLUMNS}
    for name in ("first_seen_at", "last_seen_at"):
        values[name] = values[name].astimezone(UTC).isoformat(timespec="seconds")
    values["claim_flags"] = [asdict(each) for each in row.claim_flags]
    values["platforms"] = list(row.platforms)
    values["topics"] = {name: str(severity) for name, severity in row.topics.items()}
    return values


def safe_cell(value: object) -> str:
    """Write one CSV cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _write_csv(rows: Iterator[ExportRow], out: TextIO, bom: bool) -> int:
    if bom:
        out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        values = as_json(row)
        values["claim_flags"] = "; ".join(map(in_words, row.claim_flags))
        values["platforms"] = "; ".join(values["platforms"])
        values["topics"] = "; ".join(f"{name}={level}" for name, level in values["topics"].items())
        writer.writerow([safe_cell(values[name]) for name in COLUMNS])
        count += 1
    return count


def _write_jsonl(rows: Iterator[ExportRow], out: TextIO) -> int:
    count = 0
    for row in rows:
        line = json.dumps(as_json(row), ensure_ascii=False).translate(_LINE_BREAKS)
        out.write(line + "\n")
        count += 1
    return count


def _batch(connection: Connection, article_ids: list[int], reveal: bool) -> Iterator[ExportRow]:
    rows = connection.execute(select(ArticleRow.__table__).where(ArticleRow.id.in_(article_ids)))
    found = {row.id: row for row in rows}
    labels = labels_of(connection, article_ids)
    doubts = claim_flags(connection, article_ids)
    for article_id in article_ids:
        # Outside one snapshot (PostgreSQL) an article may have been forgotten meanwhile.
        if article_id in found:
            known = labels[article_id], doubts[article_id]
            yield _row(found[article_id], known, reveal)


def _row(row: Row[Any], known: tuple[Labels, tuple[ClaimFlag, ...]], reveal: bool) -> ExportRow:
    labels, doubts = known
    masked = {
        name: value if reveal or value is None else mask(value)
        for name, value in (("title", row.title), ("body", row.body), ("author", row.author))
    }
    return ExportRow(
        article_id=row.id,
        story_id=row.story_id,
        relation=row.relation,
        of_article_id=row.of_article_id,
        similarity=row.similarity,
        url=row.url,
        site=row.site,
        source=row.source,
        outlet=row.outlet,
        published_at=row.published_at,
        claim_flags=doubts,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        language=row.language,
        revision_count=row.revision_count,
        platforms=labels.platforms,
        topics=labels.topics,
        farm=labels.farm,
        **masked,
    )
