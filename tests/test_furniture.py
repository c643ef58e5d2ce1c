"""Lines that head lists of other articles: known to all who must know them."""

import pytest

from monitor.stories.prose import is_boilerplate
from seeds.farm import ReasonKind, likelihood
from seeds.match.tails import site_lines

ARTICLE = "河边的老槐树今年没有开花,老人坐在石桥上看水。\n" * 4


def related(text: str) -> int:
    found = likelihood("槐树", text).reasons
    return sum(reason.count for reason in found if reason.kind is ReasonKind.RELATED_TAIL)


@pytest.mark.parametrize(
    "head",
    [
        "延伸阅读", "延伸阅读主编精选推荐", "扩展阅读:", "相关新闻", "相关报道", "相关链接", "推荐阅读",
        "更多资讯", "热门文章", "热门推荐", "精彩推荐", "最新资讯", "最新文章", "随机看看", "编辑推荐",
        "今日热点", "本站推荐", "猜你喜欢", "大家都在看", "你可能感兴趣的内容",
    ],
)  # fmt: skip
def test_a_head_alone_on_its_line_is_known_to_all(head: str) -> None:
    assert is_boilerplate(head)
    assert related(f"{ARTICLE}{head}") == 1
    assert site_lines(f"{ARTICLE}{head}\n借呗逾期怎么办") != []


@pytest.mark.parametrize(
    "line",
    [
        "相关报道称,平台已经整改。", "更多问题还在后面,老人说。", "最新资讯显示,利率没有变。",
        "热点新闻每天都有,没有人再提起。", "编辑推荐了三本书,都没有卖完。",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_like_a_head_is_the_articles(line: str) -> None:
    assert not is_boilerplate(line)
    assert related(f"{ARTICLE}{line}") == 0
    assert site_lines(f"{ARTICLE}{line}") == []


def test_a_title_may_run_on_behind_some_heads() -> None:
    assert is_boilerplate("相关阅读借呗逾期怎么办")
    assert is_boilerplate("上一篇:借呗逾期怎么办")
    assert related(f"{ARTICLE}下一篇:借呗逾期怎么办") == 1
