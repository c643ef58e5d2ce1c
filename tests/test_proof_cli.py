"""`story ID --proof` and `article ID --against ID`, run as a user runs them, on a real store."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from proven_store import LEAD, copies, proven_workspace
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from stored_articles import NOON, Given, store
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.cli.printable import json_text
from monitor.cli.proving import as_json
from monitor.cli.side_by_side import print_proof
from monitor.cli.wrapping import wrapped
from monitor.query.proofs import ProofView, proof_between
from monitor.stories.fingerprint import compact
from seeds.fold import fold_text
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

MOBILE = "13812345678"


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, int]]:
    return proven_workspace(tmp_path_factory.mktemp("proof") / "watch")


def compared(workspace: Workspace, one: int, other: int) -> ProofView:
    engine = open_engine(f"sqlite:///{workspace.folder / 'lendwatch.db'}")
    with engine.connect() as connection:
        view = proof_between(connection, Matcher(load_watchlist(PACKAGED)), one, other)
    engine.dispose()
    return view


def printed(view: ProofView, width: int, *, colour: bool = False) -> str:
    file = io.StringIO()
    out = Console(
        file=file, width=width, markup=False, highlight=False, emoji=False, force_terminal=colour,
        color_system="standard" if colour else None,
    )  # fmt: skip
    print_proof(out, view, "Asia/Shanghai")
    return file.getvalue()


KEYS = {
    "relation", "similarity", "summary", "same_title", "shared_headings", "older", "newer",
    "spans", "differences", "swaps",
}  # fmt: skip
SIDE = {
    "article_id", "story_id", "url", "site", "title", "body", "published_at", "first_seen_at",
    "revision_count", "taken_in_as", "of_article_id", "share", "shared", "length", "doctoring",
    "boilerplate", "read", "characters", "cut_off",
}  # fmt: skip
DIFFERENCE = {
    "kind", "facts", "moved", "characters", "older", "newer", "older_text", "newer_text",
}  # fmt: skip


@pytest.mark.parametrize("relation", copies())
def test_the_proof_of_each_relation_for_programs(proven, relation: str) -> None:
    workspace, numbers = proven
    view = compared(workspace, numbers[relation], numbers["lead"])
    proof = json.loads(json_text(as_json(view)))
    assert proof.keys() == KEYS
    assert proof["older"].keys() == proof["newer"].keys() == SIDE
    assert proof["relation"] == proof["newer"]["taken_in_as"] == relation
    assert (proof["older"]["article_id"], proof["older"]["cut_off"]) == (numbers["lead"], False)
    for span in proof["spans"]:
        ours, theirs = (proof[side]["body"][slice(*span[side])] for side in ("older", "newer"))
        assert compact(fold_text(ours)) == compact(fold_text(theirs))
    for each in proof["differences"]:
        assert each.keys() == DIFFERENCE
        assert each["newer_text"] == proof["newer"]["body"][slice(*each["newer"])]


def test_which_of_two_is_asked_about_changes_nothing(proven) -> None:
    workspace, numbers = proven
    one, other = str(numbers["gapped"]), str(numbers["rewrite"])
    proofs = [
        json.loads(workspace.run("article", *each, "--json").stdout)
        for each in ((one, "--against", other), (other, "--against", one))
    ]
    assert proofs[0] == proofs[1]
    assert proofs[0].keys() == KEYS
    assert proofs[0]["summary"].startswith(f"与文章 {one} 相同")


def test_a_story_has_a_line_and_a_side_by_side_for_each_copy(proven) -> None:
    workspace, numbers = proven
    shown = workspace.run("story", "1", "--proof").stdout
    members = [
        each for each in numbers if each not in {"lead", "platform-swap", "template-sibling", "new"}
    ]
    for relation in members:
        assert f"{numbers[relation]:>5} to 1     {relation}" in shown
        assert f"Article {numbers[relation]} to article 1: {relation}" in shown
    assert "与首发文本相同 100%；简体→繁体" in shown
    assert "[-短信-]" in shown
    proofs = json.loads(workspace.run("story", "1", "--proof", "--json").stdout)
    assert {"summary", "articles", "proofs"} <= proofs.keys()
    assert [each["newer"]["article_id"] for each in proofs["proofs"]] == [
        numbers[relation] for relation in members
    ]


def test_a_story_opened_by_a_swap_is_proven_against_where_it_came_from(proven) -> None:
    workspace, numbers = proven
    shown = workspace.run("story", "2", "--proof").stdout
    assert f"Article {numbers['platform-swap']} to article 1: platform-swap" in shown
    assert "名称 用钱宝→借呗 ×6" in shown
    assert "[-用钱宝-]" in shown
    assert "{+借呗+}" in shown
    assert "nothing to prove" in workspace.run("story", "4", "--proof").stdout


def test_unrelated_articles_are_told_by_what_little_they_share(proven) -> None:
    workspace, numbers = proven
    shown = workspace.run("article", str(numbers["new"]), "--against", "1").stdout
    assert "new (another text)" in shown
    assert "0% of 10 stands in 1" in shown
    assert len(shown.splitlines()) < 20


def test_personal_data_is_masked_and_places_hold_all_the_same(proven) -> None:
    workspace, numbers = proven
    call = ["article", str(numbers["partial"]), "--against", "1"]
    for output in (workspace.run(*call).stdout, workspace.run(*call, "--json").stdout):
        assert MOBILE not in output
        assert "138********" in output


def test_both_forms_of_asking_for_json_are_one(proven) -> None:
    workspace, _ = proven
    for call in (["story", "4", "--proof"], ["article", "1"]):
        assert workspace.json(*call) == json.loads(workspace.run(*call, "--json").stdout)


@pytest.mark.parametrize(
    ("call", "status", "says"),
    [
        ("article 1 --against 77", 1, "no article 77; `lendwatch search` shows their numbers"),
        ("article 77 --against 1", 1, "no article 77"),
        ("article 1 --against 1", 2, "article 1 is the same as itself; name another one"),
        ("story 77 --proof", 1, "no story 77; `lendwatch stories` lists them"),
        ("article 1 --against 0", 2, "neither an article's number"),
    ],
)
def test_what_cannot_be_proven_is_said(proven, call: str, status: int, says: str) -> None:
    done = proven[0].run(*call.split(), check=False)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr


# ---- how it looks


@pytest.mark.parametrize("width", [60, 79, 80, 120])
def test_no_row_is_wider_than_the_terminal(proven, width: int) -> None:
    workspace, numbers = proven
    for relation in copies():
        shown = printed(compared(workspace, numbers[relation], 1), width)
        rows = shown[shown.index("= the same") :].splitlines()
        assert max(cell_len(row.rstrip()) for row in rows) <= width


def test_a_narrow_terminal_has_both_texts_in_one_column(proven) -> None:
    workspace, numbers = proven
    view = compared(workspace, numbers["platform-swap"], 1)
    assert "≠ 一、[-用钱宝-]{+借呗+}的催收背景" in printed(view, 60)
    row = next(row for row in printed(view, 100).splitlines() if "的催收背景" in row)
    assert row.split() == ["一、[-用钱宝-]的催收背景", "≠", "一、{+借呗+}的催收背景"]


def test_differences_are_marked_by_signs_and_by_colour(proven) -> None:
    workspace, numbers = proven
    view = compared(workspace, numbers["gapped"], 1)
    assert "[-短信-]" in printed(view, 120)
    assert "\x1b[31m[-短信-]\x1b[0m" in printed(view, 120, colour=True)


def test_long_passages_that_are_the_same_are_counted_and_not_shown(proven) -> None:
    workspace, numbers = proven
    shown = printed(compared(workspace, numbers["exact"], 1), 120)
    assert "字相同 …" in shown
    assert "存量客户" not in shown
    assert "left out of 2: 免责声明:该作品系作者结合互联网… ·" in shown


HOSTILE = {
    "\x1b[2J\x1b]0;owned\x07": "催收",
    "\u202e收催\u202c\u200b": "",
    "\x9b2J": "",
    "[/bold][red]": "",
    "一" * 5_000: "",
}


def test_nothing_a_page_says_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    workspace, _ = proven_workspace(tmp_path / "watch")
    engine = open_engine(f"sqlite:///{workspace.folder / 'lendwatch.db'}")
    body = LEAD.body
    for number, hostile in enumerate(HOSTILE):
        body = body.replace("。", f"{hostile}。", number + 2).replace("短信", f"短{hostile}信", 1)
    with engine.begin() as connection:
        made = store(
            connection,
            Given(title=f"{LEAD.title}\x1b[2J", body=body, story=1, relation="rewrite", of=1,
                  url="https://evil.example/\u202ea", first_seen_at=NOON + timedelta(days=2)),
        )  # fmt: skip
    engine.dispose()
    for call in (["article", str(made), "--against", "1"], ["story", "1", "--proof"]):
        for form in ("table", "json"):
            shown = workspace.run(*call, "--format", form).stdout
            assert all(each.isprintable() or each == "\n" for each in shown), ascii(shown)
    assert "[/bold][red]" in workspace.run("article", str(made), "--against", "1").stdout


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("催收人员每天打电话", ["催收人员每", "天打电话"]),
        ("催收人员每。天打", ["催收人员", "每。天打"]),
        ("催收人[-短-]信", ["催收人", "[-短-]信"]),
        ("平台 lendwatch", ["平台 ", "lendwatch"]),
        ("a" * 25, ["a" * 10, "a" * 10, "a" * 5]),
        ("", [""]),
    ],
)
def test_lines_break_as_chinese_does(written: str, lines: list[str]) -> None:
    assert wrapped(Text(written), 10).plain.split("\n") == lines
