"""What an article's text says by itself: what it mentions, and how likely a farm made it. Pure."""

from dataclasses import dataclass

from seeds.farm import METHOD, FarmLikelihood, likelihood_of
from seeds.match import Matcher, Matches
from seeds.match.texts import ArticleText


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one text, and what it was read with (`edition_of`)."""

    matches: Matches
    farm: FarmLikelihood
    edition: str


def understand(texts: ArticleText, matcher: Matcher, byline: str) -> Understood:
    """Read an article whose fields are folded already, signed as `byline_of` gives it."""
    farm = likelihood_of(texts, byline=byline)
    return Understood(matcher.match_article(texts), farm, edition_of(matcher.edition))


def edition_of(watchlist: str, farm: int = METHOD) -> str:
    """Name what texts are read with: an edition of the watchlist, and a method of the farm's judge.
    What was read with an equal one needs no second reading."""
    return f"{watchlist}.{farm}"


def byline_of(author: str | None, outlet: str | None) -> str:
    """How the page signs its text. Both at once as pages write them, for an outlet of nobody's
    (来源:网络) tells as much beside a name as alone."""
    return f"{author} 来源:{outlet}" if author and outlet else author or outlet or ""
