"""The intake: what each logged article becomes, in one transaction, on both stores."""

import os
import random
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import pytest
from commands import Started, start
from intake_desk import MATCHER, NOON, Desk, page
from killed import killed_at
from our_articles import BASE, BRIEF, BY_KEY, COURT, FARM, WATCHLIST
from repost_generator import annotated, reposts, swapped
from serving import eventually
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from crawler.article import Article
from crawler.log.engine import open_engine
from monitor.events import Event, EventKind
from monitor.intake import Intake, IntakeReport
from monitor.query.search import SearchQuery, search
from monitor.store.models import (
    ArticleLabelRow,
    ArticleReadingRow,
    ArticleRow,
    CursorRow,
    EventRow,
    FingerprintRow,
    IndexRunRow,
    IntakeFailureRow,
    MentionRow,
    OutboxRow,
    RevisionRow,
    StoryRow,
)
from monitor.stories.about import MOST_MENTIONS
from monitor.stories.entries import Entries, texts_of
from monitor.stories.runs import Runs
from seeds.match import Matcher, Matches
from seeds.match.texts import ArticleText
from seeds.models import Severity

INTAKE = Path(__file__).with_name("intake_process.py")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_new_article_opens_a_story_with_all_that_belongs_to_it(desk: Desk) -> None:
    published = datetime.fromisoformat("2024-11-08T09:30:00+08:00")
    article = page("court", author="小禾", published_at=published, published_precision="minute")
    assert desk.take(article) == IntakeReport(taken=1, opened=1)
    [stored] = desk.rows(ArticleRow)
    assert (stored.url, stored.site, stored.source) == (article.url, "example.com", "portal")
    assert (stored.title, stored.body, stored.author) == (COURT.title, COURT.body, "小禾")
    assert stored.published_at == "2024-11-08T09:30:00+08:00"
    assert (stored.relation, stored.of_article_id, stored.similarity) == ("new", None, 0.0)
    assert stored.first_seen_at == stored.last_seen_at == NOON + timedelta(minutes=1)
    [story] = desk.rows(StoryRow)
    assert (story.lead_article_id, story.article_count, story.site_count) == (stored.id, 1, 1)
    [revision] = desk.rows(RevisionRow)
    assert (revision.number, revision.body, revision.log_id) == (1, COURT.body, 1)
    [cursor] = desk.rows(CursorRow)
    assert (cursor.name, cursor.position) == ("intake", 1)
    assert len(desk.rows(FingerprintRow)) == 1


def test_mentions_and_labels_are_those_that_counted(desk: Desk) -> None:
    desk.take(page("court"))
    labels = {(row.kind, row.name, row.severity) for row in desk.rows(ArticleLabelRow)}
    assert ("platform", "米袋钱包", 0) in labels
    assert ("topic", "collection", Severity.MEDIUM.rank) in labels
    mentions = desk.rows(MentionRow)
    fields = {"title": COURT.title, "body": COURT.body}
    for row in mentions:
        assert fields[row.field][row.start : row.end] == row.surface
    assert {row.surface for row in mentions} >= {"米袋钱包", "催收"}


@pytest.mark.parametrize(
    ("author", "outlet", "seen"),
    [("小编", None, 1), (None, "网络", 1), ("李晓", "网络", 1), ("小编", "网络", 2), ("李晓", "江岸晚报", 0)],
)  # fmt: skip
def test_the_likelihood_knows_who_signs_the_article(
    desk: Desk, author: str | None, outlet: str | None, seen: int
) -> None:
    desk.take(page("court", author=author, outlet=outlet))
    [reading] = desk.rows(ArticleReadingRow)
    counts = {each["kind"]: each["count"] for each in reading.farm_reasons}
    assert counts.get("byline-shape", 0) == seen


def test_an_article_that_somebody_signs_later_is_nobodys_no_more(desk: Desk) -> None:
    desk.take(page("court", author="小编"), page("court", author="李晓"))
    assert desk.events[1].kind is EventKind.ARTICLE_EDITED
    [reading] = desk.rows(ArticleReadingRow)
    assert "byline-shape" not in {each["kind"] for each in reading.farm_reasons}


def test_a_page_that_repeats_a_name_without_end_fills_no_store(desk: Desk) -> None:
    desk.take(page("court", body=COURT.body + "\n" + "米袋钱包又在催收，" * 5_000))
    named = Counter(row.name for row in desk.rows(MentionRow))
    assert named == {"米袋钱包": MOST_MENTIONS, "collection": MOST_MENTIONS}


def test_the_event_carries_what_rules_decide_by(desk: Desk) -> None:
    desk.take(page("court"))
    [told] = desk.events
    assert told.kind is EventKind.STORY_OPENED
    assert (told.relation, told.baseline, told.source) == ("new", False, "portal")
    assert told.platforms == {"米袋钱包"}
    assert told.topics["collection"] is Severity.MEDIUM
    assert told.details["title"] == COURT.title
    assert told.details["url"] == "https://court.example.com/1"
    assert (told.details["articles"], told.details["sites"]) == (1, 1)
    [stored] = desk.rows(EventRow)
    assert (stored.id, stored.kind, stored.details) == (told.id, "StoryOpened", told.details)
    [alert] = desk.rows(OutboxRow)
    assert alert.event_id == told.id


def test_a_found_article_can_be_searched_in_both_scripts(desk: Desk) -> None:
    desk.take(page("fine"))
    with desk.engine.connect() as connection:
        for words in ("催收", "橙子借条", "橙子借條", "罰單"):
            assert len(search(connection, SearchQuery(text=words)).hits) == 1, words


def test_a_repost_spreads_the_story_and_tells_how(desk: Desk) -> None:
    body = annotated(opencc.OpenCC("s2t").convert(COURT.body), random.Random(1), 0.1)
    copy = page("court", "https://farm.test/9", body=body)
    assert desk.take(page("court"), copy) == IntakeReport(taken=2, opened=1, joined=1)
    spread = desk.events[1]
    assert spread.kind is EventKind.STORY_SPREAD
    assert (spread.relation, spread.details["of_article_id"]) == ("annotated", 1)
    assert spread.details["of_url"] == "https://court.example.com/1"
    assert (spread.details["articles"], spread.details["sites"]) == (2, 2)
    assert "changed" not in spread.details
    [story] = desk.rows(StoryRow)
    assert (story.article_count, story.site_count, story.lead_article_id) == (2, 2, 1)


def test_a_second_copy_on_the_same_site_is_no_second_site(desk: Desk) -> None:
    desk.take(page("court"), page("court", "https://www.example.com/2"))
    [story] = desk.rows(StoryRow)
    assert (story.article_count, story.site_count) == (2, 1)


def test_a_repost_that_states_facts_otherwise_says_so(desk: Desk) -> None:
    body = COURT.body.replace("八十万元", "五十万元").replace("没有采纳", "采纳")
    desk.take(page("court"), page("court", "https://farm.test/9", body=body))
    _, spread, changed = desk.events
    assert (spread.kind, spread.relation) == (EventKind.STORY_SPREAD, "rewrite")
    assert changed.kind is EventKind.COPY_CHANGED
    assert (changed.story_id, changed.article_id) == (spread.story_id, spread.article_id) == (1, 2)
    assert changed.details["changed"] == spread.details["changed"] == ["amount", "negation"]
    assert "「八十万元」改为「五十万元」" in changed.details["summary"]
    amount, negation = changed.details["facts"]
    assert (amount["before"], amount["after"], amount["added"]) == ("八十万元", "五十万元", False)
    assert "判处罚金八十万元" in amount["known_passage"]
    assert "判处罚金五十万元" in amount["passage"]
    assert (amount["of_article_id"], amount["of_url"]) == (1, "https://court.example.com/1")
    assert (negation["before"], negation["after"]) == ("没有", "")
    # Both were told to the same subscription: one mail for the story, one for the copy.
    assert [row.event_id for row in desk.rows(OutboxRow)] == [desk.events[0].id, changed.id]


def test_a_swap_opens_its_own_story_and_names_its_origin(desk: Desk) -> None:
    swap = swapped(FARM, "青禾借", "顺信花")
    article = Article("https://farm.test/3", swap.title, swap.body)
    assert desk.take(page("farm"), article, page("farm-sibling")) == IntakeReport(taken=3, opened=3)
    _, swapped_event, sibling = desk.events
    assert (swapped_event.kind, swapped_event.relation) == (
        EventKind.STORY_OPENED,
        "platform-swap",
    )
    assert swapped_event.details["of_article_id"] == 1
    assert swapped_event.platforms == {"顺信花"}
    assert (sibling.kind, sibling.relation) == (EventKind.STORY_OPENED, "template-sibling")


@pytest.mark.parametrize(
    "make",
    [
        lambda body: body,
        lambda body: opencc.OpenCC("s2t").convert(body),
        lambda body: annotated(body, random.Random(2), 0.2),
        lambda body: body.replace("\n\n", "\n").replace(",", "，"),
        lambda body: body + "\n声明:本文仅代表作者个人观点。",
    ],
)
def test_a_known_url_with_the_same_text_is_only_seen_again(desk: Desk, make: Any) -> None:
    again = page("court", body=make(COURT.body))
    assert desk.take(page("court"), again) == IntakeReport(taken=2, opened=1, unchanged=1)
    [stored] = desk.rows(ArticleRow)
    assert stored.last_seen_at == NOON + timedelta(minutes=2)
    assert (stored.revision_count, stored.body) == (1, COURT.body)
    assert len(desk.events) == 1


def test_an_edit_makes_a_revision_and_an_event_that_quotes_it(desk: Desk) -> None:
    edited = page("court", body=COURT.body.replace("八十万元", "五十万元"))
    assert desk.take(page("court"), edited) == IntakeReport(taken=2, opened=1, edited=1)
    told = desk.events[1]
    assert (told.kind, told.story_id, told.article_id) == (EventKind.ARTICLE_EDITED, 1, 1)
    assert told.details["material"] is True
    assert told.details["kinds"] == ["amount"]
    assert "「八十万元」改为「五十万元」" in told.details["summary"]
    assert [row.number for row in desk.rows(RevisionRow)] == [1, 2]
    [stored] = desk.rows(ArticleRow)
    assert "五十万元" in stored.body
    assert stored.revision_count == 2


def test_an_edit_that_takes_the_name_out_is_told_to_those_who_watch_it(desk: Desk) -> None:
    nameless = {each: text.replace("米袋钱包", "某平台") for each, text in
                (("title", COURT.title), ("body", COURT.body))}  # fmt: skip
    assert desk.take(page("court"), page("court", **nameless)).edited == 1
    told = desk.events[1]
    assert told.kind is EventKind.ARTICLE_EDITED
    assert told.platforms == frozenset(told.details["platforms"]) == {"米袋钱包"}
    assert told.details["material"] is True
    assert told.topics == desk.events[0].topics


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("页面不存在", "抱歉，您访问的文章已被删除\n相关阅读\n米袋钱包上线新功能"),
        ("江城晚报 - 首页", "米袋钱包上线新功能\n股市三连涨\n台风将至\n高考放榜\n油价下调\n演唱会"),
        ("安全验证", "请完成下方验证后继续访问米袋钱包专题"),
        (COURT.title, f"{COURT.body[:120]}\n登录后阅读全文"),
    ],
)
def test_what_stands_in_an_articles_place_is_no_edit_of_it(
    desk: Desk, title: str, body: str
) -> None:
    instead = page("court", title=title, body=body)
    assert desk.take(page("court"), instead) == IntakeReport(taken=2, opened=1, absent=1)
    assert [row.number for row in desk.rows(RevisionRow)] == [1]
    assert len(desk.events) == 1
    edited = page("court", body=COURT.body.replace("八十万元", "五十万元"))
    assert desk.take(edited) == IntakeReport(taken=1, edited=1)


def test_an_edit_renews_mentions_labels_and_search(desk: Desk) -> None:
    before = page(
        "brief", body="青禾借今日回应近期的投诉,称已成立专项小组逐一核实,结果将在两周内公布。"
    )
    before = replace(before, title="青禾借回应投诉")
    desk.take(before, replace(before, body=BRIEF.body + "同时停止暴力催收。"))
    labels = {(row.kind, row.name, row.severity) for row in desk.rows(ArticleLabelRow)}
    assert ("topic", "collection", Severity.HIGH.rank) in labels
    assert desk.events[1].topics["collection"] is Severity.HIGH
    assert "topic" in desk.events[1].details["kinds"]
    with desk.engine.connect() as connection:
        assert len(search(connection, SearchQuery(text="暴力催收")).hits) == 1


def test_a_new_date_over_the_same_text_is_meta_and_not_material(desk: Desk) -> None:
    dates = [datetime(2024, 11, 8, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC)]
    report = desk.take(*(page("court", published_at=each) for each in dates))
    assert report == IntakeReport(taken=2, opened=1, edited=1)
    assert desk.events[1].details["kinds"] == ["redated"]
    assert desk.events[1].details["material"] is False


def test_a_page_cut_at_a_limit_removed_nothing(desk: Desk) -> None:
    cut = page("court", body=COURT.body[:300], truncated=True)
    assert desk.take(page("court"), cut) == IntakeReport(taken=2, opened=1, unchanged=1)


def test_a_repost_of_an_edited_articles_old_text_joins_its_story(desk: Desk) -> None:
    desk.take(page("court"), page("court", body=BY_KEY["guide"].body))
    assert desk.take(page("court", "https://late.test/1")).joined == 1
    assert desk.take(page("guide", "https://late.test/2")).joined == 1


def test_an_article_without_a_watched_platform_is_recorded_all_the_same(desk: Desk) -> None:
    article = Article(
        "https://other.test/1", "城里新开一家书店", "老城区的街角新开了一家书店。" * 9
    )
    assert desk.take(article) == IntakeReport(taken=1, opened=1)
    assert desk.events[0].platforms == frozenset()
    assert len(desk.rows(StoryRow)) == 1


def test_baseline_articles_are_marked_and_alert_nobody(desk: Desk) -> None:
    desk.take(page("court"), baseline=True)
    assert desk.events[0].baseline is True
    assert desk.rows(EventRow)[0].details["baseline"] is True
    assert desk.rows(OutboxRow) == []


def test_an_edit_is_told_while_its_sources_first_articles_are_still_collected(desk: Desk) -> None:
    edited = page("court", body=COURT.body.replace("八十万元", "五十万元"))
    desk.take(page("court"), edited, baseline=True)
    assert [event.baseline for event in desk.events] == [True, False]
    assert [row.details["baseline"] for row in desk.rows(EventRow)] == [True, False]


def test_one_bad_article_is_kept_for_a_person_and_the_rest_goes_on(engine: Engine) -> None:
    desk = Desk(engine)

    def tell(connection: Connection, told: Event) -> None:
        if "court" in told.details["url"]:
            raise ValueError("no such subscription")
        desk.tell(connection, told)

    desk.intake = Intake(engine, MATCHER, tell, clock=lambda: NOON)
    report = desk.take(page("farm"), page("court"), page("guide"))
    assert report == IntakeReport(taken=3, opened=2, failed=1)
    [failure] = desk.rows(IntakeFailureRow)
    assert (failure.log_id, failure.failed_at) == (2, NOON)
    assert "no such subscription" in failure.error
    assert [row.url for row in desk.rows(ArticleRow)] == [
        "https://farm.example.com/1",
        "https://guide.example.com/1",
    ]
    assert desk.rows(CursorRow)[0].position == 3
    assert len(desk.rows(EventRow)) == 2
    # What the failed article left in memory is gone, too: its copy opens a story.
    desk.intake = Intake(engine, MATCHER, desk.tell, clock=lambda: NOON)
    assert desk.take(page("court", "https://late.test/1")).opened == 1


def test_what_could_not_be_taken_in_is_taken_in_once_it_can_be(engine: Engine) -> None:
    desk = Desk(engine)

    def tell(connection: Connection, told: Event) -> None:
        raise ValueError("a mistake of ours")

    desk.intake = Intake(engine, MATCHER, tell, clock=lambda: NOON)
    assert desk.take(page("farm"), page("court")).failed == 2
    assert desk.intake.retry() == IntakeReport(taken=2, failed=2)
    assert len(desk.rows(IntakeFailureRow)) == 2
    desk.intake = Intake(engine, MATCHER, desk.tell, clock=lambda: NOON)
    desk.take(page("court", title="后来的标题"))
    assert desk.intake.retry() == IntakeReport(taken=1, opened=1), "court is known from later"
    assert desk.rows(IntakeFailureRow) == []
    assert desk.intake.retry() == IntakeReport()
    assert [row.revision_count for row in desk.rows(ArticleRow)] == [1, 1]


def test_a_failing_store_is_no_articles_fault(engine: Engine) -> None:
    desk = Desk(engine)

    def tell(connection: Connection, told: Event) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    desk.intake = Intake(engine, MATCHER, tell, clock=lambda: NOON)
    desk.log(page("farm"), page("court"))
    with pytest.raises(OperationalError, match="full"):
        desk.intake.run(10)
    assert desk.rows(IntakeFailureRow) == []
    assert desk.rows(ArticleRow) == []
    desk.intake = Intake(engine, MATCHER, desk.tell, clock=lambda: NOON)
    assert desk.intake.run(10) == IntakeReport(taken=2, opened=2)


def test_a_run_takes_no_more_than_it_is_asked_to(desk: Desk) -> None:
    desk.log(*(page(each.key) for each in BASE))
    assert desk.intake.run(3).taken == 3
    assert desk.rows(CursorRow)[0].position == 3
    assert desk.intake.run(1000).taken == len(BASE) - 3
    assert desk.intake.run(1000) == IntakeReport()


def test_an_idle_intake_asks_for_no_lock(desk: Desk) -> None:
    desk.take(page("farm"))
    begun: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *args: begun.append(args[2]))
    desk.intake.run(10)
    assert not any("UPDATE" in each or "INSERT" in each for each in begun)


def test_while_it_reads_others_may_write(engine: Engine) -> None:
    """A reading that itself appends to the log would wait for its own lock."""

    class Appending(Matcher):
        def match_article(self, texts: ArticleText) -> Matches:
            if desk.minutes == 2:
                desk.log(page("guide"))
            return super().match_article(texts)

    desk = Desk(engine, Appending(WATCHLIST))
    assert desk.take(page("farm"), page("court")).opened == 3


def test_what_another_intake_took_is_not_taken_again(engine: Engine) -> None:
    class Overtaken(Matcher):
        def match_article(self, texts: ArticleText) -> Matches:
            other.intake.run(1)
            return super().match_article(texts)

    desk, other = Desk(engine, Overtaken(WATCHLIST)), Desk(engine)
    assert desk.take(page("farm"), page("court"), page("guide")) == IntakeReport()
    assert [len(each.events) for each in (desk, other)] == [0, 3]


def test_two_intakes_at_once_open_one_story_for_each_text(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(2)]
    desks = [Desk(each) for each in engines]
    articles = [
        page(each.key, f"https://site{number}.test/{each.key}")
        for number in range(6)
        for each in BASE
    ]
    desks[0].log(*articles)
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(take_in_small_steps, desks))
    assert sum(each.taken for each in reports) == len(articles)
    assert len(desks[0].rows(StoryRow)) == len(BASE)
    assert len(desks[0].rows(EventRow)) == len(articles)
    assert {row.article_count for row in desks[0].rows(StoryRow)} == {6}
    for each in engines:
        each.dispose()


def test_two_intake_processes_at_once_open_one_story_for_each_text(database_url: str) -> None:
    """Copies of one text are in the batches of both, and in those that a kill undoes."""
    engine = open_engine(database_url)
    desk = Desk(engine)
    articles = [
        page(each.key, f"https://site{number}.test/{each.key}", body=cut(each.body, number))
        for number in range(8)
        for each in BASE
    ]
    desk.log(*articles)
    chance = random.Random(11)
    intakes = [start_intake(database_url) for _ in range(2)]
    killed = intakes[chance.randrange(2)]
    eventually(lambda: len(desk.rows(ArticleRow)) >= chance.randint(2, 20), 60)
    killed.kill()
    intakes.append(start_intake(database_url))
    codes = [each.wait(120) for each in intakes]
    assert codes[2] == 0
    assert sorted(codes[:2]) in ([-signal.SIGKILL, 0], [0, 0])
    assert {row.article_count for row in desk.rows(StoryRow)} == {8}
    assert len(desk.rows(StoryRow)) == len(BASE)
    assert len(desk.rows(EventRow)) == len(articles)
    opened = [row for row in desk.rows(EventRow) if row.kind == EventKind.STORY_OPENED]
    assert len(opened) == len(BASE)
    assert len(desk.rows(OutboxRow)) == len(articles)
    engine.dispose()


def cut(body: str, number: int) -> str:
    """A copy that is not equal, so that only the index's shingles find it."""
    return body if not number else body[: len(body) - 10 * number]


def test_a_kill_between_index_and_store_leaves_both_or_neither(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        # So many entries that the batch's own have runs merged, in the same transaction.
        for number in range(19):
            hashes = np.arange(100) * 2**50 + number
            texts = texts_of(np.full(100, 10_000 + number), np.full(100, 1_500))
            Runs(connection).add(Entries(hashes, texts))
    firsts, copies = BASE[:3], BASE[:3]
    desk = Desk(engine)
    desk.log(*(page(each.key) for each in firsts))
    desk.log(*(page(e.key, f"https://copy.test/{e.key}", body=cut(e.body, 3)) for e in copies))
    engine.dispose()
    statement, stored = 0, (0, 19)
    while stored == (0, 19):
        statement += 3  # each start takes half a second
        killed_at(statement, lambda: take_all(database_url))
        engine = open_engine(database_url)
        stored = len(Desk(engine).rows(ArticleRow)), len(Desk(engine).rows(IndexRunRow))
        engine.dispose()
    assert stored == (6, 1)
    assert statement > 15  # it really was interrupted in between
    engine = open_engine(database_url)
    assert [row.article_count for row in Desk(engine).rows(StoryRow)] == [2, 2, 2]
    engine.dispose()


def take_all(database: str) -> None:
    Desk(open_engine(database)).intake.run(50)


def take_in_small_steps(desk: Desk) -> IntakeReport:
    total = 0
    while taken := desk.intake.run(3).taken:
        total += taken
    return IntakeReport(taken=total)


def copies() -> Iterable[Article]:
    """Every base article with its copies, then edits of some: what a busy week logs."""
    for place, article in enumerate(BASE):
        yield page(article.key)
        for number, repost in enumerate(reposts(article, BASE[(place + 3) % len(BASE)])):
            if number % 6 == 0:
                yield Article(f"https://copy{number}.test/{article.key}", repost.title, repost.body)
        yield page(article.key, body=article.body.replace("一", "二"))


def state(desk: Desk) -> dict[str, list[Any]]:
    """Everything that was decided, by URL: PostgreSQL gives the ids of an undone transaction to
    nobody, so ids differ."""
    articles = {row.id: row for row in desk.rows(ArticleRow)}
    urls = {None: None} | {each: row.url for each, row in articles.items()}
    stories = {row.id: row for row in desk.rows(StoryRow)}
    leads = {each: urls[row.lead_article_id] for each, row in stories.items()}
    events = {row.id: row for row in desk.rows(EventRow)}
    told = {
        each: (row.kind, urls[row.article_id], leads[row.story_id], row.happened_at)
        for each, row in events.items()
    }
    with desk.engine.connect() as connection:
        entries = connection.execute(text("SELECT sum(entries) FROM index_run")).scalar_one()
    found: dict[str, list[Any]] = {
        "articles": [
            (*row[1:13], leads[row.story_id], row.relation, urls[row.of_article_id], row.similarity)
            for row in articles.values()
        ],
        "stories": [
            (leads[each], *row[2:-1], leads.get(row.merged_into)) for each, row in stories.items()
        ],
        "revisions": [(urls[row.article_id], *row[2:]) for row in desk.rows(RevisionRow)],
        "mentions": [(urls[row.article_id], *row[2:]) for row in desk.rows(MentionRow)],
        "events": [
            (told[each], sorted(set(row.details) - {"of_article_id"}), row.details["platforms"])
            for each, row in events.items()
        ],
        "alerts": [(told[row.event_id], row.subscription) for row in desk.rows(OutboxRow)],
        "index": [int(entries), len(desk.rows(FingerprintRow))],
        "cursor": [row.position for row in desk.rows(CursorRow)],
    }
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def start_intake(database: str) -> Started:
    """Start an intake process; it is about to begin its work."""
    ready, says_so = os.pipe()
    with os.fdopen(ready, "rb") as told, os.fdopen(says_so, "wb") as said:
        process = start(database, output=said, program=INTAKE)
        said.close()
        assert told.readline() == b"ready\n"
    return process


def run_process(database: str, kill_after: float | None) -> int:
    """Run an intake process; kill it after so many seconds from its start of work."""
    process = start_intake(database)
    try:
        process.wait(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait(120)


def test_killed_at_any_moment_it_neither_loses_nor_repeats(
    database_url: str, tmp_path: Path, stores: Any
) -> None:
    articles = list(copies())
    undisturbed = open_engine(f"sqlite:///{tmp_path / 'undisturbed.db'}")
    shutil.copyfile(stores.sqlite_template(), tmp_path / "undisturbed.db")
    calm = Desk(undisturbed)
    calm.log(*articles)
    calm.intake.run(1000)
    engine = open_engine(database_url)
    Desk(engine).log(*articles)
    assert len(articles) > 60
    chance = random.Random(7)
    kills = 0
    for _ in range(10):
        if run_process(database_url, chance.uniform(0.02, 0.3)) == 0:
            break
        kills += 1
    assert run_process(database_url, None) == 0
    assert kills >= 3
    disturbed, expected = state(Desk(engine)), state(calm)
    for name, rows in expected.items():
        assert disturbed[name] == rows, name
    engine.dispose()
    undisturbed.dispose()
