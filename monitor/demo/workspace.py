"""The workspace that the demo writes: an ordinary one, with the miniature web as its sources."""

import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from monitor.demo.sites import SITES
from seeds.loader import PACKAGED

MARKER = ".lendwatch-demo"

CONFIG = """\
# Written by `lendwatch demo`; an ordinary workspace, so every command works on it.
crawl:
  contact: demo@example.com
  delay: 0s                         # its sites are our own, on this machine
  allow_addresses: [127.0.0.0/8]    # and nothing else may be private
  baseline: false                   # what the first crawl finds is told at once
  workers: 1

web:
  port: {port}

subscriptions:
  # One mail, at once, for every new story about debt collection.
  - name: collection-desk
    topics: [collection]
    events: [StoryOpened]
    to: [desk@example.com]

  # One mail, at once, when an article about a watched platform is edited.
  - name: edits
    events: [ArticleEdited]
    to: [desk@example.com]

  # One mail, at once, to whoever looks after lendwatch: a source fails, or works again.
  - name: operations
    events: [SourceFailing, SourceRecovered]
    to: [ops@example.com]

  # Everything else that is new, once a day.
  - name: morning
    events: [StoryOpened, StorySpread]
    when: digest
    digest_at: "08:30"
    to: [team@example.com]
"""


class FolderInUse(Exception):
    """The demo's folder holds something that is not a demo; name another."""


def write_workspace(folder: Path, urls: Mapping[str, str], *, browser: bool) -> None:
    """Write the workspace into `folder`, in place of an earlier demo.

    `urls` gives each site's base URL; without a `browser` the scripted site is disabled."""
    clear(folder)
    (folder / "seeds" / "sources").mkdir(parents=True)
    (folder / MARKER).touch()
    (folder / "lendwatch.yaml").write_text(CONFIG.format(port=_free_port()), encoding="utf-8")
    for name in ("platforms.yaml", "topics.yaml"):
        shutil.copyfile(PACKAGED / name, folder / "seeds" / name)
    sources = [_source(site.name, site.title, site.source, urls, browser) for site in SITES]
    with (folder / "seeds" / "sources" / "demo.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump({"sources": sources}, file)


def clear(folder: Path) -> None:
    """Remove an earlier demo; FolderInUse when `folder` holds anything else."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / MARKER).exists():
        raise FolderInUse(f"{folder} holds something else; name another folder with --dir")
    shutil.rmtree(folder)


def _source(
    name: str, title: str, declared: Mapping[str, Any], urls: Mapping[str, str], browser: bool
) -> dict[str, Any]:
    rest = {key: value for key, value in declared.items() if key != "path"}
    needs_browser = bool(rest.get("browser"))
    return {
        "name": name,
        "title": title,
        "url": urls[name] + declared["path"],
        "every": "1h",
        "jitter": "0s",
        "enabled": browser or not needs_browser,
        **rest,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
