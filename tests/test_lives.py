"""Lives in a store: looks are followed, removals and returns told once, nothing lost or repeated."""

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from alert_fixtures import config
from intake_desk import NOON, Desk, page
from intake_process import EVERYTHING
from killed import killed_at
from sqlalchemy import Engine

from crawler.log.engine import open_engine
from crawler.log.looks import Look, append_looks
from monitor.alerts import outbox
from monitor.alerts.compose import Composer
from monitor.changes.life import Rules
from monitor.changes.lives import rechecks
from monitor.changes.looked import settled
from monitor.following import Follower
from monitor.store.models import (
    ArticleLifeRow,
    ArticleLogRow,
    EventRow,
    LifeStepRow,
    OutboxRow,
)

pytest_plugins = ["database_fixtures"]

SITE = "example.com"
GONE = {"outcome": "not-found", "status": 404, "title": "404", "text": "页面不存在"}
HOME = {
    "outcome": "ok",
    "status": 200,
    "title": "示例网",
    "text": "今日要闻\n财经频道\n科技频道\n体育",
}


class Watch:
    """Articles in a store, a follower, and looks at hours after noon."""

    def __init__(self, engine: Engine, *keys: str) -> None:
        self.desk = Desk(engine)
        self.engine = engine
        self.urls = [f"https://www.{SITE}/news/{number}.html" for number in range(len(keys))]
        self.desk.take(*(page(key, url) for key, url in zip(keys, self.urls, strict=True)))
        self.desk.events.clear()
        self.follower = Follower(engine, Rules(), self.desk.tell)

    def look(self, hours: float, number: int = 0, *, role: str = "article", **said: object) -> None:
        at = NOON + timedelta(hours=hours)
        url = self.urls[number] if role == "article" else f"https://www.{SITE}/{role}"
        look = Look(url, SITE, role, "portal", at, "unchanged", 304, url)  # type: ignore[arg-type]
        with self.engine.begin() as connection:
            append_looks(connection, [replace(look, **said)])  # type: ignore[arg-type]

    def follow(self) -> list[str]:
        """Kinds of the events told since."""
        before = len(self.desk.events)
        self.follower.run()
        return [each.kind.value for each in self.desk.events[before:]]

    def lives(self) -> list[str]:
        return [each.state for each in self.desk.rows(ArticleLifeRow)]

    def next_look(self, number: int = 0) -> datetime:
        at: datetime = self.desk.rows(ArticleLifeRow)[number].next_look_at
        return at


def test_three_strikes_over_a_day_while_the_site_answers_are_a_removal(engine: Engine) -> None:
    watch = Watch(engine, "court")
    for hours in (1, 13):
        watch.look(hours, **GONE)
        watch.look(hours, role="home", **HOME)
    assert watch.follow() == []
    assert watch.lives() == ["suspect"]
    assert watch.next_look() == NOON + timedelta(hours=24.5)
    watch.look(25, **GONE)
    assert watch.follow() == ["ArticleRemoved"]
    assert watch.follow() == []
    event = watch.desk.events[-1]
    assert [each["status"] for each in event.details["strikes"]] == [404, 404, 404]
    watch.look(60)
    assert watch.follow() == ["ArticleRestored"]
    assert [each.deed for each in watch.desk.rows(LifeStepRow)] == [
        "strike", "strike", "removed", "restored",
    ]  # fmt: skip
    assert watch.desk.events[-1].details["summary"] == "重新上线，正文与撤下前相同"


def test_where_all_of_a_site_is_gone_nothing_is_told_removed(engine: Engine) -> None:
    watch = Watch(engine, "court", "fine", "diary")
    watch.look(1, 0, **GONE)
    watch.look(1, role="home", **HOME)
    watch.follow()
    # One is gone: the others are looked at soon, to tell whether it is the site.
    assert all(watch.next_look(number) < NOON + timedelta(hours=1) for number in (1, 2))
    for hours in (2, 13, 25, 30):
        for number in range(3):
            watch.look(hours, number, **GONE)
        watch.look(hours, role="home", **HOME)
    assert watch.follow() == []
    assert watch.lives() == ["suspect"] * 3
    assert watch.desk.rows(ArticleLifeRow)[0].held == "every article of the site is gone"
    # It was the site's doing, and is mended, but for one.
    for hours in (40, 60):
        watch.look(hours, 0, **GONE)
        watch.look(hours, 1)
        watch.look(hours, 2)
    assert watch.follow() == ["ArticleRemoved"]
    assert watch.lives() == ["removed", "live", "live"]


def test_an_outage_removes_nothing_and_what_is_in_the_way_is_kept(engine: Engine) -> None:
    watch = Watch(engine, "court", "fine")
    blocked: list[dict[str, object]] = [
        {"outcome": "captcha", "status": 200, "title": "安全验证", "text": "请完成验证"},
        {"outcome": "blocked", "status": 403}, {"outcome": "server-error", "status": 503},
        {"outcome": "dns", "status": None, "address": ""},
        {"outcome": "layout", "status": 200, "title": "", "text": ""},
    ]  # fmt: skip
    for hours, said in enumerate(blocked * 3):
        watch.look(1 + 12 * hours, 0, **said)
        watch.look(1 + 12 * hours, 1)
    assert watch.follow() == []
    life = watch.desk.rows(ArticleLifeRow)[0]
    assert (life.state, life.blocked_since) == ("live", NOON + timedelta(hours=1))
    assert [each.deed for each in watch.desk.rows(LifeStepRow)] == ["blocked"]


def test_a_soft_404_that_was_logged_is_neither_an_edit_nor_missed(engine: Engine) -> None:
    watch = Watch(engine, "court", "fine")
    any_page = page(
        "diary", watch.urls[0], title="示例网", body="用钱宝怎么样？推荐阅读精彩内容。" * 9
    )
    said = {"title": any_page.title, "text": any_page.body}
    for hours in (1, 13, 26):
        watch.look(hours, role="nowhere", outcome="ok", status=200, **said)
        watch.desk.log(any_page)
        logged = watch.desk.rows(ArticleLogRow)[-1].id
        watch.look(hours, outcome="kept", status=200, log_id=logged)
        watch.look(hours, 1)
        # What the intake has not taken yet is waited for.
        assert watch.follow() == []
        watch.desk.events.clear()
        report = watch.desk.intake.run()
        assert (report.edited, report.absent) == (0, 1)
        told = watch.follow()
    assert told == ["ArticleRemoved"]
    assert watch.desk.events[-1].details["reason"] == "the site's page for any address"
    watch.look(50)  # the same bytes as the last that were kept: the page for any address
    assert watch.follow() == []
    watch.desk.log(page("court", watch.urls[0]))
    watch.look(99, outcome="kept", status=200, log_id=watch.desk.rows(ArticleLogRow)[-1].id)
    watch.desk.intake.run()
    assert watch.follow() == ["ArticleRestored"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_kills_between_statements_lose_and_repeat_nothing(database_url: str) -> None:
    engine = open_engine(database_url)
    watch = Watch(engine, "court", "fine")
    for hours in (1, 13, 26):
        watch.look(hours, **GONE)
        watch.look(hours, 1)
    watch.look(80)
    engine.dispose()

    def follow() -> None:
        mine = open_engine(database_url)
        Follower(mine, Rules(), Desk(mine).tell).run()

    statement = 1
    while killed_at(statement, follow):
        statement += 3
    assert statement > 50
    assert [each.kind for each in watch.desk.rows(EventRow) if "Article" in each.kind] == [
        "ArticleRemoved", "ArticleRestored",
    ]  # fmt: skip
    assert len(watch.desk.rows(LifeStepRow)) == 4
    assert len({each.event_id for each in watch.desk.rows(OutboxRow)}) == 4
    engine.dispose()


def test_a_crawl_is_told_whom_to_look_at_again_within_its_budget(engine: Engine) -> None:
    watch = Watch(engine, "court", "fine", "diary", "closing")
    later = NOON + timedelta(days=20)
    with engine.begin() as connection:
        first = rechecks(connection, "portal", 24, later)
        assert len(first) == 1  # an hour's worth, before anything was ever asked
        assert rechecks(connection, "portal", 24, later + timedelta(minutes=30)) == ()
        assert rechecks(connection, "another", 24, later) == ()
    watch.look(1, 3, **GONE)
    watch.follow()
    with engine.begin() as connection:
        chosen = rechecks(connection, "portal", 24, later + timedelta(hours=2))
    assert len(chosen) == 2
    assert chosen[0] == watch.urls[3]  # what may be gone comes first


def test_strikes_of_an_outage_are_not_the_article_s(engine: Engine) -> None:
    watch = Watch(engine, "court", "fine", "diary")
    for hours in (1, 13):
        for number in range(3):
            watch.look(hours, number, **GONE)
        watch.look(hours, role="home", outcome="not-found", status=404)
    # Back, but for the first: which may be as short an absence as any.
    for hours in (37, 49):
        watch.look(hours, 1)
        watch.look(hours + 0.1, 0, **GONE)
        assert watch.follow() == []
        assert watch.lives() == ["suspect", "live", "suspect"]
    watch.look(61, 0, **GONE)
    assert watch.follow() == ["ArticleRemoved"]
    told = watch.desk.events[-1].details
    assert datetime.fromisoformat(told["gone_since"]) == NOON + timedelta(hours=37.1)
    assert len(told["strikes"]) == 3


def test_what_is_gone_is_settled_while_its_site_s_answers_are_young(engine: Engine) -> None:
    watch = Watch(engine, "court", "fine")

    def found(hours: float) -> tuple[str, ...]:
        with engine.connect() as connection:
            return settled(connection, watch.urls, NOON + timedelta(hours=hours))

    for hours in (1, 13, 25):
        watch.look(hours, 0, **GONE)
        watch.look(hours, role="home", **HOME)
        watch.look(hours, role="nowhere", outcome="server-error", status=500)
        watch.follow()
    assert found(26) == ()  # the site did not say what it shows there
    watch.look(26, role="nowhere", **GONE)
    assert found(27) == (watch.urls[0],)
    assert found(26 + 80) == (watch.urls[0],)
    assert found(26 + 90) == ()  # asked anew well before its answer is too old to be compared
    watch.look(28, 1, **GONE)
    watch.follow()
    assert found(29) == (watch.urls[0],)
    watch.look(28.1, role="home", **HOME)
    assert found(29) == tuple(watch.urls)  # the second is suspect, and its site does answer


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_mail_says_what_is_gone_how_it_shows_and_where_it_still_stands(
    engine: Engine, tmp_path: Path
) -> None:
    watch = Watch(engine, "court", "fine")
    watch.desk.take(page("court", "https://copy.example.org/9.html"))
    for hours in (1, 13):
        watch.look(hours, **GONE)
    watch.look(13, 1)
    watch.look(25, outcome="skipped", status=200, title="提示", text="该文章已被作者删除")
    assert watch.follow() == ["ArticleRemoved"]
    watch.desk.take(page("court", "https://late.example.net/9.html"))
    mails = mails_of(engine, tmp_path)
    for said in (
        "表现：已撤下：「该文章已被作者删除」",
        "消失起：2024-11-08 21:00",
        "3 次均未见原文：2024-11-08 21:00 页面不存在「HTTP 404」（记录 1）",
        "原文已撤下，另有 2 个站点仍可读",
        "https://copy.example.org/9.html",
        "已存原文：lendwatch article 1；证据：lendwatch evidence 1",
    ):
        assert said in mails["ArticleRemoved"][0]
    assert "转载的原文已于 2024-11-09 21:00 撤下" in mails["StorySpread"][-1]
    watch.look(100)
    assert watch.follow() == ["ArticleRestored"]
    restored = mails_of(engine, tmp_path)["ArticleRestored"][0]
    assert "内容：与撤下前相同" in restored
    assert "恢复于：2024-11-13 00:00" in restored


def mails_of(engine: Engine, folder: Path) -> dict[str, list[str]]:
    """The texts of all mail that waits, by event."""
    composer = Composer(config(folder, EVERYTHING))
    texts: dict[str, list[str]] = {}
    with engine.begin() as connection:
        while claimed := outbox.claim(connection, "me", {}, NOON + timedelta(days=9), "mail"):
            mail = message_from_bytes(composer.compose(connection, claimed, NOON), policy=default)
            part = mail.get_body(("plain",))
            assert part is not None
            texts.setdefault(mail["X-Lendwatch-Event"], []).append(part.get_content())
    return texts
