"""`story ID --proof` and `article ID --against ID`: how texts relate, for people and programs."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.cli.answers import print_story
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.naming import article_number
from monitor.cli.opening import open_config, reading_store
from monitor.cli.options import PageFormat
from monitor.cli.show import console, show_json
from monitor.cli.side_by_side import print_line, print_proof
from monitor.query.proofs import ComparedArticle, ProofView, proof_between, story_proofs
from monitor.query.stories import story
from monitor.stories.layout import Place
from monitor.stories.proof import Share
from seeds.match import Matcher
from seeds.watchlist import load_watchlist


def show_comparison(workspace: Path | None, named: str, against: str, *, to: PageFormat) -> None:
    """Print how two articles relate, whichever was first."""
    config = open_config(workspace, names=False)
    with reading_store(config) as connection:
        one, other = (article_number(connection, each) for each in (named, against))
        if one == other:
            raise UsageProblem(f"article {one} is the same as itself; name another one")
        matcher = Matcher(load_watchlist(config.seeds))
        try:
            view = proof_between(connection, matcher, one, other)
        except LookupError as error:
            raise CommandFailed(
                f"no article {error}; `lendwatch search` shows their numbers"
            ) from None
    if to is PageFormat.JSON:
        show_json(as_json(view))
        return
    print_proof(console(), view, config.timezone)


def show_story_proofs(workspace: Path | None, story_id: int, *, to: PageFormat) -> None:
    """Print a story, and the proof for each of its copies."""
    config = open_config(workspace, names=False)
    with reading_store(config) as connection:
        found = story(connection, story_id)
        if found is None:
            raise CommandFailed(f"no story {story_id}; `lendwatch stories` lists them")
        views = story_proofs(connection, Matcher(load_watchlist(config.seeds)), story_id)
    if to is PageFormat.JSON:
        show_json({**asdict(found), "proofs": list(map(as_json, views))})
        return
    print_story(found, config.timezone)
    _print_proofs(views, config.timezone)


def _print_proofs(views: Sequence[ProofView], zone: str) -> None:
    out = console()
    out.print()
    if not views:
        out.print(Text("nothing to prove: one article, and it came from nowhere", style="dim"))
        return
    for view in views:
        print_line(out, view)
    for view in views:
        out.print()
        print_proof(out, view, zone)


def as_json(view: ProofView) -> dict[str, Any]:
    """A proof with stable keys; places are [start, end) in the bodies, which are masked."""
    proof = view.proof
    older, newer = view.older.body, view.newer.body
    return {
        "relation": proof.relation.value,
        "similarity": proof.similarity,
        "summary": view.summary,
        "same_title": proof.same_title,
        "shared_headings": proof.shared_headings,
        "older": _side(view.older, proof.older),
        "newer": _side(view.newer, proof.newer),
        "spans": [
            {"older": each.older, "newer": each.newer, "moved": each.moved} for each in proof.spans
        ],
        "differences": [
            {
                "kind": each.kind.value,
                "facts": each.facts,
                "moved": each.moved,
                "characters": each.characters,
                "older": each.older,
                "newer": each.newer,
                "older_text": _quoted(older, each.older),
                "newer_text": _quoted(newer, each.newer),
            }
            for each in proof.differences
        ],
        "swaps": [asdict(each) for each in proof.swaps],
    }


def _quoted(text: str, place: Place) -> str:
    return text[place.start : place.end]


def _side(article: ComparedArticle, share: Share) -> dict[str, Any]:
    """What is known of one of the two texts."""
    return {
        "article_id": article.article_id,
        "story_id": article.story_id,
        "url": article.url,
        "site": article.site,
        "title": article.title,
        "body": article.body,
        "published_at": article.published_at,
        "first_seen_at": article.first_seen_at,
        "revision_count": article.revision_count,
        "taken_in_as": article.relation,
        "of_article_id": article.of_article_id,
        **asdict(share),
        "cut_off": share.cut_off,
    }
