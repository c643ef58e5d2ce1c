"""Passages said in other words: what they tell is counted, not how many words were replaced. Pure.

Facts are compared before (monitor/changes/said.py, monitor/changes/senses.py); here is what is left:
words that are in no list of facts. Of those, what both passages say in words of their own, and what
says nothing, is no content. All upon folded text."""

import re
from collections import Counter
from collections.abc import Sequence

from monitor.changes.synonyms import groups_in, groups_of, words_apart, words_in

# A sentence in which a page speaks of itself and to its readers is hardly longer.
FILLER = 60
# An advice in other words is about as long as it was.
MOST_LONGER = 2.5

_FILLER = re.compile(
    r"(?:小编|笔者|我们|咱们|本文|本期|下面|接下来|今天|今日|这里).{0,12}(?:给|为|跟|和|带|与|让|帮)(?:大家|你们?|您|各位|小伙伴们?|读者|朋友们?)"
    r".{0,12}(?:讲|说|聊|谈|介绍|分享|整理|科普|盘点|解读|解答|分析|梳理|总结|了解|看看)"
    r"|(?:以上|上面|上述)(?:这些)?(?:就是|便是|是|为).{0,20}(?:全部|整理|分享|介绍|内容|总结|解答|盘点)"
    r"|(?:今天|今日|本期|这期|本次|本文)的?(?:内容|分享|文章|介绍|话题|科普)?.{0,10}(?:到这|就这|到此|这里|结束|为止)"
    r"|希望(?:以上|本文|这些|这篇|上述|今天)?.{0,10}(?:有(?:所|点|些)?(?:帮助|用处|启发)|能?帮(?:到|助)|有用)"
    r"|(?:感谢|谢谢)(?:大家|您|你|各位)?的?(?:阅读|观看|收看|关注|支持|耐心)"
    r"|(?:一起|跟着?小编|随小编|随我|跟我).{0,6}(?:来)?(?:看|了解|聊|学)"
    r"|(?:本报|本刊|本网|本站|我们)(?:也|亦)?(?:将|会)?(?:持续|继续)(?:为您)?(?:关注|跟进|追踪|跟踪|报道)"
    r"|更多.{0,12}(?:消息|内容|资讯|信息|新闻|报道|报导|详情).{0,4}(?:锁定|关注|留意|收[看听]|详见|浏览|点击|订阅|请[看见])"
    r"|(?:我们|咱们)?下(?:期|次|篇)(?:再?见|再聊)|(?:记得|欢迎|别忘了?).{0,6}(?:点赞|收藏|转发|关注|留言)"
)
# What a filler does not have: figures of anything but today's lesson, and who said or did.
_TELLS = re.compile(r"\d|[%元万亿]|记者|法院|警方|公司|监管|银行|律师")
_ADVICE = re.compile(
    r"提醒|建议|呼吁|提示|切莫|切勿|切忌|千万|务必|请勿|不要|别|谨慎|注意|警惕|小心|当心|牢记"
)
# Where sentences end, and how far one is looked for.
_MARKS = "。!?;\n"
_NEAR = 200

# What says nothing by itself, longest first: particles, joints of sentences, directions, times that
# are now.
EMPTY = re.compile(
    r"与此同时|另一方面|一方面|也就是说|换句话说|总的来说|事实上|实际上|值得注意的是|值得一提的是|据此|由此|因此|因而|所以|于是|随后|随即|然后|接着"
    r"|此外|另外|同时|并且|而且|不过|然而|但是|可是|虽然|尽管|即便|即使|如果|倘若|一旦|由于|因为|其中|其实|目前|当前|现在|如今|眼下|近日|日前|近来"
    r"|最近|早已|曾经|已经|正在|之后|之前|以后|后来|之中|之间|起来|下来|下去|出来|过来|过去|上来|上去|一下|一样|一般|这样|那样|这种|那种|这些|那些|有些"
    r"|有的|有人|对此|对于|关于|有关|相关|上述|前述|所谓|进行|予以|加以|作出|做出|表示|称|说|认为|指出|透露|介绍|告诉|他们|她们|它们|我们|你们|他|她|它|我|你"
    r"|[的了着过地得在就便把将被给让来去上下里中内外们先后是都也又还很更最较挺太即则而且但并和与跟及以于对从向由为因所之其该此这那一个位名些种只条家项件份次句每各等者家们吗呢吧啊呀嘛会能可要想有使令其共约]"
)
# The first and the last of these in an article are news.
COLLECTING = re.compile("催收|催债|追债|追数|收数|讨债|逼债")
NOT_WORDS = re.compile(r"[\W_]+")
CLAUSE_END = re.compile(r"[,，。;；:：!！?？\n]+")


def content(one: str, other: str) -> int:
    """How many characters of the fuller of two passages say what the other does not."""
    passages = [NOT_WORDS.sub("", each) for each in (one, other)]
    words = [list(words_apart(each)) for each in passages]
    ours, theirs = (frozenset().union(*(groups_of(word) for _, word in each)) for each in words)
    told = [
        Counter(EMPTY.sub("", _without(passage, said, ours & theirs)))
        for passage, said in zip(passages, words, strict=True)
    ]
    return max((told[0] - told[1]).total(), (told[1] - told[0]).total())


def _without(passage: str, words: Sequence[tuple[int, str]], groups: frozenset[int]) -> str:
    """A passage without its words of these groups."""
    for at, word in reversed(words):
        if groups_of(word) & groups:
            passage = passage[:at] + passage[at + len(word) :]
    return passage


def covered(passage: str, other: str) -> tuple[int, int]:
    """How many characters of a passage say something, and of how many another passage says the
    same: in the same characters, or in a word of the same group."""
    told = _told(passage, other)
    return len(told), sum(told)


def _told(passage: str, other: str) -> list[bool]:
    """Of each character of a passage that says something, whether another passage says it."""
    bare = NOT_WORDS.sub("", passage)
    there = groups_in(NOT_WORDS.sub("", other))
    said = [each in other for each in bare]
    for at, word in words_in(bare):
        if groups_of(word) & there:
            said[at : at + len(word)] = [True] * len(word)
    empty = [False] * len(bare)
    for each in EMPTY.finditer(bare):
        empty[each.start() : each.end()] = [True] * len(each[0])
    return [is_said for is_said, says_nothing in zip(said, empty, strict=True) if not says_nothing]


def unsaid(passage: str, other: str) -> int:
    """How many characters in a row say what another passage does not."""
    longest = here = 0
    for is_said in _told(passage, other):
        here = 0 if is_said else here + 1
        longest = max(longest, here)
    return longest


def is_told(term: str, passage: str) -> bool:
    """Whether a passage says a term, in part or in another word: 诈骗罪 and 诈骗案."""
    said, there = covered(term, passage)
    return 2 * there >= said


def is_filler(sentence: str) -> bool:
    """Whether a page only speaks to its readers: 以上就是小编为大家整理的内容, 下面就来讲一讲."""
    return (
        len(sentence) <= FILLER
        and _FILLER.search(sentence) is not None
        and _TELLS.search(sentence) is None
    )


def is_advice(sentence: str) -> bool:
    """Whether a sentence says what readers should do or beware of."""
    return _ADVICE.search(sentence) is not None


def are_alike_long(one: str, other: str) -> bool:
    """Whether two passages are about as long."""
    short, long = sorted(len(NOT_WORDS.sub("", each)) for each in (one, other))
    return 0 < long <= MOST_LONGER * short


def sentence_at(folded: str, start: int, end: int) -> str:
    """The sentence or sentences that a passage stands in."""
    first = max(folded.rfind(each, max(0, start - _NEAR), start) for each in _MARKS) + 1
    ends = (folded.find(each, end, end + _NEAR) for each in _MARKS)
    last = min((each for each in ends if each >= 0), default=end + _NEAR)
    return folded[max(first, start - _NEAR) : last].strip()
