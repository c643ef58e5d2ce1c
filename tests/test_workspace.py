"""A workspace: how it is found, and what `init` puts into a new one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from seed_files import write_config

from monitor.config import find_workspace, init_workspace, load_config
from seeds.problems import SeedError


def test_init_writes_a_workspace_that_loads(tmp_path):
    written = init_workspace(tmp_path / "new")
    names = {str(path.relative_to(tmp_path / "new")) for path in written}
    assert {"lendwatch.yaml", "seeds/platforms.yaml", "seeds/topics.yaml"} <= names
    assert any(name.startswith("seeds/sources/") for name in names)
    config = load_config(tmp_path / "new", {})
    assert config.crawl.contact == ""
    assert config.subscriptions[0].topics == ("collection",)
    assert config.mail.host == ""


def test_init_overwrites_nothing(tmp_path):
    init_workspace(tmp_path)
    mine = tmp_path / "seeds" / "topics.yaml"
    mine.write_text("# mine\n", encoding="utf-8")
    (tmp_path / "lendwatch.yaml").unlink()
    assert init_workspace(tmp_path) == (tmp_path / "lendwatch.yaml",)
    assert mine.read_text(encoding="utf-8") == "# mine\n"


def test_what_the_starter_shows_in_comments_are_the_defaults(tmp_path):
    init_workspace(tmp_path)
    path = tmp_path / "lendwatch.yaml"
    before = load_config(tmp_path, {})
    # `# key: value` lines, and nothing of the prose.
    shown = re.compile(r"^( *)# ( *(?!platforms|sender)\w+:(?: .*)?)$", re.MULTILINE)
    text, count = shown.subn(r"\1\2", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    assert count > 20
    assert load_config(tmp_path, {}) == before


def test_the_workspace_is_the_named_one_then_here_then_the_variable(tmp_path):
    here, other, third = tmp_path / "here", tmp_path / "other", tmp_path / "third"
    for folder in (here, other, third):
        write_config(folder, "# nothing\n")
    variable = {"LENDWATCH_WORKSPACE": str(third)}
    assert find_workspace(other, here, variable) == other
    assert find_workspace(None, here, variable) == here
    assert find_workspace(None, tmp_path, variable) == third
    for named, environment in [(tmp_path, {}), (None, {}), (None, {"LENDWATCH_WORKSPACE": "/no"})]:
        with pytest.raises(SeedError, match="no workspace here"):
            find_workspace(named, tmp_path, environment)


def test_a_workspace_without_seeds_watches_the_packaged_ones(tmp_path):
    write_config(tmp_path, "# nothing\n")
    shutil.rmtree(tmp_path / "seeds")
    assert (load_config(tmp_path, {}).seeds / "platforms.yaml").is_file()


def test_scrapy_knows_a_new_workspace_as_its_project(tmp_path):
    init_workspace(tmp_path)
    scrapy = [sys.executable, "-m", "scrapy", "list"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    listed = subprocess.run(
        scrapy, cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == ["feed", "listing", "page", "search", "sitemap"]
