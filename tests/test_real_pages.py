"""Real pages of Chinese and Taiwanese news sites, served locally, through the whole pipeline."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from plain_site import PlainSite, plain_sites
from workspaces import SHARED, Workspace

CORPUS = SHARED / "corpus"
SETS = ("zh_pages_gne", "zh_pages_tw")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="the third-party corpus is not here"),
]


def truth_of(name: str) -> dict[str, dict[str, Any]]:
    """What each page of a set says, by the path it is served at."""
    lines = (CORPUS / name / "truth.jsonl").read_text("utf-8").splitlines()
    return {f"/p/{quote(row['file'])}": row for row in map(json.loads, lines)}


def serve(site: PlainSite, name: str, truth: dict[str, dict[str, Any]]) -> None:
    for path, row in truth.items():
        body = (CORPUS / name / "pages" / row["file"]).read_bytes()
        site.pages[path] = ("text/html", body)
    site.feed("/feed.xml", dict.fromkeys(truth, "t"))
    site.sitemap("/sitemap.xml", list(truth))


def letters(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", text or "").lower()


def test_every_real_page_is_stored_with_its_title_and_date(tmp_path: Path) -> None:
    with plain_sites(2) as sites:
        workspace = Workspace(tmp_path)
        expected: dict[str, dict[str, Any]] = {}
        for site, name, kind, path in zip(
            sites, SETS, ("feed", "sitemap"), ("/feed.xml", "/sitemap.xml"), strict=True
        ):
            truth = truth_of(name)
            serve(site, name, truth)
            workspace.add(name.replace("_", "-"), kind, site.url + path, keep="all")
            expected.update({site.url + each: row for each, row in truth.items()})
        workspace.write().run("crawl")
        exported = workspace.run("export", "--format", "jsonl").stdout.splitlines()
    rows = {row["url"]: row for row in map(json.loads, exported)}
    missing = [row["file"] for url, row in expected.items() if url not in rows]
    assert not missing, f"not stored: {missing}"
    wrong_titles = [
        (row["title"], rows[url]["title"])
        for url, row in expected.items()
        if letters(row["title"]) != letters(rows[url]["title"])
    ]
    wrong_days = [
        (row["file"], row["date"], rows[url]["published_at"])
        for url, row in expected.items()
        if (row["date"] or "")[:10] != (rows[url]["published_at"] or "")[:10]
    ]
    assert len(wrong_titles) <= len(expected) * 0.1, wrong_titles
    assert len(wrong_days) <= len(expected) * 0.1, wrong_days
    logs = workspace.logs()
    assert "Traceback" not in logs
    assert '"level": "error"' not in logs
