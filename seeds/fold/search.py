"""The search key: one letter for words that pages write in two ways and t2s keeps apart.

For finding only, in the full-text index, in names and in terms; a folded text stays exactly what
OpenCC's t2s makes of it, because the edit history and the fingerprints compare that."""

import re

# As they stand in folded text, each with the letter that searching knows it by. Chosen from 190
# pairs that pages of both scripts write: those that t2s does not already bring together (裡 裏, 賬,
# 佈, 唸, 週, 僱, 洩 …), and where the other letter is not a word of its own that the sense hangs on
# (份 and 分, 沉 and 沈, 画 and 划 stay apart).
_PAIRS = (
    # a word that mainland pages write otherwise than t2s does: 帳戶 → 帐户, elsewhere 账户
    "著着 帐账 祇只 衹只 乾干 瞭了 藉借 徵征 覆复 麽么 妳你 牠它 馀余 谘咨 讬托 "
    # variants and old forms
    "欵款 擡抬 躭耽 蹧糟 賸剩 凖准 偪逼 朶朵 彊强 寳宝 珤宝 吿告 値值 緖绪 淸清 靑青 "
    # Japanese forms, which stand in for the Traditional ones
    "収收 銭钱 関关 戸户 険险 経经 済济 権权 辺边 戯戏 広广 気气 帰归 呉吴"
)
_LETTERS = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_LETTER = re.compile(f"[{''.join(map(chr, _LETTERS))}]")


def loosened(folded: str) -> str:
    """Make the search key of a text that is folded already; it stays as long."""
    # A table that lacks most characters is slow to translate by, and most texts have none.
    return _LETTER.sub(_one, folded)


def _one(found: re.Match[str]) -> str:
    return _LETTERS[ord(found[0])]
