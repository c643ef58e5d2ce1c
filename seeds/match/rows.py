"""Companies in a row that share what all their names end in: 招联、马上和中邮消费金融, 中银、北银等
四家消金公司. What is left of a name there is the name of a bank, a province or an adverb elsewhere."""

import re
from collections.abc import Iterator

from seeds.fold import search_key
from seeds.match.names import NameRule
from seeds.match.rules import Phrases
from seeds.match.scanner import Hit
from seeds.models import Platform, Watchlist

_TAIL = "消费金融"
_TAILS = f"(?:{_TAIL}|消金)"
_JOINT = r"(?:[、,/]|以及|和|与|及|跟)"
# 等, 三家, 等多家持牌: what says that the tail is that of all.
_COUNTED = r"(?:[两二三四五六七八九十数多几0-9]{1,2}家)"
_PLURAL = rf"(?:(?:等|这)?{_COUNTED}[^\W\d_]{{0,4}}?|等(?:持牌|头部)?)"
# More than so many are no row that anybody writes; without an end, reading one takes too long.
_MOST = 12
# Consumer finance is a trade, too: 湖北、中原等消费金融市场.
_TRADE = "市场|行业|业务|需求|领域|规模|发展|服务|产品|场景|生态|贷款|试点"


class Rows:
    """Finds the names in such rows."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._rules = {rule.pattern: rule for rule in _stems(watchlist)}
        stems = "|".join(sorted(map(re.escape, self._rules), key=lambda each: (-len(each), each)))
        name = f"(?:{stems})(?:{_TAILS}|消费)?"
        together = rf"(?:{name}{_JOINT}){{1,{_MOST}}}{name}{_PLURAL}?|(?:{stems}){_PLURAL}"
        self._row = re.compile(rf"({together}){_TAILS}(?!{_TRADE})")
        self._stem = re.compile(rf"({stems})(?!{_TAILS})")

    def names(self, text: str) -> Iterator[tuple[Hit, NameRule]]:
        """Give the shortened names in the rows of a folded text."""
        if not self._rules or not (_TAIL in text or "消金" in text):
            return
        for row in self._row.finditer(text):
            for stem in self._stem.finditer(text, *row.span(1)):
                yield Hit(-1, *stem.span()), self._rules[stem[0]]


def _stems(watchlist: Watchlist) -> Iterator[NameRule]:
    """Give a rule for what is left of each watched company's name without the tail."""
    for platform in watchlist.platforms:
        if platform.watched and platform.name.endswith(_TAIL) and platform.name != _TAIL:
            yield _rule(search_key(platform.name.removesuffix(_TAIL)), platform)


def _rule(stem: str, platform: Platform) -> NameRule:
    none = Phrases({}, {}, ())
    return NameRule(stem, platform.name, none, none, none, near=1, kind="row")
