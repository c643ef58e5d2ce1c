"""Seeds folders and workspaces to load: sound ones, and what to change in them."""

from pathlib import Path

import pytest

from seeds.loader import load_seeds
from seeds.problems import SeedError

PLATFORMS = """\
platforms:
  - name: 用钱宝
    traditional: 用錢寶
    aliases: [用钱宝App, {name: 智融, needs: [借款, 贷款], unless: [智融大厦], near: 20}]
  - name: 借呗
    operator: 蚂蚁消费金融
  - name: 钱宝网
    watched: false
"""
TOPICS = """\
topics:
  - name: collection
    title: 催收
    groups:
      - {severity: high, terms: [暴力催收]}
      - {terms: [催收, 討債], weight: 0.5}
"""
SOURCES = """\
sources:
  - name: news
    kind: feed
    url: https://news.example/feed
    every: 15m
"""


def write_seeds(
    folder: Path, platforms: str = PLATFORMS, topics: str = TOPICS, **sources: str
) -> Path:
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "platforms.yaml").write_text(platforms, encoding="utf-8")
    (folder / "topics.yaml").write_text(topics, encoding="utf-8")
    for name, text in (sources or {"news": SOURCES}).items():
        (folder / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


FEED = ("kind: feed", "url: https://a.example/f")


def write_config(folder: Path, text: str) -> Path:
    write_seeds(folder / "seeds")
    (folder / "lendwatch.yaml").write_text(text, encoding="utf-8")
    return folder


def mistakes_in(folder: Path) -> str:
    with pytest.raises(SeedError) as caught:
        load_seeds(folder)
    return str(caught.value).replace(f"{folder}/", "")


def source_with(*lines: str) -> str:
    return "sources:\n  - name: one\n" + "".join(f"    {line}\n" for line in lines)
