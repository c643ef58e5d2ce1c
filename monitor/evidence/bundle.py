"""One article's evidence in one file that proves itself: records, chain, texts, and the check."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from crawler.evidence.reading import EvidenceMissing, read_stored
from crawler.evidence.records import text_hash
from crawler.log.tables import ArticleLogRow, EvidenceRow
from monitor.evidence.verify import FORMAT, MANIFEST, verify
from monitor.evidence.zipping import PlainZip, appearing
from monitor.store.models import ArticleRow, RevisionRow

_VERIFIER = Path(__file__).parent / "verify.py"
_README = Path(__file__).parent / "bundle_readme.txt"


class NoEvidence(Exception):
    """There is nothing to put in a bundle; the message says why."""


class EvidenceDamaged(Exception):
    """What is kept is not what was kept: the message names each thing that is wrong."""


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What a bundle holds. `heads` is each day's last digest; `missing` what is not on this disk."""

    pages: int
    heads: dict[str, str]
    gone: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bundle to make: of which article, from which folder; `every` page or those that
    brought a revision."""

    article_id: int
    folder: Path
    every: bool = False


def write_bundle(
    connection: Connection, wanted: Wanted, target: Path, now: datetime
) -> BundleReport:
    """Write `target`, checked before it appears. LookupError: no such article.

    Raises NoEvidence, EvidenceDamaged, BundleTooLarge."""
    article = connection.execute(
        select(ArticleRow.id, ArticleRow.url).where(ArticleRow.id == wanted.article_id)
    ).first()
    if article is None:
        raise LookupError(wanted.article_id)
    rows = connection.execute(_captures(article, every=wanted.every)).all()
    if not rows:
        raise NoEvidence(
            f"article {article.id} has no evidence: it was collected before lendwatch kept any, or"
            " with `evidence: keep: false`"
        )
    with appearing(target) as file:
        archive = PlainZip(file)
        captures, missing = _add_captures(archive, wanted.folder, rows)
        heads = {day: _add_chain(connection, archive, day) for day in sorted({r.day for r in rows})}
        archive.add("verify.py", [_VERIFIER.read_bytes()])
        archive.add("README.txt", [_readme(article, captures, heads, now)])
        manifest = {
            "format": FORMAT,
            "made_at": now.astimezone(UTC).isoformat(),
            "article": {"id": article.id, "url": article.url},
            "heads": heads,
            "captures": captures,
            "files": dict(archive.digests),
        }
        archive.add(MANIFEST, [_json(manifest)])
        archive.end()
        problems, _ = verify(file)
        if problems:
            raise EvidenceDamaged("; ".join(problems))
    gone = tuple(f"{each['state']} {each['gone_at']}" for each in captures if each["gone_at"])
    return BundleReport(len(captures), heads, gone, tuple(missing))


def _captures(article: Any, *, every: bool) -> Any:
    """The evidence rows of the article with what the log says of each, oldest first."""
    query = (
        select(
            EvidenceRow.__table__,
            ArticleLogRow.url,
            ArticleLogRow.title,
            ArticleLogRow.body,
            ArticleLogRow.fetched_at,
            RevisionRow.number.label("revision"),
        )
        .join(ArticleLogRow, ArticleLogRow.id == EvidenceRow.log_id)
        .outerjoin(RevisionRow, RevisionRow.log_id == EvidenceRow.log_id)
        .order_by(EvidenceRow.id)
    )
    if every:
        return query.where(ArticleLogRow.url == article.url)
    return query.where(RevisionRow.article_id == article.id)


def _add_captures(
    archive: PlainZip, folder: Path, rows: Any
) -> tuple[list[dict[str, Any]], list[str]]:
    captures, missing = [], []
    for row in rows:
        name = f"{row.day}-{row.number:06d}"
        file = text = ""
        gone_at = row.gone_at.isoformat() if row.gone_at else ""
        state = row.state
        if not gone_at:
            try:
                stored = read_stored(folder, row.file, row.start, row.length)
            except EvidenceMissing as error:
                missing.append(f"page {row.number} of {row.day} ({row.machine}): {error}")
                state = f"not at hand, kept by machine {row.machine}"
            else:
                file, text = f"captures/{name}.warc.gz", f"texts/{name}.txt"
                archive.add(file, [stored])
                archive.add(text, [f"{row.title}\n{row.body}".encode()])
        captures.append(
            {
                "day": row.day,
                "number": row.number,
                "revision": row.revision,
                "state": state,
                "gone_at": gone_at,
                "url": row.url if file else "",
                "fetched_at": row.fetched_at.astimezone(UTC).isoformat(),
                "text_sha256": text_hash(row.title, row.body) if file else "",
                "file": file,
                "text": text,
            }
        )
    return captures, missing


def _add_chain(connection: Connection, archive: PlainZip, day: str) -> str:
    """Append the links of a day, and give the last one's digest."""
    head = ""

    def lines() -> Iterator[bytes]:
        nonlocal head
        query = select(EvidenceRow.entry, EvidenceRow.digest).where(EvidenceRow.day == day)
        query = query.order_by(EvidenceRow.number).execution_options(yield_per=1000)
        for row in connection.execute(query):
            head = row.digest
            yield row.entry.encode() + b"\n"

    archive.add(f"chain/{day}.jsonl", lines())
    return head


def _readme(
    article: Any, captures: list[dict[str, Any]], heads: dict[str, str], now: datetime
) -> bytes:
    pages = [
        f"  {each['fetched_at']}  revision {each['revision'] or '-'}  {each['file'] or each['state']}"
        for each in captures
    ]
    lines = [f"  {day}  {digest}" for day, digest in heads.items()]
    text = _README.read_text(encoding="utf-8")
    for mark, value in (
        ("{url}", article.url),
        ("{made_at}", now.astimezone(UTC).isoformat(timespec="seconds")),
        ("{pages}", "\n".join(pages)),
        ("{heads}", "\n".join(lines)),
    ):
        text = text.replace(mark, value)
    return text.encode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=1, sort_keys=True).encode() + b"\n"
