"""Sentences that come and go without telling anything, and those that only look so."""

import pytest
from labelled_sentences import fillers_learned_from

from monitor.changes.diff import Version, compare, side
from monitor.changes.fillers import FILE, are_fillers
from seeds.match.wording import text_of

BODY = (
    "11月8日，江城警方通报了一起网贷诈骗案。涉案平台向借款人收取高额手续费。",
    "受害人张某说，他借款后每天接到催收电话。",
    "警方提醒，借款前要看清合同。",
)
# None of these is in filler_sentences.jsonl.
FILLERS = (
    "日子一天一天过去，盼望的人心里越来越没底。",
    "天色渐暗，街边的路灯渐渐亮了起来。",
    "这件事再次给大家敲响了警钟。",
    "事情还得从头讲起。",
    "今后的路该怎么走，值得每一个人深思。",
    "俗话说得好，天上不会掉馅饼。",
    "生活总要继续，日子还得一天天过下去。",
    "在这个快节奏的时代，诱惑无处不在。",
    "事件的發展，完全超出眾人的想像。",
    "時間一天天過去，等待總是格外漫長。",
)
FACTS = (
    "夜色渐深，催收人员仍守在门口。",
    "暮色四合，他被几个人架上了车。",
    "日子一天天过去，退款还是没有到账。",
    "事情还要从头说起，钱是会计转走的。",
    "俗话说欠债还钱，法院却判他不用还。",
    "这起案件给我们敲响了警钟，主犯仍在逃。",
    "天网恢恢，疏而不漏，老板在外地落网。",
    "究竟该何去何从，公司已决定停业。",
    "该公司否认了上述说法。",
    "对方随后挂断了电话。",
    "她至今没有收到道歉。",
    "家人报了警。",
    "两人是亲戚。",
    "合同上没有写明。",
    "他已提出上诉。",
    "警方尚未立案。",
    "仓库早被搬空了。",
    "时间一天天过去，三家门店都关了门。",
    "真相终于浮出水面，借据是假的。",
    "華燈初上，收數的人又來了。",
)


def version(*parts: str) -> Version:
    return Version("江城警方通报一起网贷诈骗案", "\n\n".join(parts))


@pytest.mark.parametrize("filler", FILLERS)
def test_a_sentence_that_tells_nothing_comes_and_goes_as_wording(filler: str) -> None:
    for text in (version(*BODY, filler), version(BODY[0], filler + BODY[1], BODY[2])):
        for change in (compare(version(*BODY), text), compare(text, version(*BODY))):
            assert (change.material, change.kinds) == (False, ("wording",)), change


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_no_filler_in_whatever_clothing(fact: str) -> None:
    read = side(fact, {}, frozenset())
    assert not are_fillers(read, 0, len(read.tokens))


@pytest.mark.parametrize("fact", [each for each in FACTS if "，" in each])
def test_a_fact_behind_a_filler_is_told(fact: str) -> None:
    for text in (version(*BODY, fact), version(BODY[0], fact + BODY[1], BODY[2])):
        assert compare(version(*BODY), text).material
        assert compare(text, version(*BODY)).material


def test_a_fact_among_fillers_is_told() -> None:
    added = f"{FILLERS[1]}{FACTS[0]}{FILLERS[2]}"
    assert compare(version(*BODY), version(*BODY, added)).material


def test_a_name_or_a_topic_is_told_however_the_sentence_reads() -> None:
    known = {"names": {"月光": "月光借"}, "terms": frozenset({"敲响"})}
    for added in ("月光洒在老街上，一切显得格外安宁。", FILLERS[2]):
        versions = (
            Version(each.title, each.text, **known)
            for each in (version(*BODY), version(*BODY, added))
        )
        assert compare(*versions).material


@pytest.mark.parametrize(
    ("text", "part", "is_whole"),
    [
        ("他借了钱。事情还要从头说起。", "事情还要从头说起", True),
        # Cut anywhere between two sentences that begin alike.
        ("事情还要从头说起。事情真多。", "还要从头说起。事情", True),
        ("他说事情还要从头说起。", "事情还要从头说起", False),
        ("事情还要从头说起，他说。", "事情还要从头说起", False),
    ],
)
def test_only_whole_sentences_come_and_go(text: str, part: str, *, is_whole: bool) -> None:
    read = side(text, {}, frozenset())
    start = text.index(part)
    places = [
        place for place, each in enumerate(read.tokens) if start <= each.start < start + len(part)
    ]
    assert are_fillers(read, places[0], places[-1] + 1) == is_whole


def test_the_weights_are_those_of_the_sentences() -> None:
    """After the sentences changed: `python -m tests.learn_filler`."""
    assert text_of(FILE).split("\n", 1)[0].endswith(fillers_learned_from())
