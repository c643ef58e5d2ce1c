"""kill -9 in the middle of a delivery: real processes, a real mail server, nothing lost."""

import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alert_fixtures import COLLECTION, config, outbox_rows, stored_event, subscription
from commands import start
from smtp_server import ACCEPT_AND_STALL, STALL, SmtpServer

from monitor.alerts import outbox
from monitor.alerts.outbox_view import possible_duplicates
from monitor.config import MailOptions

PROGRAM = Path(__file__).with_name("deliverer.py")
# Starting processes is what these tests cost; where the store does not matter, one is enough.
on_one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOTH = ("a@example.org", "b@example.org")


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running


@pytest.fixture
def settings(database_url, tmp_path, server):
    mail = MailOptions(
        host="127.0.0.1", port=server.port, security="none", sender="watch@example.org"
    )
    return config(tmp_path, subscription(to=BOTH), database=database_url, mail=mail)


def queue(engine, settings, count):
    now = datetime.now(UTC) - timedelta(minutes=1)
    with engine.begin() as connection:
        for number in range(count):
            given = replace(COLLECTION, url=f"https://news.example.com/{number}.html")
            happened = stored_event(connection, given, happened_at=now)
            outbox.enqueue(connection, happened, settings.subscriptions, now)


@contextmanager
def delivering(settings):
    with log_of(settings).open("wb") as log:
        process = start(settings.model_dump_json(), output=log, program=PROGRAM)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def log_of(settings):
    return settings.workspace / "deliverer.log"


def deliver_to_the_end(settings):
    with delivering(settings) as process:
        process.wait(120)
    assert process.returncode == 0, log_of(settings).read_text("utf-8")


def test_random_kills_lose_nothing_and_double_only_what_is_counted(engine, settings, server):
    count, kills = 60, 6
    queue(engine, settings, count)
    chance = random.Random(2026)
    for _ in range(kills):
        seen = len(server.commands)
        with delivering(settings) as process:
            server.wait_for_commands(seen + chance.randint(2, 45))
            process.kill()
    deliver_to_the_end(settings)
    copies = Counter(message.message_id for message in server.received)
    with engine.begin() as connection:
        rows = outbox_rows(connection)
        lines = outbox.list_outbox(connection, limit=count)
    assert {row.state for row in rows} == {"sent"}
    assert set(copies) == {row.message_id for row in rows}
    counted = {line.message_id for line in lines if line.possible_duplicates}
    doubled = {message_id for message_id, times in copies.items() if times > 1}
    assert doubled <= counted, "a second copy nobody knows of"
    assert len(counted) <= kills
    print(f"{kills} kills, {len(counted)} counted as possible, {len(doubled)} doubled")


@on_one_store
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_kill_before_the_dot_doubles_nothing(engine, settings, server, stage):
    queue(engine, settings, 3)
    server.script(stage, STALL)
    with delivering(settings) as process:
        server.wait_until(stage)
        process.kill()
    deliver_to_the_end(settings)
    ids = [message.message_id for message in server.received]
    assert len(ids) == len(set(ids)) == 3
    with engine.begin() as connection:
        assert possible_duplicates(connection) == 0


@on_one_store
def test_a_kill_while_the_reply_to_the_dot_is_awaited_is_counted(engine, settings, server):
    queue(engine, settings, 3)
    server.script("DOT", ACCEPT_AND_STALL)
    with delivering(settings) as process:
        server.wait_for(1)
        process.kill()
    deliver_to_the_end(settings)
    copies = Counter(message.message_id for message in server.received)
    assert sorted(copies.values()) == [1, 1, 2]
    with engine.begin() as connection:
        counted = [line for line in outbox.list_outbox(connection) if line.possible_duplicates]
    assert [line.message_id for line in counted] == [
        message_id for message_id, times in copies.items() if times == 2
    ]


@on_one_store
def test_kills_while_files_are_written_leave_one_file_for_each_alert(engine, settings):
    count, kills = 40, 3
    files = settings.model_copy(update={"mail": MailOptions()})
    folder = settings.workspace / "mail"
    queue(engine, files, count)
    chance = random.Random(7)
    for _ in range(kills):
        with delivering(files) as process:
            wanted = len(written(folder)) + chance.randint(1, 5)
            while len(written(folder)) < wanted and process.poll() is None:
                pass
            process.kill()
    deliver_to_the_end(files)
    assert len(written(folder)) == count
    with engine.begin() as connection:
        assert {row.state for row in outbox_rows(connection)} == {"sent"}


def written(folder):
    return list(folder.glob("*.eml"))
