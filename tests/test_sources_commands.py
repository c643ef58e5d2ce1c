"""`lendwatch sources …` and first crawls, as a user runs them."""

import json
import re
from pathlib import Path

import pytest
from local_site import NOON, LocalArticle, LocalSite, articles, serve
from sqlalchemy import Engine
from workspaces import Workspace

from crawler.crawl import CrawlResult
from crawler.log.engine import open_engine
from monitor.cli.adding import Wish, add_source, import_sources
from monitor.cli.checking import checked
from monitor.cli.failures import UsageProblem
from monitor.cli.guesting import show_conduct
from monitor.cli.options import Format
from monitor.cli.sourcing import show_sources
from monitor.crawls import has_caught_up, record_ended, record_started
from monitor.due import reconcile
from monitor.query.source_record import source_records
from seeds.loader import load_seeds
from seeds.models import Source

OPML = """<opml version="2.0"><body>
<outline text="财经"><outline text="甲报\x09" xmlUrl="{url}/rdf.xml" htmlUrl="{url}/"/></outline>
<outline text="乙网" htmlUrl="{url}/list/1"/>
<outline text="坏" xmlUrl="file:///etc/passwd"/>
<outline text="又" xmlUrl="{url}/feed.xml?utm_source=reader"/></body></opml>"""


JUDGED = """<html><head><meta charset="utf-8"><title>法院判决借呗外包催收机构赔偿</title></head>
<body><article><h1>法院判决借呗外包催收机构赔偿</h1><p>某区人民法院上周公开宣判一起人格权纠纷案，认定某外包公司
在为借呗催收逾期款项时，三天内向借款人的亲友拨打四十七通电话，构成对其生活安宁的侵扰，判令赔礼道歉并赔偿八千元。</p>
<p>主审法官表示，催收行为应当以债务人本人为对象，以短信群发、上门张贴等方式扩散债务信息的，均须承担相应责任。
被告当庭表示不上诉，平台一方称已与该公司终止合作，并将逐一核查其余六家机构。</p></article></body></html>"""


def test_sources_are_found_tried_added_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = LocalSite(articles(12))
    with serve(site):
        workspace = Workspace(tmp_path)
        workspace.add("first", "feed", f"{site.url}/atom.xml", title="带 # 的标题")
        workspace.write()
        mine = tmp_path / "seeds/sources/test.yaml"
        before = mine.read_bytes()

        found = json.loads(workspace.run("sources", "discover", site.url, "--json").stdout)
        assert [each["kind"] for each in found["offers"] if each["outcome"] == "ok"] == [
            "feed", "listing", "listing", "listing", "sitemap",
        ]  # fmt: skip
        workspace.run("sources", "add", f"{site.url}/", "--discover", "--choose", "3")
        added = load_seeds(tmp_path / "seeds").sources[0]
        assert (added.name, added.kind, added.title) == ("127-0-0-1", "listing", "财经")
        assert (added.url, added.selectors.links) == (f"{site.url}/list/1", "a.title")
        assert added.baseline is True
        text = (tmp_path / "seeds/sources/added.yaml").read_text("utf-8")
        assert f"#   {site.articles[0].headline}" in text
        assert "found by: section 财经; 5 links" in text

        requests = len(site.requests)
        search = {"platforms": ["借呗"], "every": "6h", "enabled": False}
        add_source(tmp_path, Wish(f"{site.url}/search?q={{alias}}", keys=search))
        for wish, words in (
            (Wish(f"{site.url}/list/1"), "declared already, as 127-0-0-1"),
            (Wish(f"{site.url}/x", name="first", kind="feed"), "named 'first' already"),
            (Wish("javascript:alert(1)"), "is refused; write an address"),
            (Wish(f"{site.url}/x", kind="fead"), "did you mean feed?"),
            (Wish(f"{site.url}/x", kind="page", file="../x.yaml"), "write the name of a file"),
            (Wish(f"{site.url}/x", kind="page", keys={"every": "1s"}), "nothing was written"),
        ):
            with pytest.raises(UsageProblem, match=re.escape(words)):
                add_source(tmp_path, wish)
        assert len(site.requests) == requests, "with --kind, and for mistakes, nothing is fetched"
        assert mine.read_bytes() == before

        opml = tmp_path / "mine.opml"
        opml.write_text(OPML.format(url=site.url), encoding="utf-8")
        capsys.readouterr()
        import_sources(tmp_path, opml, into="imported.yaml", baseline=False)
        lines = capsys.readouterr().out.splitlines()
        assert [line[0] for line in lines[:4]] == ["✓", "·", "✗", "✓"]
        assert lines[1].endswith("declared already, as 127-0-0-1")
        assert "refused: file: is refused" in lines[2]
        assert lines[4].startswith("4 outlines read, 2 sources added")

        tried = workspace.json("sources", "test", "first", "--limit", "1")
        assert tried["robots"] == "allowed; a request each 0 s"
        assert [page["published_at"] is not None for page in tried["pages"]] == [True]
        assert not (tmp_path / "lendwatch.db").exists(), "nothing is stored"
    show_sources(tmp_path, Format.JSON)
    listed = json.loads(capsys.readouterr().out)
    assert {row["name"]: (row["kind"], row["state"]) for row in listed} == {
        "127-0-0-1": ("listing", "never crawled"),
        "127-0-0-1-2": ("search", "disabled"),
        "127-0-0-1-3": ("feed", "never crawled"),
        "127-0-0-1-4": ("feed", "never crawled"),
        "first": ("feed", "never crawled"),
    }


def test_a_first_crawl_collects_and_alerts_nobody_unless_its_source_says_so(tmp_path: Path) -> None:
    site = LocalSite(articles(3))
    loud = LocalSite([LocalArticle(7, name="借呗")])
    with serve(site), serve(loud):
        workspace = Workspace(tmp_path)
        workspace.write()
        workspace.config = {
            "crawl": {
                "contact": "test@example.com",
                "delay": "0s",
                "allow_addresses": ["127.0.0.0/8"],
            }
        }
        workspace.add("quiet", "feed", f"{site.url}/feed.xml")
        workspace.add("loud", "feed", f"{loud.url}/feed.xml", baseline=False)
        workspace.write()
        # First: its text would else be a swap of the other's.
        assert "nobody is told" not in workspace.run("crawl", "loud").stdout
        assert "first crawl of quiet: collected" in workspace.run("crawl", "quiet").stdout
        assert len(workspace.json("search", "用钱宝")) == 3
        assert len(workspace.mails) == 1, "only the source that says so alerts at once"
        site.articles.insert(0, LocalArticle(99, title="法院判决借呗外包催收机构赔偿"))
        site.answers["/article/99.html"] = JUDGED.encode()
        workspace.run("crawl", "quiet")
        assert len(workspace.mails) == 2, "what comes after the baseline is told"
        listed = {row["name"]: row for row in workspace.json("sources", "list")}
    assert (listed["quiet"]["articles"], listed["quiet"]["articles_7d"]) == (1, 4)
    assert listed["quiet"]["last_success"]
    assert listed["quiet"]["due"]


def test_a_baseline_ends_when_a_crawl_came_to_the_end_of_what_was_there(engine: Engine) -> None:
    source = Source(name="s", kind="sitemap", url="https://e.com/s.xml", max_articles=10)

    def crawled(number: int, state: str, pages: int, failures: int) -> bool:
        with engine.begin() as connection:
            record_started(connection, f"c{number}", "s", NOON)
            result = CrawlResult(
                crawl_id=f"c{number}", source="s", state=state, started_at=NOON, finished_at=NOON,
                pages=pages, articles=pages, failures={"not-found": failures},
                message="dns: e.com" if state == "failed" else "",
            )  # fmt: skip
            record_ended(connection, result)
            return has_caught_up(connection, source)

    assert not crawled(1, "failed", 0, 1)
    assert not crawled(2, "interrupted", 3, 0)
    assert not crawled(3, "finished", 8, 2), "it fetched all it may: there may be more"
    with engine.connect() as connection:
        record = source_records(connection, NOON)["s"]
    assert (record.articles, record.articles_in_week, record.error) == (8, 11, "dns: e.com")
    assert crawled(4, "finished", 2, 1)


def test_what_fails_and_what_is_due_is_told_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(LocalSite(articles(2))) as site:
        workspace = Workspace(tmp_path, config={"timezone": "Asia/Taipei"})
        workspace.add("good", "feed", f"{site.url}/feed.xml")
        workspace.add("bad", "listing", f"{site.url}/page-instead.xml")
        workspace.add("new", "feed", f"{site.url}/rdf.xml")
        workspace.write()
        workspace.run("crawl", "good", "bad", check=False)
        workspace.run("crawl", "bad", check=False)
        tried = workspace.run("sources", "test", "bad", check=False).stdout
    assert "fetches that gave nothing: 1 no-links" in tried
    assert tried.endswith("No article was stored.\n")
    config, seeds = checked(tmp_path)
    engine = open_engine(config.database)
    with engine.begin() as connection:
        reconcile(connection, seeds.sources, NOON)
    engine.dispose()
    capsys.readouterr()
    show_sources(tmp_path, Format.TABLE)
    told = capsys.readouterr().out
    assert re.search(r"new +feed +1h +never +due now", told)
    assert "Times are of Asia/Taipei." in told
    told = " ".join(told.split())
    assert re.search(
        r"bad, 2 times since its last success, last at [\d: -]+ Asia/Taipei: no-l", told
    )
    show_conduct(tmp_path, "", Format.TABLE)
    heading = capsys.readouterr().out.splitlines()[0].split()
    assert heading[:2] == ["source", "site"]
    assert "captchas" not in heading
    show_conduct(tmp_path, "", Format.CSV)
    assert "captchas" in capsys.readouterr().out.splitlines()[0]
