"""README, `--help` and the commands say the same."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from monitor.cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = [sys.executable, "-m", "monitor.cli.main"]


def commands(group, prefix=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_stands_in_the_readme(path: tuple[str, ...]) -> None:
    assert f"lendwatch {' '.join(path)}" in README


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_every_command_has_an_example_that_calls_it(path: tuple[str, ...]) -> None:
    done = subprocess.run([*COMMAND, *path, "--help"], capture_output=True, text=True, check=True)
    assert "Example:" in done.stdout
    assert f"lendwatch {' '.join(path)}" in done.stdout.split("Example:")[1]


def documented_calls() -> list[str]:
    text = "\n".join([README, *(command.help or "" for command in COMMANDS.values())])
    return sorted(
        set(re.findall(r"(?:^ +|\| )(lendwatch [a-z].*?)(?:  +#.*)?$", text, re.MULTILINE))
    )


@pytest.mark.parametrize("call", documented_calls())
def test_every_documented_call_parses(call: str) -> None:
    words = [word for word in shlex.split(call.split(" < ", maxsplit=1)[0]) if word != "|"][1:]
    path = tuple(words[:2]) if tuple(words[:2]) in COMMANDS else tuple(words[:1])
    command = COMMANDS[path]
    # Parsing only: nothing is run, so no workspace and no network is needed.
    command.make_context("lendwatch", words[len(path) :])


def test_the_readme_names_every_make_target_it_promises() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for named in re.findall(r"make ([a-z]+)\b", README):
        assert named in targets or named == "setup", named


def test_the_design_numbers_its_decisions() -> None:
    text = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10
    for part in re.split(r"^## \d+\. ", text, flags=re.MULTILINE)[1:]:
        for word in ("Context:", "Choice:", "Cost:"):
            assert word in part, part[:60]


def test_the_changelog_knows_this_version() -> None:
    version = re.search(
        r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert version
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
