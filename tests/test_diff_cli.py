"""`lendwatch diff ARTICLE`, run as a user runs it on a store whose article was edited twice."""

from pathlib import Path

import pytest
from intake_desk import Desk, page
from our_articles import COURT
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.store.migrate import migrate

HOSTILE = "\x1b[31m<script>alert(1)</script>"


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("diff") / "watch")
    workspace.folder.mkdir()
    workspace.write()
    url = f"sqlite:///{workspace.folder / 'lendwatch.db'}"
    migrate(url, workspace.folder / "backups")
    engine = open_engine(url)
    fine = COURT.body.replace("八十万元", "五十万元")
    note = f"{fine}\n编者按:此前报道有误,{HOSTILE},手机13812345678。"
    desk = Desk(engine)
    desk.take(page("court"), page("court", body=fine))
    desk.take(page("court", body=note, title="米袋钱包案改判"), page("fine"))
    engine.dispose()
    return workspace


def test_each_edit_is_shown_with_both_texts(edited: Workspace) -> None:
    told = edited.run("diff", "1").stdout
    assert "Revision 2, seen 2024-11-08 20:02 (Asia/Shanghai): edit, material (amount)" in told
    assert "「八十万元」改为「五十万元」" in told
    assert "[-!八十万元-]" in told
    assert "{+!五十万元+}" in told
    assert "title: [-米袋钱包外包催收案一审宣判 三名主管获刑-] {+米袋钱包案改判+}" in told
    assert "更正" in told
    assert "\x1b" not in told
    assert "13812345678" not in told


def test_one_edit_for_programs(edited: Workspace) -> None:
    found = edited.json("diff", "1", "--revision", "2")
    assert found.keys() == {"article_id", "url", "title", "first_seen_at", "edits"}
    assert found == edited.json("diff", f"{found['url']}?utm_source=mail#top", "--revision", "2")
    [edit] = found["edits"]
    assert (edit["revision"], edit["change"], edit["material"]) == (2, "edit", True)
    assert edit["kinds"] == ["amount"]
    assert "八十万元" in edit["before"]["body"]
    assert "五十万元" in edit["after"]["body"]


def test_a_page_to_pass_on_holds_nothing_that_runs(edited: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "edit.html"
    assert edited.run("diff", "1", "--html", str(file)).stdout == f"wrote {file}\n"
    html = file.read_text("utf-8")
    assert '<del class="fact">八十万元</del>' in html
    assert '<ins class="fact">五十万元</ins>' in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html
    assert "13812345678" not in html


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("diff", "9"), "no article 9; `lendwatch search` shows their numbers"),
        (("diff", "1", "--revision", "7"), "no edit 7: revisions 2 to 3 are edits"),
        (("diff", "2", "--revision", "2"), "no edit 2: it was never edited"),
        (("diff", "1", "--html", "/no/such/folder/x.html"), "cannot write"),
    ],
)
def test_what_cannot_be_shown_is_said(edited: Workspace, call: tuple[str, ...], says: str) -> None:
    done = edited.run(*call, check=False)
    assert done.returncode == 1
    assert says in done.stderr


def test_an_article_that_was_never_edited_says_so(edited: Workspace) -> None:
    assert "never edited since 2024-11-08 20:04 (Asia/Shanghai)" in edited.run("diff", "2").stdout
