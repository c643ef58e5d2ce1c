"""The commands as a user's shell runs them: exit codes, messages, and what programs read."""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import COMMAND, ROOT, run_command
from plain_site import PlainSite, plain_sites
from workspaces import Workspace

BODY = (
    "用钱宝的催收人员每天给借款人打四十多个电话，还联系了她的父母和同事。平台客服表示，外包公司的做法"
    "没有得到授权，已经要求暂停。借款人说她在九月逾期三天，欠款三千二百元，愿意分两次还清。"
)
# What a page may try on whoever reads about it, and what each must never become.
TITLES = {
    "/a/1.html": "用钱宝\x1b]0;owned\x07催收\x9b2J电话",
    "/a/2.html": '=HYPERLINK("http://evil.example/","用钱宝催收")',
    "/a/3.html": '"&gt;&lt;script&gt;alert(1)&lt;/script&gt;用钱宝催收',
    "/a/4.html": "=?utf-8?q?x=0ABcc:_evil@e.com?= 用钱宝催收",
    "/a/5.html": "用钱宝\u202e收催\u202c\u200b又来了",
}


def run(*arguments: str, stdin: str = "", cwd: Path | None = None):
    return run_command(*arguments, stdin=stdin.encode(), cwd=cwd, timeout=120)


def started(*arguments: str, **environment: str):
    """Run the command as a shell does: Python itself is started, with what the environment says."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


def hostile(site: PlainSite) -> None:
    for number, (path, title) in enumerate(TITLES.items()):
        text = BODY.replace("三千二百", f"{'一二三四五'[number]}千") + f"编号{number * 7919}。" * 9
        text += "她留下的电话是13812345678，平台的热线是4008001234，两边都还没有答复。"
        page = f"<title>{title}</title><h1>{title}</h1><p>{text}</p><p>{BODY}</p>"
        site.pages[path] = ("text/html; charset=utf-8", f"<html>{page}</html>".encode())
    site.feed("/feed.xml", dict.fromkeys(TITLES, "t"))


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that has crawled the hostile site once."""
    workspace = Workspace(tmp_path_factory.mktemp("cli") / "watch")
    with plain_sites() as (site,):
        hostile(site)
        workspace.add("hostile", "feed", f"{site.url}/feed.xml")
        workspace.write()
        workspace.crawled = workspace.run("crawl")
        yield workspace


def test_a_crawl_sums_up_what_it_did(watch):
    assert "hostile  finished  5" in watch.crawled.stdout
    assert "taken in: 5 taken" in watch.crawled.stdout
    assert f"the mails lie in {watch.folder / 'mail'}" in watch.crawled.stdout
    assert watch.mails


@pytest.mark.parametrize(
    "command",
    ["search 用钱宝", "stories", "story 1", "article 1", "alerts outbox", "alerts preview"],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_nothing_a_page_says_reaches_the_terminal_as_a_command(watch, command, form):
    for number in range(1, 6) if command[-1] == "1" else ("",):
        call = [*command.removesuffix("1").split(), *([str(number)] if number else [])]
        shown = watch.run(*call, "--format", form).stdout
        allowed = {"\n"}
        assert all(each.isprintable() or each in allowed for each in shown), ascii(shown)


def test_every_answer_for_programs_parses(watch):
    for command in ("search 用钱宝", "stories", "alerts outbox", "alerts preview", "sources list"):
        rows = watch.json(*command.split())
        assert rows
        table = watch.run(*command.split(), "--format", "csv").stdout
        assert len(list(csv.DictReader(io.StringIO(table)))) == len(rows)
    assert watch.json("story", "1")["summary"]["story_id"] == 1
    assert watch.json("article", "1")["body"]


def test_an_export_holds_no_formula_and_no_mobile_number(watch, tmp_path):
    watch.run("export", "--to", str(tmp_path / "all.csv"))
    text = (tmp_path / "all.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 6
    assert not [
        cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠") and cell
    ]
    assert "13812345678" not in text
    assert "4008001234" in text
    lines = watch.run("export", "--format", "jsonl").stdout.splitlines()
    assert {json.loads(line)["article_id"] for line in lines} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ('"AND(', 0, ""),
        ("%00", 0, ""),
        ("a\x01b", 0, ""),
        ("'; DROP TABLE article; --", 0, ""),
        ("NEAR(用钱宝 催收)", 0, ""),
        ("*", 2, "lendwatch: '*' has no letter or digit to look for; write a word"),
        ("OR OR", 2, "no letter or digit"),
        ("催" * 2_000, 2, "shorten it"),
    ],
)
def test_a_hostile_query_is_answered(watch, query, status, says):
    done = watch.run("search", query, check=False)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert watch.json("search", "用钱宝")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["search", "x", "--limit", "-1"], "limit is -1; it must be between 1 and 1000"),
        (["search", "x", "--limit", "1000000000"], "between 1 and 1000"),
        (["search", "x", "--since", "yesterday"], "'yesterday' is no date; write 2024-11-08"),
        (["stories", "--limit", "0"], "between 1 and 1000"),
        (["story", "99999999999999999999"], "ID"),
        (["article", "99999999999999999999"], "neither an article's number nor an address"),
        (["article", "用钱宝"], "neither an article's number nor an address"),
        (["article", "http://u:p@e.com/1"], "neither an article's number nor an address"),
        (["story", "1", "--format", "csv"], "'csv' is not one of 'table', 'json'"),
        (["alerts", "retry", "99999999999999999999"], "ID"),
        (["alerts", "test", "colection-desk"], "did you mean collection-desk?"),
        (["sources", "test", "hostil"], "did you mean hostile?"),
        (["sources", "test", "ftp://e.com/"], "must begin with http(s)://"),
        (["crawl", "hostil"], "did you mean hostile?"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(watch, arguments, says):
    done = watch.run(*arguments, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["story", "77"], "no story 77; `lendwatch stories` lists them"),
        (["article", "77"], "no article 77"),
        (["article", "https://e.com/77"], "no article at https://e.com/77; `lendwatch search`"),
        (["alerts", "retry", "77"], "`lendwatch alerts outbox --state refused` lists those"),
        (["export", "--to", "/nowhere/x.csv"], "/nowhere/x.csv: No such file or directory"),
    ],
)
def test_what_is_not_there_is_named_with_the_way_to_it(watch, arguments, says):
    done = watch.run(*arguments, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("lendwatch: ")
    assert says in done.stderr


def test_a_filter_that_was_mistyped_is_told_from_one_that_holds_for_nothing(watch):
    done = watch.run("search", "用钱宝", "--topic", "colection", "--platform", "用钱报")
    assert "no topic is named 'colection'; did you mean collection?" in done.stderr
    assert "no watched platform is named '用钱报'; did you mean 用钱宝?" in done.stderr
    assert watch.run("search", "用钱宝", "--topic", "fees", "--platform", "用錢寶").stderr == ""


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "LANG": ""}, {"PYTHONIOENCODING": "ascii"}],
    ids=str,
)
def test_chinese_is_printed_whatever_the_locale(watch, env):
    # Of the three only the last leaves Python with an encoding that has no Chinese.
    more = [["story", "1"], ["export"], ["alerts", "outbox"]] if "PYTHONIOENCODING" in env else []
    for arguments in (["search", "用钱宝"], *more):
        done = started(*arguments, "-w", str(watch.folder), **env)
        assert (done.returncode, done.stderr) == (0, "")
    found = started("search", "用钱宝", "-f", "json", "-w", str(watch.folder), **env).stdout
    assert json.loads(found)[0]["platforms"] == ["用钱宝"]


@pytest.mark.parametrize(
    "command",
    ["stories", "article 1", "alerts preview", "sources list", "doctor", "recluster", "rematch"],
)
def test_a_command_needs_nothing_that_another_has_imported(watch, command):
    """As the commands of the other tests are forked, one of each kind is started here, or above."""
    done = started(*command.split(), "-w", str(watch.folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("command", ["export", "search 用钱宝", "search 用钱宝 -f json"])
def test_a_reader_that_has_enough_is_no_failure(watch, command):
    shell = f"set -o pipefail; {' '.join(COMMAND)} {command} -w {watch.folder} | true"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_disk_that_takes_no_output_is_a_failure_with_a_remedy(watch):
    shell = f"{' '.join(COMMAND)} search 用钱宝 -w {watch.folder} > /dev/full"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("lendwatch: No space left on device; free some space")


def test_doctor_says_what_could_not_be_taken_in_and_why(watch, tmp_path):
    assert watch.run("doctor").stdout.count("✗") == 0
    ailing = Workspace(shutil.copytree(watch.folder, tmp_path / "ailing"))
    with sqlite3.connect(ailing.folder / "lendwatch.db") as store:
        store.execute(
            "INSERT INTO intake_failure VALUES (1, '2026-11-24 08:00:00', 'ValueError: no such day')"
        )
    done = ailing.run("doctor", check=False)
    assert done.returncode == 1
    assert "could not be taken in: ValueError: no such day" in " ".join(done.stdout.split())


def test_a_store_that_another_process_holds_is_try_again_later(tmp_path):
    with plain_sites() as (site,):
        hostile(site)
        watch = Workspace(tmp_path / "watch")
        watch.add("hostile", "feed", f"{site.url}/feed.xml")
        watch.write().run("crawl")
        lock = sqlite3.connect(tmp_path / "watch" / "lendwatch.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        assert watch.json("search", "用钱宝")
        held = watch.run("alerts", "retry", check=False)
        lock.close()
    assert held.returncode == 75
    assert "lendwatch.db is locked by another process; try again later" in held.stderr


def test_of_two_crawls_at_once_the_second_names_the_first_and_says_try_again(tmp_path):
    with plain_sites() as (site,):
        hostile(site)
        begun, go_on = threading.Event(), threading.Event()
        site.pages["/feed.xml"] = Waiting(site.pages["/feed.xml"], begun, go_on)
        watch = Workspace(tmp_path / "watch")
        watch.add("hostile", "feed", f"{site.url}/feed.xml")
        first = watch.write().start("crawl")
        assert begun.wait(60)
        second = watch.run("crawl", check=False)
        go_on.set()
        assert first.wait(60) == 0
    assert second.returncode == 75
    assert f"`lendwatch crawl` works on this store already: pid {first.pid}" in second.stderr


class Waiting(tuple):  # noqa: SLOT001 - it has attributes on purpose
    """A page that is served when the test says so."""

    def __new__(cls, page, begun: threading.Event, go_on: threading.Event):
        made = super().__new__(cls, page)
        made.begun, made.go_on = begun, go_on
        return made

    def __iter__(self):
        self.begun.set()
        self.go_on.wait(60)
        return super().__iter__()


# ---- init, check


def test_a_new_workspace_is_sound_and_asks_for_a_contact_before_any_crawl(tmp_path):
    made = run("init", str(tmp_path / "watch"))
    assert made.returncode == 0
    assert f"lendwatch check -w {tmp_path / 'watch'}" in made.stdout
    checked = run("check", "-w", str(tmp_path / "watch"))
    assert checked.returncode == 0
    assert "no mistakes" in checked.stdout
    crawl = run("crawl", "-w", str(tmp_path / "watch"))
    assert crawl.returncode == 2
    assert "crawl.contact" in crawl.stderr
    assert not (tmp_path / "watch" / "lendwatch.db").exists()
    again = run("init", str(tmp_path / "watch"))
    assert (again.returncode, "nothing was changed" in again.stdout) == (0, True)


def test_before_the_first_crawl_every_question_says_what_to_do(tmp_path):
    run("init", str(tmp_path))
    for command in ("search x", "stories", "story 1", "article 1", "export", "alerts outbox"):
        done = run(*command.split(), cwd=tmp_path)
        assert done.returncode == 1
        assert "holds nothing yet; run `lendwatch crawl` first" in done.stderr


@pytest.mark.parametrize("command", ["search x", "check", "doctor", "crawl", "sources list"])
def test_without_a_workspace_the_way_to_one_is_told(tmp_path, command):
    done = run(*command.split(), cwd=tmp_path)
    assert done.returncode == 2
    assert "no workspace here; run `lendwatch init DIR`" in done.stderr


def test_all_mistakes_of_all_files_come_at_once_each_with_its_line(tmp_path):
    run("init", str(tmp_path))
    (tmp_path / "lendwatch.yaml").write_text("crawl:\n  contct: a@b.cc\ntimezone: Asia/Beijing\n")
    (tmp_path / "seeds" / "sources" / "mine.yaml").write_text(
        "sources:\n  - {name: a, kind: feed, url: 'http://2130706433/', every: 0s}\n"
    )
    done = run("check", cwd=tmp_path)
    assert done.returncode == 2
    for line in (
        "lendwatch.yaml:2: crawl.contct: unknown key; did you mean contact?",
        "lendwatch.yaml:3: timezone: there is no time zone 'Asia/Beijing'; did you mean",
        "mine.yaml:2: sources[a].every: 0s is too short; at least 1m",
        "mine.yaml:2: sources[a].url:",
    ):
        assert line in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "FILE"],
        ["init", "FILE/x"],
        ["demo", "--dir", "FILE"],
        ["check", "--schema", "FILE"],
    ],
    ids=" ".join,
)
def test_a_file_where_a_folder_should_be_is_named(tmp_path, arguments):
    (tmp_path / "FILE").write_text("mine")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert done.stderr.startswith("lendwatch: FILE")
    assert "mistake in lendwatch" not in done.stderr
    assert (tmp_path / "FILE").read_text() == "mine"


# ---- extract, match, cluster


def lines(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_extract_gives_the_keys_of_the_contract(tmp_path):
    page = f"<title>用钱宝\x1b[2J催收</title><h1>用钱宝\x1b[2J催收</h1><p>{BODY}</p><p>{BODY}</p>"
    (tmp_path / "a.html").write_text(page)
    done = run("extract", "--jsonl", "a.html", cwd=tmp_path)
    assert done.returncode == 0
    (row,) = lines(done)
    contract = {"file", "url", "title", "author", "published_at", "body", "charset", "language"}
    assert contract <= row.keys()
    assert (row["file"], row["url"], row["charset"]) == ("a.html", None, "utf-8")
    assert "\x1b" not in run("extract", "a.html", cwd=tmp_path).stdout


def test_extract_goes_on_past_what_it_cannot_read(tmp_path):
    (tmp_path / "empty.html").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "good.html").write_text(f"<h1>用钱宝催收</h1><p>{BODY}</p><p>{BODY}</p>")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    names = ["missing.html", "empty.html", "folder", "image.png", "good.html"]
    done = run("extract", "--jsonl", *names, cwd=tmp_path)
    assert done.returncode == 1
    assert [row["file"] for row in lines(done) if row["body"]] == ["good.html"]
    for said in (
        "cannot read missing.html: No such file or directory",
        "empty.html: the page is empty",
        "cannot read folder: no *.html file in it",
        "image.png: no text",
    ):
        assert f"lendwatch: {said}" in done.stderr
    piped = run("extract", "-", stdin="")
    assert (piped.returncode, "standard input: the page is empty" in piped.stderr) == (1, True)


def test_match_gives_the_keys_of_the_contract():
    texts = (
        '{"id": 7, "text": "用錢寶又開始催收了"}\n{"id": "b", "text": "今天下雨", "title": null}\n'
    )
    done = run("match", "-", "--jsonl", stdin=texts)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = lines(done)
    assert list(first) == ["id", "platforms", "topics", "mentions"]
    assert (first["id"], first["platforms"], first["topics"]) == (
        7,
        ["用钱宝"],
        {"collection": "low"},
    )
    assert (second["id"], second["platforms"], second["topics"], second["mentions"]) == (
        "b",
        [],
        {},
        [],
    )


def test_cluster_gives_the_keys_of_the_contract():
    documents = [{"id": n, "title": "用钱宝催收", "body": BODY * 3} for n in ("x", "y")]
    done = run("cluster", "-", "--jsonl", stdin="\n".join(map(json.dumps, documents)))
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done) == [
        {"id": "x", "story": "x", "relation": "new", "of": None, "similarity": 0.0},
        {"id": "y", "story": "x", "relation": "exact", "of": "x", "similarity": 1.0},
    ]


BAD_LINES = {
    b"not json": "not JSON",
    b'{"id": 2}': "has no 'text'",
    b"[1]": "a list, not an object",
    b"null": "null, not an object",
    b'{"id": 3, "text": 5}': "'text' is a number, not text",
    b'{"id": 3, "text": "x", "title": 5}': "'title' is a number, not text",
    b'{"id": NaN, "text": "x"}': "not JSON: NaN is no JSON value",
    b"\xff\xfe": "not UTF-8 at byte 0",
    b"[" * 100_000: "not JSON: maximum recursion depth",
}


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path):
    good = '{"id": 1, "text": "用钱宝"}'.encode()
    (tmp_path / "texts.jsonl").write_bytes(b"\n".join([*BAD_LINES, good, b""]))
    done = run("match", "texts.jsonl", "--jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert [row["id"] for row in lines(done)] == [1]
    said = done.stderr.splitlines()
    for number, (line, problem) in enumerate(zip(said, BAD_LINES.values(), strict=True), 1):
        assert line.startswith(f"texts.jsonl:{number}: {problem}")


@pytest.mark.parametrize(("command", "key"), [("match", "text"), ("cluster", "body")])
def test_a_line_that_is_too_long_is_named_and_the_rest_goes_on(tmp_path, command, key):
    long = json.dumps({"id": 1, "title": "", key: "x" * (16 * 1024 * 1024)})
    good = json.dumps({"id": 2, "title": "", key: "用钱宝"})
    (tmp_path / "texts.jsonl").write_text(f"{long}\n{good}\n{long}")
    done = run(command, "texts.jsonl", "--jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert [row["id"] for row in lines(done)] == [2]
    for said, number in zip(done.stderr.splitlines(), (1, 3), strict=True):
        assert said == (
            f"texts.jsonl:{number}: {len(long) + (number == 1):,} bytes, more than 16,777,216; "
            "split the text over several lines"
        )


def test_match_explains_each_mention_on_a_line_of_its_own():
    text = "能省就省呗，我在省呗上借了一万。省呗上借钱快。"
    done = run("match", "-", "--explain", stdin=json.dumps({"id": 1, "text": text}))
    assert done.returncode == 0
    heading, spoken, *counted = (line.split() for line in done.stdout.splitlines())
    assert heading[:2] == ["1:", "省呗;"]
    assert spoken[:3] == ["-", "省呗", "能省就«省呗»，我在省呗上…"]
    assert [line[:2] for line in counted] == [["+", "省呗"]] * 2
    plain = run("match", "-", stdin=json.dumps({"id": 1, "text": text}))
    assert "能省就«省呗»" not in plain.stdout


@pytest.mark.parametrize("command", ["match", "cluster"])
def test_a_file_of_lines_that_cannot_be_read_is_a_usage_error(tmp_path, command):
    for name, problem in (("missing", "No such file"), (".", "Is a directory")):
        done = run(command, name, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith(f"lendwatch: cannot read {name}: {problem}")
    assert run(command, "-", stdin="").returncode == 0


def test_matched_text_with_control_characters_is_shown_without_them():
    line = json.dumps({"id": "\x1b]0;x\x07", "text": "用钱\x1b宝又催收"})
    for command, text in (("match", line), ("cluster", line.replace("text", "body"))):
        document = json.dumps({**json.loads(text), "title": "t"})
        for form in ([], ["--jsonl"]):
            shown = run(command, "-", *form, stdin=document).stdout
            assert all(each.isprintable() or each == "\n" for each in shown), ascii(shown)


def test_the_command_is_installed_under_its_name():
    script = Path(COMMAND[0]).parent / "lendwatch"
    if not script.exists():
        pytest.skip("not installed in this environment")
    done = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert "Watch the open web for news about lending platforms." in done.stdout
