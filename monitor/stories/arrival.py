"""A logged article with all that is read out of it before the store is asked. Pure."""

from dataclasses import dataclass

from crawler.article import LoggedArticle
from crawler.urls import site_of
from monitor.stories.fingerprint import Fingerprint
from monitor.stories.reading import Reading, read_folded
from monitor.stories.understand import Understood, byline_of, understand
from seeds.match import Matcher, Matches
from seeds.match.texts import ArticleText, read_article


@dataclass(frozen=True, slots=True)
class Arrival:
    """A logged article with what was read in it; the keys are what the search index takes."""

    entry: LoggedArticle
    site: str
    texts: ArticleText
    understood: Understood
    reading: Reading
    fingerprint: Fingerprint
    title_key: str
    body_key: str

    @property
    def matches(self) -> Matches:
        """What it mentions."""
        return self.understood.matches


def arrive(entry: LoggedArticle, matcher: Matcher) -> Arrival:
    """Read a logged article. Its text is folded once, for all who ask for it."""
    article = entry.article
    texts = read_article(article.title, article.body, article.boilerplate)
    understood = understand(texts, matcher, byline_of(article.author, article.outlet))
    folded = texts.body.folded
    reading = read_folded(texts.title.folded.text, article.body, folded, understood.matches)
    return Arrival(
        entry=entry,
        site=site_of(article.url),
        texts=texts,
        understood=understood,
        reading=reading,
        fingerprint=reading.fingerprint(),
        title_key=texts.title.text,
        body_key=texts.body.text,
    )
