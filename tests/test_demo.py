"""The demo, as the first thing a stranger runs."""

import os
import re
import shutil
import subprocess
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from commands import COMMAND, ROOT

from crawler.chromium import NoBrowser, find_browser
from crawler.options import CrawlOptions


def demo(folder: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **({"PATH": path} if path else {})}
    return subprocess.run(
        [*COMMAND, "demo", "--dir", str(folder)],
        capture_output=True,
        text=True,
        timeout=180,
        env=env,
        check=False,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo where there is no browser: nothing of the PATH is left but the system's tools."""
    bare = tmp_path_factory.mktemp("bin")
    folder = tmp_path_factory.mktemp("demo") / "d"
    done = demo(folder, path=str(bare))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def story(text: str, number: str) -> str:
    """What the demo shows of one story: its title line and its copies."""
    found = re.search(rf"^  story {number} .*?(?=^  story |^\S)", text, re.MULTILINE | re.DOTALL)
    assert found
    return found.group()


def section(text: str, heading: str) -> str:
    found = re.search(rf"^{heading}.*?(?=^\S[^\n]*: \d+|^Done)", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found.group()


def test_it_shows_what_a_site_offers(shown):
    _, text = shown
    offered = text.split("\nRound 1 of", 1)[0]
    assert re.search(r"1  feed +http://127\.0\.0\.1:\d+/rss\.xml", offered)
    assert "selectors.links: li.item a" in offered


def test_copies_of_three_kinds_join_one_story(shown):
    _, text = shown
    (largest,) = re.findall(r"lendwatch story (\d+) -w", text)
    joined = story(text, largest)
    # Sites are read at the same time: the copies arrive in any order.
    kinds = sorted(re.findall(r"joined as ([a-z-]+)", joined))
    assert kinds == ["gapped", "partial", "script-variant"]
    assert joined.count("first seen here") == 1


def test_another_lenders_name_and_the_same_form_open_stories_of_their_own(shown):
    _, text = shown
    assert re.search(r"a story of its own, though platform-swap of story \d+ \(100%", text)
    assert re.search(r"a story of its own, though template-sibling of story \d+", text)


def test_every_mail_that_is_listed_was_written_and_no_other(shown):
    folder, text = shown
    mails = section(text, "Mails written")
    files = list((folder / "mail").glob("*.eml"))
    assert f"Mails written: {len(files)}" in mails
    subjects = [
        BytesParser(policy=policy.default).parsebytes(path.read_bytes())["Subject"]
        for path in files
    ]
    for subject in subjects:
        assert subject in mails
    assert len(set(subjects)) == len(subjects)
    assert sum("ArticleEdited" in line for line in mails.splitlines()) == 1
    assert sum("用钱宝" in subject for subject in subjects) == 1


def test_what_was_not_mailed_has_its_reason(shown):
    _, text = shown
    silent = section(text, "Not mailed to collection-desk")
    assert silent.count("already alerted") == 3  # the three copies
    assert "no watched topic: not about collection" in silent
    waiting = section(text, "Waiting for the daily digests")
    assert "platform-swap, the same text about" in " ".join(waiting.split())
    assert "template-sibling, the same" in " ".join(waiting.split())


def test_without_a_browser_one_site_is_left_out(shown):
    _, text = shown
    assert "No Chromium here: the site whose pages a script fills is left out." in text
    assert "kuaibao" not in text
    assert "rendered in Chromium" not in text


def test_a_source_that_fails_is_named_once_with_its_reason(shown):
    _, text = shown
    assert len(re.findall(r"^  guangnan   failed: 1 not-a-feed  ", text, re.MULTILINE)) == 3
    assert [
        line for line in text.splitlines() if " failed: " in line and "guangnan" not in line
    ] == []
    assert "Sources that fail: 1" in text
    assert re.search(r"^guangnan +广南消费网 +3 +not-a-feed: ", text, re.MULTILINE)
    (mailed,) = [
        line for line in section(text, "Mails written").splitlines() if "operations" in line
    ]
    assert "SourceFailing" in mailed


@pytest.mark.browser
def test_with_a_browser_the_scripted_site_is_rendered(tmp_path):
    try:
        find_browser(CrawlOptions())
    except NoBrowser as reason:
        pytest.skip(str(reason))
    done = demo(tmp_path / "d")
    assert (done.returncode, done.stderr) == (0, "")
    assert "kuaibao    finished: 1 collected" in done.stdout
    assert "(快报, rendered in Chromium)" in done.stdout
    assert "Collected: 13 stories" in done.stdout


def test_the_next_commands_work(shown):
    folder, text = shown
    calls = re.findall(r"^  lendwatch (.*)$", text, re.MULTILINE)
    assert len(calls) == 3
    for call in calls:
        done = subprocess.run(
            [*COMMAND, *call.split()], capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert "用钱宝" in done.stdout
    assert str(folder) in calls[0]


def test_it_runs_again_in_its_own_folder_and_in_no_other(shown, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    refused = demo(tmp_path)
    assert refused.returncode == 2
    assert f"{tmp_path} holds something else; name another folder with --dir" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    folder, _ = shown
    shutil.copytree(folder, tmp_path / "again")
    again = demo(tmp_path / "again", path=str(tmp_path / "nothing"))
    assert again.returncode == 0
    assert "Collected: 12 stories" in again.stdout
