"""What is new in an article: sentences, verdicts, what is stored, what readers are shown."""

import shutil
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from alert_fixtures import config, subscription
from intake_desk import MATCHER, NOON, Desk
from novelty_cases import CASES, STORIES, Case, story_body
from novelty_cases_last import LAST
from novelty_outcomes import Outcome, run
from sqlalchemy import Engine

from crawler.article import Article
from crawler.log.engine import open_engine
from monitor.alerts import outbox
from monitor.alerts.compose import Composer
from monitor.query.articles import article
from monitor.query.search import SearchQuery, search
from monitor.query.stories import StoriesQuery, list_stories, story
from monitor.store.models import (
    ArticleRow,
    ClauseSpreadRow,
    EventRow,
    NoveltyRow,
    SentenceMarkRow,
    SentenceSketchRow,
)
from monitor.stories.sentences import CROWDED
from monitor.stories.statements import LONGEST, MOST_SENTENCES, statements
from seeds.fold import fold
from seeds.match import Matches

pytest_plugins = ["database_fixtures"]

EVERY = {case.key: case for case in (*CASES, *LAST)}


@pytest.fixture(scope="module")
def outcomes(stores, tmp_path_factory) -> dict[str, Outcome]:
    """Every case, each over a store of its own."""
    folder = tmp_path_factory.mktemp("novelty")
    found = {}
    for key, case in EVERY.items():
        path = folder / f"{key}.db"
        shutil.copyfile(stores.sqlite_template(), path)
        engine = open_engine(f"sqlite:///{path}")
        found[key] = run(case, engine)
        engine.dispose()
    return found


@pytest.mark.parametrize("key", EVERY)
def test_news_is_told_from_recycled_text_and_its_new_sentences_are_named(outcomes, key):
    outcome = outcomes[key]
    assert outcome.right, (outcome.verdict, outcome.ground)
    assert (outcome.missed, outcome.wrong) == ([], [])


def test_the_cases_are_many_and_half_of_them_were_put_apart():
    assert len(CASES) >= 60
    halves = Counter(case.half for case in CASES)
    assert min(halves.values()) >= 30


def page(key: str, body: str = "", title: str = "") -> Article:
    given, _ = STORIES.get(key, ("", ""))
    address = f"https://{key}.example.com/a"
    return Article(address, title or given, body or story_body(key), language="zh-Hans")


def of_case(key: str) -> Article:
    return page(key, EVERY[key].body, "云帆贷又被处罚")


def the_novelty(desk: Desk, key: str):
    wanted = page(key, "x").url
    article_id = next(row.id for row in desk.rows(ArticleRow) if row.url == wanted)
    return next((r for r in desk.rows(NoveltyRow) if r.article_id == article_id), None)


def test_an_opened_story_is_stored_with_what_is_new_in_it(engine: Engine):
    desk = Desk(engine)
    desk.take(page("fine"))
    desk.take(of_case("news-second-fine"))
    assert the_novelty(desk, "fine").ground == "first"
    row = the_novelty(desk, "news-second-fine")
    assert (row.verdict, row.ground) == ("partly", "new-facts")
    body = EVERY["news-second-fine"].body
    assert [body[start:end] for start, end in row.sentences] == EVERY["news-second-fine"].marked(
        "+"
    )
    assert row.of_article_id == 1
    told = desk.events[-1].details["novelty"]
    assert told["verdict"] == "partly"
    assert told == desk.rows(EventRow)[-1].details["novelty"]


def test_articles_of_one_batch_know_each_other(engine: Engine):
    desk = Desk(engine)
    old = page("again", EVERY["old-evergreen-other-hands"].body, "青禾借的催收怎么看")
    desk.take(page("farm"), page("sms"), old, of_case("news-second-fine"))
    assert the_novelty(desk, "again").verdict == "recycled"
    assert the_novelty(desk, "news-second-fine").ground == "first"


def test_a_copy_is_not_judged_and_nothing_about_nobody_is(engine: Engine):
    desk = Desk(engine)
    desk.take(page("sms"), page("copy", story_body("sms"), STORIES["sms"][0]))
    desk.take(page("weather", "明天多云转晴，最高气温26度，适合出门散步。" * 3, "天气"))
    assert the_novelty(desk, "copy") is None
    assert the_novelty(desk, "weather") is None


def test_a_swapped_text_repeats_the_one_it_comes_from(engine: Engine):
    desk = Desk(engine)
    desk.take(page("farm"))
    desk.take(page("swap", story_body("farm").replace("青禾借", "顺信花"), "顺信花又催收了"))
    assert desk.events[-1].relation == "platform-swap"
    row = the_novelty(desk, "swap")
    assert (row.verdict, row.ground, row.of_article_id) == ("recycled", "all-known", 1)


def test_an_edit_leaves_the_verdict(engine: Engine):
    desk = Desk(engine)
    desk.take(page("farm"))
    before = the_novelty(desk, "farm")
    desk.take(page("farm", story_body("farm") + "青禾借被罚款50万元。"))
    assert desk.events[-1].kind.value == "ArticleEdited"
    assert the_novelty(desk, "farm") == before


def test_what_is_kept_of_a_usual_sentence_is_bounded(engine: Engine):
    desk = Desk(engine)
    usual = "青禾借的催收问题在本市引起了广泛关注和讨论，"
    for number in range(12):
        told = f"{usual}第{number}个小组共{number * 37 + 11}名成员昨日公布了第{number * 91}号调查材料。"
        desk.take(page(f"n{number}", told * 2 + story_body("guide")[number:], f"小组{number}"))
    held = Counter(row.mark for row in desk.rows(SentenceMarkRow))
    assert max(held.values()) <= CROWDED
    spread = Counter(row.clause for row in desk.rows(ClauseSpreadRow))
    assert max(spread.values()) == 1  # one platform


def test_nothing_readable_is_stored_twice(engine: Engine):
    desk = Desk(engine)
    desk.take(page("sms"))
    sketch = bytes(desk.rows(SentenceSketchRow)[0].sketch)
    assert "催收".encode() not in sketch
    assert "催收".encode("utf-16-le") not in sketch


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。" * 20_000,
        "“" * 5_000 + "催收" * 5_000,
        "青禾借" * 20_000,
        "\x00\x1b[31m催收\u202e。\u2028青禾借\ud800被罚款50万元。",
        "㍿①②③〇〇〇〇年〇月〇日，" * 500,
    ],
    ids=["empty", "stops", "quotes", "name", "hostile", "signs"],
)
def test_any_text_is_cut_into_sentences_that_stand_in_it(text: str):
    found = statements("", fold(text), MATCHER.match("", text))
    assert len(found) <= MOST_SENTENCES
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert len(each.text) <= LONGEST


def test_a_quotation_stays_with_who_says_it():
    body = "周女士很生气。“他们骗了我，我要报警。”周女士对记者说。她随后离开了那座写字楼。"
    found = statements("", fold(body), Matches())
    quoted = "“他们骗了我，我要报警。”周女士对记者说。"
    assert quoted in {body[each.start : each.end] for each in found}


# What readers are shown.


def written(engine: Engine, tmp_path, key: str, who) -> str:
    """The mail of the last event, as text."""
    desk = Desk(engine)
    for earlier in EVERY[key].earlier:
        desk.take(page(earlier))
    case: Case = EVERY[key]
    desk.take(page(key, case.body, "又一篇报道"))
    with engine.begin() as connection:
        outbox.enqueue(connection, desk.events[-1], (who,), NOON)
        later = NOON + timedelta(days=2)
        # The desk's own subscription has alerts, too.
        while (claim := outbox.claim(connection, "me", {}, later, "mail")).subscription != who.name:
            pass
        raw = Composer(config(tmp_path, who)).compose(connection, claim, NOON)
    mail = message_from_bytes(raw, policy=default)
    assert "旧文翻新" in mail.get_body(("html",)).get_content() or "新内容" in (
        mail.get_body(("html",)).get_content()
    )
    return f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}"


DESK = subscription(name="novelty-desk", topics=())


def test_the_mail_of_a_story_shows_its_new_sentences(engine: Engine, tmp_path):
    text = written(engine, tmp_path, "news-second-fine", DESK)
    assert "【新报道】" in text
    assert "新内容（3 句，占全文" in text
    assert "- 5月20日，江岸市金融管理局再次对云帆贷作出处罚，罚款180万元。" in text
    assert "- 云帆贷成立于2016年" not in text


def test_the_mail_of_a_recycled_story_says_so_and_waits_for_the_digest(engine: Engine, tmp_path):
    text = written(engine, tmp_path, "old-evergreen-2025", DESK)
    assert text.startswith("【每日摘要】")
    assert "【旧文翻新】又一篇报道" in text
    assert "旧文翻新：没有可核实的新事实" in text
    assert "因没有新内容，只进摘要" in text
    assert "此前未见过" not in text


def test_the_mail_of_repeated_sentences_names_where_they_stood(engine: Engine, tmp_path):
    who = subscription(name="novelty-desk", topics=(), recycled="instant")
    text = written(engine, tmp_path, "old-mixed-from-two", who)
    assert text.startswith("【旧文翻新】")
    assert "旧文翻新：句子均已见于此前报道" in text
    assert "来自：青禾借" in text


def test_stories_can_be_asked_for_without_the_recycled_ones(engine: Engine):
    desk = Desk(engine)
    desk.take(page("farm"), page("sms"))
    desk.take(page("old", EVERY["old-evergreen-other-hands"].body, "青禾借的催收怎么看"))
    with engine.connect() as connection:
        old = list_stories(connection, StoriesQuery(recycled=True)).stories
        rest = list_stories(connection, StoriesQuery(recycled=False)).stories
        assert [each.title for each in old] == ["青禾借的催收怎么看"]
        assert len(rest) == 2
        assert (old[0].novelty, rest[-1].novelty) == ("recycled", "new")
        hits = search(connection, SearchQuery(text="催收")).hits
        assert "recycled" in {hit.novelty for hit in hits}
        shown = story(connection, old[0].story_id)
        assert shown.novelty.ground == "nothing-checkable"
        assert article(connection, old[0].lead_article_id).novelty == shown.novelty


def test_new_sentences_are_shown_without_personal_data(engine: Engine):
    desk = Desk(engine)
    desk.take(page("sms"))
    body = (
        story_body("sms")[:60]
        + "记者拨打周女士留下的电话13812345678，提示音称号码已于10月3日停机。"
    )
    desk.take(page("new", body + "她的邮箱zhou.min@example.com同样没有回复。" * 2, "周女士失联"))
    with engine.connect() as connection:
        shown = article(connection, desk.events[-1].article_id).novelty
    assert "138********" in "".join(shown.sentences)
    assert "zhou.min" not in "".join(shown.sentences)
