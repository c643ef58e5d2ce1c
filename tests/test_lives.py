"""Lives in a store: looks are followed, removals and returns told once, nothing lost or repeated."""

from dataclasses import replace
from datetime import datetime, timedelta

from intake_desk import NOON, Desk, page
from sqlalchemy import Engine

from crawler.log.looks import Look, append_looks
from monitor.changes.life import Rules
from monitor.following import Follower
from monitor.store.life_tables import ArticleLifeRow, LifeStepRow

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
    assert watch.next_look() == NOON + timedelta(hours=25)
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
