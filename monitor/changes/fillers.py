"""Sentences that tell nothing: scene, mood, proverb, moral, transition, appeal. Pure.

No list has them, so how they read is learned (seeds/wordings/filler.tsv, by tests/learn_filler.py). A
reading alone may be wrong, so a sentence that says who or what it is about, counts, dates, hedges or
denies is never one, however it reads: a missed fact is worse than a told filler."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from monitor.changes.proper_names import name_at, persons_in
from monitor.changes.sides import Side
from monitor.changes.stated import weighty
from monitor.changes.tokens import Fact, Token
from monitor.changes.wording import CLAUSE_END, NOT_WORDS, is_filler
from seeds.match.wording import packaged

FILE = "filler"
# A longer sentence tells something at some place.
LONGEST = 60
# A clause that reads so little like a filler tells something: 事情还要从头说起，钱是会计转走的. On sentences
# left out of learning hardly one that tells something is above both lines.
CLAUSE_LINE = -2.0
# One that reads so much like one surely is one.
SURE = 1.5

_SENTENCE_MARKS = re.compile(r"[。!?;\n]")
# Who does something or has it done to them, and what is done with: parties and their papers.
_PARTY = re.compile(
    r"公司|平台|银行|机构|集团|[商门分网]店|店[主员长家]|商家|民警|警[方察官局]|法[院官庭]|律师|检察|检方|监管|部门|政府|当局|协会"
    r"|学校|校方|老师|学生|家长|客服|员工|职员|老板|经理|负责人|高管|股东|用户|客户|[债贷款]人|债主|催|[讨追]债|[追收]数|中介"
    r"|原告|被告|嫌|主犯|同伙|受害|被害|事主|家属|邻居|房东|记者|媒体|发言人|专家|学者|人士|业内|医[院生]|[他她](?!人)|我(?!们)|对方|双方|两人"
    r"|[男女]子|[男女]孩|[两三四五六七八九十几数多][家名位起人]|父亲|母亲|丈夫|妻子|儿子|女儿|[爸妈爷奶哥姐弟妹叔婶娃](?!之)|婆婆|老[公婆]|岳父|[男女]友|前[夫妻]|室友|同事|亲戚|同学|柜员|网红"
    r"|合同|合约|协议|[借欠]条|借据|本票|[账帐][户号上]|资金|现金|款项|[退存赔汇借货贷罚]款|利率|利息|[牌执]照|录音|短信|简讯|电话|号码"
    r"|通讯录|照片|视频|征信|系统|软件|网站|该案|判决"
)
# Denials that stand in any sentence, and in proverbs: 天下没有免费的午餐.
_LIGHT = frozenset(["不", "没", "无", "非", "莫", "勿", "没有", "不是", "不会", "不能", "无法"])


def tells_nothing(sentence: str, tokens: Sequence[Token]) -> bool:
    """Whether a folded sentence, without its mark, of these tokens reads like one that tells
    nothing, and states nothing."""
    margin = partial(packaged(FILE).margin, lists=(), term=False)
    return (
        len(sentence) <= LONGEST
        and reads_so(sentence, margin)
        and not states(sentence, tokens, is_sure=margin(bare(sentence)) > SURE)
    )


def reads_so(sentence: str, margin: Callable[[str], float]) -> bool:
    """Whether a sentence reads like a filler by a margin of readings, and no clause of it like a fact."""
    return margin(bare(sentence)) > 0 and all(
        margin(bare(each)) > CLAUSE_LINE for each in CLAUSE_END.split(sentence) if bare(each)
    )


def bare(sentence: str) -> str:
    """A sentence as its reading is learned: proverbs have more commas than short facts."""
    return NOT_WORDS.sub("", sentence)


def states(sentence: str, tokens: Sequence[Token], *, is_sure: bool = False) -> bool:
    """Whether a sentence has what no filler has: figures, names, parties, hedges, denials. Parties and
    hedges are in one that surely is one, too: 灯火也许会更亮一些, 山风也在替她们加油."""
    if any(_states(each) for each in tokens if not (is_sure and each.fact is Fact.MODALITY)):
        return True
    if not is_sure and _PARTY.search(sentence):
        return True
    return bool(persons_in(sentence) or name_at(sentence, 0, len(sentence)))


def _states(token: Token) -> bool:
    """Whether a token states a fact wherever it stands; a small number is in proverbs, too."""
    if token.fact is Fact.NEGATION:
        return token.key not in _LIGHT
    return token.fact is not Fact.WORDING and (token.fact is not Fact.NUMBER or weighty(token))


def are_fillers(side: Side, first: int, last: int) -> bool:
    """Whether some tokens are whole sentences, of which each tells nothing."""
    span = _whole(side, first, last)
    return span is not None and all(
        is_filler(text) or tells_nothing(text, tokens) for text, tokens in _sentences(side, *span)
    )


def _whole(side: Side, first: int, last: int) -> tuple[int, int] | None:
    """The whole sentences that tokens are. Two sentences that begin or end alike can be told apart at
    either place: 这(起案件给我们敲响了警钟。这)起案件."""
    for step in (-1, 1):
        start, end = first, last
        while not (_is_between(side, start) and _is_between(side, end)):
            here, there = (start - 1, end - 1) if step < 0 else (start, end)
            if not 0 <= here < there < len(side.tokens):
                break
            if side.tokens[here].key != side.tokens[there].key:
                break
            start, end = start + step, end + step
        else:
            return start, end
    return None


def _is_between(side: Side, at: int) -> bool:
    """Whether a sentence begins with a token, or ends before it."""
    if at in {0, len(side.tokens)}:
        return True
    between = side.folded[side.tokens[at - 1].end : side.tokens[at].start]
    return _SENTENCE_MARKS.search(between) is not None


def _sentences(side: Side, first: int, last: int) -> Iterator[tuple[str, Sequence[Token]]]:
    begin = first
    for at in range(first + 1, last + 1):
        if at == last or _is_between(side, at):
            tokens = side.tokens[begin:at]
            yield side.folded[tokens[0].start : tokens[-1].end], tokens
            begin = at
