"""What does this text mention? Platforms by all their names, topics by their terms.

One automaton finds every name and term in the folded fields; each occurrence is then judged by
the rules that stand beside it in platforms.yaml and topics.yaml."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, repeat
from operator import itemgetter

from seeds.match.company import judge_names
from seeds.match.edition import edition
from seeds.match.mentions import BOILERPLATE, NOT_WATCHED, Matches, Mention, TextField
from seeds.match.names import Judged, NameRule, name_rules
from seeds.match.rows import Rows
from seeds.match.scanner import Hit, Scanner
from seeds.match.severity import JudgedTerm
from seeds.match.term_rules import Use
from seeds.match.texts import ArticleText, FieldText, Part, read_article
from seeds.match.topics import TopicJudge
from seeds.models import Watchlist

__all__ = ["Matcher", "Matches", "Mention"]

# A platform named in the title is more prominent than one named in the body, however often.
_TITLE_WEIGHT = 1000
# The `__new__` that NamedTuple writes takes twice as long.
_mention: Callable[[tuple[str, str, str, TextField, int, int, bool, str]], Mention]
_mention = partial(tuple.__new__, Mention)
# By start and end.
_SPAN = itemgetter(4, 5)
_ORDER = {part: place for place, part in enumerate(("title", "body", "site", "boilerplate"))}


class Matcher:
    """Finds what texts mention of one watchlist. Build once, use for every article.

    Texts that were read under an equal `edition` need no second reading."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.edition = edition(watchlist)
        self._topics = TopicJudge(watchlist.topics)
        self._names: Mapping[str, NameRule] = name_rules(watchlist)
        self._rows = Rows(watchlist)
        self._terms = self._topics.uses
        self._written = [name for name, rule in self._names.items() if not rule.misspelt]
        misspelt = self._names.keys() - {*self._written, *self._terms}
        self._misspelt = sorted(misspelt)
        written = dict.fromkeys((*self._written, *self._terms))
        self._scanner = Scanner(written, exact=self._misspelt, words=self._topics.words)
        self._meanings = [
            (self._names.get(pattern), self._terms.get(pattern, ()))
            for pattern in self._scanner.patterns
        ]

    @cached_property
    def _name_scanner(self) -> Scanner:
        return Scanner(self._written, exact=self._misspelt)

    def match(self, title: str, body: str, boilerplate: str = "") -> Matches:
        """Find and judge every mention of an article.

        Mentions in `boilerplate`, and in lines of the body that are plainly the site's (related
        reading, tags, menus), are listed but never count."""
        return self.match_article(read_article(title, body, boilerplate))

    def match_article(self, article: ArticleText) -> Matches:
        """Find and judge every mention of an article that is folded already."""
        names: list[tuple[FieldText, Hit, NameRule]] = []
        terms: list[tuple[FieldText, Hit, Sequence[Use]]] = []
        words: dict[Part, Sequence[tuple[int, int, int]]] = {}
        for field in article.fields:
            if not field.text:
                continue
            scan = self._scanner.read(field.text, field.runs)
            words[field.part] = scan.words
            for text, hit in _placed(article, field, scan.hits):
                name, uses = self._meanings[hit.pattern]
                if name is not None:
                    names.append((text, hit, name))
                if uses:
                    terms.append((text, hit, uses))
            names += self._in_rows(article, field)
        judged = judge_names(names)
        topics, weighed = self._topics.judge(
            terms, article.body, article.length, words, _lenders(judged)
        )
        platforms = _by_prominence(judged)
        return Matches(
            platforms=platforms,
            topics=topics,
            mentions=_in_order(chain(_name_mentions(judged), _term_mentions(weighed))),
            dominant=platforms[0] if platforms else None,
        )

    def mentions_watched(self, title: str, body: str) -> bool:
        """Tell whether `match` would find a watched platform in an article: the crawler's question."""
        article = read_article(title, body)
        names = [
            (text, hit, self._names[self._name_scanner.patterns[hit.pattern]])
            for field in article.fields
            for text, hit in _placed(
                article, field, self._name_scanner.scan(field.text, field.runs)
            )
        ]
        for field in article.fields:
            names += self._in_rows(article, field)
        if not any(rule.watched for _, _, rule in names):
            return False
        return any(_counts(each) for each in judge_names(names))

    def _in_rows(
        self, article: ArticleText, field: FieldText
    ) -> Iterator[tuple[FieldText, Hit, NameRule]]:
        """Give the shortened names in rows of companies, with their parts of the article."""
        for hit, rule in self._rows.names(field.text):
            ((text, _),) = _placed(article, field, (hit,))
            yield text, hit, rule


def _placed(
    article: ArticleText, field: FieldText, hits: Iterable[Hit]
) -> Iterable[tuple[FieldText, Hit]]:
    """Give hits with their parts; what stands in the site's own lines of the body belongs there."""
    if field.part != "body" or not article.site_spans:
        return zip(repeat(field), hits)
    return ((article.site if article.in_site(hit.start) else field, hit) for hit in hits)


def _counts(judged: Judged) -> bool:
    """Tell whether a judged name counts for `platforms`."""
    return bool(judged.counted) and judged.rule.watched and judged.text.field != "boilerplate"


def _lenders(judged: Sequence[Judged]) -> dict[Part, list[tuple[int, int]]]:
    """Where each field names a platform that counts, in order."""
    places: dict[Part, list[tuple[int, int]]] = {}
    for each in judged:
        if _counts(each):
            places.setdefault(each.text.part, []).append((each.hit.start, each.hit.end))
    return {part: sorted(spans) for part, spans in places.items()}


def _by_prominence(judged: Sequence[Judged]) -> tuple[str, ...]:
    """Order the platforms that count: in the title first, then by how often, then by place."""
    scores: dict[str, int] = {}
    for each in sorted((each for each in judged if _counts(each)), key=_judged_place):
        in_title = each.text.part == "title"
        if in_title and scores.get(each.rule.owner, 0) >= _TITLE_WEIGHT:
            in_title = False
        points = _TITLE_WEIGHT if in_title else 1
        scores[each.rule.owner] = scores.get(each.rule.owner, 0) + points
    return tuple(sorted(scores, key=lambda name: -scores[name]))


def _judged_place(each: Judged) -> tuple[int, int]:
    return _ORDER[each.text.part], each.hit.start


def _in_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Sort mentions, names before terms, by field and place."""
    fields: dict[TextField, list[Mention]] = {"title": [], "body": [], "boilerplate": []}
    for each in mentions:
        fields[each.field].append(each)
    for listed in fields.values():
        listed.sort(key=_SPAN)
    return tuple(chain.from_iterable(fields.values()))


def _name_mentions(judged: Sequence[Judged]) -> Iterator[Mention]:
    """Tell of every judged name."""
    for each in judged:
        reason = each.reason
        if each.counted and not each.rule.watched:
            reason = NOT_WATCHED
        elif each.counted and each.text.field == "boilerplate":
            reason = BOILERPLATE
        text, hit = each.text, each.hit
        start, end = text.span(hit.start, hit.end)
        surface, owner = text.original[start:end], each.rule.owner
        yield Mention("platform", owner, surface, text.field, start, end, _counts(each), reason)


def _term_mentions(judged: Sequence[JudgedTerm]) -> Iterator[Mention]:
    """Tell of every judged term."""
    for text, hit, rule, counted, reason, _, _ in judged:
        start, end = text.span(hit.start, hit.end)
        surface = text.original[start:end]
        yield _mention(("topic", rule.owner, surface, text.field, start, end, counted, reason))
