"""The typed form of what is watched: platforms, topics, sources."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema

from seeds.mistakes import quote, refuse
from seeds.times import Duration

# Spaces around a name are a slip of the keyboard; a name of spaces only is no name.
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
# An example of what people write: a sentence or two.
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
# Stands in file names, headers and URLs, so it is ASCII.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Declaration(BaseModel):
    """A frozen value read from YAML; unknown keys are mistakes."""

    # Validators are built when first used: a command that loads no seeds does not wait for them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Severity(StrEnum):
    """How much a topic's mention matters to a reader; ordered low < medium < high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    def __init__(self, _name: str) -> None:
        # 1 for low, 2 for medium, 3 for high: for comparing, thousands of times an article, and
        # for storing.
        self.rank = len(type(self).__members__) + 1


class Examples(Declaration):
    """Sentences that keep a rule honest, in either script: those in which it counts, and those
    that look like it and are not. `lendwatch check` reads each of them with the rules."""

    counts: tuple[Sentence, ...] = ()
    rejects: tuple[Sentence, ...] = ()


class Alias(Declaration):
    """One name a platform goes by, and when that name does *not* count.

    In YAML a name without rules may be written as plain text."""

    name: Name
    # The name is everyday Chinese too: it counts only when a word of lending (seeds/match/lending.py) or
    # one of `needs` stands within `near` characters (花呗, 分期乐).
    everyday: bool = False
    # The name ends in a word that ends sentences (呗): inside a clause it is a name (花呗的账), at
    # its end it may be speech (想花就花呗) and its other conditions decide.
    particle: bool = False
    # The name is a phrase or a thing that talk of money uses, too (有钱花, 金条): words of lending
    # nearby prove nothing, the words right before and after it do (seeds/match/grammar.py).
    phrase: bool = False
    # The name is a short form that others may share (招联): it counts only where another name of
    # its platform stands in the article.
    abbreviation: bool = False
    # The name is also typed by ear: with one character replaced by another of the same sound
    # (微立贷), or by its sounds or their first letters alone (weilidai, wld), it counts among words
    # of lending, but in what `unless` lists (用钱包). So do all names of licensed
    # consumer-finance companies.
    by_ear: bool = False
    # What sounds like the name and is a word of its own (分期了 for 分期乐): no misspelling of it.
    not_by_ear: tuple[Name, ...] = ()
    # The name counts only when one of these stands within `near` characters (a former name, 金条).
    needs: tuple[Name, ...] = ()
    # The name does not count when the text around it reads like one of these (用钱宝贵).
    unless: tuple[Name, ...] = ()
    # … but in these it counts, whatever else stands there (使用钱宝 is not 用钱宝, 即使用钱宝停了 is).
    counts_in: tuple[Name, ...] = ()
    near: int = Field(default=40, ge=1, le=500)
    # Counts: the platform is mentioned, by this name or another. Rejects: it is not.
    examples: Examples = Examples()

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        if isinstance(value, int | float):
            raise refuse(f"{value} is not text", f"put it in quotes: '{value}'")
        if value is None or isinstance(value, str):
            return {"name": value or ""}
        if not isinstance(value, Mapping):
            raise refuse("is not a name", "write a name, or {name: …, needs: […]}")
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors of both forms: plain text, or a mapping with rules."""
        mapping = handler(schema)
        return {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 80}, mapping]}


class Platform(Declaration):
    """A lender, under its canonical (Simplified) name, with every other name it goes by.

    `watched: false` marks a name that is known so that it is not mistaken for a watched one."""

    name: Name
    traditional: Name | None = None
    aliases: tuple[Alias, ...] = ()
    operator: str | None = None
    kind: Literal["app", "company", "p2p", "licensed-consumer-finance", "not-lending"] = "app"
    watched: bool = True
    note: str | None = None


class TermGroup(Declaration):
    """Words that mean the topic with one weight and severity.

    In every list of words, `+name` stands for the words that `words` of the topic calls so."""

    severity: Severity = Severity.LOW
    weight: float = Field(default=1.0, gt=0, le=10)
    terms: tuple[Name, ...] = Field(min_length=1)
    # A term does not count in these phrases, which hold it, or with these words within `near`.
    unless: tuple[Name, ...] = ()
    # A term counts only when one of these stands within `near` characters, or in the title.
    needs: tuple[Name, ...] = ()
    # And one of each of these lists; what is owed comes first.
    needs_each: tuple[tuple[Name, ...], ...] = ()
    near: int = Field(default=60, ge=1, le=500)
    # What the term is done to: one of `objects` must stand in its clause, within `reach`
    # characters on either side, and nearer than any of `not_objects` (催缴水费).
    objects: tuple[Name, ...] = ()
    not_objects: tuple[Name, ...] = ()
    reach: int = Field(default=8, ge=1, le=60)
    # The term counts without an object, too; only one of `not_objects` speaks against it.
    bare: bool = False
    # The terms say how severe it is, not that the text is about it: they count only within
    # `near` characters of a term that does.
    aggravates: bool = False
    # Counts: the text is about the topic. Rejects: it is not.
    examples: Examples = Examples()


class Topic(Declaration):
    """A theme to recognise; the text is about it from `threshold` summed weight up."""

    name: Name
    title: Name
    threshold: float = Field(default=1.0, gt=0)
    # Lists of words with a name, for use in the groups: `+name`.
    words: Mapping[Slug, tuple[Name, ...]] = {}
    # What sentences about it read like, learned: asked where the terms leave a doubt.
    wording: Literal["collection"] | None = None
    # One of these has to stand in the passage that is worded so.
    wording_needs: tuple[Name, ...] = ()
    # Words of `objects` that leave open what is owed: bills and library books fall due, too. With
    # no other object near, any word of `not_objects` around decides against the term ...
    undecided: tuple[Name, ...] = ()
    # ... but one of these, which come up beside the topic itself (a fine for collecting).
    incidental: tuple[Name, ...] = ()
    groups: tuple[TermGroup, ...] = Field(min_length=1)


class Selectors(Declaration):
    """Where things stand on a page: CSS, or XPath 1.0 when it starts with `/` or `(`."""

    links: str | None = None
    next: str | None = None
    title: str | None = None
    body: str | None = None
    author: str | None = None
    published: str | None = None
    ready: str | None = None  # browser only: wait for this before reading the page


# What a page asks for that carries no text; `stylesheet` and `script` would change what it shows.
Resource = Literal["image", "media", "font", "stylesheet"]


class Unroll(Declaration):
    """How a page that shows a part of itself is made to show more: by scrolling to its end, or
    by clicking what `click` selects. It ends when nothing more comes, or at the first bound."""

    scroll: bool = False
    click: str | None = None  # CSS, or XPath 1.0
    rounds: int = Field(default=10, ge=1, le=100)
    items: int = Field(default=200, ge=1, le=5_000)  # links on the page (of `selectors.links`)
    within: Duration = timedelta(minutes=1)  # all rounds together, the polite delays included


def _in_browser(value: Any) -> Any:
    if isinstance(value, bool) or value == "auto":
        return value
    raise refuse(f"{quote(value)} is not true, false or auto", "write one of them")


class Source(Declaration):
    """A declared place to look."""

    name: Slug
    kind: Literal["feed", "sitemap", "listing", "search", "page"]
    url: str  # search: contains {alias}, filled with each alias of the watched platforms
    title: str | None = None
    enabled: bool = True
    tried: Day | None = None  # the day this entry was last seen working on the network
    note: str | None = None
    every: Duration | None = None  # either `every` or `cron`
    cron: str | None = None
    timezone: str = "Asia/Shanghai"
    jitter: Duration = timedelta(minutes=1)
    # Whether its pages are rendered in a browser; auto: those that show no article without one.
    # A feed's or sitemap's entries are, the list itself never.
    browser: Annotated[bool | Literal["auto"], BeforeValidator(_in_browser)] = False
    unroll: Unroll | None = None  # browser only
    block: tuple[Resource, ...] = ("image", "media", "font")  # browser only: not fetched
    # Cookies and headers of its name, from secrets.yaml or LENDWATCH_SOURCE_…, go to its own host.
    credentials: bool = False
    keep: Literal["mentions", "all"] = "mentions"
    # The first crawl collects without alerting; unset, as `crawl.baseline` of lendwatch.yaml says.
    baseline: bool | None = None
    platforms: tuple[str, ...] = ()  # search: only these (default: all watched)
    selectors: Selectors = Selectors()
    include: tuple[str, ...] = ()  # RE2: article URLs must match one of these
    exclude: tuple[str, ...] = ()  # RE2: and none of these
    max_pages: int = Field(default=1, ge=1, le=50)  # listing and search pages followed
    max_articles: int = Field(default=200, ge=1, le=50_000)  # new articles fetched in one crawl


class Watchlist(Declaration):
    """Everything that is watched for, without where to look."""

    platforms: tuple[Platform, ...]
    topics: tuple[Topic, ...]


class Seeds(Declaration):
    """What to watch: the watchlist and the sources."""

    watchlist: Watchlist
    sources: tuple[Source, ...]
