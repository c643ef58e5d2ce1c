"""The examples beside every rule: sentences that keep it honest, read in both scripts."""

import subprocess
from dataclasses import replace

import pytest
from commands import COMMAND
from opencc import OpenCC
from seed_files import write_config, write_seeds

from seeds.examples import example_problems, examples_of, misreading
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

WATCHLIST = load_watchlist(PACKAGED)
MATCHER = Matcher(WATCHLIST)
SCRIPTS = (OpenCC("s2t"), OpenCC("t2s"))
RULED = [
    (platform.name, alias)
    for platform in WATCHLIST.platforms
    for alias in platform.aliases
    if alias.everyday
    or alias.particle
    or alias.phrase
    or alias.abbreviation
    or alias.needs
    or alias.unless
    or alias.counts_in
]


@pytest.mark.parametrize(
    "example", list(examples_of(WATCHLIST)), ids=lambda example: example.sentence
)
def test_an_example_is_read_as_it_says_in_both_scripts(example):
    for sentence in (example.sentence, *(each.convert(example.sentence) for each in SCRIPTS)):
        assert misreading(MATCHER, replace(example, sentence=sentence)) is None, sentence


@pytest.mark.parametrize(("platform", "alias"), RULED, ids=lambda each: getattr(each, "name", each))
def test_a_name_with_a_rule_has_two_examples_for_and_two_against(platform, alias):
    assert len(alias.examples.counts) >= 2
    assert len(alias.examples.rejects) >= 2


def test_the_packaged_examples_are_all_read_as_they_say():
    assert list(example_problems(PACKAGED, WATCHLIST)) == []


PLATFORMS = """\
platforms:
  - name: 甲贷
    aliases:
      - name: 甲快
        needs: [贷款]
        examples:
          counts: [甲快的贷款, 甲快很快]
          rejects: [甲快了]
      - name: 甲乙
        examples:
          rejects: [他在甲乙之间]
"""


def test_an_example_read_otherwise_is_reported_with_file_line_key_and_remedy(tmp_path):
    folder = write_seeds(tmp_path, PLATFORMS)
    missed, found = example_problems(folder, load_watchlist(folder))
    assert (missed.line, missed.key) == (7, "platforms[甲贷].aliases[甲快].examples.counts[2]")
    assert "甲快很快" in missed.problem
    assert "none of the words it needs" in missed.problem
    assert "move the sentence to `rejects`" in missed.remedy
    assert found.line == 11
    assert "'甲乙': its name" in found.problem
    assert "add what it reads like to `unless`" in found.remedy


def test_check_reads_the_examples_and_loading_does_not(tmp_path):
    write_config(tmp_path, "")
    (tmp_path / "seeds/platforms.yaml").write_text(PLATFORMS, encoding="utf-8")
    load_watchlist(tmp_path / "seeds")
    command = [*COMMAND, "check", "-w", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "platforms.yaml:7: " in done.stderr
    assert "甲快很快" in done.stderr
