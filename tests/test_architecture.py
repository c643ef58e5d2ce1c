"""The tree is the architecture: what may import what, and who writes which table."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("seeds", "crawler", "monitor")
FILES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.is_file()
)

# Of the crawler, the monitor knows the article contract, the log and the run entry point; and
# `extract`, which answers `lendwatch extract` (DESIGN.md, decision 3). `egress`, `outcomes` and
# `posting`: a webhook goes through the one guard (decision 45).
CRAWLER_SURFACE = (
    "crawler.article",
    "crawler.canonical",
    "crawler.chromium",
    "crawler.crawl",
    "crawler.discovery",
    "crawler.egress",
    "crawler.evidence",
    "crawler.extract",
    "crawler.log",
    "crawler.options",
    "crawler.outcomes",
    "crawler.page",
    "crawler.places",
    "crawler.posting",
    "crawler.preview",
    "crawler.run",
    "crawler.urls",
)

# Pure files do no I/O and read no clock: `now` is an argument.
PURE = (
    *(
        str(path.relative_to(ROOT))
        for folder in ("seeds/fold", "seeds/match", "seeds/farm")
        for path in sorted((ROOT / folder).glob("*.py"))
    ),
    "crawler/urls.py",
    "crawler/dates.py",
    "monitor/stories/fingerprint.py",
    "monitor/stories/entries.py",
    "monitor/stories/likely.py",
    "monitor/stories/filters.py",
    "monitor/stories/agreement.py",
    "monitor/stories/first_sight.py",
    "monitor/stories/lines.py",
    "monitor/stories/reading.py",
    "monitor/stories/relation.py",
    *(
        f"monitor/stories/{name}.py"
        for name in ("layout", "tiling", "moves", "pieces", "differences", "proof", "proof_summary")
    ),
    "monitor/stories/claims.py",
    "monitor/stories/text_dates.py",
    "monitor/stories/checkable.py",
    "monitor/stories/novelty.py",
    "monitor/stories/sketch.py",
    "monitor/stories/statements.py",
    "monitor/changes/diff.py",
    "monitor/changes/copies.py",
    "monitor/changes/sentences.py",
    "monitor/changes/pairs.py",
    "monitor/changes/additions.py",
    "monitor/changes/proper_names.py",
    "monitor/changes/moved_dates.py",
    "monitor/changes/stated.py",
    "monitor/changes/standing.py",
    "monitor/changes/elsewhere.py",
    "monitor/changes/life.py",
    "monitor/changes/revisits.py",
    "monitor/alerts/gone.py",
    "monitor/alerts/rules.py",
    "monitor/alerts/digest.py",
)
IMPURE_MODULES = {
    "os",
    "socket",
    "sqlite3",
    "subprocess",
    "requests",
    "sqlalchemy",
    "asyncio",
    "time",
}


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def in_package(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_from_monitor_to_crawler_to_seeds(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    below = PACKAGES[PACKAGES.index(package) + 1 :]
    for module in imports_of(path):
        for other in below:
            assert not in_package(module, other), f"{package} may not import {module}"


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.is_relative_to(ROOT / "monitor")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_the_monitor_knows_only_the_surface_of_the_crawler(path: Path) -> None:
    for module in imports_of(path):
        if in_package(module, "crawler") and module != "crawler":
            assert any(in_package(module, name) for name in CRAWLER_SURFACE), module


@pytest.mark.parametrize("file", PURE)
def test_pure_files_do_no_input_or_output(file: str) -> None:
    path = ROOT / file
    roots = {module.split(".")[0] for module in imports_of(path)}
    assert not roots & IMPURE_MODULES
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"datetime\.now\(|\btime\.time\(|\bopen\(", text)


def writers_declared() -> dict[str, str]:
    """Row class -> the file its docstring names as the only writer."""
    declared: dict[str, str] = {}
    tables = sorted((ROOT / "monitor/store").glob("*_tables.py"))
    for models in (ROOT / "crawler/log/tables.py", ROOT / "monitor/store/models.py", *tables):
        for node in ast.parse(models.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Row"):
                named = re.search(r"Written by\s+`([^`]+)`", ast.get_docstring(node) or "")
                assert named, f"{node.name} does not say who writes it"
                declared[node.name] = named.group(1)
    return declared


def writes_of(path: Path) -> set[str]:
    """Row classes that a file names in an insert, update or delete."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in {"insert", "insert_into", "update", "delete"}:
            target = node.args[1 if name == "insert_into" else 0]
            found.update(re.findall(r"\b\w+Row\b", ast.unparse(target)))
    return found


def test_each_table_has_one_writing_file() -> None:
    declared = writers_declared()
    for path in FILES:
        file = str(path.relative_to(ROOT))
        for row in writes_of(path):
            assert declared[row] == file, f"{file} writes {row}, which belongs to {declared[row]}"
    for row, file in declared.items():
        assert (ROOT / file).is_file(), f"{row} names {file}, which does not exist"


def test_no_shipped_file_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        # A migration is written once and never grows: it is as long as what it builds.
        if "versions" not in path.parts
        and (lines := path.read_text(encoding="utf-8").count("\n")) > 300
    }
    assert not long
