"""When an article is told removed and when back: a table of what looks find, and any sequence."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from monitor.changes.elsewhere import ANY_ADDRESS, REDIRECTED, answers, leads_away, standing_at
from monitor.changes.life import (
    DAILY,
    DAY,
    HOUR,
    NO_ANSWER,
    SLACK,
    WHOLE_SITE,
    Around,
    Deed,
    Life,
    Rules,
    State,
    after,
    look_again,
)
from monitor.changes.standing import HERE, Found, Shown, Standing

START = datetime(2026, 3, 1, tzinfo=UTC)
RULES = Rules()
ANSWERS, SILENT = Around(True, True, False), Around(False, False, False)
MOVED, BACK = Around(True, True, True), Around(True, False, False)
FOUND = {
    "h": HERE,
    "g": Found(Standing.GONE, "not found", "HTTP 404"),
    **{
        letter: Found(Standing.BLOCKED, reason)
        for letter, reason in {
            "c": "captcha or refusal", "f": "refused", "5": "server error", "d": "no answer",
            "l": "another layout", "w": "login or payment", "m": "the site does not work",
        }.items()
    },
}  # fmt: skip


def live(looks: str, around: Around = ANSWERS, rules: Rules = RULES) -> tuple[Life, list[str]]:
    """A life over `looks`, each a letter of FOUND and the hours to the one before it."""
    life, at, deeds = Life(State.LIVE, START), START, []
    for each in looks.split():
        at += timedelta(hours=float(each[1:] or 0))
        life, deed = after(life, FOUND[each[0]], at, around, rules)
        deeds += [deed.value] if deed else []
    return life, deeds


@pytest.mark.parametrize(
    ("looks", "around", "state", "told"),
    [
        ("h1 h1 h1", ANSWERS, "live", ""),
        ("g1", ANSWERS, "suspect", "strike"),
        ("g1 g12 g12", ANSWERS, "removed", "strike strike removed"),
        ("g1 g1 g1", ANSWERS, "suspect", "strike strike strike"),  # too soon
        ("g1 g1 g1 g30", ANSWERS, "removed", "strike strike strike removed"),
        ("g1 g30", ANSWERS, "suspect", "strike strike"),  # too few
        # The site was gone while it struck, and is back: one strike of its own.
        ("g1 g12 g12", BACK, "suspect", "strike strike strike"),
        ("g1 g12 h1 g12 g12", ANSWERS, "suspect", "strike strike cleared strike strike"),
        # Blocked neither strikes nor clears.
        ("g1 g12 c6 f6 g6", ANSWERS, "removed", "strike strike blocked removed"),
        *((f"{kind}1 {kind}24 {kind}24 {kind}99", ANSWERS, "live", "blocked") for kind in "cf5dlwm"),
        ("g1 g12 c12 c12 c99", ANSWERS, "suspect", "strike strike blocked"),
        # The rest of the site has to answer, and not be gone as well.
        ("g1 g12 g12 g24", SILENT, "suspect", "strike strike strike"),
        ("g1 g12 g12 g24", MOVED, "suspect", "strike strike strike"),
        ("g1 g12 g12 g50 g50", ANSWERS, "removed", "strike strike removed"),
        ("g1 g12 g12 h50", ANSWERS, "live", "strike strike removed restored"),
        ("g1 g12 g12 c50 h1", ANSWERS, "live", "strike strike removed blocked restored"),
        # It came back lately: gone for two days before it is told again, and seen back twice.
        ("g1 g12 g12 h50 g9 g12 g12", ANSWERS, "suspect",
         "strike strike removed restored strike strike strike"),
        ("g1 g12 g12 h50 g9 g24 g24 h50", ANSWERS, "removed",
         "strike strike removed restored strike strike removed"),
        ("g1 g12 g12 h50 g9 g24 g24 h50 h1", ANSWERS, "live",
         "strike strike removed restored strike strike removed restored"),
        ("g1 g12 g12 h50 g9 g24 g24 h50 g1 h1", ANSWERS, "removed",
         "strike strike removed restored strike strike removed"),
        # Months later it is a matter of its own.
        ("g1 g12 g12 h50 g999 g12 g12 h1", ANSWERS, "live",
         "strike strike removed restored strike strike removed restored"),
    ],
)  # fmt: skip
def test_what_looks_make_of_a_life(looks: str, around: Around, state: str, told: str) -> None:
    life, deeds = live(looks, around)
    assert (life.state, " ".join(deeds)) == (state, told)


def test_what_is_held_back_or_in_the_way_is_visible() -> None:
    assert live("g1 g12 g12 g24", SILENT)[0].held == NO_ANSWER
    assert live("g1 g12 g12 g24", MOVED)[0].held == WHOLE_SITE
    blocked = live("h1 c1 c30")[0]
    assert blocked.blocked_since == START + timedelta(hours=2)
    assert live("h1 c1 c30 h1")[0].blocked_since is None


def test_no_sequence_without_strikes_over_the_time_is_told_removed() -> None:
    chance = random.Random(6)
    for _ in range(2_000):
        rules = Rules(chance.randint(2, 4), timedelta(hours=chance.choice((6, 24, 72))))
        life, at, row, back = Life(State.LIVE, START), START, [], 0
        for _ in range(40):
            at += timedelta(hours=chance.choice((0.1, 1, 5, 12, 30)))
            letter = chance.choice("gggghcd5")
            around = chance.choice((ANSWERS, ANSWERS, SILENT, MOVED))
            before = life
            life, deed = after(life, FOUND[letter], at, around, rules)
            row = [*row, at] if letter == "g" else row if letter in "cd5" else []
            if deed is Deed.REMOVED:
                assert before.state is State.SUSPECT
                assert around is ANSWERS
                assert len(row) >= rules.strikes
                assert at - row[0] >= rules.over * (1 - SLACK)
            if deed is Deed.RESTORED:
                assert (before.state, letter) == (State.REMOVED, "h")
                back += 1
            again = look_again(life, at, at + HOUR, rules)
            assert again is None or again > at
        assert life.returns <= back


def test_looks_come_when_strikes_need_them_and_rarely_when_all_is_over() -> None:
    at = START + HOUR
    suspect, _ = live("g1")
    assert look_again(suspect, at, at, RULES) == at + 11.75 * HOUR
    twice, _ = live("g1 g12")
    assert look_again(twice, at + 12 * HOUR, at, RULES) == at + 23.5 * HOUR
    removed, _ = live("g1 g12 g12")
    end = at + DAY
    for days, pause in ((0, DAILY), (6, DAILY), (28, 4 * DAY), (300, 30 * DAY)):
        when = end + days * DAY
        assert look_again(removed, when, when, RULES) == when + pause
    assert look_again(removed, end + 366 * DAY, end, RULES) is None
    blocked, _ = live("c1")
    assert look_again(blocked, at, at + 9 * DAY, RULES) == at + HOUR
    assert look_again(blocked, at + 9 * DAY, at, RULES) == at + 10 * DAY


BODY = "借款人反映平台委托的第三方公司连续拨打电话催收，监管部门已经受理投诉并展开调查。" * 6
KNOWN = Shown(200, "平台催收再遭投诉", BODY)
URL = "https://news.example.com/finance/2026/1.html"
PAGE_FOR_ALL = Shown(200, "示例网", "您所访问的栏目正在建设，先看看这些推荐内容吧，精彩每天更新。")
COUNTERS = Shown(200, "热点推荐", "阅读 89771 评论 53")
ALL_LINES = Shown(
    200, "热点推荐_示例网",
    "首页 财经 本地\n热点推荐\n地铁五号线年底通车\n博物馆夜场延长\n社区食堂推出半份菜\n阅读 204 评论 4\n版权所有",
)  # fmt: skip
OTHER = Shown(200, "新能源汽车销量", "今年前三季度新能源汽车销量继续增长，出口也创下新高。" * 20)


@pytest.mark.parametrize(
    ("now", "address", "nowhere", "expected"),
    [
        (KNOWN, URL, PAGE_FOR_ALL, ("here", "")),
        (PAGE_FOR_ALL, URL, PAGE_FOR_ALL, ("gone", ANY_ADDRESS)),
        (PAGE_FOR_ALL, URL, None, ("blocked", "another page")),
        (PAGE_FOR_ALL, URL, Shown(404, "示例网", "没有"), ("blocked", "another page")),
        # A site that shows articles at any address proves nothing by them.
        (KNOWN, URL, KNOWN, ("here", "")),
        (OTHER, URL, Shown(200, KNOWN.title, BODY), ("here", "")),
        (OTHER, "https://news.example.com/", None, ("gone", REDIRECTED)),
        (OTHER, "https://news.example.com/finance/", None, ("gone", REDIRECTED)),
        (KNOWN, "https://news.example.com/finance/", None, ("here", "")),
        (OTHER, "https://news.example.com/finance/2026/2.html", None, ("here", "")),
        (Shown(404, "404", ""), URL, None, ("gone", "not found")),
        (Shown(403, "", ""), "https://news.example.com/", None, ("blocked", "refused")),
        (Shown(200, "安全验证", "请完成验证，向右拖动滑块"), "https://news.example.com/",
         Shown(200, "安全验证", "请完成验证，向右拖动滑块"), ("blocked", "captcha or refusal")),
        (Shown(200, "", ""), URL, Shown(200, "", ""), ("blocked", "nothing read")),
        # A list of headlines, of which now the counters are read as its text, now all lines.
        (COUNTERS, URL, ALL_LINES, ("gone", ANY_ADDRESS)),
        (ALL_LINES, URL, COUNTERS, ("gone", ANY_ADDRESS)),
        (Shown(200, "热点推荐", "阅读 47718 评论 404"), URL, None, ("blocked", "nothing read")),
        (Shown(200, "另一页", "阅读 8 评论 1"), URL, ALL_LINES, ("blocked", "nothing read")),
    ],
)  # fmt: skip
def test_what_stands_at_an_address_beside_what_its_site_shows_elsewhere(
    now: Shown, address: str, nowhere: Shown | None, expected: tuple[str, str]
) -> None:
    found = standing_at(KNOWN, now, (URL, address), nowhere)
    assert (found.standing.value, found.reason) == expected


def test_where_redirects_lead_away_and_which_front_pages_answer() -> None:
    assert leads_away("https://e.com/?id=7", "https://e.com/")
    assert not leads_away("http://e.com/a/1.html", "https://www.e.com/a/1.html")
    assert not leads_away(URL, "")
    assert not leads_away(URL, "https://news.example.com/login/")
    notice = Shown(200, "示例网", "系统升级维护，请稍后再来，给您带来不便敬请谅解。")
    assert not answers(notice, notice)
    assert not answers(Shown(200, "安全验证", "请完成验证"), KNOWN)
    assert answers(PAGE_FOR_ALL, OTHER)
    assert answers(OTHER, OTHER)  # a redirect to a front page that is one
