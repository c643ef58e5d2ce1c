"""Claimed dates that cannot be true: flagged with their proof, and nothing flagged that can be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from our_articles import BASE

from monitor.stories.claims import ClaimedSpan, Dated, Doubt, claimed_span, flags, in_words
from monitor.stories.text_dates import TextDate, newest_past

SHANGHAI = timezone(timedelta(hours=8))
SEEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def at(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def copy(
    number: int,
    claimed: str | None,
    seen: str | datetime = SEEN,
    site: str = "",
    told: str = "",
    made_from: int | None = None,
) -> Dated:
    """An article; a claim without a time of day is precise to the day."""
    return Dated(
        article_id=number,
        url=f"https://s{number}.test/1",
        site=site or f"s{number}.test",
        claimed_at=at(claimed) if claimed else None,
        precise=claimed is not None and "T" in claimed,
        first_seen_at=at(seen) if isinstance(seen, str) else seen,
        told=TextDate(at(told), told, f"…{told}…") if told else None,
        made_from=made_from,
    )


def doubts(article: Dated, *others: Dated) -> list[tuple[str, str, int]]:
    return [
        (each.doubt.value, each.proved, each.article_id)
        for each in flags(article, (article, *others))
    ]


FLAGGED = [
    # The page was read before the day it claims.
    (copy(1, "2027-01-01T08:00"), (), [("later-than-seen", "2026-11-24", 1)]),
    (copy(1, "2026-11-26", "2026-11-24T16:00"), (), [("later-than-seen", "2026-11-24", 1)]),
    # Re-dated over its own text: the page itself was read before.
    (
        copy(1, "2025-03-02T09:00", "2024-11-09T10:00"),
        (),
        [("later-than-seen", "2024-11-09", 1)],
    ),
    # A 2025 copy of a text that was seen in 2024.
    (
        copy(2, "2025-03-02", "2025-03-03T10:00"),
        (copy(1, "2024-11-08", "2024-11-09T10:00"),),
        [("redated", "2024-11-09", 1)],
    ),
    (
        copy(2, "2025-03-02", "2025-03-03T10:00"),
        (copy(1, None, "2024-11-09T10:00"), copy(3, "2025-01-01", "2025-01-01T10:00")),
        [("redated", "2024-11-09", 1)],
    ),
    # All were crawled at once: two sites claim the earlier days.
    (
        copy(2, "2025-03-02T10:00"),
        (copy(1, "2024-11-08T22:41"), copy(3, "2024-11-10T08:00")),
        [("redated", "2024-11-08", 1)],
    ),
    # ... or the text's own newest date bears the earlier claim out.
    (
        copy(2, "2025-03-02T10:00"),
        (copy(1, "2024-11-08T22:41", told="2024-11-05"),),
        [("redated", "2024-11-08", 1)],
    ),
    # ... or the earlier page was read when it was new.
    (
        copy(2, "2026-11-23", "2026-11-24T10:00"),
        (copy(1, "2026-11-20T09:00", "2026-11-24T09:00"),),
        [("redated", "2026-11-20", 1)],
    ),
    # The text tells of a later day than the page claims.
    (copy(1, "2023-05-01", told="2024-11-08"), (), [("earlier-than-text", "2024-11-08", 1)]),
    (
        copy(1, "2023-05-01T10:00", told="2024-11-08"),
        (copy(2, "2024-11-09T10:00"),),
        [("earlier-than-text", "2024-11-08", 1)],
    ),
    # An annotated copy claims to be older than the text it was made from.
    (
        copy(2, "2024-11-01", "2024-11-12T10:00", made_from=1),
        (copy(1, "2024-11-08T10:00", "2024-11-09T10:00"),),
        [("earlier-than-source", "2024-11-08", 1)],
    ),
    # Nothing bears either claim out, but both cannot be the text's.
    (copy(1, "2024-11-08"), (copy(2, "2025-03-02"),), [("claims-differ", "2025-03-02", 2)]),
    (copy(2, "2025-03-02"), (copy(1, "2024-11-08"),), [("claims-differ", "2024-11-08", 1)]),
]


@pytest.mark.parametrize(("article", "others", "expected"), FLAGGED)
def test_a_claimed_date_that_cannot_be_is_flagged_with_its_proof(article, others, expected) -> None:
    assert doubts(article, *others) == expected
    for flag in flags(article, (article, *others)):
        assert flag.claimed == f"{article.claimed_at:%Y-%m-%d}"
        assert flag.proved in in_words(flag)


SOUND = [
    (copy(1, None), (copy(2, "2024-11-08"),)),
    (copy(1, "2024-11-08"), ()),
    # Another zone: local time marked as UTC, or read in Shanghai.
    (copy(1, "2026-11-24T22:00", "2026-11-24T14:30"), ()),
    (copy(1, "2026-11-24T16:00+00:00", "2026-11-24T16:30"), ()),
    (copy(1, "2026-11-25", "2026-11-24T16:00"), ()),
    (copy(1, "2026-11-25T00:30+08:00", "2026-11-24T17:00+00:00"), ()),
    # A repost of the same or the next day, whichever site was read first.
    (
        copy(2, "2024-11-09T08:00", "2024-11-09T10:00"),
        (copy(1, "2024-11-08T20:00", "2024-11-08T22:00"),),
    ),
    (copy(2, "2024-11-10", "2024-11-10T10:00"), (copy(1, None, "2024-11-09T23:00"),)),
    (copy(1, "2024-11-08T20:00"), (copy(2, "2024-11-10T08:00"),)),
    (copy(2, "2024-11-09T08:00"), (copy(1, "2024-11-08T20:00"), copy(3, "2024-11-08"))),
    # A date put back bears nothing out, for its own text tells of a later day; what is borne out
    # itself is in no doubt because another is.
    (
        copy(2, "2024-11-10", "2024-11-12T10:00", told="2024-11-08"),
        (copy(1, "2019-01-01", told="2024-11-08"), copy(3, "2018-12-30", told="2024-11-08")),
    ),
    (copy(1, "2024-11-08", "2024-11-09T10:00"), (copy(2, "2025-03-02", "2025-03-03T10:00"),)),
    # Two pages of one site do not bear each other out, nor does a page itself.
    (copy(3, "2024-11-28"), (copy(1, "2024-11-08", site="a.cn"), copy(2, "2024-11-09", site="a.cn"))),
    # Of the days the text tells of, and written a day after, or the same day told as a day.
    (copy(1, "2024-11-08T00:10", told="2024-11-08"), ()),
    (copy(1, "2024-11-07", told="2024-11-08"), ()),
    (copy(1, "2024-11-09T10:00", told="2024-11-08"), ()),
    # An older copy that was found late: the first one read may be the copy.
    (copy(2, "2024-11-08", "2024-12-20T10:00"), (copy(1, "2024-11-20", "2024-11-20T10:00"),)),
]  # fmt: skip


@pytest.mark.parametrize(("article", "others"), SOUND)
def test_nothing_that_can_be_true_is_flagged(article, others) -> None:
    assert doubts(article, *others) == []


def test_the_spread_of_claims_goes_from_the_earliest_to_the_latest_day() -> None:
    copies = [copy(1, "2025-03-02T10:00"), copy(2, "2024-11-08"), copy(3, None)]
    assert claimed_span(copies) == ClaimedSpan("2024-11-08", "2025-03-02", 114, 2)
    assert claimed_span([copy(3, None)]) is None


PAST = [
    ("2024年11月8日,江岸市中级人民法院对该案作出一审判决,被告当庭表示上诉。", "2024-11-08"),
    ("二〇二四年十一月八日,平台向全体借款人发出了一封没有署名的公开信。", "2024-11-08"),
    ("民國113年11月8日,金融管理局公布了對該平台的處罰決定書全文。", "2024-11-08"),
    ("截至2024年10月31日,投诉平台上与该公司相关的投诉共有一千余条。", "2024-10-31"),
    ("公司2024年9月被约谈之后,催收电话的数量一度下降,用户投诉减少。", "2024-09"),
    ("这家公司2024年曾经停止放款,用户只能继续还款,不能再借新的款项。", "2024"),
    ("2023年5月1日和2024年11月8日两次检查发现的问题,公司都没有改正过来。", "2024-11-08"),
    ("2021年3月至2022年11月间,恒源公司承接米袋钱包委托的逾期账户四万余个。", "2022-11"),
]


@pytest.mark.parametrize(("text", "written"), PAST)
def test_the_newest_day_that_a_text_tells_of_as_past_is_found(text: str, written: str) -> None:
    found = newest_past("标题", text, SEEN)
    assert found is not None
    assert found.written == written
    assert found.quote[:6] in text or found.quote


AHEAD = [
    "平台将于2025年3月1日起全面停止放款,存量借款人的还款渠道保持不变。",
    "新规定自2025年1月1日起施行,届时所有平台都要公示综合年化成本。",
    "三种方案都必须在2025年3月31日以前通过官方应用程序提出,逾期不再受理。",
    "合同约定的还款期限为2025年6月30日,提前还款的借款人不收违约金。",
    "公司计划在2025年把不良率降到百分之三,并且退出全部的线下业务。",
    "本文更新于2025年3月2日,修订了第三段中有关利率上限的表述和出处。",
    "2025-03-02 10:11 来源:青禾财经",
    "发布时间:2025年3月2日 阅读 1024",
    "Copyright 2025年3月2日 江岸日报社版权所有未经许可不得转载本站内容",
    "公司发布的2024年度报告称,营业收入与上一年相比基本持平没有变化。",
    "《个人贷款管理办法(2024年版)》规定了借款人享有的各项权利和义务。",
    "平台的客服在30年前还是一名信用社的柜员,如今管理着三百多人的团队。",
    "他在2030年4月5日那一页的日历上写着最后一期还款的金额和卡号后四位。",
    "2024年2月30日这样的日期并不存在,可是合同上就是这么印的没有人发现。",
    "江岸\n2024年11月8日\n延伸阅读",
]


@pytest.mark.parametrize("text", AHEAD)
def test_a_deadline_a_byline_or_a_year_in_a_name_is_no_past(text: str) -> None:
    assert newest_past("标题", text, SEEN) is None


def test_our_articles_tell_of_nothing_later_than_they_do() -> None:
    found = {each.key: newest_past(each.title, each.body, SEEN) for each in BASE}
    told = {key: each.written for key, each in found.items() if each}
    assert told == {"court": "2022-12"}


def test_a_text_of_any_kind_is_read() -> None:
    for body in (
        "",
        "年" * 9_000,
        "2024年" * 9_000,
        "一零十二年十十月十十日" * 50,
        "\x00\u202e2024年",
    ):
        newest_past("", body, SEEN)


def test_every_doubt_has_its_words() -> None:
    assert {each.value for each in Doubt} == {
        "later-than-seen", "redated", "earlier-than-text", "earlier-than-source", "claims-differ",
    }  # fmt: skip
