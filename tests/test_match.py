"""What a text mentions: platforms by all their names, topics by their terms, with reasons."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from name_cases import NAME_CASES
from opencc import OpenCC

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.models import Alias, Platform, Watchlist

SHARED = Path(os.environ.get("LENDWATCH_SHARED") or Path(__file__).resolve().parents[2] / "shared")
WATCHLIST = load_watchlist(PACKAGED)
MATCHER = Matcher(WATCHLIST)
TRADITIONAL = OpenCC("s2t")
SIMPLIFIED = OpenCC("t2s")


def in_both_scripts(text):
    return (text, TRADITIONAL.convert(text), SIMPLIFIED.convert(text))


def counted(matches, kind="platform"):
    return [each for each in matches.mentions if each.kind == kind and each.counted]


def rejected(matches, kind="platform"):
    return [each for each in matches.mentions if each.kind == kind and not each.counted]


@pytest.mark.parametrize(("text", "platforms"), NAME_CASES)
def test_a_sentence_mentions_exactly_these_platforms(text, platforms):
    for written in in_both_scripts(text):
        assert set(MATCHER.match("", written).platforms) == platforms, written
        assert set(MATCHER.match(written, "").platforms) == platforms, written
        assert MATCHER.mentions_watched("", written) is bool(platforms), written


@pytest.mark.parametrize("platform", WATCHLIST.platforms, ids=lambda platform: platform.name)
def test_every_name_of_a_platform_is_found_in_plain_talk_of_lending(platform):
    for name in (platform.name, *(alias.name for alias in platform.aliases)):
        alias = next((a for a in platform.aliases if a.name == name), Alias(name=name))
        needed = platform.name if alias.abbreviation else alias.needs[0] if alias.needs else ""
        matches = MATCHER.match("", f"记者查询{name}、{needed}的贷款利率。")
        if platform.watched:
            assert platform.name in matches.platforms, name
        else:
            assert platform.name not in matches.platforms
            assert platform.name in {each.name for each in rejected(matches)}


@pytest.mark.parametrize("platform", WATCHLIST.platforms, ids=lambda platform: platform.name)
def test_a_rejecting_phrase_rejects_and_a_countering_one_counts(platform):
    for alias in platform.aliases:
        for phrase in alias.unless:
            if alias.name in phrase and not any(phrase in other for other in alias.counts_in):
                found = MATCHER.match("", f"，{phrase}，").mentions
                own = [each for each in found if each.counted and each.surface == alias.name]
                assert own == [], phrase
        for phrase in alias.counts_in:
            assert platform.name in MATCHER.match("", f"{phrase}，贷款").platforms or (
                not platform.watched
            ), phrase


def test_a_mention_tells_where_it_stands_in_the_original():
    body = "據報導，用 錢(qián)寶\u200b的催收"
    (mention,) = counted(MATCHER.match("", body))
    assert mention.surface == "用 錢(qián)寶"
    assert body[mention.start : mention.end] == mention.surface
    assert (mention.name, mention.field) == ("用钱宝", "body")


def test_a_mention_in_a_text_taken_apart_stands_where_it_says():
    text = "听说：你*我*贷*的*钱*没*还，天*天*被*打*电*话"
    found = MATCHER.match("", text)
    assert found.platforms == ("你我贷",)
    assert "collection" in found.topics
    (mention,) = (each for each in found.mentions if each.kind == "platform")
    assert text[mention.start : mention.end] == mention.surface == "你*我*贷"


def test_a_spelled_name_stands_where_it_says_and_says_why():
    (mention,) = MATCHER.match("", "我在 你wo贷 借过").mentions
    assert (mention.surface, mention.start) == ("你wo贷", 3)
    assert mention.reason == "its name in disguise"


def test_a_name_inside_a_longer_known_name_is_not_reported_twice():
    (mention,) = MATCHER.match("", "螞蟻花唄的帳單").mentions
    assert mention.surface == "螞蟻花唄"


def test_a_name_that_ends_in_a_particle_counts_inside_a_clause():
    (mention,) = MATCHER.match("", "花呗的事先放一放").mentions
    assert mention.reason == "used as a name inside a clause"
    assert MATCHER.match("", "老婆喜欢，那就花呗！").platforms == ()


def test_a_rejected_name_says_why():
    reasons = {each.surface: each.reason for each in MATCHER.match("", "使用钱宝网").mentions}
    assert reasons == {"用钱宝": "reads like '使用钱宝'", "钱宝网": "known, but not watched"}
    (gold,) = MATCHER.match("", "奶奶留下的金条").mentions
    assert "none of the words it needs" in gold.reason


def test_a_short_name_counts_where_the_full_name_stands_elsewhere_in_the_article():
    body = "京东白条调整规则。\n" + "这一段说别的事情，很长很长。" * 20 + "\n之后白条恢复正常。"
    assert [each.surface for each in counted(MATCHER.match("", body))] == ["京东白条", "白条"]


def test_an_everyday_name_counts_beside_a_sure_one():
    assert MATCHER.match("", "微粒贷、省呗与还呗").platforms == ("微粒贷", "省呗", "还呗")


def test_the_title_gives_the_body_its_meaning():
    assert MATCHER.match("京东金融公告", "金条今天全面升级").platforms == ("京东金条",)
    assert MATCHER.match("首饰节开幕", "金条今天全面升级").platforms == ()


def test_platforms_come_in_order_of_prominence():
    matches = MATCHER.match("用钱宝回应", "拍拍贷和微粒贷。拍拍贷也回应。用钱宝称合规。")
    assert matches.platforms == ("用钱宝", "拍拍贷", "微粒贷")
    assert matches.dominant == "用钱宝"


def test_without_a_title_the_platform_named_most_is_dominant():
    assert MATCHER.match("", "拍拍贷来了。微粒贷先，微粒贷后。").dominant == "微粒贷"
    assert MATCHER.match("", "今天天气很好").dominant is None


def test_names_in_the_boilerplate_are_listed_and_do_not_count():
    matches = MATCHER.match("标题", "正文说别的。", "拍拍贷催收电话")
    assert matches.platforms == ()
    assert matches.topics == {}
    assert {each.field for each in matches.mentions} == {"boilerplate"}
    assert not any(each.counted for each in matches.mentions)


@pytest.mark.parametrize(
    "site",
    [
        "延伸阅读\n拍拍贷催收升级\n微粒贷逾期怎么办",
        "相關閱讀：\n拍拍貸催收升級",
        "最新文章\n拍拍贷暴力催收",
        "标签：拍拍贷 催收",
        "關鍵詞：拍拍貸，催收",
        "首页 | 拍拍贷 | 催收 | 微粒贷 | 联系我们",
        "上一篇：拍拍贷催收调查",
        "分類標籤：房貸 拍拍貸 催收 ╱ 本篇：跑者的早餐",
        "免责声明：本文不代表拍拍贷立场，与催收无关",
    ],
)
def test_the_sites_own_lines_in_a_body_do_not_count(site):
    body = "今天本地举行了马拉松比赛，吸引了上万名选手参加。\n比赛在下午结束。\n" + site
    matches = MATCHER.match("马拉松开跑", body)
    assert matches.platforms == ()
    assert matches.topics == {}
    assert {each.field for each in matches.mentions} == {"boilerplate"}


def test_a_heading_of_related_reading_early_on_does_not_swallow_the_article():
    body = "延伸阅读\n" + "用钱宝又开始催收了，借款人收到短信，平台回应称合规。" * 6
    assert MATCHER.match("", body).platforms == ("用钱宝",)


def test_a_name_that_two_platforms_claim_is_refused():
    twice = tuple(Platform(name=name, aliases=(Alias(name="甲貸"),)) for name in ("甲", "乙"))
    with pytest.raises(ValueError, match="belongs to '甲' and to '乙'"):
        Matcher(Watchlist(platforms=twice, topics=()))


def test_an_empty_watchlist_finds_nothing():
    matches = Matcher(Watchlist(platforms=(), topics=())).match("用钱宝", "催收")
    assert (matches.platforms, matches.topics, matches.mentions) == ((), {}, ())


def test_no_name_belongs_to_two_platforms_and_none_is_empty_when_folded():
    assert len({platform.name for platform in WATCHLIST.platforms}) == len(WATCHLIST.platforms)


PIECES = [
    *(alias.name for platform in WATCHLIST.platforms[:20] for alias in platform.aliases[:2]),
    *"用钱宝网使金条 .*\n\u200b(qián)（）&;银銭堡",
    "催收",
    "暴力",
    "延伸阅读\n",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=25).map("".join))
def test_any_text_can_be_matched_and_every_mention_stands_where_it_says(text):
    matches = MATCHER.match(text[:10], text, text[5:])
    fields = {"title": text[:10], "body": text, "boilerplate": None}
    for each in matches.mentions:
        assert each.surface
        if fields[each.field] is not None:
            assert fields[each.field][each.start : each.end] == each.surface
    assert MATCHER.mentions_watched(text[:10], text) is bool(
        MATCHER.match(text[:10], text).platforms
    )


@pytest.mark.parametrize(
    "text",
    [
        "借呗" * 100_000,
        "用*" * 150_000,
        "用钱宝\n" * 60_000,
        "催收，" * 80_000,
        "|" * 300_000,
        "用 q 宝" * 20_000,
        "消金" + "招联、" * 60_000,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_a_text_of_one_thing_is_matched_in_linear_time(text):
    # Quadratic time would take hours here; the test's time is its assertion.
    MATCHER.match("", text)


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "corpus/platforms").is_dir(), reason="no shared corpus here")
def test_every_platform_of_the_shared_list_is_known_under_its_canonical_name():
    lines = (SHARED / "corpus/platforms/platforms.jsonl").read_text("utf-8").splitlines()
    known = {platform.name for platform in WATCHLIST.platforms}
    assert {json.loads(line)["canonical"] for line in lines} <= known


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "seed/article.txt").is_file(), reason="no seed article here")
def test_the_seed_article_is_about_collection_by_one_platform():
    text = (SHARED / "seed/article.txt").read_text("utf-8")
    matches = MATCHER.match("", text)
    assert matches.platforms == ("用钱宝",)
    assert matches.topics["collection"] == "medium"
