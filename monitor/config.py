"""What lendwatch.yaml, secrets.yaml and the environment say, as one frozen value.

Imports nothing slow: every command loads this, also the ones that answer in milliseconds."""

import os
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from crawler.options import CrawlOptions, EvidenceOptions
from crawler.places import (
    CONFIG_FILE,
    EVIDENCE_FOLDER,
    SECRETS_FILE,
    database_url,
    seeds_folder,
)
from monitor.config_rules import config_mistakes
from monitor.environment import override
from monitor.events import EventKind
from monitor.mail_address import MailAddress
from monitor.workspace import find_workspace, init_workspace
from seeds.documents import entries, read_document, validate
from seeds.models import Declaration, Name, Severity, Slug
from seeds.problems import Problem, SeedError
from seeds.times import Duration, TimeOfDay
from seeds.watchlist_files import read_watchlist

__all__ = [
    "Config",
    "MailOptions",
    "RecheckOptions",
    "Subscription",
    "WebOptions",
    "WebhookOptions",
    "find_workspace",
    "init_workspace",
    "load_config",
    "read_config",
]

Relation = Literal["new", "platform-swap", "template-sibling"]
_PORTS = {"tls": 465, "starttls": 587, "none": 25}


def _without_secrets(schema: dict[str, Any]) -> None:
    """Keep editors from offering the keys that must not be written in lendwatch.yaml."""
    for key in ("password", "secret"):
        schema["properties"].pop(key, None)


class MailOptions(Declaration):
    """The mail server; with no `host`, alerts are written as .eml files in `mail/`.

    `password` never stands in lendwatch.yaml: it comes from the environment or secrets.yaml."""

    model_config = ConfigDict(json_schema_extra=_without_secrets)

    host: str = ""
    port: int = Field(default=587, ge=1, le=65_535)  # unset: the usual one for `security`
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = Field(default="", repr=False)
    sender: MailAddress = "lendwatch@localhost"
    timeout: Duration = timedelta(seconds=60)

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and "port" not in value and value.get("security") in _PORTS:
            return {**value, "port": _PORTS[value["security"]]}
        return value


class RecheckOptions(Declaration):
    """Whether and how often known articles are looked at again, and what makes one removed."""

    enabled: bool = True
    per_day: Annotated[int, Field(ge=1)] = 200  # requests to one site
    strikes: Annotated[int, Field(ge=2, le=20)] = 3  # looks in a row that find it gone
    over: Duration = timedelta(hours=24)  # from the first of them to the last


class WebhookOptions(Declaration):
    """How webhooks are called; `secret` signs them, and stands in no file that others can read."""

    model_config = ConfigDict(json_schema_extra=_without_secrets)

    secret: str = Field(default="", repr=False)
    timeout: Duration = timedelta(seconds=15)


class WebOptions(Declaration):
    """Where the web pages are served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=1, le=65_535)


class Subscription(Declaration):
    """Who wants to know of which events, on which channel, how soon."""

    name: Slug
    platforms: tuple[Name, ...] = ()  # empty: all watched ones
    topics: tuple[Name, ...] = ()  # empty: any, also none
    min_severity: Severity = Severity.LOW
    events: tuple[EventKind, ...] = Field(
        default=(EventKind.STORY_OPENED, EventKind.ARTICLE_EDITED, EventKind.ARTICLE_REMOVED),
        min_length=1,
    )
    # Which relations of an opened story alert at once; the others wait for the digest.
    relations: tuple[Relation, ...] = ("new",)
    # How they are told of a story that brings nothing new (monitor/stories/novelty.py).
    recycled: Literal["instant", "digest", "none"] = "digest"
    when: Literal["instant", "digest"] = "instant"
    digest_at: TimeOfDay = time(8, 30)
    timezone: str = ""  # empty in the file: the configuration's own; filled in when loaded
    channels: tuple[Literal["mail", "webhook"], ...] = Field(default=("mail",), min_length=1)
    # Of the channel mail. No default in the schema: an empty list is a mistake where it is written.
    to: tuple[MailAddress, ...] = Field(default_factory=tuple, min_length=1)
    webhook: str = Field(default="", repr=False)  # its address, of the channel webhook


class ConfigFile(Declaration):
    """The form of lendwatch.yaml."""

    database: str = ""
    timezone: str = "Asia/Shanghai"
    seeds: str = ""
    crawl: CrawlOptions = CrawlOptions()
    evidence: EvidenceOptions = EvidenceOptions()
    rechecks: RecheckOptions = RecheckOptions()
    mail: MailOptions = MailOptions()
    webhooks: WebhookOptions = WebhookOptions()
    web: WebOptions = WebOptions()
    subscriptions: tuple[Subscription, ...] = ()


class Config(Declaration):
    """A workspace's configuration, complete: every default filled in, every path absolute."""

    workspace: Path
    database: Annotated[str, Field(repr=False)]  # an SQLAlchemy URL; may hold a password
    seeds: Path
    timezone: str = "Asia/Shanghai"
    crawl: CrawlOptions = CrawlOptions()
    evidence: EvidenceOptions = EvidenceOptions()
    rechecks: RecheckOptions = RecheckOptions()
    mail: MailOptions = MailOptions()
    webhooks: WebhookOptions = WebhookOptions()
    web: WebOptions = WebOptions()
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def evidence_folder(self) -> Path:
        """Where this machine keeps the pages it fetched."""
        return self.workspace / EVIDENCE_FOLDER


def load_config(
    workspace: Path, environment: Mapping[str, str] = os.environ, *, names: bool = True
) -> Config:
    """Load the configuration of `workspace`; SeedError with every problem in it."""
    config, problems = read_config(workspace, environment, names=names)
    if config is None:
        raise SeedError(problems)
    return config


def read_config(
    workspace: Path, environment: Mapping[str, str] = os.environ, *, names: bool = True
) -> tuple[Config | None, tuple[Problem, ...]]:
    """Read the configuration of `workspace`, or tell all that is wrong with it.

    Names in subscriptions are checked against the watchlist, which takes 40 ms to read: without
    `names` they are taken as they are. What is wrong in the watchlist itself is left to whoever
    loads the seeds."""
    written = read_document(workspace / CONFIG_FILE)
    document, problems = override(written, ConfigFile, workspace / SECRETS_FILE, environment)
    form, wrong = validate(document, ConfigFile)
    seeds = seeds_folder(workspace, form.seeds if form else "")
    wanted = names and any(entries(document, "subscriptions"))
    watchlist = read_watchlist(seeds)[0] if wanted else None
    mistakes = config_mistakes(document, workspace, watchlist)
    problems += wrong + tuple(document.problem(place, *mistake) for place, mistake in mistakes)
    if form is None or problems:
        return None, problems
    return _complete(form, workspace.absolute(), seeds.absolute()), ()


def _complete(form: ConfigFile, workspace: Path, seeds: Path) -> Config:
    return Config(
        workspace=workspace,
        database=database_url(form.database, workspace),
        seeds=seeds,
        timezone=form.timezone,
        crawl=form.crawl,
        evidence=form.evidence,
        rechecks=form.rechecks,
        mail=form.mail,
        webhooks=form.webhooks,
        web=form.web,
        subscriptions=tuple(
            each.model_copy(update={"timezone": each.timezone or form.timezone})
            for each in form.subscriptions
        ),
    )
