"""A workspace on disk and the `lendwatch` command run in it, as a user would."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commands import ROOT, Started, run_command, start
from ruamel.yaml import YAML

from seeds.loader import PACKAGED

# What is third-party and never committed; tests that need it skip where it is not there.
SHARED = Path(os.environ.get("LENDWATCH_SHARED", ROOT.parent / "shared"))

COLLECTION_DESK = {
    "name": "collection-desk",
    "topics": ["collection"],
    "events": ["StoryOpened"],
    "to": ["desk@example.com"],
}


@dataclass
class Workspace:
    """`config` and `sources` are written by `write`; change them and write again at will."""

    folder: Path
    config: dict[str, Any] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> "Workspace":
        (self.folder / "seeds" / "sources").mkdir(parents=True, exist_ok=True)
        for name in ("platforms.yaml", "topics.yaml"):
            shutil.copyfile(PACKAGED / name, self.folder / "seeds" / name)
        config = {
            "crawl": {
                "contact": "test@example.com",
                "delay": "0s",
                "allow_addresses": ["127.0.0.0/8"],
                "baseline": False,
                "workers": 1,
            },
            "subscriptions": [COLLECTION_DESK],
            **self.config,
        }
        yaml = YAML(typ="safe", pure=True)
        with (self.folder / "lendwatch.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(config, file)
        with (self.folder / "seeds/sources/test.yaml").open("w", encoding="utf-8") as file:
            yaml.dump({"sources": self.sources}, file)
        return self

    def add(self, name: str, kind: str, url: str, **more: Any) -> None:
        declared = {"name": name, "kind": kind, "url": url, "every": "1h", "jitter": "0s"}
        self.sources.append({**declared, **more})

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `lendwatch ARGUMENTS` here and wait; a failure shows what it printed."""
        done = run_command(*arguments, "-w", str(self.folder))
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--format", "json").stdout)

    def start(self, *arguments: str) -> Started:
        """Start `lendwatch ARGUMENTS` here; its output goes to the workspace's logs."""
        (self.folder / "logs").mkdir(exist_ok=True)
        with (self.folder / "logs" / "process.log").open("ab") as log:
            return start(*arguments, "-w", str(self.folder), output=log)

    @property
    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").glob("*.eml"))

    def logs(self) -> str:
        return "".join(path.read_text("utf-8") for path in (self.folder / "logs").glob("*.log"))
