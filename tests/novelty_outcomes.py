"""Judge a case as the intake would, over a real store that has the earlier stories."""

from dataclasses import dataclass

from intake_desk import MATCHER, NOON, Desk
from novelty_cases import SPREAD, STORIES, Case, story_body
from sqlalchemy import Engine

from crawler.article import Article, LoggedArticle
from monitor.stories.arrival import arrive
from monitor.stories.finder import NOTHING
from monitor.stories.fingerprint import compact
from monitor.stories.sentences import Sentences
from seeds.fold import fold_text


@dataclass(frozen=True)
class Outcome:
    """What came of one case: `missed` should have been named as new, `wrong` should not."""

    case: Case
    verdict: str
    ground: str
    missed: list[str]
    wrong: list[str]

    @property
    def right(self) -> bool:
        """Whether the verdict tells news from recycled text as the case does."""
        return (self.verdict == "recycled") == (self.case.verdict == "recycled")

    @property
    def exact(self) -> bool:
        return not self.missed and not self.wrong


def run(case: Case, engine: Engine) -> Outcome:
    desk = Desk(engine)
    before = [
        (f"https://{key}.example.com/a", STORIES[key][0], story_body(key)) for key in case.earlier
    ]
    if case.spread:
        before += [
            (f"https://s{n}.example.com/a", f"第{n}个平台的催收问题", body)
            for n, body in enumerate(SPREAD)
        ]
    for url, title, body in before:
        desk.take(Article(url, title, body, language="zh-Hans"))
    body = case.body
    page = Article("https://case.example.org/1", f"{case.key}的报道", body, language="zh-Hans")
    arrival = arrive(
        LoggedArticle(1, "portal", "c1", NOON, "ab" * 32, baseline=False, article=page), MATCHER
    )
    with engine.connect() as connection:
        # As if no text were a copy of another: what the finder joins is no case of ours.
        sentences = Sentences(connection)
        sentences.add(999, arrival, NOTHING)
        judged = sentences.judge()[999]
    spans = [(each.statement.start, each.statement.end) for each in judged.new]
    named = [_key(body[start:end]) for start, end in spans]
    either = set(map(_key, case.marked("~")))
    wanted = list(map(_key, case.marked("+")))
    if case.verdict == "recycled":
        wanted = []
        named = [] if judged.verdict == "recycled" else named
    return Outcome(
        case,
        judged.verdict,
        judged.ground,
        [each for each in wanted if each not in named],
        [each for each in named if each not in wanted and each not in either],
    )


def _key(text: str) -> str:
    return compact(fold_text(text))
