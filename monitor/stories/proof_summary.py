"""Say in one line of Chinese how a text relates to another, as its proof shows. Pure."""

from collections.abc import Iterator

from monitor.changes.tokens import Fact
from monitor.stories.differences import Difference, DifferenceKind
from monitor.stories.layout import LONGEST
from monitor.stories.proof import Proof
from monitor.stories.relation import Relation

# Names and swaps beyond these are many texts' worth: a line of a mail holds so many.
_SWAPS = 3
# Spinning programs replace 没有 and 拒绝 like any other word: only in a close copy it denies.
_CLOSE = 0.95
# Two texts that share less have nothing that could be called changed.
_SOMETHING = 0.2
_FACTS = {
    Fact.AMOUNT.value: "金额",
    Fact.DATE.value: "日期",
    Fact.NUMBER.value: "数字",
    Fact.NEGATION.value: "否定",
}
_SCRIPTS = {"traditional": "繁体", "simplified": "简体", "mixed": "繁简混用"}
_SMALL = {
    DifferenceKind.REPLACED: "换字",
    DifferenceKind.CUT: "漏字",
    DifferenceKind.INSERTED: "插字",
    DifferenceKind.MOVED: "调换顺序",
}
_LARGE = {DifferenceKind.MISSING: "删去", DifferenceKind.ADDED: "增加"}
_HEADINGS = {
    DifferenceKind.HEADING_REMOVED: "删",
    DifferenceKind.HEADING_ADDED: "增",
    DifferenceKind.HEADING_RENUMBERED: "改编号",
}


def summary(proof: Proof, of: str = "首发文本") -> str:
    """Sum a proof up; `of` is what to call the older text."""
    return "；".join((_head(proof, of), *_parts(proof)))


def _head(proof: Proof, of: str) -> str:
    ours, theirs = percent(proof.newer.share), percent(proof.older.share)
    if proof.relation is Relation.TEMPLATE_SIBLING:
        headings = f"小标题相同 {proof.shared_headings} 个，" if proof.shared_headings else ""
        return f"与{of}同一模板，{headings}正文相同 {ours}"
    if proof.relation is Relation.NEW:
        return f"与{of}并非同文，相同 {ours}"
    if proof.relation is Relation.PARTIAL and ours != theirs:
        return f"与{of}相同 {ours}，占其 {theirs}"
    return f"与{of}相同 {ours}"


def percent(share: float) -> str:
    """A share in whole per cent; neither nothing nor all unless it is."""
    whole = round(100 * share)
    return f"{whole if share in {0, 1} else min(99, max(1, whole))}%"


def _parts(proof: Proof) -> Iterator[str]:
    for swap in proof.swaps[:_SWAPS]:
        yield f"名称 {swap.older}→{swap.newer} ×{swap.count}"
    if proof.relation is not Relation.NEW or proof.newer.share >= _SOMETHING:
        yield from _facts(proof)
        yield from _counts(proof)
    if not proof.same_title:
        yield "标题不同"
    yield from _doctoring(proof)
    if proof.newer.boilerplate:
        yield f"套话 {len(proof.newer.boilerplate)} 行未计"
    if proof.newer.cut_off or proof.older.cut_off:
        yield f"文本过长，只比对前 {LONGEST:,} 字"


def _facts(proof: Proof) -> Iterator[str]:
    told = [facts for each in proof.differences if (facts := _told_otherwise(each, proof))]
    if told:
        kinds = [name for fact, name in _FACTS.items() if any(fact in each for each in told)]
        yield f"事实改动 {len(told)} 处（{'、'.join(kinds)}）"


def _told_otherwise(difference: Difference, proof: Proof) -> set[str]:
    """The facts that both texts state, and state otherwise; a figure that one of them lacks is
    none. A negation is one word, there or not."""
    facts = set(difference.facts)
    if difference.kind not in {DifferenceKind.REPLACED, DifferenceKind.NAME}:
        facts &= {Fact.NEGATION}
    return facts if proof.similarity >= _CLOSE else facts - {Fact.NEGATION}


def _counts(proof: Proof) -> Iterator[str]:
    for kind, word in _SMALL.items():
        if found := [each for each in proof.of_kind(kind) if not _told_otherwise(each, proof)]:
            yield f"{word} {len(found)} 处"
    for kind, word in _LARGE.items():
        if found := proof.of_kind(kind):
            yield f"{word} {len(found)} 段（共 {sum(each.characters for each in found):,} 字）"
    headings = [
        f"{word} {len(found)} 个"
        for kind, word in _HEADINGS.items()
        if (found := proof.of_kind(kind))
    ]
    if headings:
        yield f"小标题{'、'.join(headings)}"


def _doctoring(proof: Proof) -> Iterator[str]:
    older, newer = proof.older.doctoring, proof.newer.doctoring
    if older.script and newer.script and older.script != newer.script:
        yield f"{_SCRIPTS[older.script]}→{_SCRIPTS[newer.script]}"
    for word, before, after in (
        ("注音", older.annotations, newer.annotations),
        ("字间空格", older.gaps, newer.gaps),
        ("隐形字符", older.invisible, newer.invisible),
        ("HTML 实体", older.entities, newer.entities),
        ("形近字", older.lookalikes, newer.lookalikes),
    ):
        if before != after:
            yield f"{word} {after - before:+,} 处"
