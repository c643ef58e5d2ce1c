"""The job of a crawl started by hand: `scrapy crawl KIND -a source=NAME` in a workspace."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from crawler.crawl import CrawlJob
from crawler.options import CrawlOptions, EvidenceOptions
from crawler.places import (
    CONFIG_FILE,
    EVIDENCE_FOLDER,
    SECRETS_FILE,
    database_url,
    seeds_folder,
)
from seeds.documents import read_document, validate
from seeds.loader import load_seeds
from seeds.models import Declaration, Source
from seeds.problems import SeedError


class NoSuchSource(Exception):
    """The command names no source of the workspace, or one of another kind."""


class CrawlConfig(Declaration):
    """The keys of lendwatch.yaml that a crawl needs; the others are the monitor's."""

    database: str = ""
    seeds: str = ""
    crawl: CrawlOptions = Field(default_factory=CrawlOptions)
    evidence: EvidenceOptions = Field(default_factory=EvidenceOptions)


def workspace_folder() -> Path:
    """LENDWATCH_WORKSPACE, or the current folder."""
    return Path(os.environ.get("LENDWATCH_WORKSPACE") or ".").resolve()


def job_by_hand(name: str, kind: str) -> CrawlJob:
    """The job to crawl source `name`, a `kind`, of the workspace.

    Raises NoSuchSource, or SeedError with all that is wrong in the workspace's files."""
    workspace = workspace_folder()
    config = _read_config(workspace)
    folder = seeds_folder(workspace, config.seeds)
    source = _find(load_seeds(folder).sources, name, kind)
    return CrawlJob(
        crawl_id=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{name}-by-hand",
        # Which crawl is the first one, the monitor knows: rather loud by hand than silent for good.
        source=source.model_copy(update={"baseline": False}),
        database=database_url(os.environ.get("LENDWATCH_DATABASE") or config.database, workspace),
        seeds=str(folder),
        options=config.crawl,
        secrets=str(workspace / SECRETS_FILE),
        evidence=str(workspace / EVIDENCE_FOLDER) if config.evidence.keep else "",
    )


def _read_config(workspace: Path) -> CrawlConfig:
    path = workspace / CONFIG_FILE
    if not path.exists():
        return CrawlConfig()
    document = read_document(path)
    value: Mapping[str, Any] = document.value if isinstance(document.value, Mapping) else {}
    ours = {key: value[key] for key in CrawlConfig.model_fields if key in value}
    if not ours and not document.problems:
        return CrawlConfig()
    config, problems = validate(_only(document, ours), CrawlConfig)
    if config is None:
        raise SeedError(problems)
    return config


def _only(document: Any, ours: Mapping[str, Any]) -> Any:
    return type(document)(document.file, ours, document.lines, document.problems)


def _find(sources: tuple[Source, ...], name: str, kind: str) -> Source:
    found = next((source for source in sources if source.name == name), None)
    if found is None:
        of_kind = ", ".join(source.name for source in sources if source.kind == kind) or "none"
        raise NoSuchSource(
            f"-a source={name!r}: no such source; of kind {kind} there are: {of_kind}"
        )
    if found.kind != kind:
        raise NoSuchSource(
            f"source {name} is a {found.kind}: scrapy crawl {found.kind} -a source={name}"
        )
    return found
