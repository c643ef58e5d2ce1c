"""What a copy tells in sentences that none of the known texts has. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence

from monitor.changes.pairs import Difference
from monitor.changes.sentences import Told
from monitor.changes.stated import FIGURES, stated, weighty
from monitor.changes.tokens import Fact, Token

# In Han characters: a shorter piece (图源:资料, 2025-03-02 10:11, a script's line) tells nothing by
# itself.
SENTENCE = 8
# From here up, in words, added sentences in a row are an article that was glued on: it counts
# when it names a platform of the story. The longest paragraph of our own articles has 200.
GLUED = 250

_HAN = re.compile(r"[\u4e00-\u9fff]")
# Two of these make an advertisement: what a reader is to do, to get and to hurry for.
_ADVERTISED = re.compile(
    r"优惠|免费|领取|报名|名额|限时|折扣|扫码|扫一扫|加入我们|训练营|半价|红包|抢购|立即|赶快|福利|添加微信|加微信|加我|公众号"
    r"|下载app|点击下载|注册即|咨询热线|预约|秒杀|特价|送豪礼|会员|专享|低至|课程|资料包|一对一|快来|戳这里|点击链接"
)
# What stands around a text rather than in it.
_AROUND = re.compile(
    r"责任编辑|责编|编辑:|来源:|作者:|发布(?:时间|于|日期)|更新(?:时间|于)|阅读(?:量|数|\s*\d)|浏览|点击(?:量|数)|评论\s*\d|点赞"
    r"|版权|转载|免责声明|备案|许可证|copyright|©|热线|举报电话|联系电话|邮箱|上一篇|下一篇|推荐阅读|相关阅读|本文由|本站"
    r"|^\W*(?:本报|新华社|中新社|中新网|记者|本报记者).{0,12}(?:讯|电|报道)"
)
# Words that deny what was told; the lesser ones (不, 没有) stand in any sentence.
_DENIED = re.compile(
    r"否认|澄清|辟谣|不属实|不实|不存在|并无|并未|从未|并非|无关|驳斥|不予认可|谣言|失实|没有依据|没有(?:任何|参与|关系|关联)|撤回|撤销"
)


def added_facts(
    copy: Told, sentences: Sequence[int], known: Sequence[Told]
) -> Iterator[Difference]:
    """The facts in the copy's `sentences`, which are in no known text."""
    figures = [each for told in known for each in told.figures]
    names = frozenset(name for told in known for name in told.names)
    for passage in _passages(sentences):
        if _is_news(copy, passage, names):
            for sentence in passage:
                yield from _facts(copy, sentence, figures, names)


def _passages(sentences: Sequence[int]) -> Iterator[list[int]]:
    """Sentences that follow each other."""
    passage: list[int] = []
    for sentence in sentences:
        if passage and sentence != passage[-1] + 1:
            yield passage
            passage = []
        passage.append(sentence)
    if passage:
        yield passage


def _is_news(copy: Told, passage: Sequence[int], names: Collection[str]) -> bool:
    tokens = [each for sentence in passage for each in copy.tokens(sentence)]
    text = copy.side.folded[tokens[0].start : tokens[-1].end]
    if len(_ADVERTISED.findall(text)) >= 2:
        return False
    if len(tokens) < GLUED:
        return True
    return any(each.fact is Fact.NAME and each.key in names for each in tokens)


def _facts(
    copy: Told, sentence: int, figures: Sequence[Token], names: Collection[str]
) -> Iterator[Difference]:
    tokens = copy.tokens(sentence)
    first = copy.spans[sentence][0]
    text = copy.side.folded[tokens[0].start : tokens[-1].end]
    if len(_HAN.findall(text)) < SENTENCE or _AROUND.search(text):
        return
    for place, each in enumerate(tokens, start=first):
        fresh = each.fact in FIGURES and weighty(each) and not stated(each, figures)
        if fresh or (each.fact is Fact.NAME and each.key not in names):
            after = copy.side.quote(place, place + 1)
            yield Difference(each.fact, "", after, (0, 0), (place, place + 1))
    denial = _DENIED.search(text)
    if denial:
        begin, end = (tokens[0].start + each for each in denial.span())
        said = [
            place
            for place, each in enumerate(tokens, start=first)
            if begin < each.end and each.start < end
        ]
        at = (said[0], said[-1] + 1)
        yield Difference(Fact.NEGATION, "", copy.side.quote(*at), (0, 0), at)
