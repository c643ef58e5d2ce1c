"""How likely a page is a content farm's, with the reasons. Pure, linear, total.

The score is a probability: each thing seen adds its weight to the log-odds, upon a prior that
stands for "most pages are no farm's". No weak sign reaches 0.5 alone, for each adds less than
the prior takes away; dense annotations do. Weights were set on the `dev` half of the labelled
pages in tests/farm and measured on the other (`python -m tests.bench.bench_farm`)."""

from seeds.farm.doctoring import doctoring
from seeds.farm.page import read_page
from seeds.farm.reasons import FarmLikelihood, Reason, ReasonKind, weighed
from seeds.farm.shell import shell
from seeds.farm.substance import is_lesson, substance
from seeds.farm.wording import label, summary
from seeds.farm.writing import writing
from seeds.fold import search_key
from seeds.match.texts import ArticleText, read_article

__all__ = [
    "METHOD",
    "FarmLikelihood",
    "Reason",
    "ReasonKind",
    "label",
    "likelihood",
    "likelihood_of",
    "summary",
]

# Counted up with every change of a weight, a phrase or the code that lets stored articles be judged
# otherwise; a test holds what this one says (tests/test_farm.py).
METHOD = 1
# Of what a watch meets, about one page in twenty is a farm's when nothing is known about it.
_PRIOR = -3.0


def likelihood(title: str, body: str, boilerplate: str = "", *, byline: str = "") -> FarmLikelihood:
    """Judge an article by its fields as extraction gives them; `byline` is what it took for
    author and outlet (小编)."""
    return likelihood_of(read_article(title, body, boilerplate), byline=byline)


def likelihood_of(article: ArticleText, *, byline: str = "") -> FarmLikelihood:
    """Judge an article whose fields are folded already, as the intake has them."""
    if not article.body.text.strip():
        return FarmLikelihood()
    page = read_page(article, f"作者:{search_key(byline)}" if byline else "")
    lesson = is_lesson(page)
    return weighed(
        _PRIOR,
        (
            *doctoring(page, lesson=lesson),
            *writing(page),
            *shell(page),
            *substance(page, lesson=lesson),
        ),
    )
