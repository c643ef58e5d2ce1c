"""Site furniture that no list knows: learned from pages, and read away before texts are compared."""

import random
from itertools import permutations

import opencc
import pytest
from furniture_pages import BRIDGE, RIVER, SITES, TOWER, FurnishedSite, own_text
from intake_desk import MATCHER, Desk
from our_articles import BASE, BY_KEY, FARM, WATCHLIST
from repost_generator import swapped
from sqlalchemy import Engine

from crawler.article import Article
from monitor.intake import IntakeReport
from monitor.store.furniture_tables import LineCountRow
from monitor.store.models import ArticleRow
from monitor.stories.cluster import Document, cluster
from monitor.stories.first_sight import edges_at_first_sight
from monitor.stories.furniture import ANYWHERE, ON_SITE
from monitor.stories.lines import at_edges, countable, shared_edges
from monitor.stories.reading import Reading, read
from monitor.stories.relation import Relation, relate


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def reading(title: str, body: str) -> Reading:
    return read(title, body, MATCHER.match(title, body))


def keys(*lines: str) -> set[int]:
    return {line.key for line in reading("", "\n".join(lines)).lines}


def relations(desk: Desk) -> dict[str, str]:
    return {row.url: row.relation for row in desk.rows(ArticleRow)}


def teach(desk: Desk, site: FurnishedSite, first: int, count: int = ON_SITE) -> None:
    desk.take(*(site.page(each) for each in range(first, first + count)))


def learned(desk: Desk, *lines: str) -> set[int]:
    """Which of these lines are furniture of some site, or everywhere."""
    counts: dict[int, list[int]] = {}
    for row in desk.rows(LineCountRow):
        counts.setdefault(row.hash, []).append(row.stories)
    return {
        key
        for key in keys(*lines)
        if max(counts.get(key, [0])) >= ON_SITE or sum(counts.get(key, [0])) >= ANYWHERE
    }


@pytest.mark.parametrize("seed", range(5))
def test_articles_of_a_site_are_never_one_story_and_copies_elsewhere_are_exact(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(seed)
    pages = [site.page(10 * at + each) for at, site in enumerate(SITES) for each in range(6)]
    chance.shuffle(pages)
    assert desk.take(*pages) == IntakeReport(taken=18, opened=18)
    assert set(relations(desk).values()) == {"new"}
    copies = [
        (BRIDGE.page(100, own_text(2), "河边的人转来的一件事"), "exact"),
        (RIVER.page(101, own_text(13), "塔下的人转来的一件事"), "exact"),
        (TOWER.page(102, own_text(24), "桥头的人转来的一件事"), "exact"),
        (TOWER.page(103, opencc.OpenCC("s2t").convert(own_text(5))), "script-variant"),
        (Article("https://plain.test/1", "没有家具的转载", own_text(14)), "exact"),
    ]
    chance.shuffle(copies)
    report = desk.take(*(page for page, _ in copies))
    assert report == IntakeReport(taken=5, joined=5)
    told = relations(desk)
    assert {page.url: told[page.url] for page, _ in copies} == {
        page.url: relation for page, relation in copies
    }
    # What is met again after all was learned is what it was.
    again = RIVER.page(200, own_text(3), RIVER.page(3).title)
    assert desk.take(pages[0], again) == IntakeReport(taken=2, unchanged=1, joined=1)
    assert relations(desk)[again.url] == "exact"


def test_an_unknown_sites_first_two_articles_share_only_its_furniture(desk: Desk) -> None:
    """Four fifths of each page are the site's."""
    first, second = (own_text(each)[:150] for each in (1, 2))
    assert relate(
        reading("一", RIVER.body(first)), reading("二", RIVER.body(second))
    ).relation.joins
    report = desk.take(RIVER.page(1, first, "早上的事"), RIVER.page(2, second, "晚上发生的另一件"))
    assert report.opened == 2
    assert set(relations(desk).values()) == {"new"}


def test_copies_on_one_site_are_no_furniture_of_it(desk: Desk) -> None:
    body = BY_KEY["court"].body
    for number in range(8):
        title = BY_KEY["court"].title if number % 2 else f"第{number}次登出的判决"
        report = desk.take(Article(f"https://copies.test/{number}", title, body))
        assert (report.opened, report.joined) == ((1, 0) if number == 0 else (0, 1))
    assert learned(desk, *body.splitlines()) == set()


def test_an_article_that_many_take_up_stays_what_it_is(desk: Desk) -> None:
    swaps = [FARM, *(swapped(FARM, "青禾借", each.name) for each in MATCHER_PLATFORMS)]
    for number, each in enumerate(swaps):
        desk.take(Article(f"https://farm.test/{number}", each.title, each.body))
    assert learned(desk, *FARM.body.splitlines()) == set()
    assert list(relations(desk).values()) == ["new", *["platform-swap"] * (len(swaps) - 1)]


MATCHER_PLATFORMS = [each for each in WATCHLIST.platforms if each.name != "青禾借"]


@pytest.mark.parametrize("one_site", [True, False])
def test_a_statement_that_many_reports_quote_is_no_furniture(desk: Desk, one_site: bool) -> None:
    statement = (
        "声明全文写道,公司自即日起停止向通讯录中的联系人拨打任何电话,已经外包出去的账户将在三十日内全部收回。",
        "公司同时承诺,凡在去年一月至今年六月之间多收的费用,核对清楚之后一律原路退回,不需要借款人提出申请。",
    )
    for number in range(10):
        before, after = own_text(50 + 2 * number), own_text(51 + 2 * number)
        site = "portal.test" if one_site else f"portal{number}.test"
        body = "\n\n".join((before, *statement, after))
        desk.take(Article(f"https://{site}/{number}", f"记者{number}号的报道", body))
    assert len(desk.rows(ArticleRow)) == 10
    assert learned(desk, *statement) == set()
    whole = "\n\n".join((*statement, own_text(90)))
    desk.take(Article("https://company.test/1", "公司的声明", whole))
    copy = Article("https://portal.test/99", "转发公司的声明", whole)
    assert desk.take(copy).joined == 1
    assert relations(desk)[copy.url] == "exact"


def test_template_paragraphs_of_a_farm_are_learned_wherever_they_stand(desk: Desk) -> None:
    def page(number: int, host: str = "farm.test", title: str = "") -> Article:
        own = own_text(number).split("\n\n")
        body = "\n\n".join(
            part
            for at, (heading, paragraph) in enumerate(TEMPLATE)
            for part in (heading, own[at], paragraph)
        )
        return Article(f"https://{host}/{number}", title or f"第{number}家平台怎么样", body)

    desk.take(*(page(each) for each in range(6)))
    paragraphs = [paragraph for _, paragraph in TEMPLATE]
    assert learned(desk, *paragraphs) == keys(*paragraphs)
    report = desk.take(page(7), page(3, "other.test", "换了一个题目"))
    assert report == IntakeReport(taken=2, opened=1, joined=1)
    assert relations(desk)["https://farm.test/7"] == "template-sibling"
    assert relations(desk)["https://other.test/3"] == "exact"


TEMPLATE = (
    ("一、平台的背景", "众所周知,互联网时代的每一位朋友都离不开资金的周转,选择一家合适的平台就显得格外重要。"),
    ("二、申请的流程", "申请之前请准备好身份证明和常用的手机,按照页面上的提示一步一步填写,通常几分钟就能完成。"),
    ("三、费用的说明", "费用的高低因人而异,签字以前务必把合同从头到尾读完,有不明白的地方可以向身边的人请教。"),
    ("四、小编的建议", "总而言之,量入为出才是长久之计,希望看完这篇内容的朋友都能找到适合自己的那一条路。"),
)  # fmt: skip


def test_a_page_of_nothing_but_furniture_joins_nothing(desk: Desk) -> None:
    teach(desk, RIVER, 1)
    empty = [
        RIVER.page(50 + each, " ", title) for each, title in enumerate(("空白", "丢了正文的页"))
    ]
    assert desk.take(*empty) == IntakeReport(taken=2, opened=2)
    again = RIVER.page(60, " ", "丢了正文的页")
    assert desk.take(again).joined == 1  # under its title it is the same page
    assert desk.take(RIVER.page(70)).opened == 1


def test_furniture_counts_at_home_sooner_than_abroad(desk: Desk) -> None:
    teach(desk, RIVER, 1, ON_SITE - 1)
    assert learned(desk, *RIVER.tail) == set()
    desk.take(RIVER.page(1 + ON_SITE))
    assert learned(desk, *RIVER.tail) == keys(*RIVER.tail)
    rows = len(desk.rows(LineCountRow))
    desk.take(RIVER.page(40))
    # What is learned is counted no further; the page's own lines are new.
    assert max(row.stories for row in desk.rows(LineCountRow)) == ON_SITE
    assert len(desk.rows(LineCountRow)) - rows == own_text(40).count("\n\n") + 1


@pytest.mark.parametrize("seed", range(3))
def test_documents_without_a_site_learn_from_how_often_a_line_stands(seed: int) -> None:
    documents = [
        Document(f"{at} {each}", f"文章{at}之{each}", site.body(own_text(10 * at + each)))
        for at, site in enumerate(SITES)
        for each in range(7)
    ]
    random.Random(seed).shuffle(documents)
    late = [
        Document("copy", "河边的一件事", TOWER.body(own_text(3))),
        Document("variant", "塔下的", BRIDGE.body(opencc.OpenCC("s2t").convert(own_text(14)))),
    ]
    found = {each.id: each for each in cluster([*documents, *late], MATCHER)}
    assert {each.relation for each in found.values() if " " in each.id} == {Relation.NEW}
    assert (found["copy"].story, found["copy"].relation) == ("0 3", Relation.EXACT)
    assert (found["variant"].story, found["variant"].relation) == ("1 4", Relation.SCRIPT_VARIANT)


def test_a_retitled_copy_under_another_lede_is_none_at_first_sight() -> None:
    body = BY_KEY["privacy"].body.strip()
    one = reading("甲", f"{own_text(1)[:120]}\n\n{body}")
    other = reading("乙", f"{own_text(2)[:120]}\n\n{body}")
    assert edges_at_first_sight(one, other, frozenset()) == frozenset()
    assert relate(one, other).relation.joins


@pytest.mark.parametrize(("one", "other"), list(permutations(BASE[:3], 2)))
def test_first_sight_needs_another_title(one: object, other: object) -> None:
    texts = [reading("同一个题目", RIVER.body(each.body)) for each in (one, other)]  # type: ignore[attr-defined]
    assert edges_at_first_sight(*texts, frozenset()) == frozenset()
    texts = [reading(each.title, RIVER.body(each.body)) for each in (one, other)]  # type: ignore[attr-defined]
    assert edges_at_first_sight(*texts, frozenset()) == keys(*RIVER.head, *RIVER.tail)


def test_edges_may_have_loose_lines_between_them() -> None:
    one = reading(
        "", "甲的第一段话。\n尾巴一共有两行。\n今天另有新闻三条\n尾巴的第二行在此。"
    ).lines
    other = reading("", "乙的另外一段话。\n尾巴一共有两行。\n昨天的新闻\n尾巴的第二行在此。").lines
    assert shared_edges(one, other) == keys("尾巴一共有两行。", "尾巴的第二行在此。")
    assert at_edges(one, set()) == set()


def test_loose_lines_among_the_furniture_behind_an_article_go_with_it() -> None:
    furniture = keys("大家都在读的几篇。", "请把这一页转给朋友。")
    body = "正文在这里,说了一件事。\n大家都在读的几篇。\n今天另有新闻三条\n请把这一页转给朋友。"
    text = reading("题", body)
    assert text.without(furniture).prose == "正文在这里说了一件事"
    assert text.without(furniture).raw == "正文在这里,说了一件事。"
    assert text.without(keys("没有这一行。")) is text


def test_figures_of_a_loose_line_make_it_no_other_line_and_those_of_a_sentence_do() -> None:
    assert keys("阅读量 1204 次") == keys("阅读量 33 次")
    assert keys("年利率升到了24%。") != keys("年利率升到了36%。")
    assert keys("青禾借的客服没有回应。") == keys("米袋钱包的客服没有回应。")


def test_names_in_furniture_do_not_tell_whom_an_article_is_about() -> None:
    advertisement = "青禾借、青禾借、还是青禾借,借钱就到青禾借。"
    text = reading("一件事", f"米袋钱包昨天停止了催收,米袋钱包没有说明原因。\n{advertisement}")
    assert text.names.dominant == "青禾借"
    assert text.without(keys(advertisement)).names.dominant == "米袋钱包"


def test_a_single_line_of_prose_is_the_article_and_is_not_counted() -> None:
    lines = reading("题", "全文只有这么一行,没有别的。").lines
    assert list(countable(lines, set(), frozenset(), template=False)) == []


def test_lines_in_the_middle_of_several_articles_are_quoted() -> None:
    lines = reading("题", "头一段。\n大家引用的一段。\n自己的末一段。\n站点的尾巴。").lines
    known = keys("大家引用的一段。", "站点的尾巴。")
    counted = set(countable(lines, known, frozenset(), template=False))
    assert counted == keys("头一段。", "自己的末一段。", "站点的尾巴。")
    assert set(countable(lines, known, frozenset(), template=True)) == {each.key for each in lines}
