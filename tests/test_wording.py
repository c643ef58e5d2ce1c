"""How collection is worded: learned, and asked only where the terms leave a doubt."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from labelled_sentences import learned_from

import seeds
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.edition import edition
from seeds.match.wording import Wording, grams_of, packaged, text_of, without_names

WATCHLIST = load_watchlist(PACKAGED)
MATCHER = Matcher(WATCHLIST)


def test_the_weights_are_those_of_the_sentences():
    """After the sentences changed: `python -m tests.learn_wording`."""
    assert text_of("collection").split("\n", 1)[0].endswith(learned_from())


def test_a_passage_is_read_by_its_grams_and_its_lists():
    wording = Wording({"还": (1.0, 2.0), "书": (1.0, -3.0)}, {"debts": 1.0}, bias=-1.0, term=2.0)
    assert wording.margin("还", (), term=False) == pytest.approx(1.0)
    assert wording.margin("还还", ("debts",), term=True) == pytest.approx(4.0)
    assert wording.margin("还书", (), term=False) == pytest.approx(-1 / 2**0.5 - 1)
    assert wording.margin("", (), term=False) == -1.0
    told = packaged("collection").telling("他们天天打到我单位催还款", ("unpaid", "bills"))
    assert told.lists == ("unpaid",)
    assert "他们" in told.pairs


READ = """
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
matcher = Matcher(load_watchlist(PACKAGED))
for text in ("老乡借了我两万，我每周末坐车去他家楼下堵他，坐到天黑", "每到月底，银行那位小姐就传讯息提醒：这期信贷记得缴喔"):
    print([tuple(each) for each in matcher.match("", text).mentions])
"""


def test_every_process_reads_the_same_and_says_why_alike():
    told = {
        subprocess.run(
            [sys.executable, "-c", READ],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert "worded like the topic" in told.pop().decode()


def test_numbers_and_names_are_all_alike():
    assert grams_of("打了38个") == grams_of("打了四十个")
    assert without_names("在用钱宝借，用钱宝催", 0, 10, [(1, 4), (6, 9)]) == "在P借，P催"


@pytest.mark.parametrize(
    "text",
    [
        "對門搬走前，天天有兩個夾公文包的坐在樓梯口，見人就說樓上那戶向他們貸了八萬，請幫忙勸勸",
        "中原消金那边打来核对，问我是不是月底一并处理，又说罚息可以减掉一些",
        "信用社的小伙子每季末打来，只问一句：叔，这季贷款的利息啥时候来交",
    ],
)
def test_what_no_term_tells_is_read_from_the_wording(text):
    found = MATCHER.match("", text)
    assert "collection" in found.topics
    worded = [each for each in found.mentions if "worded like the topic" in each.reason]
    assert worded
    for each in worded:
        assert text[each.start : each.end] == each.surface


@pytest.mark.parametrize(
    "text",
    [
        "记者多次致电该平台客服，对方表示不清楚贷款业务的具体情况，截至发稿电话无人接听",
        "电力公司工作人员昨天上门催收电费，居民说这个月的账单比上个月多了一倍",
        "客服打电话来说我的贷款额度提高了，利率也比上个月低，问我要不要再借一点",
        "房东每天发微信说再不交房租就换锁，还把欠租的名单贴在楼下",
    ],
)
def test_what_is_worded_otherwise_stays_out(text):
    assert "collection" not in MATCHER.match("", text).topics


def test_the_wording_is_silent_in_long_news_of_other_things():
    paragraph = "公司今年推出三款新车，销量同比增长两成，并在多个城市开设门店，服务网点超过一百家。"
    found = MATCHER.match("新车上市", paragraph * 20)
    assert not [each for each in found.mentions if "worded" in each.reason]


def test_a_topic_that_learned_nothing_is_another_edition():
    plain = [topic.model_copy(update={"wording": None}) for topic in WATCHLIST.topics]
    assert edition(WATCHLIST.model_copy(update={"topics": tuple(plain)})) != edition(WATCHLIST)


def test_every_weight_can_be_read():
    wording = packaged("collection")
    assert len(wording.grams) > 5000
    assert {"unpaid", "contacts"} <= wording.lists.keys()


DEMO = sorted((Path(seeds.__file__).parents[1] / "monitor" / "demo" / "articles").glob("*.txt"))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_an_article_about_collection_names_it(path):
    title, _, body = path.read_text("utf-8").partition("\n")
    text = body.split("\n\n", 1)[-1]
    assert ("collection" in MATCHER.match(title, text).topics) is ("催收" in title + text)
