"""Read configuration and seeds together, so that all mistakes of both show at once."""

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

from crawler.places import CONFIG_FILE
from monitor.cli.failures import UsageProblem
from monitor.cli.opening import workspace_folder
from monitor.config import Config, read_config
from monitor.credentials import credential_problems
from seeds.documents import read_document
from seeds.loader import PACKAGED, read_seeds
from seeds.models import Seeds, Source
from seeds.problems import SeedError


def checked(workspace: Path | None) -> tuple[Config, Seeds]:
    """The configuration and the seeds, or SeedError with every problem of both."""
    folder = workspace_folder(workspace)
    config, problems = read_config(folder)
    beside = folder / "seeds"
    seeds, more = read_seeds(config.seeds if config else beside if beside.is_dir() else PACKAGED)
    if config is None or seeds is None:
        raise SeedError([*problems, *more])
    if wrong := credential_problems(folder, config.seeds, seeds, os.environ):
        raise SeedError(wrong)
    return config, seeds


def must_name_contact(config: Config) -> None:
    """Refuse to crawl the public web in nobody's name, before anything is started.

    Whoever opened private networks (`allow_addresses`) is left to the crawler, which knows
    each source's address."""
    if config.crawl.contact or config.crawl.allow_addresses:
        return
    document = read_document(config.workspace / CONFIG_FILE)
    raise SeedError(
        [
            document.problem(
                ("crawl", "contact"),
                "empty, and no public site is crawled in nobody's name",
                "set it to a mail address or a page where a site's owner reaches you",
            )
        ]
    )


def chosen_sources(
    workspace: Path | None, names: Sequence[str]
) -> tuple[Config, Seeds, tuple[Source, ...]]:
    """What `checked` gives, with the named sources, or all enabled ones when none is named."""
    config, seeds = checked(workspace)
    must_name_contact(config)
    if names:
        return config, seeds, tuple(named_source(seeds, name) for name in names)
    enabled = tuple(source for source in seeds.sources if source.enabled)
    if not enabled:
        raise UsageProblem("no source is enabled; set `enabled: true` on one")
    return config, seeds, enabled


def named_source(seeds: Seeds, name: str) -> Source:
    """The source called `name`, enabled or not."""
    by_name = {source.name: source for source in seeds.sources}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, by_name, n=1)
    hint = f"did you mean {near[0]}?" if near else "`lendwatch sources list` shows all"
    raise UsageProblem(f"no source is named {name!r}; {hint}")
