"""The near-duplicate index in the store: only writer of `fingerprint` and `shingle`.

A shingle's row says which article holds it. Rows are only added: after an edit the old text's
shingles stay, because a repost of the old text belongs to the story as well. What the index
answers are candidates; `relation` decides on the full texts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from monitor.store.models import FingerprintRow, ShingleRow
from monitor.stories.fingerprint import Fingerprint, level

# No shingle is stored for more articles than this: a stock phrase or a disclaimer would make
# every look-up walk half the index. 64 copies are enough to meet a story again, and a text that
# equals an earlier one is not stored twice at all.
CROWDED = 64
# How many candidates are compared in full. Behind the first dozen stand texts that share a phrase.
CANDIDATES = 12
# A candidate's sample must show this containment (half of what `relation` looks at, because a
# sample of 8 strays that far), and more than one shingle, or this many headings.
LIKELY = 0.06
LIKELY_SHINGLES = 2
LIKELY_HEADINGS = 3
# SQLite's limit on bound variables was 999 for a long time.
_AT_ONCE = 900


# Built once: building a statement with a hundred values costs more than running it.
HOLDERS = select(ShingleRow.hash, ShingleRow.article_id).where(
    ShingleRow.hash.in_(bindparam("hashes", expanding=True))
)
_EQUAL = (
    select(FingerprintRow.article_id)
    .where(FingerprintRow.folded_hash == bindparam("folded_hash"))
    .order_by(FingerprintRow.article_id)
    .limit(CANDIDATES)
)
_COUNTS = select(FingerprintRow.article_id, FingerprintRow.shingle_count).where(
    FingerprintRow.article_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the index knows of a text: the articles most likely to carry it, the likeliest first;
    whether one of them carries exactly it; and who holds each of its shingles."""

    articles: Sequence[int]
    equal: bool
    held: Mapping[int, Sequence[int]]


def look_up(connection: Connection, fingerprint: Fingerprint) -> LookUp:
    """Look a text up. Where an equal one is known, only articles with that text are named.

    Answered from the primary keys and one index, whatever the size of the store."""
    equal = connection.scalars(_EQUAL, {"folded_hash": fingerprint.folded_hash}).all()
    if equal:
        return LookUp(equal, equal=True, held={})
    held = _holders(connection, (*fingerprint.sampled, *fingerprint.headings))
    headings = _count(held, fingerprint.headings)
    siblings = {each for each, hits in headings.items() if hits >= LIKELY_HEADINGS}
    shingles = _count(held, fingerprint.sampled)
    likely = {each: hits for each, hits in shingles.items() if hits >= LIKELY_SHINGLES}
    scores = _containments(connection, fingerprint, likely)
    kept = {each for each, score in scores.items() if score >= LIKELY} | siblings
    ranked = sorted(kept, key=lambda each: (-scores.get(each, 0.0), each))
    return LookUp(ranked[:CANDIDATES], equal=False, held=held)


def add(
    connection: Connection, article_id: int, fingerprint: Fingerprint, looked_up: LookUp
) -> None:
    """Put a new article's fingerprint into the index, after looking it up.

    A text that equals one already there adds no shingles: look-ups find the first one."""
    connection.execute(insert(FingerprintRow), {"article_id": article_id, **_columns(fingerprint)})
    if not looked_up.equal:
        _add_shingles(connection, article_id, fingerprint, looked_up.held)


def renew(connection: Connection, article_id: int, fingerprint: Fingerprint) -> None:
    """Add an edited article's new text; the old text's shingles stay."""
    connection.execute(
        update(FingerprintRow)
        .where(FingerprintRow.article_id == article_id)
        .values(**_columns(fingerprint))
    )
    held = _holders(connection, (*fingerprint.sampled, *fingerprint.headings))
    _add_shingles(connection, article_id, fingerprint, held)


def _columns(fingerprint: Fingerprint) -> dict[str, Any]:
    return {
        "folded_hash": fingerprint.folded_hash,
        "shingle_count": fingerprint.shingle_count,
        "sampled_count": len(fingerprint.sampled),
        "method": fingerprint.method,
    }


def _add_shingles(
    connection: Connection,
    article_id: int,
    fingerprint: Fingerprint,
    held: Mapping[int, Sequence[int]],
) -> None:
    rows = [
        {"hash": each, "article_id": article_id}
        for each in sorted({*fingerprint.sampled, *fingerprint.headings})
        if len(held.get(each, ())) < CROWDED and article_id not in held.get(each, ())
    ]
    if rows:
        connection.execute(insert(ShingleRow), rows)


def _containments(
    connection: Connection, fingerprint: Fingerprint, hits: Mapping[int, int]
) -> dict[int, float]:
    """Estimate from shared samples how much of the shorter text each candidate shares.

    Of two samples only what lies below the sparser one's threshold is comparable."""
    own = level(fingerprint.shingle_count)
    found: dict[int, float] = {}
    ids = sorted(hits, key=hits.__getitem__, reverse=True)[:_AT_ONCE]
    for article_id, count in connection.execute(_COUNTS, {"ids": ids}) if ids else ():
        shorter = min(fingerprint.shingle_count, count)
        found[article_id] = hits[article_id] / max(1.0, shorter / 2 ** max(own, level(count)))
    return found


def _count(held: Mapping[int, Sequence[int]], hashes: Sequence[int]) -> Counter[int]:
    """How many of these shingles each article holds."""
    return Counter(chain.from_iterable(held.get(each, ()) for each in hashes))


def _holders(connection: Connection, hashes: Sequence[int]) -> dict[int, list[int]]:
    """The articles that hold each of these shingles, at most CROWDED for each."""
    held: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(hashes), _AT_ONCE):
        found = connection.execute(HOLDERS, {"hashes": hashes[start : start + _AT_ONCE]})
        for shingle, article_id in found:
            held[shingle].append(article_id)
    return held
