"""What happens on twelve sites: a list of steps, and what stands where at any moment. Pure.

`quarter(days)` is the script; at fewer days than 90 the same things happen closer together.
`Script.shows` tells what an article's address shows at a moment; `truths` tells which events a
monitor may and must know of, from the script and from when it looked. Nothing of lendwatch is
asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal

from timeline_texts import Story, edited

START = datetime(2026, 3, 2, tzinfo=UTC)
SITES = 12
ARTICLES = 100
# The copies that other sites carry, by the number of the article they are copies of.
COPIES = {100: 43, 101: 24}
COPY_SITES = {100: 2, 101: 5}

MATERIAL = frozenset({"number", "amount", "date", "platform", "negation", "topic"})
EDITS = MATERIAL | {"wording"}
META = frozenset({"author", "redate"})
# What is no change: the same text in another dress.
DRESS = frozenset({"traditional", "simplified", "annotated", "plain", "wide", "narrow"})
GONE = frozenset({"404", "410", "phrase", "unknown", "to-home", "to-channel", "emptied"})
BLOCKED = frozenset(
    {"500", "refused", "404-all", "captcha", "captcha-all", "login", "403", "broken"}
)

# An absence counts when it was seen so often, over so long: what this bench asks of a monitor. Half
# an hour less than a day: looks are made some seconds after the ticks, each time others.
STRIKES, STRIKES_OVER = 3, timedelta(hours=23, minutes=30)


@dataclass(frozen=True, slots=True)
class Step:
    """At `day` days after START, `do` happens to an article, or (None) to a whole site."""

    day: float
    site: int
    article: int | None
    do: str


@dataclass(frozen=True, slots=True)
class Copy:
    """What the publisher has of one article at a moment: its text and what is said around it."""

    number: int
    story: Story
    facts: tuple[tuple[str, str], ...]
    pressed: bool = False
    author: str = ""
    published_at: datetime = START
    dress: frozenset[str] = frozenset()

    @property
    def text(self) -> object:
        return self.facts, self.pressed

    @property
    def meta(self) -> object:
        return self.author, self.published_at


@dataclass(frozen=True, slots=True)
class Shows:
    """What one address shows: the article, that it is gone (how), or that somebody is in the way."""

    what: Literal["nothing", "article", "gone", "blocked"]
    how: str
    copy: Copy


@dataclass(frozen=True, slots=True)
class Look:
    """One request for an article's address, as the site answered it."""

    at: datetime
    article: int
    shows: Shows
    unchanged: bool = False  # answered 304


@dataclass(frozen=True, slots=True)
class Truth:
    """An event that is to be known: from the look at `at` on, and by the look at `latest`.
    `since`: when it happened."""

    kind: Literal["ArticleEdited", "ArticleRemoved", "ArticleRestored"]
    article: int
    since: datetime
    at: datetime
    latest: datetime
    material: bool | None = None
    did: str = ""
    # Fewer looks than STRIKES showed it: it may be told of, and need not be.
    may_be_missed: bool = False


class Script:
    """The steps in order, and what they add up to."""

    def __init__(self, steps: Iterable[Step], days: float) -> None:
        self.days = days
        self.steps = sorted(steps, key=lambda each: each.day)
        self.sites = {each.article: each.site for each in self.steps if each.article is not None}

    @cached_property
    def _of_article(self) -> dict[int, list[Step]]:
        found: dict[int, list[Step]] = {}
        for step in self.steps:
            if step.article is not None:
                found.setdefault(step.article, []).append(step)
        return found

    def articles_of(self, site: int) -> list[int]:
        return sorted(number for number, at in self.sites.items() if at == site)

    def done(self, article: int) -> list[Step]:
        """All that happens to one article, in order."""
        return self._of_article[article]

    def phase(self, site: int, now: datetime) -> str:
        """What is the matter with the whole site; empty when nothing is."""
        found = ""
        for step in self.steps:
            if moment(step) > now:
                break
            if step.site == site and step.article is None and step.do in BLOCKED | {"well"}:
                found = "" if step.do == "well" else step.do
        return found

    def site_dress(self, site: int, now: datetime) -> tuple[str, int]:
        """The site's script, and how often it was designed anew."""
        script, designs = "", 0
        for step in self.steps:
            if step.site == site and step.article is None and moment(step) <= now:
                script = step.do if step.do in ("traditional", "simplified") else script
                designs += step.do == "redesign"
        return script, designs

    def shows(self, article: int, now: datetime) -> Shows:
        """What the article's address shows: the site's trouble before its own."""
        here = self.own(article, now)
        trouble = self.phase(self.sites[article], now)
        return Shows("blocked", trouble, here.copy) if trouble else here

    def own(self, article: int, now: datetime) -> Shows:
        """What the publisher wants shown there, whatever the site is troubled by."""
        story = Story(COPIES.get(article, article))
        copy = Copy(article, story, tuple(story.facts.items()))
        what: Literal["nothing", "article", "gone"] = "nothing"
        how = ""
        for step in self._of_article[article]:
            if moment(step) > now:
                break
            if step.do in ("appears", "returns"):
                what, how = "article", ""
                if step.do == "appears":
                    author = f"记者 {story.facts['who']}予安"
                    copy = replace(copy, author=author, published_at=_published(step))
            elif step.do in GONE:
                what, how = "gone", step.do
            else:
                copy = _changed(copy, step)
        return Shows(what, how, copy)


def moment(step: Step) -> datetime:
    """When a step happens."""
    return START + timedelta(days=step.day)


def _published(step: Step) -> datetime:
    return (moment(step) - timedelta(hours=3)).replace(second=0, microsecond=0)


def _changed(copy: Copy, step: Step) -> Copy:
    if step.do in EDITS:
        facts = edited(copy.story, dict(copy.facts), step.do)
        return replace(copy, facts=tuple(facts.items()), pressed=copy.pressed or step.do == "topic")
    if step.do == "author":
        return replace(copy, author="记者 罗念慈")
    if step.do == "redate":
        return replace(copy, published_at=_published(step))
    if step.do in ("plain", "narrow", "simplified"):
        return replace(copy, dress=frozenset())
    return replace(copy, dress=copy.dress | {step.do})


def quarter(days: float = 90) -> Script:
    """The script: each kind of thing several times, on sites of every build."""
    scale = days / 90
    steps = [*_arrivals(scale), *_changes(scale), *_troubles(scale)]
    steps += [
        replace(each, day=each.day * scale) if each.do in EDITS | META | DRESS else each
        for each in _edits()
    ]
    return Script(steps, days)


def _span(long: float, short: float, scale: float) -> float:
    return long if scale > 0.6 else short


def site_of_article(number: int) -> int:
    return COPY_SITES.get(number, number % SITES)


def _arrivals(scale: float) -> list[Step]:
    """Most are there at the first crawl, the others come one after another."""
    steps = []
    for number in range(ARTICLES):
        day = -1.0 - number / 20 if number < 60 else (number - 59) * 1.1 * scale
        steps.append(Step(day, site_of_article(number), number, "appears"))
    return steps + [
        Step(3 * scale, site_of_article(number), number, "appears") for number in COPIES
    ]


_EDITED: dict[int, tuple[tuple[float, str], ...]] = {
    0: ((6, "number"), (58, "date")),
    13: ((11, "number"), (70, "negation")),
    26: ((17, "number"),),
    39: ((21, "amount"),),
    50: ((33, "amount"),),
    1: ((13, "date"),),
    14: ((25, "date"),),
    27: ((36, "date"),),
    2: ((9, "platform"),),
    15: ((29, "platform"),),
    28: ((48, "platform"),),
    3: ((10, "negation"),),
    16: ((32, "negation"),),
    29: ((61, "negation"),),
    4: ((8, "topic"),),
    18: ((40, "topic"),),
    30: ((66, "topic"),),
    5: ((15, "wording"),),
    17: ((34, "wording"),),
    31: ((52, "wording"),),
    6: ((16, "author"),),
    19: ((45, "author"),),
    8: ((20, "redate"),),
    20: ((47, "redate"),),
    # Nothing of these is a change.
    9: ((12, "traditional"), (44, "simplified")),
    21: ((30, "traditional"),),
    10: ((14, "annotated"), (50, "plain")),
    22: ((28, "annotated"),),
    11: ((18, "wide"), (55, "narrow")),
    23: ((37, "wide"),),
    # Young articles that change in the days after they came.
    62: ((6, "number"),),
    71: ((16, "negation"),),
    83: ((30, "topic"),),
    90: ((38, "date"),),
}


def _edits() -> list[Step]:
    return [
        Step(day, site_of_article(number), number, do)
        for number, happenings in _EDITED.items()
        for day, do in happenings
    ]


# Article: day, how it goes, and whether it comes back.
_WITHDRAWN = (
    (24, 22, "404", False),
    (25, 26, "410", False),
    (32, 30, "404", True),
    (33, 35, "phrase", False),
    (34, 24, "phrase", True),
    (40, 27, "unknown", False),
    (52, 42, "unknown", True),
    (35, 39, "to-home", False),
    (36, 46, "to-home", True),
    (37, 50, "to-channel", False),
    (38, 54, "to-channel", True),
    (41, 31, "emptied", False),
    (42, 33, "emptied", True),
    (43, 43, "410", False),
    (64, 49, "404", False),
    (72, 57, "phrase", True),
)


def _changes(scale: float) -> list[Step]:
    """What goes and comes back."""
    back = _span(8, 2.5, scale)
    steps = []
    for number, day, how, returns in _WITHDRAWN:
        site = site_of_article(number)
        steps.append(Step(day * scale, site, number, how))
        if returns:
            steps.append(Step(day * scale + back, site, number, "returns"))
    # It comes back as another text.
    steps.append(Step(28 * scale, 47 % SITES, 47, "404"))
    steps.append(Step(28 * scale + back, 47 % SITES, 47, "number"))
    steps.append(Step(28 * scale + back, 47 % SITES, 47, "returns"))
    # Away for half a day: nobody needs to know.
    steps.append(Step(41 * scale, 46 % SITES, 46, "404"))
    steps.append(Step(41 * scale + 0.5, 46 % SITES, 46, "returns"))
    for turn in range(6):  # flapping: away for six hours, back for eighteen
        steps.append(Step(36 * scale + turn, 44 % SITES, 44, "404"))
        steps.append(Step(36 * scale + turn + 0.25, 44 % SITES, 44, "returns"))
    return steps


# Site: day, what, how many days (in a quarter, in a short run).
_TROUBLES = (
    (0, 38, "500", 3, 1.25),
    (1, 19, "refused", 2, 1.25),
    (2, 44, "404-all", 4, 1.5),
    (3, 24, "captcha-all", 4, 1.5),
    (5, 46, "captcha", 3, 1.5),
    (6, 56, "login", 5, 1.5),
    (7, 27, "403", 5, 1.5),
    (9, 41, "broken", 4, 1.5),
    (4, 62, "500", 0.5, 0.5),
    (8, 64, "404-all", 0.5, 0.5),
)


def _troubles(scale: float) -> list[Step]:
    steps = []
    for site, day, what, long, short in _TROUBLES:
        steps.append(Step(day * scale, site, None, what))
        steps.append(Step(day * scale + _span(long, short, scale), site, None, "well"))
    # A new design comes after what could not be read; two others come as they are.
    steps.append(Step(41 * scale + _span(4, 1.5, scale), 9, None, "redesign"))
    steps.append(Step(53 * scale, 8, None, "redesign"))
    steps.append(Step(65 * scale, 1, None, "redesign"))
    for site, day, script in (
        (10, 31, "traditional"),
        (11, 51, "traditional"),
        (7, 58, "simplified"),
    ):
        steps.append(Step(day * scale, site, None, script))
    return steps


def truths(script: Script, looks: Sequence[Look]) -> list[Truth]:
    """What is to be known by somebody who looked just then, article by article."""
    found = []
    for number in sorted(script.sites):
        own = [look for look in looks if look.article == number]
        found += _truths_of(script, number, own)
    return found


def _truths_of(script: Script, number: int, looks: Sequence[Look]) -> list[Truth]:
    found: list[Truth] = []
    seen: Copy | None = None
    absent: list[int] = []
    for index, look in enumerate(looks):
        following = looks[min(index + 1, len(looks) - 1)].at
        if look.shows.what == "gone" and seen is not None:
            absent.append(index)
        elif look.shows.what == "article":
            copy = look.shows.copy
            if removal := _removal(script, number, [looks[each] for each in absent], look.at):
                found.append(removal)
                since = _since(script, number, {"returns"}, look.at)
                back = replace(removal, kind="ArticleRestored", since=since)
                found.append(replace(back, at=look.at, latest=following))
            absent.clear()
            if seen is not None and (copy.text, copy.meta) != (seen.text, seen.meta):
                did = EDITS if copy.text != seen.text else META
                steps = [each for each in script.done(number) if each.do in did]
                last = [each for each in steps if moment(each) <= look.at][-1]
                material = copy.text != seen.text and last.do in MATERIAL
                edit = Truth("ArticleEdited", number, moment(last), look.at, following)
                found.append(replace(edit, material=material, did=last.do))
            seen = copy
    if removal := _removal(script, number, [looks[each] for each in absent], looks[-1].at):
        found.append(removal)
    return found


def _removal(script: Script, number: int, absent: Sequence[Look], ended: datetime) -> Truth | None:
    """The removal that looks in a row show; `ended`: the look that found the article again, or the
    last one. It may be told of when it lasted for so long, and has to be when enough looks say so."""
    if not absent:
        return None
    since = _since(script, number, GONE, absent[0].at)
    long = [each for each in absent if each.at - since >= STRIKES_OVER]
    struck = [
        index
        for index, each in enumerate(absent)
        if index + 1 >= STRIKES and each.at - absent[0].at >= STRIKES_OVER
    ]
    if not long:
        return None
    latest = absent[min(struck[0] + 1, len(absent) - 1)].at if struck else ended
    truth = Truth("ArticleRemoved", number, since, long[0].at, max(latest, long[0].at))
    return replace(truth, did=absent[0].shows.how, may_be_missed=not struck)


def _since(script: Script, number: int, does: Iterable[str], before: datetime) -> datetime:
    steps = [each for each in script.done(number) if each.do in does and moment(each) <= before]
    return moment(steps[-1])


def scripted(script: Script) -> set[tuple[str, int, datetime]]:
    """All that truly happens: what a monitor that looked often enough would know of."""
    found: set[tuple[str, int, datetime]] = set()
    for number in script.sites:
        gone_at: datetime | None = None
        for step in script.done(number):
            if step.do in EDITS | META:
                found.add(("ArticleEdited", number, moment(step)))
            elif step.do in GONE:
                gone_at = moment(step)
                following = [
                    moment(each)
                    for each in script.done(number)
                    if each.do == "returns" and moment(each) > gone_at
                ]
                if not following or following[0] - gone_at > 2 * STRIKES_OVER:
                    found.add(("ArticleRemoved", number, gone_at))
                    found |= {("ArticleRestored", number, each) for each in following[:1]}
    return found
