"""Ask how a text is worded where its terms leave a doubt about a topic.

A passage that reads like the topic counts as a term of it would, unless a term in it was found
to mean another thing; terms in a passage that reads like something else are taken back."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from seeds.match.scanner import Hit
from seeds.match.severity import JudgedTerm
from seeds.match.surroundings import Reader, Surroundings
from seeds.match.term_rules import Worded
from seeds.match.texts import LEAD, FieldText, Part
from seeds.match.wording import without_names

# So many terms that count, or one that is grave by itself, leave no doubt.
_NO_DOUBT = 3
_GRAVE = 2.5
# The first ones with terms: title, lead, and what follows. Every further one costs time.
_MOST_PASSAGES = 4
# An article about the topic names it sooner or later: a passage of one that does not has to be
# sure, where in a short text without a title it need only be likelier than not.
_ARTICLE, _SURE = 250, 2.5
# Without any term of the topic, a short text has to be a little likelier. Of sentences that nothing
# was learned from, 1 to 2 in a hundred more of those about collection are found so, .3 % of what is
# found is wrong more.
_BARE = 0.5
# Terms are taken back only where a passage is likelier than not about another matter by so much:
# of sentences left out of learning, 6 of 175 that are about collection are lost, and 8 of 13 others
# go; at 0 it were 12, and 9.
_TAKEN_BACK = -0.5
# Fewer characters say too little but by their terms.
_SHORTEST = 18
_SENTENCE = re.compile(r"[^。!?\n]*[。!?\n]*")


class Passage(NamedTuple):
    """A stretch of whole sentences of a field, and the terms found in it."""

    text: FieldText
    start: int
    end: int
    terms: list[JudgedTerm]


def reread(
    topic: Worded, judged: Sequence[JudgedTerm], body: FieldText, read: Reader
) -> list[JudgedTerm]:
    """Give judged terms as they stand after a topic's doubtful passages were read as a whole.

    A short text without any term of the topic, which stands alone in `body`, is one passage."""
    own = [each for each in judged if each.rule.owner == topic.rule.owner]
    counted = [each for each in own if each.counted]
    if len(counted) >= _NO_DOUBT or any(each.rule.weight >= _GRAVE for each in counted):
        return list(judged)
    settled = {id(each): each for each in judged}
    more = []
    bare = not own and not body.context and len(body.text) <= _ARTICLE
    passages = [Passage(body, 0, len(body.text), [])] if bare else _passages(own)
    for passage in islice(passages, _MOST_PASSAGES):
        if passage.end - passage.start < _SHORTEST:
            continue
        terms = [each for each in passage.terms if each.counted]
        named = any(not each.rule.frame for each in terms)
        around = read.around(passage.text)
        said = around.evidence.inside(passage.start, passage.end)
        if not (terms or _open(topic, passage, said, around)):
            continue
        lists = [name for name, listed in topic.lists.items() if said & listed.bit]
        plain = without_names(passage.text.text, passage.start, passage.end, around.lenders)
        margin = topic.wording.margin(plain, lists, term=named)
        article = bool(passage.text.context) or len(passage.text.text) > _ARTICLE
        line = _BARE if bare else _SURE if article and not named else 0.0
        if terms and margin < (line or _TAKEN_BACK):
            reason = f"the passage reads like another matter ({margin:.1f})"
            settled |= {id(each): each._replace(counted=False, reason=reason) for each in terms}
        elif not terms and margin >= line:
            telling = topic.wording.telling(plain, lists)
            said_so = f"worded like the topic ({margin:.1f}): words of {', '.join(telling.lists)}"
            more.append(_as_term(topic, passage, telling.pairs, said_so))
    return [*settled.values(), *more]


def _open(topic: Worded, passage: Passage, said: int, around: Surroundings) -> bool:
    """Tell whether a passage with words of the lists `said` may speak of the topic: it has what
    that needs, and no term of it was found to mean another thing."""
    if any(each.another for each in passage.terms):
        return False
    return all(
        said & need.bit or (need.lender and around.lender_near(passage.start, passage.end, 0))
        for need in topic.rule.needs
    )


def _as_term(topic: Worded, passage: Passage, pairs: Sequence[str], said_so: str) -> JudgedTerm:
    """Make a passage a term of its topic: the sentence that says most of it, and why."""
    text, start, end, _ = passage
    sentences = [at.span() for at in _SENTENCE.finditer(text.text, start, end) if at[0].strip()]
    first, last = max(
        sentences, key=lambda span: sum(pair in text.text[slice(*span)] for pair in pairs)
    )
    last = first + len(text.text[first:last].rstrip())
    reason = f"{said_so}; {' '.join(pairs)}"
    return JudgedTerm(text, Hit(-1, first, last), topic.rule, True, reason)


def _passages(telling: Iterable[JudgedTerm]) -> Iterator[Passage]:
    """Give the passages in which terms stand, the title first, then those of the body in order."""
    fields: dict[Part, list[JudgedTerm]] = {}
    for each in telling:
        if each.text.field != "boilerplate":
            fields.setdefault(each.text.part, []).append(each)
    for part in sorted(fields, reverse=True):
        terms = sorted(fields[part], key=lambda each: each.hit.start)
        begin = [each.hit.start for each in terms]
        first = 0
        for start, end in _stretches(terms[0].text.text):
            past = bisect_left(begin, end, first)
            if past > first:
                yield Passage(terms[first].text, start, end, terms[first:past])
            first = past
            if first == len(terms):
                break


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into stretches of whole sentences, as long as a lead where sentences allow it."""
    start = 0
    for at in _SENTENCE.finditer(text):
        if at.end() - start >= LEAD:
            yield start, at.end()
            start = at.end()
    if start < len(text):
        yield start, len(text)
