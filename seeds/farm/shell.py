"""What the site around a text says of itself: byline, disclaimers, contacts, related reading."""

import re
from collections.abc import Iterator

from seeds.farm.page import Page
from seeds.farm.phrases import PhraseKind
from seeds.farm.reasons import Reason, ReasonKind
from seeds.furniture import HEAD_ALONE, NEIGHBOUR

# Outlets whose name begins with the net are somebody: 网络安全报, 互联网金融新闻中心.
_NAMED = r"(?!安全|金融|经济|财经|法|信息|新闻|电视|广播|媒体|文学|周刊|[台报])"
_NOBODY = rf"(?:小编|佚名|匿名|(?:网络|互联网){_NAMED}|本站|未知|admin|转载|网友)"
_BYLINE = re.compile(
    rf"(?:作者|来源|编辑|文|撰文|发布者|发布人)\s*[:/]\s*{_NOBODY}|浏览(?:次数|量)?\s*[:0-9]|浏览 ?作者:"
)
# What a person would be reached by, never a newsroom: mobile numbers, chat names, free mailboxes.
_CONTACT = re.compile(
    r"1(?<![0-9].)[3-9][0-9]{9}(?![0-9])"
    r"|(?:qq|微信号?|vx|v信|薇信|加微)\s*:\s*[a-z0-9_-]{5,20}"
    r"|@(?:qq|163|126|foxmail|gmail|sina|hotmail|outlook)\.com"
)
_TAIL = re.compile(
    rf"^[ \t]*【?{HEAD_ALONE}】?[:>»]*[ \t]*$|{NEIGHBOUR}:",
    re.MULTILINE,
)


def shell(page: Page) -> Iterator[Reason]:
    """Give the reasons that lie in the site's own lines.

    Each is weak: newspapers have disclaimers, hotlines and related reading too."""
    disclaimers = page.found[PhraseKind.DISCLAIMER].count
    if page.site_found:
        disclaimers += page.site_found[PhraseKind.DISCLAIMER].count
    if disclaimers:
        weight = min(1.4, 0.4 + 0.3 * disclaimers)
        both = page.found[PhraseKind.DISCLAIMER].excerpt
        if not both:
            both = page.site_found[PhraseKind.DISCLAIMER].excerpt
        yield Reason(ReasonKind.DISCLAIMER, disclaimers, round(weight, 3), both)
    for kind, pattern, first, more, most in (
        (ReasonKind.BYLINE, _BYLINE, 0.9, 0.4, 1.5),
        (ReasonKind.CONTACT, _CONTACT, 0.8, 0.4, 1.6),
        (ReasonKind.RELATED_TAIL, _TAIL, 0.3, 0.2, 0.8),
    ):
        found = [each.strip() for each in pattern.findall(page.site)]
        if found:
            weight = min(most, first + more * (len(found) - 1))
            yield Reason(kind, len(found), round(weight, 3), found[0][:40])
