"""A workspace whose store holds one of our articles and what was made of it, one of each kind."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from our_articles import BY_KEY, FARM, FARM_SIBLING, OurArticle
from repost_generator import (
    annotated,
    paragraphs_shuffled,
    reposts,
    spun,
    swapped,
    words_cut,
)
from sqlalchemy import Connection
from stored_articles import NOON, Given, store, story_of
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.store.migrate import migrate

# Our platforms do not exist, and a workspace watches real ones.
WATCHED = ("青禾借", "用钱宝")
OTHER = "借呗"


def about_a_watched_platform(article: OurArticle) -> OurArticle:
    return replace(
        article,
        title=article.title.replace(*WATCHED),
        body=article.body.replace(*WATCHED).strip(),
        platform=WATCHED[1],
    )


LEAD = about_a_watched_platform(FARM)
CONTACT = "\n\n投诉人留下的手机是13812345678，平台一直没有回复，记者也没有联系上他本人。"


def copies() -> dict[str, tuple[str, str]]:
    """Title and body of each text by its relation to the lead."""
    chance = random.Random(7)
    made = {each.kind: each for each in reposts(LEAD, BY_KEY["closing"])}
    swap = swapped(LEAD, WATCHED[1], OTHER)
    sibling = about_a_watched_platform(FARM_SIBLING)
    return {
        "exact": (LEAD.title, LEAD.body + made["heavy tail"].body[len(LEAD.body) :]),
        "script-variant": (LEAD.title, made["traditional"].body),
        "annotated": (LEAD.title, annotated(made["traditional"].body, chance, 0.1)),
        "gapped": (LEAD.title, words_cut(LEAD.body, chance)),
        "partial": (LEAD.title, made["first 50%"].body + CONTACT),
        "rewrite": (LEAD.title, spun(paragraphs_shuffled(LEAD.body, chance), chance, 0.1)),
        "platform-swap": (swap.title, swap.body),
        "template-sibling": (sibling.title, sibling.body),
        "new": (BY_KEY["diary"].title, BY_KEY["diary"].body),
    }


def fill(connection: Connection) -> dict[str, int]:
    """Store the lead and all of these; give each article's number by its relation."""
    numbers = {"lead": store(connection, Given(title=LEAD.title, body=LEAD.body))}
    story = story_of(connection, numbers["lead"])
    opening = ("platform-swap", "template-sibling", "new")
    for hours, (relation, (title, body)) in enumerate(copies().items(), 1):
        numbers[relation] = store(
            connection,
            Given(
                title=title,
                body=body,
                site=f"farm{hours}.example",
                published_at="2025-01-02T08:00:00+08:00" if hours % 2 else None,
                first_seen_at=NOON + timedelta(hours=hours),
                story=None if relation in opening else story,
                relation=relation,
                of=None if relation == "new" else numbers["lead"],
                similarity=0.9,
            ),
        )
    return numbers


def proven_workspace(folder: Path) -> tuple[Workspace, dict[str, int]]:
    workspace = Workspace(folder).write()
    url = f"sqlite:///{folder / 'lendwatch.db'}"
    migrate(url, folder, NOON)
    engine = open_engine(url)
    with engine.begin() as connection:
        numbers = fill(connection)
    engine.dispose()
    return workspace, numbers
