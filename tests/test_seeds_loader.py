"""Mistakes in the seeds: each named by file, line and key with a remedy, all of them in one go."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed_files import FEED, SOURCES, mistakes_in, source_with, write_seeds

from seeds.loader import expand, load_seeds, load_watchlist
from seeds.models import Alias, Platform, Source, Watchlist
from seeds.problems import SeedError
from seeds.times import parse_duration, write_duration


def test_a_sound_folder_loads(tmp_path):
    seeds = load_seeds(write_seeds(tmp_path))
    yong_qian_bao = seeds.watchlist.platforms[0]
    assert yong_qian_bao.aliases[0] == Alias(name="用钱宝App")
    assert yong_qian_bao.aliases[1].needs == ("借款", "贷款")
    assert seeds.sources[0].every == timedelta(minutes=15)


PAGE = ("kind: page", "url: https://a.example", "every: 1h")
SEARCH = ("kind: search", "every: 1h")

BAD_SOURCES = [
    (
        (*FEED, "every: 15m", "shedule: daily"),
        "6: sources[one].shedule: unknown key; did you mean schedule? that is written `every: 15m` or `cron: '0 8 * * *'`",
    ),
    ((*FEED, "every: 15m", "enabeld: no"), "6: sources[one].enabeld: unknown key; did you mean enabled?"),
    ((*FEED, "every: 15m", "colour: red"), "6: sources[one].colour: unknown key; remove it; the keys are"),
    (("kind: feed", "every: 15m"), "2: sources[one].url: is missing; add `url:`"),
    (FEED, "2: sources[one]: says nowhere when to look; add `every: 15m` or"),
    ((*FEED, "every: 1h", "cron: '0 8 * * *'"), "6: sources[one].cron: both `every` and `cron`; keep one"),
    ((*FEED, "every: 0s"), "5: sources[one].every: 0s is too short; at least 1m"),
    ((*FEED, "every: 59s"), "5: sources[one].every: 59s is too short; at least 1m"),
    ((*FEED, "every: 15"), "5: sources[one].every: 15 has no unit; write 15s, 15m, 15h or 15d"),
    ((*FEED, "every: 15 minutes"), "'15 minutes' is not a duration; write 30s, 15m, 2h, 1d or 1h30m"),
    ((*FEED, "every: 99999999999d"), "is longer than a hundred years"),
    ((*FEED, "every: 5m", "jitter: 10m"), "6: sources[one].jitter: 10m is longer than every"),
    ((*FEED, "every:"), "2: sources[one]: says nowhere when to look"),
    ((*FEED, "cron: 0 0 30 2 *"), "5: sources[one].cron: '0 0 30 2 *' never fires; choose a day"),
    ((*FEED, "cron: 0 0 * *"), "'0 0 * *' has 4 fields; write five: minute hour day month weekday"),
    ((*FEED, "cron: 61 * * * *"), "'61 * * * *' is not a cron line"),
    ((*FEED, "cron: 0 8 * * 1-5"), "weekday '1-5' as a number is ambiguous; write mon, tue"),
    ((*FEED, "cron: 0 8 1 * mon"), "names a day of the month and a weekday; write * for one of them"),
    (
        (*FEED, "every: 1h", "timezone: Asia/Beijing"),
        "6: sources[one].timezone: there is no time zone 'Asia/Beijing'; did you mean Asia/Shanghai?",
    ),
    ((*FEED, "every: 1h", "timezone: Asia/Taipe"), "did you mean Asia/Taipei?"),
    ((*FEED, "every: 1h", "timezone: ../../etc/passwd"), "there is no time zone"),
    (
        (*FEED, "every: 1h", r"include: ['(a+)\1']"),
        r"6: sources[one].include[1]: '(a+)\1' is not an RE2 pattern: invalid escape sequence: \1; RE2 has no backreferences (\1); write the text out",
    ),
    ((*FEED, "every: 1h", "include: ['(?=x)']"), "RE2 has no look-ahead"),
    ((*FEED, "every: 1h", "exclude: ['a(b']"), "6: sources[one].exclude[1]: 'a(b' is not an RE2 pattern"),
    ((*FEED, "every: 1h", "include: ['a{1001}']"), "RE2 repeats at most 1000 times"),
    ((*FEED, "every: 1h", "include: ['']"), "an empty pattern"),
    ((*FEED, "every: 1h", "include: news"), "'news' is not a list; write a list: [news]"),
    ((*FEED, "every: 1h", "kind_: x"), "did you mean kind?"),
    (("kind: fead", "url: https://a.example", "every: 1h"), "'fead' is not a choice; did you mean feed?"),
    ((*FEED, "every: 1h", "max_pages: 100"), "6: sources[one].max_pages: 100 is out of range; at most 50"),
    ((*FEED, "every: 1h", "max_pages: many"), "'many' is not a whole number"),
    ((*FEED, "every: 1h", "browser: perhaps"), "'perhaps' is not true, false or auto; write one of them"),
    ((*FEED, "every: 1h", "tried: yesterday"), "write a day as in 2026-11-24"),
    ((*FEED, "every: 1h", "browser: auto", "unroll: {scroll: true}"), "7: sources[one].unroll: only listings, searches and pages unroll"),
    ((*PAGE, "unroll: {scroll: true}"), "6: sources[one].unroll: only a browser does this; add `browser: true`"),
    ((*PAGE, "block: [image]"), "6: sources[one].block: only a browser does this"),
    ((*PAGE, "browser: true", "block: [pictures]"), "7: sources[one].block[1]: 'pictures' is not a choice; one of: image, media, font, stylesheet"),
    ((*PAGE, "browser: auto", "unroll: {}"), "7: sources[one].unroll: neither `scroll` nor `click`; write `scroll: true`, or `click:` and a selector"),
    ((*PAGE, "browser: auto", "unroll: {scroll: true, click: a.more}"), "both `scroll` and `click`"),
    ((*PAGE, "browser: auto", "unroll: {click: 'a['}"), "7: sources[one].unroll.click: 'a[' is not a CSS selector"),
    ((*PAGE, "browser: auto", "unroll: {scroll: true, rounds: 1000}"), "7: sources[one].unroll.rounds: 1000 is out of range; at most 100"),
    ((*PAGE, "browser: auto", "unroll: {scroll: true, within: long}"), "sources[one].unroll.within: 'long' is not a duration"),
    ((*PAGE, "credentials: SESSION=1"), "6: sources[one].credentials: 'SESSION=1' is not true or false"),
    ((*PAGE, "cookies: 'a=b'"), "that is written `credentials: true`, and the cookies themselves in secrets.yaml"),
    ((*FEED, "every: 1h", "platforms: [借呗]"), "only a search asks by platform"),
    ((*SEARCH, "url: https://a.example/s?q="), "a search without {alias}; put {alias} where the name goes"),
    ((*SEARCH, "url: 'https://{alias}.example/'"), "{alias} in the host name"),
    ((*SEARCH, "url: 'https://a.example/{alias}'", "platforms: [借唄]"), "no watched platform '借唄'; did you mean 借呗?"),
    ((*SEARCH, "url: 'https://a.example/{alias}'", "platforms: [钱宝网]"), "no watched platform '钱宝网'"),
    (("kind: feed", "url: 'https://a.example/{alias}'", "every: 1h"), "{alias} in a source that is no search"),
    (("kind: page", "url: file:///etc/passwd", "every: 1h"), "4: sources[one].url: file: is refused; write an address that begins"),
    (("kind: page", "url: 'data:text/html,x'", "every: 1h"), "data: is refused"),
    (("kind: page", "url: 'source:file:///x'", "every: 1h"), "source: is refused"),
    (("kind: page", "url: www.a.example", "every: 1h"), "an address without http(s):// is refused"),
    (("kind: page", r"url: http://a\@b/", "every: 1h"), "a backslash in the address"),
    (("kind: page", "url: http://u:p@b.example/", "every: 1h"), "a user name or password in the address"),
    (("kind: page", "url: 'http:///path'", "every: 1h"), "names no host"),
    (("kind: page", "url: 'http://a.example:99999/'", "every: 1h"), "is not an address"),
    (("kind: page", "url: 'http://[::1/'", "every: 1h"), "is not an address"),
    (("kind: page", "url: 'http://a.example/a b'", "every: 1h"), "a space or invisible character"),
    (("kind: page", f"url: http://a.example/{'x' * 20_000}", "every: 1h"), "has 20017 characters; write at most 2000"),
    (("kind: page", 'url: "http://a.example/\\u202e"', "every: 1h"), "a space or invisible character"),
    ((*FEED, "every: 1h", "selectors: {title: 'h1['}"), "sources[one].selectors.title: 'h1[' is not a CSS selector"),
    ((*FEED, "every: 1h", "selectors: {body: '//p['}"), "'//p[' is not XPath 1.0"),
    ((*FEED, "every: 1h", """selectors: {body: "//p[unparsed-text('x')]"}"""), "the XPath function unparsed-text() is refused"),
    ((*FEED, "every: 1h", """selectors: {body: "//p[re:test(., 'x')]"}"""), "the XPath function re:test() is refused"),
    ((*FEED, "every: 1h", """selectors: {body: "//p[document('/etc/passwd')]"}"""), "the XPath function document() is refused"),
    ((*FEED, "every: 1h", "selectors: {body: '//x:p'}"), "is not XPath 1.0"),
    ((*FEED, "every: 1h", "selectors: {body: '//p[$x]'}"), "a variable in"),
    ((*FEED, "every: 1h", "selectors: {body: ''}"), "an empty selector"),
    ((*FEED, "every: 1h", "selectors: {ready: p}"), "only a browser waits; add `browser: true`"),
    ((*FEED, "every: 1h", "selectors: {headline: p}"), "sources[one].selectors.headline: unknown key"),
    ((*FEED, "every: 1h", "title: 360"), "360 is not text; put it in quotes: '360'"),
    ((*FEED, "every: 1h", "title: !!python/object:os.system x"), "6: sources[one].title: the tag !!python/object:os.system is refused"),
    ((*FEED, "every: 1h", "title: !!python/object/apply:os.system [x]"), "is refused"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "said"), BAD_SOURCES, ids=[said[:60] for _, said in BAD_SOURCES])
def test_a_mistake_in_a_source_is_named_with_its_line_and_a_remedy(tmp_path, lines, said):
    told = mistakes_in(write_seeds(tmp_path, bad=source_with(*lines)))
    assert all(line.startswith("sources/bad.yaml:") for line in told.splitlines())
    assert said in told


GOOD_SOURCES = [
    (*FEED, "every: 1h30m"),
    (*FEED, "cron: 30 8 * * mon-fri", "timezone: Asia/Taipei"),
    (*FEED, "cron: 0 0 29 2 *"),
    (*FEED, "cron: '*/5 0-6 1,15 * *'"),
    (*FEED, "every: 1m", "enabled: no"),
    (*FEED, "every: 1d", "tried: 2026-11-24", "note: ''"),
    ("kind: listing", "url: http://127.0.0.1:8000/list", "every: 1h", "max_pages: 3"),
    ("kind: listing", "url: https://a.example", "every: 1h", "browser: true", "selectors: {ready: p, links: 'ul > li a'}"),
    (*FEED, "every: 1h", "browser: auto", "selectors: {ready: '#app p'}"),
    (*PAGE, "browser: auto", "unroll: {click: '//a[1]', rounds: 3, items: 50, within: 90s}", "block: [media]", "credentials: true"),
    ("kind: page", "url: 'http://[::1]/新闻?q=催收'", "every: 1h", r"include: ['/\d{6}/\w+\.html$']"),
    (*FEED, "every: 1h", """selectors: {body: "//div[contains(@class, 'x') and (position() > 1 or not(text()))]"}"""),
    (*FEED, "every: 1h", """selectors: {published: "(//time)[1]/@datetime", title: "h1::text"}"""),
    (*FEED, "every: 1h", """selectors: {body: "//p[starts-with(., 're:test(')]"}"""),
    (*SEARCH, "url: 'https://a.example/{alias}'", "platforms: [借呗]"),
]  # fmt: skip


@pytest.mark.parametrize("lines", GOOD_SOURCES)
def test_what_is_sound_is_accepted(tmp_path, lines):
    assert load_seeds(write_seeds(tmp_path, good=source_with(*lines))).sources[0].name == "one"


BAD_PLATFORMS = [
    (
        "platforms:\n  - name: 甲贷\n    aliases: [甲錢寶]\n  - name: 乙贷\n    aliases:\n      - 甲钱宝\n",
        "platforms.yaml:6: platforms[乙贷].aliases[1]: '甲钱宝' of 乙贷 is a name of 甲贷, too, on line 3;",
    ),
    ("platforms:\n  - name: 甲贷\n  - name: 甲贷\n", "platforms.yaml:3: platforms[甲贷].name: the name '甲贷' is taken"),
    ("platforms:\n  - name: 甲贷\n    aliases: ['']\n", "platforms.yaml:3: platforms[甲贷].aliases[1].name: is empty"),
    ("platforms:\n  - name: 甲贷\n    aliases: ['  ']\n", "aliases[1].name: is empty; fill it in, or remove it"),
    ("platforms:\n  - name: 甲贷\n    aliases: [“”]\n", "'“”' is no name"),
    ('platforms:\n  - name: 甲贷\n    aliases: ["\\u200b"]\n', r"'\u200b' is no name"),
    ("platforms:\n  - name: 甲贷\n    aliases:\n      - 360\n", "platforms.yaml:4: platforms[甲贷].aliases[1]: 360 is not text; put it in quotes: '360'"),
    ("platforms:\n  - name: 甲贷\n    aliases: [{nam: 乙}]\n", "aliases[1].nam: unknown key; did you mean name?"),
    ("platforms:\n  - name: 甲贷\n    aliases: [[乙]]\n", "is not a name; write a name, or {name:"),
    ("platforms:\n  - name: 甲贷\n    aliases: [{name: 乙, near: 0}]\n", "0 is out of range; at least 1"),
    ("platforms:\n  - name: 甲贷\n    wached: no\n", "did you mean watched?"),
    ("platforms:\n  - 甲贷\n", "platforms.yaml:2: platforms[1]: '甲贷' is not `key: value` lines"),
    ("platforms:\n  - name：甲贷\n", "the colon after a key is `:` and a space, not the full-width `：`"),
    ("platforms:\n", "platforms.yaml:1: platforms: has no value; give one, or remove the key"),
    ("platforms: []\n", "platforms.yaml:1: platforms: is empty"),
    ("# nothing\n", "platforms.yaml:1: file: is empty; it needs `platforms:`"),
    ("- 甲贷\n", "platforms.yaml:1: file: a list is not `key: value` lines"),
    (f"platforms:\n  - name: {'长' * 81}\n", "at most 80 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD_PLATFORMS)
def test_a_mistake_in_a_platform_is_named(tmp_path, text, said):
    assert said in mistakes_in(write_seeds(tmp_path, platforms=text))


BAD_TOPICS = [
    ("terms: ['']", "topics.yaml:5: topics[collection].groups[1].terms[1]: is empty"),
    ("terms: []", "groups[1].terms: is empty"),
    ('terms: ["\\u200b"]', "is invisible characters only"),
    ("terms: 催收", "'催收' is not a list; write a list: [催收]"),
    (
        "{terms: [催收], needs: [+platfroms]}",
        ":5: topics[collection].groups[1].needs[1]: '+platfroms'",
    ),
    ("{terms: [催收], needs: [+platfroms]}", "stands for no list; did you mean platforms?"),
    ("{terms: [电话], needs_each: [[欠], [天天, +platfroms]]}", "needs_each[2][2]: '+platfroms'"),
    ("{terms: [+debts]}", "'+debts' stands for no list; list its words under `words` of the topic"),
    ("{terms: [催], objects: [+platforms]}", "'+platforms' stands for no list"),
    ("{terms: [催收], severity: hihg}", "'hihg' is not a choice; did you mean high?"),
    ("{terms: [催收], weight: 0}", "0 is out of range; more than 0"),
]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("wording_needs: [+debts]", "wording_needs[1]: '+debts' stands for no list"),
        ("wording_needs: [+platfroms]", "stands for no list; did you mean platforms?"),
        ("undecided: [+loans]", "undecided[1]: '+loans' stands for no list"),
        ("wording: collecton", "'collecton' is not a choice; did you mean collection?"),
    ],
)
def test_a_mistake_beside_the_groups_of_a_topic_is_named(tmp_path, line, said):
    text = f"topics:\n  - name: c\n    title: 催收\n    {line}\n    groups: [{{terms: [催收]}}]\n"
    assert said in mistakes_in(write_seeds(tmp_path, topics=text))


@pytest.mark.parametrize(("group", "said"), BAD_TOPICS)
def test_a_mistake_in_a_topic_is_named(tmp_path, group, said):
    text = f"topics:\n  - name: collection\n    title: 催收\n    groups:\n      - {group}\n"
    assert said in mistakes_in(write_seeds(tmp_path, topics=text))


def test_every_mistake_of_every_file_comes_in_one_go(tmp_path):
    folder = write_seeds(
        tmp_path,
        platforms="platforms:\n  - name: 甲贷\n    kind: bank\n    wached: no\n",
        topics="topics:\n\t- name: x\n",
        first=source_with("kind: feed", "url: ftp://a.example", "every: 0s", "timezone: CST"),
        second=source_with(*FEED, "every: 1h"),
        third="sources: [}\n",
    )
    told = mistakes_in(folder)
    assert [line.rpartition(": ")[0].split(":")[0] for line in told.splitlines()] == [
        *["platforms.yaml"] * 2,
        *["sources/first.yaml"] * 3,
        "sources/second.yaml",
        "sources/third.yaml",
        "topics.yaml",
    ]
    assert "sources/second.yaml:2: sources[one].name: the name 'one' is taken, on" in told


def test_missing_files_are_named(tmp_path):
    told = mistakes_in(tmp_path / "nowhere")
    assert "platforms.yaml:0: file: no such file; create it, or run `lendwatch init DIR`" in told
    assert "topics.yaml:0: file: no such file" in told
    assert "sources:0: file: no *.yaml here; declare a source in one" in told


def test_a_yml_file_is_not_ignored_in_silence(tmp_path):
    folder = write_seeds(tmp_path)
    (folder / "sources" / "mine.yml").write_text(SOURCES, encoding="utf-8")
    assert (
        mistakes_in(folder)
        == "sources/mine.yml:0: file: only *.yaml is read; rename it to mine.yaml"
    )


def test_problems_give_their_parts_to_programs(tmp_path):
    with pytest.raises(SeedError) as caught:
        load_watchlist(write_seeds(tmp_path, platforms="platforms:\n  - nam: x\n"))
    first = caught.value.problems[0]
    assert (first.line, first.key, first.remedy) == (2, "platforms[1].nam", "did you mean name?")
    assert first.file == str(tmp_path / "platforms.yaml")


WATCHLIST = Watchlist(
    platforms=(
        Platform(
            name="用钱宝", traditional="用錢寶", aliases=(Alias(name="金条", needs=("京东",)),)
        ),
        Platform(name="A&B 贷", aliases=(Alias(name="用钱宝"),)),
        Platform(name="钱宝网", watched=False),
    ),
    topics=(),
)


def test_a_search_asks_once_for_each_name_of_each_watched_platform():
    source = Source(name="s", kind="search", url="https://a.example/?q={alias}&p=1")
    assert expand(source, WATCHLIST) == (
        "https://a.example/?q=%E7%94%A8%E9%92%B1%E5%AE%9D&p=1",
        "https://a.example/?q=%E7%94%A8%E9%8C%A2%E5%AF%B6&p=1",
        "https://a.example/?q=%E9%87%91%E6%9D%A1%20%E4%BA%AC%E4%B8%9C&p=1",
        "https://a.example/?q=A%26B%20%E8%B4%B7&p=1",
    )


def test_a_search_for_named_platforms_asks_for_those_only():
    source = Source(name="s", kind="search", url="https://a.example/{alias}", platforms=("A&B 贷",))
    assert len(expand(source, WATCHLIST)) == 2


def test_other_kinds_start_from_their_address():
    source = Source(name="s", kind="feed", url="https://a.example/f")
    assert expand(source, WATCHLIST) == ("https://a.example/f",)


@pytest.mark.parametrize(
    "every", [timedelta(minutes=15), timedelta(seconds=0.25), timedelta(days=3)]
)
def test_a_source_travels_to_a_worker_as_json_and_back(every):
    source = Source(name="s", kind="feed", url="https://a.example/f", every=every, jitter=every)
    assert Source.model_validate_json(source.model_dump_json()) == source


@given(st.integers(min_value=0, max_value=10**8))
def test_a_duration_is_read_back_as_it_was_written(seconds):
    duration = timedelta(seconds=seconds)
    assert parse_duration(write_duration(duration)) == duration
