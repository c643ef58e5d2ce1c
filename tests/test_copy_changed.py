"""A changed copy is news, once: the event, its mail at a real server, and what stays silent."""

import asyncio
import random
from datetime import timedelta

import pytest
from alert_fixtures import config, subscription
from intake_desk import MATCHER, NOON, Desk, page
from opencc import OpenCC
from our_articles import BASE, COURT, FARM
from repost_generator import annotated, reposts, spun
from smtp_server import SmtpServer
from sqlalchemy import Engine

from crawler.article import Article
from monitor.alerts.deliver import Delivery
from monitor.alerts.outbox import enqueue
from monitor.alerts.preview import preview
from monitor.config import MailOptions
from monitor.events import EventKind
from monitor.intake import Intake
from monitor.store.models import EventRow, OutboxRow

FIFTY = COURT.body.replace("罚金八十万元", "罚金五十万元")
DENIAL = "\n\n米袋钱包在宣判当晚发表声明,否认曾向恒源公司支付任何报酬。"


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def kinds(desk: Desk) -> list[str]:
    return [row.kind for row in desk.rows(EventRow)]


def test_a_copy_of_a_known_changed_version_is_a_repost_again(desk: Desk) -> None:
    desk.take(page("court"), page("court", "https://b.test/1", body=FIFTY))
    assert kinds(desk) == ["StoryOpened", "StorySpread", "CopyChanged"]
    for number, body in enumerate(
        (FIFTY, annotated(FIFTY, random.Random(1), 0.1), spun(FIFTY, random.Random(2), 0.1))
    ):
        desk.take(page("court", f"https://c.test/{number}", body=body))
    assert kinds(desk)[3:] == ["StorySpread"] * 3
    desk.take(page("court", "https://d.test/1", body=FIFTY.replace("10月16日", "10月18日")))
    assert kinds(desk)[6:] == ["StorySpread", "CopyChanged"]
    assert desk.events[-1].details["changed"] == ["date"]


def test_two_changed_copies_in_one_batch_are_told_once(desk: Desk) -> None:
    copies = [page("court", f"https://b{n}.test/1", body=FIFTY) for n in range(3)]
    desk.take(page("court"), *copies)
    assert kinds(desk).count("CopyChanged") == 1


def test_what_was_told_once_stays_told_among_a_hundred_copies(desk: Desk) -> None:
    desk.take(page("court"), page("court", "https://b.test/1", body=FIFTY))
    lost = [COURT.body.replace("检察官介绍", f"检察官{n}号介绍") for n in range(12, 42)]
    desk.take(*(page("court", f"https://c{n}.test/", body=b) for n, b in enumerate(lost)))
    before = kinds(desk).count("CopyChanged")
    desk.take(page("court", "https://d.test/1", body=FIFTY.replace("检察官", "检方")))
    assert kinds(desk).count("CopyChanged") == before


@pytest.mark.parametrize("body", [COURT.body + DENIAL, COURT.body[:400].rstrip() + DENIAL])
def test_a_part_or_a_whole_that_adds_a_denial_is_news(desk: Desk, body: str) -> None:
    desk.take(page("court"), page("court", "https://b.test/1", body=body))
    changed = desk.events[-1]
    assert changed.kind is EventKind.COPY_CHANGED
    (fact,) = changed.details["facts"]
    assert (fact["kind"], fact["after"], fact["added"]) == ("negation", "否认", True)
    assert "支付任何报酬" in fact["passage"]


def test_a_single_word_taken_away_can_be_the_fact(desk: Desk) -> None:
    body = COURT.body.replace("法院没有采纳", "法院采纳")
    desk.take(page("court"), page("court", "https://b.test/1", body=body))
    assert desk.events[1].relation == "gapped"
    assert desk.events[2].details["changed"] == ["negation"]


def test_the_same_prose_under_a_title_with_another_amount_is_news(desk: Desk) -> None:
    title = "米袋钱包外包催收案宣判 罚金五百万元"
    desk.take(page("court"), page("court", "https://b.test/1", title=title))
    assert desk.events[1].relation == "exact"
    assert desk.events[2].details["changed"] == ["amount"]


def test_an_edit_that_was_told_is_no_news_in_a_copy(desk: Desk) -> None:
    desk.take(page("court"))
    desk.take(page("court", body=FIFTY))
    desk.take(page("court", "https://b.test/1", body=FIFTY))
    desk.take(page("court", "https://b.test/2"))
    assert kinds(desk) == ["StoryOpened", "ArticleEdited", "StorySpread", "StorySpread"]


# What is a repost is decided on texts: a second store need only keep it for one of them.
@pytest.mark.parametrize(
    ("database_url", "place"),
    [
        *(pytest.param("sqlite", place, id=BASE[place].key) for place in range(len(BASE))),
        pytest.param("postgresql", 0, id="postgresql", marks=pytest.mark.postgres),
    ],
    indirect=["database_url"],
)
def test_no_repost_of_any_kind_is_mailed_again(desk: Desk, place: int) -> None:
    article, other = BASE[place], BASE[(place + 3) % len(BASE)]
    desk.take(page(article.key))
    desk.take(
        *(
            Article(f"https://c{number}.test/", repost.title, repost.body)
            for number, repost in enumerate(reposts(article, other))
            if repost.leaves_facts
        )
    )
    assert "CopyChanged" not in kinds(desk)
    assert kinds(desk).count("StoryOpened") == 1


def test_a_baseline_copy_is_recorded_and_not_alerted(desk: Desk) -> None:
    desk.take(page("court"))
    desk.take(page("court", "https://b.test/1", body=FIFTY), baseline=True)
    assert desk.events[-1].kind is EventKind.COPY_CHANGED
    assert len(desk.rows(OutboxRow)) == 1


def test_one_mail_with_both_versions_goes_to_whoever_follows_stories(
    engine: Engine, tmp_path
) -> None:
    with SmtpServer() as server:
        mail = MailOptions(
            host="127.0.0.1", port=server.port, security="none", sender="watch@example.org"
        )
        follower = subscription()
        everything = subscription(name="all", events=tuple(EventKind), to=("all@example.org",))
        told = config(tmp_path, follower, everything, mail=mail)
        desk = Desk(engine)
        desk.intake = Intake(
            engine,
            MATCHER,
            lambda connection, event: enqueue(
                connection, event, told.subscriptions, event.happened_at
            ),
            clock=lambda: NOON,
        )
        desk.take(page("court"))
        desk.take(page("court", "https://copy.test/9", body=OpenCC("s2t").convert(FIFTY)))
        desk.take(page("farm"), Article("https://farm.test/2", FARM.title, FARM.body))
        asyncio.run(Delivery(engine, told, "mail").run_once(NOON + timedelta(days=1)))
        received = [
            (each.mail["X-Lendwatch-Subscription"], each.mail["X-Lendwatch-Event"])
            for each in server.received
        ]
        assert sorted(received) == sorted(
            [(who, "StoryOpened") for who in ("all", "desk")] * 2
            + [("all", "CopyChanged"), ("desk", "CopyChanged"), ("all", "StorySpread")]
        ), "the spread of the farm's text alone is a plain spread"
        changed = next(m for m in server.received if m.mail["X-Lendwatch-Event"] == "CopyChanged")
        text = changed.mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert changed.mail["Subject"].startswith("【转载有改动】米袋钱包 · ")
        assert "已知文本（court.example.com）：" in text
        assert "判处罚金【八十万元】" in text
        assert "判處罰金【五十萬元】" in text
        assert "https://copy.test/9" in text
        assert "https://court.example.com/1" in text
    with engine.connect() as connection:
        lines = {
            (line.event.kind.value, line.subscription): line.decision
            for line in preview(connection, told.subscriptions, 3 * 5)
            if line.event.story_id == 1
        }
    assert lines["CopyChanged", "desk"].route == "instant"
    assert "tells other facts (amount)" in lines["CopyChanged", "desk"].reason
    assert lines["StorySpread", "all"].reason.endswith("told as CopyChanged")
