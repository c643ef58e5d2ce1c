"""The whole main job: from pages on several sites to one mail and a search result."""

import re
from html import escape
from pathlib import Path

import pytest
from opencc import OpenCC
from plain_site import PlainSite, plain_sites
from smtp_server import SmtpServer
from workspaces import SHARED, Workspace

from monitor.demo import texts
from seeds.fold import fold_text

SEED = SHARED / "seed" / "article.txt"
TAIL = (
    "<div class='more'><h3>延伸閱讀</h3><p>主編精選推薦</p><h3>最新文章</h3><h3>隨機看看</h3></div>"
)


def site_page(title: str, byline: str, paragraphs: list[str]) -> bytes:
    """A page in the HTML of the sites that carry such articles."""
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'>"
        f"<title>{escape(title)}-資深用戶</title></head><body><div class='nav'>資深用戶</div>"
        f"<h1>{escape(title)}</h1><div class='info'>{escape(byline)}</div>"
        f"<div class='content'>{body}</div>{TAIL}</body></html>"
    ).encode()


def four_sites(
    tmp_path: Path, sites: list[PlainSite], server: SmtpServer, pages: list[bytes]
) -> Workspace:
    mail = {"host": "127.0.0.1", "port": server.port, "security": "none"}
    workspace = Workspace(tmp_path, {"mail": {**mail, "sender": "lendwatch@example.com"}})
    for number, (site, page) in enumerate(zip(sites, pages, strict=True)):
        site.pages["/a/1.html"] = ("text/html; charset=utf-8", page)
        site.feed("/feed.xml", {"/a/1.html": "文章"})
        workspace.add(f"site-{number}", "feed", f"{site.url}/feed.xml")
    return workspace.write()


def assert_one_story_one_mail(workspace: Workspace, server: SmtpServer, copies: int) -> None:
    stories = workspace.json("stories")
    assert [story["article_count"] for story in stories] == [copies]
    assert len(server.received) == 1
    mail = server.received[0].mail
    assert mail["X-Lendwatch-Event"] == "StoryOpened"
    assert mail["X-Lendwatch-Story"] == str(stories[0]["story_id"])
    assert mail["X-Lendwatch-Subscription"] == "collection-desk"
    for query in ("催收", "用钱宝", "用錢寶"):
        assert len(workspace.json("search", query)) == copies, query
        assert len(workspace.json("search", query, "--story-only")) == 1, query
    workspace.run("crawl")
    assert len(server.received) == 1, "nothing changed, so nothing more is said"


@pytest.mark.corpus
@pytest.mark.skipif(not SEED.exists(), reason="the real article is not here")
def test_the_real_article_and_its_copies_are_one_story_and_one_mail(tmp_path: Path) -> None:
    lines = [line for line in SEED.read_text("utf-8").split("\n") if line.strip()]
    title, byline = lines[1], lines[2]
    body = lines[3 : next(n for n, line in enumerate(lines) if line.startswith("延伸閱讀"))]
    plain = [re.sub(r"\([a-zü-ǜāáǎàēéěèīíǐìōóǒòūúǔù]+\)", "", line) for line in body]
    simplified = OpenCC("t2s").convert
    numbered = re.compile(r"^([一二三四五六七八九十]+、|\d+\.\d+ |引言)")
    pages = [
        site_page(title, byline, body),
        site_page(simplified(title), "2024-11-10 08:00", [simplified(line) for line in body]),
        site_page(title, "2024-11-12 10:10", plain),
        site_page(title, "2024-11-13 11:11", [line for line in body if not numbered.match(line)]),
    ]
    with plain_sites(4) as sites, SmtpServer() as server:
        workspace = four_sites(tmp_path, sites, server, pages)
        workspace.run("crawl")
        assert_one_story_one_mail(workspace, server, copies=4)
        (lead,) = [hit for hit in workspace.json("search", "用錢寶") if hit["source"] == "site-0"]
        assert lead["title"] == title
        assert lead["published_at"].startswith("2024-11-08T22:41:19")


def test_an_article_of_ours_and_its_copies_are_one_story_and_one_mail(tmp_path: Path) -> None:
    original = texts.read("farm-yongqianbao")
    copy = texts.traditional(original)
    farm = texts.annotated(copy)
    bare = [line for line in original.paragraphs if not re.match(r"[一二三]、|\d\.\d|引言", line)]
    assert fold_text(farm.paragraphs[1]) != fold_text(copy.paragraphs[1]), "words are cut out"
    pages = [
        site_page(farm.title, f"{farm.published} 瀏覽 {farm.byline}", list(farm.paragraphs)),
        site_page(original.title, original.published, list(original.paragraphs)),
        site_page(copy.title, "2026-11-23 10:10", list(copy.paragraphs)),
        site_page(original.title, "2026-11-23 11:11", bare),
    ]
    with plain_sites(4) as sites, SmtpServer() as server:
        workspace = four_sites(tmp_path, sites, server, pages)
        workspace.run("crawl")
        assert_one_story_one_mail(workspace, server, copies=4)


def test_an_edit_is_told_once_and_a_script_switch_never(tmp_path: Path) -> None:
    original = texts.read("yongqianbao-cuishou")
    edited = [line.replace("1128条", "2231条") for line in original.paragraphs]
    with plain_sites(1) as (site,), SmtpServer() as server:
        mail = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        workspace = Workspace(
            tmp_path,
            {
                "mail": {**mail, "sender": "lendwatch@example.com"},
                "subscriptions": [
                    {"name": "edits", "events": ["ArticleEdited"], "to": ["desk@example.com"]}
                ],
            },
        )
        workspace.add("notice", "page", f"{site.url}/n.html")
        workspace.write()
        for paragraphs in (list(original.paragraphs), edited):
            page = site_page(original.title, original.published, paragraphs)
            site.pages["/n.html"] = ("text/html; charset=utf-8", page)
            workspace.run("crawl")
        assert [each.mail["X-Lendwatch-Event"] for each in server.received] == ["ArticleEdited"]
        text = server.received[0].mail.get_body(("plain",)).get_content()
        assert "1128" in text
        assert "2231" in text
        convert = OpenCC("s2t").convert
        switched = site_page(original.title, original.published, [convert(p) for p in edited])
        site.pages["/n.html"] = ("text/html; charset=utf-8", switched)
        workspace.run("crawl")
        assert len(server.received) == 1
