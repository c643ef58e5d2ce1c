"""`lendwatch cluster`: articles into stories, by the pipeline's own deduper."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from monitor.cli.lines import JsonLines
from monitor.cli.printable import dump, plain
from monitor.stories.cluster import Document, cluster
from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher


def cluster_lines(file: str, *, jsonl: bool, seeds: Path | None) -> int:
    """Cluster the lines of `file` and print each; returns how many lines were bad."""
    matcher = Matcher(load_watchlist(seeds or PACKAGED))
    lines = JsonLines(file, ("id", "title", "body"))
    for placed in cluster(_documents(lines), matcher):
        if jsonl:
            dump(asdict(placed))
        else:
            of = f" of {plain(str(placed.of))}" if placed.of is not None else ""
            share = f" {placed.similarity:.2f}" if placed.of is not None else ""
            where = f"story {plain(str(placed.story))}, {placed.relation}{of}{share}"
            print(f"{plain(str(placed.id))}: {where}")
    return lines.bad


def _documents(lines: JsonLines) -> Iterator[Document]:
    for line in lines:
        yield Document(line["id"], line["title"], line["body"])
