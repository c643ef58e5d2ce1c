"""The sources that come with lendwatch: real, many, and honest about what was never tried."""

import json
import re
import shutil
from collections import Counter

import jsonschema
import pytest
from ruamel.yaml import YAML
from seed_files import PLATFORMS, SOURCES, TOPICS

from monitor.config import ConfigFile
from seeds.loader import PACKAGED, expand, load_seeds
from seeds.schema import json_schemas

SEEDS = load_seeds(PACKAGED)
BY_NAME = {source.name: source for source in SEEDS.sources}
SCHEMAS = json_schemas({"lendwatch.yaml": ConfigFile})


def errors_in(file: str, text: str) -> list[str]:
    value = YAML(typ="safe", pure=True).load(text)
    validator = jsonschema.Draft202012Validator(SCHEMAS[file])
    return [error.message for error in validator.iter_errors(value)]


def test_there_are_sources_of_every_sort_of_this_beat():
    files = {path.stem for path in (PACKAGED / "sources").glob("*.yaml")}
    assert {"news-feeds", "regulators", "associations", "complaint-portals"} <= files
    assert {"lending-portals", "search-feeds"} <= files
    assert len(SEEDS.sources) >= 40
    assert sum(source.enabled for source in SEEDS.sources) >= 20


def test_what_was_never_tried_on_the_network_says_so():
    for source in SEEDS.sources:
        assert source.tried is None, source.name
        assert (source.note or "").startswith("Not tried on the network."), source.name


def test_what_is_disabled_says_why():
    for source in SEEDS.sources:
        assert ("Disabled;" in (source.note or "")) is not source.enabled, source.name


def test_no_search_and_no_complaint_portal_runs_unasked():
    assert not any(source.enabled for source in SEEDS.sources if source.kind == "search")
    assert not BY_NAME["heimao"].enabled
    assert not BY_NAME["google-news-hans"].enabled


def test_the_example_in_a_comment_is_a_source(tmp_path):
    text = (PACKAGED / "sources" / "lending-portals.yaml").read_text(encoding="utf-8")
    _, example = text.split("may need:\n  #\n")
    shown = re.sub(r"^  # ", "  ", example, flags=re.MULTILINE)
    for name in ("platforms.yaml", "topics.yaml"):
        shutil.copy(PACKAGED / name, tmp_path / name)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yaml").write_text("sources:\n" + shown, encoding="utf-8")
    (source,) = load_seeds(tmp_path).sources
    assert (source.name, source.browser, source.credentials) == ("example-portal", "auto", True)
    assert source.unroll is not None
    assert source.unroll.items == 200


def test_no_address_is_declared_twice():
    counted = Counter(source.url for source in SEEDS.sources)
    assert not [url for url, times in counted.items() if times > 1]


def test_a_search_asks_for_every_watched_name():
    urls = expand(BY_NAME["bing-news-hans"], SEEDS.watchlist)
    watched = [each for each in SEEDS.watchlist.platforms if each.watched]
    assert len(urls) == len(set(urls)) >= len(watched)
    assert all("{alias}" not in url for url in urls)
    assert any("%E7%94%A8%E9%8C%A2%E5%AF%B6" in url for url in urls)  # 用錢寶


@pytest.mark.parametrize(
    "path",
    sorted(PACKAGED.rglob("*.yaml")),
    ids=lambda path: path.name,
)
def test_the_schemas_accept_every_packaged_file(path):
    file = path.name if path.name in SCHEMAS else "sources.yaml"
    assert errors_in(file, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("file", "text", "accepted"),
    [
        ("platforms.yaml", PLATFORMS, True),
        ("platforms.yaml", "platforms: [{name: 甲, aliases: [''] }]", False),
        ("platforms.yaml", "platforms: [{name: 甲, aliases: [{nam: 乙}]}]", False),
        ("platforms.yaml", "platforms: [{name: 甲, wached: false}]", False),
        ("topics.yaml", TOPICS, True),
        ("topics.yaml", "topics: [{name: a, title: b, groups: [{terms: []}]}]", False),
        ("sources.yaml", SOURCES, True),
        ("sources.yaml", SOURCES.replace("15m", "1h30m"), True),
        ("sources.yaml", SOURCES.replace("15m", "15 minutes"), False),
        ("sources.yaml", SOURCES.replace("feed\n", "fead\n"), False),
        ("sources.yaml", SOURCES + "    shedule: x\n", False),
        ("lendwatch.yaml", "crawl: {delay: 10s}\nsubscriptions: [{name: a, to: [a@b.example]}]", True),
        ("lendwatch.yaml", "subscriptions: [{name: a, to: [a@b.example], digest_at: '8:30'}]", True),
        ("lendwatch.yaml", "crawl: {delay: 10}", False),
        ("lendwatch.yaml", "mail: {password: x}", False),
        ("lendwatch.yaml", "subscriptions: [{name: a, to: []}]", False),
    ],
)  # fmt: skip
def test_the_schemas_judge_like_the_loader(file, text, accepted):
    assert (errors_in(file, text) == []) is accepted


def test_the_defaults_in_the_schemas_fit_the_schemas():
    for file, schema in SCHEMAS.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        for definition in [schema, *schema.get("$defs", {}).values()]:
            for key, each in definition.get("properties", {}).items():
                if "default" in each:
                    resolved = {**each, "$defs": schema.get("$defs", {})}
                    errors = list(
                        jsonschema.Draft202012Validator(resolved).iter_errors(each["default"])
                    )
                    assert not errors, (file, key, json.dumps(each["default"]))
