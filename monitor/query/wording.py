"""What is said of a story's novelty, in one wording for terminals and mails (Simplified Chinese)."""

from monitor.query.novelty import RECYCLED, NoveltyView

_GROUNDS = {
    "all-known": "句子均已见于此前报道",
    "nothing-checkable": "没有可核实的新事实",
}


def novelty_title(novelty: NoveltyView) -> str:
    """Introduce the new sentences, or say why there are none worth naming; empty for the first
    article about its platform, all of which is new."""
    if novelty.verdict == RECYCLED:
        return f"旧文翻新：{_GROUNDS.get(novelty.ground, novelty.ground)}"
    if novelty.ground == "first":
        return ""
    more = novelty.new_count - len(novelty.sentences)
    shown = f"，列出前 {len(novelty.sentences)} 句" if more > 0 else ""
    return f"新内容（{novelty.new_count} 句，占全文 {novelty.share:.0%}{shown}）："
