"""Make reposts of our own articles, of every kind that the beat knows, at several strengths.

Everything is drawn from a seeded generator: the same case is the same text on every machine."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import opencc
from doctored_text import (
    ANNOTATION_FORMS,
    annotated_as,
    interleaved,
    lookalikes,
    middle,
    mojibake,
    other_punctuation,
    quoted,
    redated,
    renumbered,
    rewrapped,
    sentences_shuffled_within,
    synonyms,
)
from our_articles import WATCHLIST, OurArticle
from pypinyin import Style, pinyin

from monitor.stories.relation import Relation
from seeds.models import Platform

_TO_TRADITIONAL = opencc.OpenCC("s2t")
_TO_TAIWAN = opencc.OpenCC("s2twp")
_TO_SIMPLIFIED = opencc.OpenCC("t2s")

ANY_COPY = frozenset(each for each in Relation if each.joins)
REWORDED = frozenset({Relation.REWRITE, Relation.PARTIAL})

# What spinning programs put in place of a word: common words of the same length.
_SPUN = [
    "相关",
    "有关",
    "方面",
    "情况",
    "问题",
    "部分",
    "整体",
    "目前",
    "现在",
    "当下",
    "事实",
    "实际",
    "进行",
    "开展",
    "采取",
    "作出",
    "大家",
    "人们",
    "众多",
    "不少",
    "各类",
    "重要",
    "主要",
    "关键",
    "直接",
    "明显",
    "显著",
    "逐步",
    "逐渐",
    "持续",
    "长期",
    "短期",
    "普遍",
    "广泛",
    "深入",
    "全面",
    "基本",
    "具体",
    "特别",
    "尤其",
    "因此",
    "所以",
    "随后",
    "此外",
    "同时",
    "其中",
    "另外",
    "面对",
    "围绕",
    "通过",
    "借助",
    "依靠",
    "形成",
    "产生",
    "出现",
    "存在",
    "推动",
    "促进",
    "提升",
    "改善",
    "加强",
    "完善",
]

_LIGHT_TAIL = "\n\n责任编辑:小禾\n\n声明:本文仅代表作者个人观点,不代表本站立场。"
_HEAVY_TAIL = (
    "\n\n免责声明:该作品系作者结合互联网相关知识整合,如有错误请联系删除\n\n内容侵权、删帖举报联系方式:"
    "13800000000 12345678@example.com\n\n延伸阅读\n\n相关推荐:今日热点十条\n\n最新文章\n\n随机看看\n\n"
    "扫描二维码关注公众号\n\n点击查看更多精彩内容\n\n上一篇:没有了\n\n下一篇:没有了"
)
_ADVERTISEMENT = (
    "想要快速提升写作能力吗?本站推出的春季训练营正在报名,名额有限,前一百位学员可以享受半价优惠,"
    "还有价值三百元的资料包免费领取,赶快加入我们吧!"
)
_ADVERTISEMENTS = [
    "点击链接立即领取八百元新人红包,限时三天,先到先得!",
    "专业法律咨询,负债不再烦恼,添加客服微信即可免费评估您的方案。",
    "买手机,上青松商城,分期免息,次日送达,支持七天无理由退换。",
]
_ENGLISH_NOISE = [
    "Read more about personal finance and lifestyle tips on our partner network.",
    "Subscribe to our newsletter to get weekly updates delivered to your inbox.",
]
_ENGLISH = "This article was generated for search engines and may contain errors; please read the original source."


@dataclass(frozen=True)
class Repost:
    """One copy. `relations` are the ones that are right for it."""

    kind: str
    title: str
    body: str
    relations: frozenset[Relation]

    @property
    def leaves_facts(self) -> bool:
        """Whether it states what the original states, and nothing else."""
        return not self.kind.startswith(_ALTERING)


# These change figures (三千 becomes 三干, 2022年 2023年), break lines within them, or add sentences.
_ALTERING = (
    "lookalikes",
    "mojibake",
    "re-dated",
    "rewrapped",
    "quoted",
    "synonyms 100%",
    "spun 10%, dropped 5%",
)

Make = Callable[[str, random.Random], str]


def reposts(article: OurArticle, other: OurArticle) -> Iterator[Repost]:
    """Every copy of `article` that must join its story; `other` is what it is glued to."""
    for kind, make, relations in _kinds(other):
        chance = random.Random(f"{article.key} {kind}")
        body = make(article.body.strip(), chance)
        title = _TO_TRADITIONAL.convert(article.title) if "traditional" in kind else article.title
        yield Repost(kind, title, body, relations)


def with_reposts(base: Sequence[OurArticle]) -> Iterator[tuple[OurArticle, Repost]]:
    """Every copy of every article; each is glued to one further on in the list."""
    for place, article in enumerate(base):
        for repost in reposts(article, base[(place + 3) % len(base)]):
            yield article, repost


def swapped(article: OurArticle, name: str, other_name: str) -> Repost:
    """The same text about another platform."""
    body = article.body.replace(name, other_name)
    return Repost(
        "platform-swap",
        article.title.replace(name, other_name),
        body,
        frozenset({Relation.PLATFORM_SWAP}),
    )


def about_another(article: OurArticle, other: Platform) -> Repost:
    """The same text with every name of its platform replaced by the other's, in its script."""
    own = next(each for each in WATCHLIST.platforms if each.name == article.platform)
    names = {own.name, own.traditional, *(alias.name for alias in own.aliases)} - {""}
    forms = {convert(name) for name in names for convert in (str, _to_simplified, _to_traditional)}
    written = re.compile("|".join(sorted(map(re.escape, forms), key=len, reverse=True)))
    traditional = _to_simplified(article.body) != article.body
    name = _to_traditional(other.name) if traditional else other.name
    return Repost(
        "platform-swap",
        written.sub(name, article.title),
        written.sub(name, article.body),
        frozenset({Relation.PLATFORM_SWAP}),
    )


def _to_simplified(text: str) -> str:
    return str(_TO_SIMPLIFIED.convert(text))


def _to_traditional(text: str) -> str:
    return str(_TO_TRADITIONAL.convert(text))


def _kinds(other: OurArticle) -> Iterator[tuple[str, Make, frozenset[Relation]]]:
    exact = frozenset({Relation.EXACT})
    partial = frozenset({Relation.PARTIAL})
    yield "exact", lambda body, _: body, exact
    yield "reflowed", lambda body, _: body.replace("\n\n", "\n"), exact
    yield "one line", lambda body, _: re.sub(r"\s*\n\s*", "", body), ANY_COPY
    yield "traditional", lambda body, _: _other_script(body), frozenset({Relation.SCRIPT_VARIANT})
    yield "traditional taiwan", lambda body, _: _taiwan(body), ANY_COPY
    yield "annotated", lambda body, chance: annotated(body, chance, 0.1), _annotation()
    yield "annotated heavily", lambda body, chance: annotated(body, chance, 0.4), _annotation()
    yield (
        "annotated other script",
        lambda body, chance: annotated(_other_script(body), chance, 0.1),
        _annotation(),
    )
    yield "spaced", spaced, frozenset({Relation.GAPPED})
    yield "zero width", zero_width, exact
    yield "entities", lambda body, _: body.replace("\n", "&nbsp;\n").replace(",", "&#44;"), exact
    yield "words cut", words_cut, frozenset({Relation.GAPPED, Relation.REWRITE})
    yield (
        "headings removed",
        lambda body, _: headings_removed(body),
        frozenset({Relation.EXACT, Relation.PARTIAL}),
    )
    yield "light tail", lambda body, _: body + _LIGHT_TAIL, exact
    yield "heavy tail", lambda body, _: body + _HEAVY_TAIL, exact
    yield "advertisement", advertised, partial | REWORDED
    yield "english", lambda body, _: f"{_ENGLISH}\n\n{body}\n\n{_ENGLISH}", ANY_COPY
    for share in (0.8, 0.5, 0.3):
        yield f"first {share:.0%}", _first(share), partial
        yield f"last {share:.0%}", _last(share), partial
    yield "glued", lambda body, _: f"{body}\n\n{other.body.strip()}", partial
    yield "glued behind", lambda body, _: f"{other.body.strip()}\n\n{body}", partial
    yield "paragraphs shuffled", paragraphs_shuffled, REWORDED
    yield "sentences shuffled", sentences_shuffled, REWORDED
    for share in (0.05, 0.1, 0.2):
        yield f"spun {share:.0%}", _spinning(share), REWORDED
    for share in (0.02, 0.05, 0.1):
        yield f"dropped {share:.0%}", _dropping(share), frozenset({Relation.GAPPED, *REWORDED})
    yield from _doctored()
    yield from _cut_and_glued(other)
    yield from _combined(other)
    yield (
        "spun and shuffled",
        lambda body, chance: spun(paragraphs_shuffled(body, chance), chance, 0.1),
        REWORDED,
    )
    yield (
        "everything",
        lambda body, chance: (
            annotated(_other_script(spun(body, chance, 0.05)), chance, 0.1) + _HEAVY_TAIL
        ),
        REWORDED,
    )


def _doctored() -> Iterator[tuple[str, Make, frozenset[Relation]]]:
    exact = frozenset({Relation.EXACT})
    for form in ANNOTATION_FORMS:
        # 我(men)们 stays: without a tone it is not seen to be an annotation of what follows.
        before = {Relation.GAPPED} if form.endswith("before") else set()
        yield f"annotated {form}", _annotating(form, 0.1), _annotation() | before
    yield "annotated (ji) heavily", _annotating("(ji)", 0.4), _annotation()
    yield "punctuation", lambda body, _: other_punctuation(body), exact
    yield "rewrapped", lambda body, _: rewrapped(body, 30), ANY_COPY
    yield "headings renumbered", lambda body, _: renumbered(body), exact | {Relation.PARTIAL}
    for share in (0.5, 1.0):
        yield f"synonyms {share:.0%}", _changing(synonyms, share), REWORDED | exact
    yield "spun 30%", _spinning(0.3), REWORDED
    yield "sentences shuffled within", sentences_shuffled_within, REWORDED
    for share in (0.3, 1.0):
        yield f"lookalikes {share:.0%}", _changing(lookalikes, share), ANY_COPY
    for share in (0.02, 0.05):
        yield f"mojibake {share:.0%}", _changing(mojibake, share), ANY_COPY
    yield "re-dated", redated, ANY_COPY
    yield "advertisements", _interleaving(_ADVERTISEMENTS), ANY_COPY
    yield "english noise", _interleaving(_ENGLISH_NOISE), ANY_COPY


def _cut_and_glued(other: OurArticle) -> Iterator[tuple[str, Make, frozenset[Relation]]]:
    partial = frozenset({Relation.PARTIAL})
    for share in (0.2, 0.1):
        yield f"first {share:.0%}", _first(share), partial
        yield f"last {share:.0%}", _last(share), partial
        yield f"middle {share:.0%}", lambda body, _, share=share: middle(body, share), partial
    yield "quoted", lambda body, _: quoted(body, other.body.strip(), 0.8), partial


def _combined(other: OurArticle) -> Iterator[tuple[str, Make, frozenset[Relation]]]:
    yield (
        "other script, first half, annotated, light tail",
        lambda body, chance: (
            annotated(_other_script(body[: len(body) // 2]), chance, 0.2) + _LIGHT_TAIL
        ),
        ANY_COPY,
    )
    yield (
        "other script, glued",
        lambda body, _: f"{_other_script(body)}\n\n{other.body.strip()}",
        ANY_COPY,
    )
    yield (
        "spun 20%, shuffled, heavy tail",
        lambda body, chance: spun(sentences_shuffled(body, chance), chance, 0.2) + _HEAVY_TAIL,
        REWORDED,
    )
    yield (
        "taiwan, renumbered, advertised, spaced",
        lambda body, chance: spaced(advertised(_taiwan(renumbered(body)), chance), chance),
        ANY_COPY,
    )
    yield (
        "spun 10%, dropped 5%, annotated",
        lambda body, chance: annotated(
            "".join(_dropping(0.05)(spun(body, chance, 0.1), chance)), chance, 0.1
        ),
        REWORDED,
    )
    yield (
        "last 30%, spun 10%",
        lambda body, chance: spun(_last(0.3)(body, chance), chance, 0.1),
        REWORDED,
    )


def _annotating(form: str, share: float) -> Make:
    return lambda body, chance: annotated_as(form, body, chance, share)


def _changing(change: Callable[[str, random.Random, float], str], share: float) -> Make:
    return lambda body, chance: change(body, chance, share)


def _interleaving(noise: list[str]) -> Make:
    return lambda body, chance: interleaved(body, noise, chance)


def _annotation() -> frozenset[Relation]:
    return frozenset({Relation.ANNOTATED})


def _other_script(body: str) -> str:
    simplified = _TO_SIMPLIFIED.convert(body)
    return _TO_TRADITIONAL.convert(body) if simplified == body else simplified


def _taiwan(body: str) -> str:
    return _TO_TAIWAN.convert(_TO_SIMPLIFIED.convert(body))


def annotated(body: str, chance: random.Random, share: float) -> str:
    """Write the reading of some characters beside them: 機(jī)制."""
    return "".join(
        f"{each}({pinyin(each, style=Style.TONE)[0][0]})"
        if "一" <= each <= "鿿" and chance.random() < share
        else each
        for each in body
    )


def spaced(body: str, chance: random.Random) -> str:
    """Put spaces between some characters."""
    return re.sub(r"(?<=[一-鿿])(?=[一-鿿])", lambda _: " " if chance.random() < 0.1 else "", body)


def zero_width(body: str, chance: random.Random) -> str:
    """Put invisible characters between some characters."""
    return re.sub(
        r"(?<=[一-鿿])(?=[一-鿿])", lambda _: "\u200b" if chance.random() < 0.1 else "", body
    )


def words_cut(body: str, chance: random.Random) -> str:
    """Cut every occurrence of some words out, as the seed's 電話 was."""
    del chance
    return re.sub("电话|電話|银行|銀行|通讯录|短信|簡訊", "", body)


def headings_removed(body: str) -> str:
    """Leave out short lines without an end of a sentence."""
    return "\n".join(line for line in body.splitlines() if len(line) > 20 or not line.strip())


def advertised(body: str, chance: random.Random) -> str:
    """Put an advertisement between two paragraphs."""
    paragraphs = body.split("\n\n")
    paragraphs.insert(chance.randrange(1, len(paragraphs)), _ADVERTISEMENT)
    return "\n\n".join(paragraphs)


def _first(share: float) -> Make:
    return lambda body, _: body[: int(len(body) * share)]


def _last(share: float) -> Make:
    return lambda body, _: body[-int(len(body) * share) :]


def paragraphs_shuffled(body: str, chance: random.Random) -> str:
    """Put the paragraphs into another order."""
    paragraphs = body.split("\n\n")
    chance.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def sentences_shuffled(body: str, chance: random.Random) -> str:
    """Put the sentences into another order, across paragraphs."""
    sentences = [each for each in re.split(r"(?<=[。!?])\s*", body) if each]
    chance.shuffle(sentences)
    return "\n".join(sentences)


def _spinning(share: float) -> Make:
    return lambda body, chance: spun(body, chance, share)


def spun(body: str, chance: random.Random, share: float) -> str:
    """Replace `share` of the words; figures and platform names stay."""
    pairs = re.compile(r"[一-鿿]{2}")
    kept = re.compile(
        r"青禾|米袋|橙子|云帆|雲帆|顺信|藍橋|蓝桥|[零〇一二三四五六七八九十百千万萬亿億两兩年月日]"
    )
    return pairs.sub(
        lambda match: (
            match.group()
            if kept.search(match.group()) or chance.random() >= share
            else chance.choice(_SPUN)
        ),
        body,
    )


def _dropping(share: float) -> Make:
    return lambda body, chance: "".join(
        each for each in body if not ("一" <= each <= "鿿" and chance.random() < share)
    )
