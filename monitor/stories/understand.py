"""What an article's text says by itself: what it mentions, and how likely a farm made it. Pure."""

from dataclasses import dataclass

from seeds.farm import FarmLikelihood, likelihood_of
from seeds.match import Matcher, Matches
from seeds.match.texts import ArticleText


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one text, and the edition of the watchlist it was read with."""

    matches: Matches
    farm: FarmLikelihood
    watchlist: str


def understand(texts: ArticleText, matcher: Matcher) -> Understood:
    """Read an article whose fields are folded already."""
    return Understood(matcher.match_article(texts), likelihood_of(texts), matcher.edition)
