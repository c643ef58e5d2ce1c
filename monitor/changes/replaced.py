"""A word replaced by another in a sentence that stayed as it was: whether it says something else.

Whoever polishes a text replaces words by their like, and several of them. A word alone that has
nothing of the one in its place, no character, sense, sound or shape, is another statement:
法院的传票, 银行的和解书. Pure."""

import re
from collections.abc import Iterator
from itertools import permutations

from rapidfuzz.distance import Indel

from monitor.changes.naming import place_of
from monitor.changes.passages import Passage
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side
from monitor.changes.synonyms import groups_of, words_apart
from monitor.changes.wording import EMPTY, NOT_WORDS, covered
from seeds.fold.readings import syllables

# A word or two; a longer passage is weighed by its content. In a sentence that was told anew a
# character is a part of a word.
A_WORD, LONGEST = 2, 8
# So far words begin and end from what differs.
_NEAR = 4
# Behind one of these stands whom something is asked of, done to or done by.
_TOWARDS = re.compile(r"(?:要求|责令|勒令|建议|呼吁|敦促|委托|授权|起诉|针对|来自|[向对由给替])$")
# In so many characters a word of one is a part of another (钱包).
LONG = 4
# Taken for each other on keyboards and in scans.
_LOOK_ALIKE = (
    "步歩 贷货 侯候 己已巳 未末 干千 戊戌戍 折拆析诉 拨拔 士土 大太 人入 日曰 治冶 免兔 抵低 按接 请清情晴 侍待 壁璧 辩辨辫 薄簿 慨概 幕墓募"
    " 籍藉 裁栽载 遣遗 管菅 崇祟 住往 问间 王玉 刀力 处外 帐账胀 传转 厉历 赔陪培 坏环 纷份 材村 科料 微徽 拘抱 侦贞 偿尝 赎续 缴徼"
)
_CALLED = re.compile("某某?|先生|女士|小姐")
_PRONOUNS = frozenset({"他", "她", "其", "自己", "本人", "对方"})
# Who says something, and no more; who owns up to it, denies it, lies or threatens with it.
_SAYING = re.compile(r"表示|说|称|告诉|认为|指出|透露|介绍")
_AVOWING = re.compile(r"承认|供认|否认|谎称|诈称|佯称|假称|扬言|证实|威胁|恐吓")
# What is quoted so shortly is a name or a term.
LONGEST_QUOTED = 8
_QUOTES = {"“": "”", "「": "」", "『": "』", "《": "》", "‘": "’", '"': '"'}


def says_else(old: Place, new: Place, shortest: int = A_WORD, longest: int = LONGEST) -> bool:
    """Whether the words at a place of one text have nothing to do with those in their place."""
    texts = [NOT_WORDS.sub("", text[start:end]) for text, start, end in (old, new)]
    if any(_SAYING.fullmatch(one) and _AVOWING.fullmatch(two) for one, two in permutations(texts)):
        return True
    if not all(shortest <= len(each) <= longest for each in texts):
        return False
    if any(map(_CALLED.fullmatch, texts)):
        return False  # 王丽, 王女士
    told = [set(EMPTY.sub("", each)) for each in texts]
    if not all(told) or told[0] & told[1]:
        return False
    return not (_groups(*old) & _groups(*new)) and not can_be_a_slip(*texts)


def replaced_parts(old: Side, new: Side, run: Run) -> list[Run]:
    """The words of a run that stand in others' place, without what is equal between them; none where
    something only came or went."""
    parts = list(_differing(old, new, run))
    return parts if all(each[0] < each[1] and each[2] < each[3] for each in parts) else []


def _differing(old: Side, new: Side, run: Run) -> Iterator[Run]:
    """Where a run differs, without what is equal between two differences."""
    keys = (
        [each.key for each in old.tokens[run[0] : run[1]]],
        [each.key for each in new.tokens[run[2] : run[3]]],
    )
    gone, come = run[0], run[2]
    for first, second, length in Indel.opcodes(*keys).as_matching_blocks():
        here = (gone, run[0] + first, come, run[2] + second)
        gone, come = here[1] + length, here[3] + length
        if here[0] < here[1] or here[2] < here[3]:
            yield here


def is_of_another(old: Side, new: Side, passage: Passage) -> bool:
    """Whether in a passage told anew something is asked of, done to or by another: behind the
    word that both have before it (要求政府, 要求银行公会)."""
    whole = place_of(old, *passage.old), place_of(new, *passage.new)
    for run in _differing(old, new, (*passage.old, *passage.new)):
        places = place_of(old, *run[:2]), place_of(new, *run[2:])
        before = [text[max(0, start - _NEAR) : start] for text, start, _ in places]
        are_both = all(map(_TOWARDS.search, before)) and before[0][-1] == before[1][-1]
        if are_both and says_else(*places) and not _change_places(*places, whole):
            return True
    return False


def _change_places(old: Place, new: Place, whole: tuple[Place, Place]) -> bool:
    """Whether each of two words stands in the other passage, too: 驳回对范某的请求, 对范某的请求予以驳回."""
    words = [NOT_WORDS.sub("", text[start:end]) for text, start, end in (old, new)]
    passages = [text[start:end] for text, start, end in reversed(whole)]
    told = (covered(word, passage) for word, passage in zip(words, passages, strict=True))
    return all(known == said for said, known in told)


def _groups(text: str, start: int, end: int) -> set[int]:
    """What the words say that have something of the passage."""
    first = max(0, start - _NEAR)
    near = text[first : end + _NEAR]
    return {
        group
        for at, word in words_apart(near)
        if first + at < end and start < first + at + len(word)
        if word not in _PRONOUNS and (len(word) > 1 or end - start < LONG)
        for group in groups_of(word)
    }


def can_be_a_slip(one: str, other: str) -> bool:
    """Whether two words can be one that was typed wrongly: each character sounds or looks alike."""
    return len(one) == len(other) and all(
        syllables(ours) & syllables(theirs) or _looks(ours) & _looks(theirs)
        for ours, theirs in zip(one, other, strict=True)
    )


def _looks(character: str) -> set[int]:
    return {group for group, alike in enumerate(_LOOK_ALIKE.split()) if character in alike}


def is_another_name(old: Place, new: Place) -> bool:
    """Whether what differs is a part of a short quotation, which names something else now: one that
    sounds alike, too, but for a slip of which the text has the right form elsewhere."""
    names = [_quoted(*each) for each in (old, new)]
    if not all(names) or names[0] == names[1]:
        return False
    return not can_be_a_slip(*names) or (names[1] not in old[0] and names[0] not in new[0])


def _quoted(text: str, start: int, end: int) -> str:
    for opening, closing in _QUOTES.items():
        first = text.rfind(opening, max(0, start - LONGEST_QUOTED), start)
        last = text.find(closing, end, end + LONGEST_QUOTED)
        if 0 <= first < last <= first + LONGEST_QUOTED + 1:
            return text[first + 1 : last]
    return ""
