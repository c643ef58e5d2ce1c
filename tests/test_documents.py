"""YAML files as people really save them: whatever is in one, the answer names the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed_files import FEED, PLATFORMS, mistakes_in, source_with, write_seeds

from seeds.documents import parse_document


def test_a_key_written_twice_names_both_lines(tmp_path):
    told = mistakes_in(write_seeds(tmp_path, bad=source_with(*FEED, "every: 1h", "kind: page")))
    assert (
        told
        == "sources/bad.yaml:6: sources[one].kind: written twice, on lines 3 and 6; keep one of them"
    )


def test_a_duplicate_key_hides_no_other_mistake(tmp_path):
    told = mistakes_in(write_seeds(tmp_path, bad=source_with(*FEED, "every: 0s", "kind: page")))
    assert "written twice" in told
    assert "0s is too short" in told


def test_every_tab_is_named_with_line_and_column(tmp_path):
    text = "sources:\n  - name: a\n\tkind: feed\n  \turl: x\n"
    assert mistakes_in(write_seeds(tmp_path, bad=text)).splitlines() == [
        "sources/bad.yaml:3: column 1: a tab; indent with spaces, two a level",
        "sources/bad.yaml:4: column 3: a tab; indent with spaces, two a level",
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("platforms:\n  - name: 用钱宝\n".encode("gbk"), "platforms.yaml:2: file: is not UTF-8; it looks like GBK; save it as UTF-8: iconv -f GB18030"),
        (PLATFORMS.encode("utf-8-sig"), "platforms.yaml:1: file: is UTF-8 with BOM; save it as UTF-8 without BOM"),
        (PLATFORMS.encode("utf-16"), "platforms.yaml:1: file: is UTF-16; save it as UTF-8 without BOM"),
        (b"platforms:\n- name: \xff\xff\n", "platforms.yaml:2: file: is not UTF-8 (byte 0xff)"),
        (b"platforms:\n- name: a\x00b\n", "platforms.yaml:2: file: holds the invisible character U+0000; delete it"),
        (b"#" * (5 * 1024 * 1024), "platforms.yaml:0: file: 5242880 bytes, more than 4194304"),
        (b"a: " + b"[" * 100_000, "platforms.yaml:1: file: is nested too deeply"),
    ],
    ids=["gbk", "bom", "utf-16", "neither", "nul", "huge", "deep"],
)  # fmt: skip
def test_a_file_in_the_wrong_form_is_refused_with_a_remedy(tmp_path, raw, said):
    folder = write_seeds(tmp_path)
    (folder / "platforms.yaml").write_bytes(raw)
    assert said in mistakes_in(folder)


@pytest.mark.parametrize("levels", [999, 3_000, 20_000, 100_000])
@pytest.mark.parametrize("form", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_and_ends_no_process(levels, form):
    document = parse_document("deep.yaml", (form * levels).encode())
    assert document.problems


def test_billion_laughs_is_refused_at_the_first_alias():
    levels = "".join(
        f"{b}: [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb = "a: &a [x]\n" + "".join(
        f"{line[0]}: &{line[0]}{line[2:]}\n" for line in levels.splitlines()
    )
    document = parse_document("bomb.yaml", bomb.encode())
    assert len(str(document.value)) < 1000
    assert "a YAML alias (*name); write the value out" in str(document.problems[0])


@given(st.binary(max_size=200))
def test_no_file_content_raises_anything(raw):
    document = parse_document("any.yaml", raw)
    assert all(problem.remedy for problem in document.problems)


@given(st.text(alphabet="abc:- [{]}\n\t'\"#&*!?|>%@`，：0", max_size=60))
def test_no_text_raises_anything_and_every_problem_has_a_line(text):
    document = parse_document("any.yaml", text.encode())
    lines = text.count("\n") + 2
    assert all(0 <= problem.line <= lines for problem in document.problems)
