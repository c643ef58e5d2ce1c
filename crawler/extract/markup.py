"""What HTML's elements, and the names authors give them, say about the text inside."""

import re
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never text of the page. `noscript` repeats images and nags, `textarea` holds share snippets, `rt`
# and `rp` are readings above characters, as the fold's annotations are.
UNSEEN = _words(
    "script style noscript template iframe frame frameset object embed applet svg math canvas audio "
    "video map select datalist button input textarea head meta link base dialog rt rp"
)
INLINE = _words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q ruby "
    "s samp small span strike strong sub sup time tt u var wbr o:p st1:chsdate"
)
HEADINGS = _words("h1 h2 h3 h4 h5 h6")
# Elements that HTML itself puts beside the article.
ASIDE = _words("nav aside footer")
# Wrappers of everything, and paragraphs and cells, whose names speak of style.
NEVER_ASIDE = _words("body html article main p tr td tbody table h1 h2 h3 blockquote")

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|(?:left|top|text-indent)\s*:\s*-\d{3,}")
# What authors call blocks that stand on an article's page without being part of it: names seen on
# the corpus pages. `_` and `-` break words in them, so `\b` is not enough. Each begins with a
# letter, and looks behind it only then: that halves the time of a search.
_ASIDE_NAME = re.compile(
    r"""comment|sidebar|side[-_]?bar|s(?<![a-z]s)ide(?![a-z])|recommend|relat(?:ed|e[-_]|ion)|share
    |social|copyright|foot(?:er)?(?![a-z])|n(?<![a-z]n)av(?![a-z])|navbar|navigation|crumb
    |m(?<![a-z]m)enu|toolbar|advert|a(?<![a-z]a)ds?(?![a-z])|promo(?![a-z])|sponsor
    |hot[-_]?(?:news|list|rank|word|article)|ranking|tuijian|xiangguan|pinglun|disqus|cookie|popup
    |modal|login|newsletter|subscri|widget|t(?<![a-z]t)ags?(?![a-z])|pager|pagination
    |prev[-_]?next|keyword|disclaimer|mianze|shengming|qr[-_]?code|ewm|guess|l(?<![a-z]l)ike(?![a-z])
    |a(?<![a-z]a)lso|readmore|read[-_]more|m(?<![a-z]m)ore(?![a-z])|outbrain|taboola|jiathis|bdshare
    |bshare|addthis|author[-_]?(?:box|bio|info|card)|about[-_]?author|skip[-_]link|screen[-_]reader
    |print[-_]?only|byline|post[-_]?meta|entry[-_]meta|reply|respond|vote
    |consent|gdpr|t(?<![a-z]t)oc(?![a-z])|table[-_]of[-_]contents""",
    re.VERBOSE,
)
# Of these names, the ones that even a large part of the page's text does not outweigh.
_SURE_ASIDE = re.compile(
    r"comment|cookie|consent|gdpr|foot(?:er)?(?![a-z])|(?<![a-z])nav(?![a-z])|navbar|disqus|reply|respond"
)


def hides(style: str) -> bool:
    """Does an inline style take an element out of sight?"""
    return _HIDDEN_STYLE.search(style) is not None


@lru_cache(maxsize=4096)
def named_aside(class_name: str, identity: str) -> int:
    """How surely an element's names call it something beside the article, 0 to 2. Cached: the
    names of one site come back on each of its pages."""
    named = f"{class_name} {identity}".lower()
    if len(named) < 3:
        return 0
    if not _ASIDE_NAME.search(named):
        return 0
    return 2 if _SURE_ASIDE.search(named) else 1
