"""How likely a page is a content farm's, with the reasons. Pure, linear, total.

The score is a probability: each thing seen adds its weight to the log-odds, upon a prior that
stands for "most pages are no farm's". No weak sign alone reaches 0.5."""

from seeds.farm.doctoring import doctoring
from seeds.farm.reasons import FarmLikelihood, Reason, ReasonKind, weighed
from seeds.farm.wording import label, summary
from seeds.match.texts import ArticleText, read_article

__all__ = [
    "FarmLikelihood",
    "Reason",
    "ReasonKind",
    "label",
    "likelihood",
    "likelihood_of",
    "summary",
]

# Of what a watch meets, about one page in twenty is a farm's when nothing is known about it.
_PRIOR = -3.0


def likelihood(title: str, body: str, boilerplate: str = "") -> FarmLikelihood:
    """Judge an article by its fields as extraction gives them."""
    return likelihood_of(read_article(title, body, boilerplate))


def likelihood_of(article: ArticleText) -> FarmLikelihood:
    """Judge an article whose fields are folded already, as the intake has them."""
    if not article.body.folded.text.strip():
        return FarmLikelihood()
    return weighed(_PRIOR, doctoring(article.body.folded))
