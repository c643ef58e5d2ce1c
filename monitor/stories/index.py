"""The near-duplicate index in the store: only writer of `fingerprint` and `shingle`.

A shingle's row says which article holds it. Rows are only added: after an edit the old text's
shingles stay, because a repost of the old text belongs to the story as well. What the index
answers are candidates; `relation` decides on the full texts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection, Select, insert, select, update

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


def holders(hashes: Sequence[int]) -> Select[int, int]:
    """The look-up: who holds any of these shingles. Answered from the primary key alone."""
    return select(ShingleRow.hash, ShingleRow.article_id).where(ShingleRow.hash.in_(hashes))


def candidates(connection: Connection, fingerprint: Fingerprint) -> list[int]:
    """The articles most likely to carry the same text, the likeliest first, then the earliest.

    Where an equal text is known, only articles with that text are named."""
    equal = connection.scalars(
        select(FingerprintRow.article_id)
        .where(FingerprintRow.folded_hash == fingerprint.folded_hash)
        .order_by(FingerprintRow.article_id)
        .limit(CANDIDATES)
    ).all()
    if equal:
        return list(equal)
    shingles = _count(connection, fingerprint.sampled)
    headings = _count(connection, fingerprint.headings)
    siblings = {each for each, hits in headings.items() if hits >= LIKELY_HEADINGS}
    likely = {each for each, hits in shingles.items() if hits >= LIKELY_SHINGLES}
    scores = _containments(connection, fingerprint, {each: shingles[each] for each in likely})
    kept = {each for each, score in scores.items() if score >= LIKELY} | siblings
    return sorted(kept, key=lambda each: (-scores.get(each, 0.0), each))[:CANDIDATES]


def _containments(
    connection: Connection, fingerprint: Fingerprint, hits: Mapping[int, int]
) -> dict[int, float]:
    """Estimate from shared samples how much of the shorter text each candidate shares.

    Of two samples only what lies below the sparser one's threshold is comparable."""
    own = level(fingerprint.shingle_count)
    found: dict[int, float] = {}
    ids = sorted(hits, key=hits.__getitem__, reverse=True)[:_AT_ONCE]
    rows = select(FingerprintRow.article_id, FingerprintRow.shingle_count).where(
        FingerprintRow.article_id.in_(ids)
    )
    for article_id, count in connection.execute(rows) if ids else ():
        shorter = min(fingerprint.shingle_count, count)
        found[article_id] = hits[article_id] / max(1.0, shorter / 2 ** max(own, level(count)))
    return found


def _count(connection: Connection, hashes: Sequence[int]) -> Counter[int]:
    """How many of these shingles each article holds."""
    return Counter(chain.from_iterable(_holders(connection, hashes).values()))


def add(connection: Connection, article_id: int, fingerprint: Fingerprint) -> None:
    """Put a new article's fingerprint into the index.

    A text that equals one already there adds no shingles: look-ups find the first one."""
    known = connection.scalar(
        select(FingerprintRow.article_id)
        .where(FingerprintRow.folded_hash == fingerprint.folded_hash)
        .limit(1)
    )
    connection.execute(
        insert(FingerprintRow),
        {
            "article_id": article_id,
            "folded_hash": fingerprint.folded_hash,
            "shingle_count": fingerprint.shingle_count,
            "sampled_count": len(fingerprint.sampled),
            "method": fingerprint.method,
        },
    )
    if known is None:
        _add_shingles(connection, article_id, fingerprint)


def renew(connection: Connection, article_id: int, fingerprint: Fingerprint) -> None:
    """Add an edited article's new text; the old text's shingles stay."""
    connection.execute(
        update(FingerprintRow)
        .where(FingerprintRow.article_id == article_id)
        .values(
            folded_hash=fingerprint.folded_hash,
            shingle_count=fingerprint.shingle_count,
            sampled_count=len(fingerprint.sampled),
            method=fingerprint.method,
        )
    )
    _add_shingles(connection, article_id, fingerprint)


def _add_shingles(connection: Connection, article_id: int, fingerprint: Fingerprint) -> None:
    hashes = sorted({*fingerprint.sampled, *fingerprint.headings})
    held = _holders(connection, hashes)
    rows = [
        {"hash": each, "article_id": article_id}
        for each in hashes
        if len(held.get(each, ())) < CROWDED and article_id not in held.get(each, ())
    ]
    if rows:
        connection.execute(insert(ShingleRow), rows)


def _holders(connection: Connection, hashes: Sequence[int]) -> dict[int, list[int]]:
    """The articles that hold each of these shingles, at most CROWDED for each."""
    held: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(hashes), _AT_ONCE):
        for shingle, article_id in connection.execute(holders(hashes[start : start + _AT_ONCE])):
            held[shingle].append(article_id)
    return held
