"""Sources written by commands: names, entries beside a person's own, and OPML from anywhere."""

from pathlib import Path

import pytest
from seed_files import write_seeds

from monitor.opml import NotOpml, OpmlEntry, read_opml
from monitor.source_names import name_for
from monitor.sources_file import Entry, PackagedSeeds, add_entries, known_as, with_entries
from seeds.loader import PACKAGED, load_seeds
from seeds.problems import SeedError

NEW = Entry(
    {
        "name": "new-one",
        "title": "是的: #1",
        "kind": "listing",
        "url": "https://new.example/list#a",
        "selectors": {"links": 'a[href*="/x/"]'},
        "include": [r"\d{4}/x"],
        "every": "30m",
        "tried": None,
    },
    "found here\n  第一个标题: [不是键]",
)


@pytest.mark.parametrize(
    "path", sorted((PACKAGED / "sources").glob("*.yaml")), ids=lambda p: p.stem
)
def test_an_entry_is_written_behind_the_others_and_changes_no_byte_of_them(path: Path) -> None:
    before = path.read_text("utf-8")
    after = with_entries(before, [NEW])
    assert after.startswith(before.rstrip("\n"))
    assert after.removeprefix(before.rstrip("\n")) == (
        "\n\n  # found here\n  #   第一个标题: [不是键]\n"
        "  - name: new-one\n    title: '是的: #1'\n    kind: listing\n"
        '    url: https://new.example/list#a\n    selectors:\n      links: a[href*="/x/"]\n'
        "    include: ['\\d{4}/x']\n    every: 30m\n    tried: null\n"
    )


def test_any_form_of_a_sources_file_takes_an_entry() -> None:
    for text, kept in (
        ("sources:\n", ""),
        ("# only a comment\nsources: []\n", "# only a comment"),
        ("sources: [{name: a, kind: feed, url: 'https://a.example/f', every: 1h}]\n", "name: a"),
        ("sources:\n- name: a # mine\n  kind: feed\n", "- name: a # mine"),
    ):
        after = with_entries(text, [NEW])
        assert kept in after
        assert "name: new-one" in after


def test_entries_are_loaded_before_they_are_written(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path / "seeds")
    path, written = add_entries(seeds, "mine.yaml", [NEW])
    assert known_as("https://NEW.example/list/", load_seeds(seeds).sources) == "new-one"
    assert written.splitlines()[2] == "  - name: new-one"
    before = path.read_bytes()
    for wrong in ({"every": "1s"}, {"name": "Not A Slug"}, {"selectors": {"links": "a["}}, {}):
        bad = Entry({**NEW.values, "name": "other", **wrong} if wrong else NEW.values, "c")
        with pytest.raises(SeedError, match=r"seeds/sources/mine\.yaml"):
            add_entries(seeds, "mine.yaml", [bad])
        assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []
    with pytest.raises(PackagedSeeds, match="lendwatch init"):
        add_entries(PACKAGED, "mine.yaml", [NEW])


def test_an_address_is_the_same_however_it_is_written() -> None:
    sources = load_seeds(PACKAGED).sources
    assert known_as("HTTPS://36kr.com:443/feed/", sources) == "36kr"
    assert known_as("https://36kr.com/feed?utm_source=x", sources) == "36kr"
    assert known_as("https://36kr.com/feeds", sources) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.chinanews.com.cn/rss/finance.xml", "chinanews-finance"),
        ("https://36kr.com/feed", "36kr"),
        ("https://news.ltn.com.tw/rss/business.xml", "ltn-business"),
        ("https://feeds.feedburner.com/rsscna/mainland", "feedburner-rsscna-mainland"),
        ("https://tech.sina.com.cn/", "sina-tech"),
        ("http://127.0.0.1:8097/list/1", "127-0-0-1"),
        ("https://借贷.example/", "xn-nwq620m-example"),
        ("https://www.hkma.gov.hk/eng/x", "hkma-eng-x"),
    ],
)
def test_a_source_is_named_after_its_address(url: str, name: str) -> None:
    found = name_for(url, set())
    assert found == name
    assert name_for(url, {found}) == f"{found}-2"
    assert name_for(url, {found, f"{found}-2"}) == f"{found}-3"


OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>mine</title></head><body>
<outline text="财经"><outline title="网贷">
<outline text="甲报" xmlUrl="https://a.example/rss" htmlUrl="https://a.example/"/></outline></outline>
<outline text="乙网" htmlUrl=" https://b.example/ "/>
<outline text="folder without anything"/>
</body></opml>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_opml_gives_nested_outlines_with_a_feed_or_a_page(encoding: str) -> None:
    body = OPML.replace("UTF-8", encoding).encode(encoding)
    assert read_opml(body) == [
        OpmlEntry("https://a.example/rss", True, "甲报", ("财经", "网贷"), 4),
        OpmlEntry("https://b.example/", False, "乙网", (), 5),
    ]


BOMB = "<!DOCTYPE opml [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><opml><outline text='&b;'/></opml>"
OUTSIDE = "<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml>&x;</opml>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB.encode(), "document type"),
        (BOMB.encode("utf-16"), "document type"),
        (OUTSIDE.encode(), "document type"),
        (b"<!doctype html><html></html>", "document type"),
        (b"<rss version='2.0'/>", "<rss>, not <opml>"),
        (b"<opml><body><outline", "not readable XML"),
        (b"<opml>" + b"<outline>" * 5_000, "not readable XML"),
        (b"", "not readable XML"),
        (b"<opml>" + b" " * (4 * 1024 * 1024) + b"</opml>", "larger than"),
        (b"<opml>" + b"<outline xmlUrl='https://a.b/'/>" * 5_001 + b"</opml>", "more than 5,000"),
    ],
    ids=range(10),
)
def test_hostile_or_other_files_are_refused_by_name(body: bytes, reason: str) -> None:
    with pytest.raises(NotOpml, match=reason):
        read_opml(body)
