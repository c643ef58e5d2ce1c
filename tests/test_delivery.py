"""Handing over to a real mail server that does what servers do, and to files."""

import asyncio
import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from alert_fixtures import (
    COLLECTION,
    NOW,
    config,
    delivery_rows,
    outbox_rows,
    stored_event,
    subscription,
)
from smtp_server import (
    ACCEPT_AND_DROP,
    ACCEPT_AND_STALL,
    DROP,
    REPLY_AND_DROP,
    STALL,
    USUAL,
    SmtpServer,
    self_made_certificate,
)
from sqlalchemy import event, make_url

from monitor.alerts import outbox
from monitor.alerts.deliver import Delivery
from monitor.alerts.handover import DeliveryDeferred, DeliveryRefused
from monitor.alerts.outbox_view import possible_duplicates
from monitor.alerts.trial import send_trial
from monitor.config import MailOptions

# What a server says is the same to both stores; what is kept of it is tested on both.
on_one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOTH = ("a@example.org", "b@example.org")
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running


def options(server, **changes):
    usual = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sender": "watch@example.org",
        "timeout": timedelta(seconds=20),
    }
    return MailOptions(**(usual | changes))


class Desk:
    """A store with alerts in it, and the deliverer of one workspace."""

    def __init__(self, engine, folder, mail=None, to=BOTH, **about):
        self.engine = engine
        self.subscription = subscription(to=to, **about)
        self.config = config(folder, self.subscription, mail=mail)
        self.delivery = Delivery(engine, self.config, "mail")

    def queue(self, count=1):
        with self.engine.begin() as connection:
            for number in range(count):
                given = replace(COLLECTION, url=f"https://news.example.com/{number}.html")
                outbox.enqueue(
                    connection, stored_event(connection, given), (self.subscription,), NOW
                )

    def deliver(self, now=NOW, final_dot=None):
        if final_dot is not None:
            self.delivery = Delivery(self.engine, self.config, "mail", final_dot)
        return asyncio.run(self.delivery.run_once(now))

    def rows(self):
        with self.engine.begin() as connection:
            return outbox_rows(connection)

    def attempts(self):
        with self.engine.begin() as connection:
            return [(row.recipient[0], row.outcome) for row in delivery_rows(connection)]

    def possible_duplicates(self):
        with self.engine.begin() as connection:
            return possible_duplicates(connection)


@pytest.fixture
def desk(engine, tmp_path, server):
    return Desk(engine, tmp_path, options(server))


def test_a_due_alert_is_handed_over_once_to_everyone(desk, server):
    desk.queue()
    report = desk.deliver()
    assert (report.sent, report.deferred, report.refused, report.next_due_at) == (1, 0, 0, None)
    assert [message.recipients for message in server.received] == [BOTH]
    assert server.received[0].sender == "watch@example.org"
    assert server.received[0].message_id == desk.rows()[0].message_id
    assert desk.deliver(LATER).sent == 0
    assert len(server.received) == 1


@on_one_store
def test_one_connection_carries_a_batch(desk, server):
    desk.queue(20)
    assert desk.deliver().sent == 20
    assert (len(server.received), server.connections) == (20, 1)
    assert server.commands[-1] == "QUIT"


def test_a_4xx_is_tried_again_later_and_a_5xx_never(desk, server):
    server.script("RCPT", "450 4.2.1 try later", when="a@example.org")
    server.script("RCPT", "550 5.1.1 no such user", when="b@example.org")
    desk.queue()
    report = desk.deliver()
    assert (report.sent, report.deferred, report.refused) == (0, 1, 0)
    assert server.received == []
    assert NOW < report.next_due_at < LATER
    report = desk.deliver(LATER)
    assert (report.deferred, report.refused) == (0, 1), "b never gets it, and that is shown"
    assert [message.recipients for message in server.received] == [("a@example.org",)]
    row = desk.rows()[0]
    assert row.state == "refused"
    assert desk.attempts() == [
        ("a", "deferred"),
        ("b", "refused"),
        ("a", "sent"),
    ]


def test_a_refused_recipient_costs_the_other_nothing_and_brings_no_second_copy(desk, server):
    server.script("RCPT", "550 5.1.1 no such user", when="b@example.org")
    desk.queue()
    assert desk.deliver().refused == 1
    assert [message.recipients for message in server.received] == [("a@example.org",)]
    with desk.engine.begin() as connection:
        outbox.retry(connection, None, LATER)
    assert desk.deliver(LATER).sent == 1
    assert [message.recipients for message in server.received] == [("a@example.org",), BOTH[1:]]
    assert server.received[0].message_id == server.received[1].message_id


@on_one_store
@pytest.mark.parametrize(
    ("stage", "reply", "state", "told"),
    [
        ("MAIL", "451 4.3.0 busy", "pending", "451 sender watch@example.org: 4.3.0 busy"),
        ("MAIL", "550 5.7.1 not you", "refused", "550 sender watch@example.org: 5.7.1 not you"),
        ("DATA", "451 4.3.0 busy", "pending", "451 4.3.0 busy"),
        ("DATA", "554 5.5.1 no", "refused", "554 5.5.1 no"),
        ("DOT", "452 4.3.1 disk full", "pending", "452 4.3.1 disk full"),
        ("DOT", "552 5.3.4 too big", "refused", "552 5.3.4 too big"),
        ("DOT", "999 what", "pending", "999 what"),
    ],
)
def test_a_reply_at_any_stage_decides(desk, server, stage, reply, state, told):
    server.script(stage, reply)
    desk.queue(2)
    report = desk.deliver()
    assert report.sent == 1, "the other message goes its way on the same connection"
    assert server.connections == 1
    assert [row.last_reply for row in desk.rows() if row.state == state] == [told]
    assert desk.possible_duplicates() == 0


@on_one_store
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO"])
def test_a_server_that_hangs_up_on_connecting_makes_all_wait(desk, server, stage):
    server.script(stage, DROP)
    desk.queue(3)
    report = desk.deliver()
    assert (report.sent, report.deferred) == (0, 3)
    assert "cannot be reached" in report.problem
    assert server.connections == 1, "nobody knocks three times on a closed door"
    assert desk.deliver(LATER).sent == 3
    assert len(server.received) == 3


@on_one_store
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "CONTENT"])
def test_a_connection_lost_before_the_dot_sends_no_second_copy(desk, server, stage):
    server.script(stage, DROP)
    desk.queue(2)
    desk.deliver()
    desk.deliver(LATER)
    ids = [message.message_id for message in server.received]
    assert len(ids) == len(set(ids)) == 2
    assert {row.state for row in desk.rows()} == {"sent"}


@on_one_store
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_only_a_lost_reply_to_the_dot_counts_as_a_possible_duplicate(desk, server, stage):
    server.script(stage, DROP)
    desk.queue()
    assert desk.deliver().possible_duplicates == 0
    assert desk.possible_duplicates() == 0


def test_a_lost_reply_to_the_dot_is_sent_again_with_the_same_id_and_counted(desk, server):
    server.script("DOT", ACCEPT_AND_DROP)
    desk.queue()
    report = desk.deliver()
    assert (report.deferred, report.possible_duplicates) == (1, 1)
    assert desk.attempts() == [("a", "unknown"), ("b", "unknown")]
    assert "the reply to the final dot was lost" in desk.rows()[0].last_reply
    assert desk.deliver(LATER).sent == 1
    first, second = server.received
    assert first.message_id == second.message_id
    with desk.engine.begin() as connection:
        line = outbox.list_outbox(connection)[0]
    assert (line.state, line.possible_duplicates) == ("sent", 2)


@on_one_store
def test_a_dot_answered_before_the_hangup_is_sent_and_not_repeated(desk, server):
    server.script("DOT", REPLY_AND_DROP)
    desk.queue(2)
    assert desk.deliver().sent == 2
    assert (len(server.received), server.connections) == (2, 2)
    assert desk.possible_duplicates() == 0


@on_one_store
def test_a_slow_reply_to_the_dot_is_waited_for_longer_than_other_replies(desk, server):
    server.script("DOT", ACCEPT_AND_STALL)
    desk.config = config(
        desk.config.workspace,
        desk.subscription,
        mail=options(server, timeout=timedelta(milliseconds=300)),
    )
    desk.queue()
    report = desk.deliver(final_dot=timedelta(seconds=1.5))
    assert report.possible_duplicates == 1
    assert desk.attempts()[0] == ("a", "unknown")


@on_one_store
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_says_nothing_is_given_up_in_time(desk, server, stage):
    server.script(stage, STALL)
    quick = options(server, timeout=timedelta(milliseconds=300))
    desk.config = config(desk.config.workspace, desk.subscription, mail=quick)
    desk.delivery = Delivery(desk.engine, desk.config, "mail")
    desk.queue(2)
    report = desk.deliver()
    assert (report.sent, report.deferred) == (0, 2)
    assert report.problem
    assert desk.deliver(LATER).sent == 2
    assert len(server.received) == 2


@on_one_store
def test_a_421_closes_the_connection_and_loses_nothing(desk, server):
    desk.queue(3)
    server.script("RCPT", "421 4.3.2 shutting down", when="b@example.org")
    report = desk.deliver()
    assert (report.sent, report.deferred) == (2, 1)
    assert desk.deliver(LATER).sent == 1
    ids = [message.message_id for message in server.received]
    assert len(ids) == len(set(ids)) == 3


@on_one_store
def test_a_connection_the_server_closed_between_two_messages_is_opened_again(desk, server):
    server.script("MAIL", USUAL, "421 4.4.2 enough on this connection")
    desk.queue(3)
    assert desk.deliver().sent == 3
    assert (len(server.received), server.connections) == (3, 2)


def test_a_server_that_is_not_there_makes_alerts_wait(engine, tmp_path, server):
    gone = options(server, port=1)
    desk = Desk(engine, tmp_path, gone)
    desk.queue(2)
    report = desk.deliver()
    assert (report.sent, report.deferred) == (0, 2)
    assert "mail server 127.0.0.1:1 cannot be reached" in report.problem
    assert report.next_due_at is not None


@on_one_store
def test_starttls_with_a_trusted_certificate_and_a_password(engine, tmp_path, monkeypatch):
    context, authority = self_made_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with SmtpServer(starttls=context, credentials=("watch", "秘密")) as server:
        mail = options(
            server, host="localhost", security="starttls", username="watch", password="秘密"
        )
        desk = Desk(engine, tmp_path, mail)
        desk.queue()
        assert desk.deliver().sent == 1
        assert any(command.startswith("STARTTLS") for command in server.commands)


@on_one_store
def test_tls_from_the_first_byte(engine, tmp_path, monkeypatch):
    context, authority = self_made_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with SmtpServer(tls=context) as server:
        desk = Desk(engine, tmp_path, options(server, host="localhost", security="tls"))
        desk.queue()
        assert desk.deliver().sent == 1


@on_one_store
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_nobody_vouches_for_gets_no_mail_and_no_password(engine, tmp_path, security):
    context, _ = self_made_certificate(tmp_path)
    with SmtpServer(**{security: context}, credentials=("watch", "secret")) as server:
        mail = options(
            server, host="localhost", security=security, username="watch", password="secret"
        )
        desk = Desk(engine, tmp_path, mail)
        desk.queue()
        report = desk.deliver()
        assert (report.sent, report.deferred) == (0, 1)
        assert "cannot be trusted" in report.problem
        assert "SSL_CERT_FILE" in report.problem
        assert not any(command.startswith("AUTH") for command in server.commands)


@on_one_store
def test_a_certificate_for_another_host_is_no_certificate(engine, tmp_path, monkeypatch):
    context, authority = self_made_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with SmtpServer(tls=context) as server:
        desk = Desk(engine, tmp_path, options(server, host="127.0.0.1", security="tls"))
        desk.queue()
        assert "cannot be trusted" in desk.deliver().problem


@on_one_store
def test_a_server_without_starttls_is_told_apart(engine, tmp_path, server):
    desk = Desk(engine, tmp_path, options(server, security="starttls"))
    desk.queue()
    assert "offers no STARTTLS; set mail.security" in desk.deliver().problem
    assert server.received == []


@on_one_store
def test_a_wrong_password_holds_everything_back_and_names_the_setting(engine, tmp_path):
    with SmtpServer(credentials=("watch", "right")) as server:
        desk = Desk(engine, tmp_path, options(server, username="watch", password="wrong"))
        desk.queue(2)
        report = desk.deliver()
        assert (report.deferred, report.refused) == (2, 0)
        assert "LENDWATCH_MAIL_PASSWORD" in report.problem
        assert "wrong" not in report.problem.replace("wrong password", "")


@on_one_store
def test_a_body_line_of_one_dot_ends_nothing(engine, tmp_path, server):
    desk = Desk(engine, tmp_path, options(server))
    with engine.begin() as connection:
        given = replace(COLLECTION, body="first\n.\nDATA\n.. two dots\n催收")
        outbox.enqueue(connection, stored_event(connection, given), (desk.subscription,), NOW)
    assert desk.deliver().sent == 1
    assert server.received[0].mail.get_body(("plain",)) is not None


@on_one_store
def test_without_a_subscription_the_alert_is_refused_and_says_why(engine, tmp_path, server):
    Desk(engine, tmp_path, options(server)).queue()
    other = Desk(engine, tmp_path, options(server), name="law")
    assert other.deliver().refused == 1
    assert "no subscription is named desk any more" in other.rows()[0].last_reply


def test_a_digest_is_one_mail(engine, tmp_path, server):
    desk = Desk(engine, tmp_path, options(server), when="digest")
    desk.queue(3)
    report = desk.deliver()
    assert (report.sent, server.received) == (0, [])
    assert desk.deliver(report.next_due_at).sent == 1
    mail = server.received[0].mail
    assert mail["X-Lendwatch-Event"] == "Digest"
    text = mail.get_body(("plain",)).get_content()
    assert all(f"https://news.example.com/{number}.html" in text for number in range(3))
    assert {row.state for row in desk.rows()} == {"sent"}
    assert len({row.message_id for row in desk.rows()}) == 1


def test_two_deliverers_at_once_send_each_message_once(engine, tmp_path, server):
    desk = Desk(engine, tmp_path, options(server))
    desk.queue(12)

    async def both():
        deliverers = [Delivery(engine, desk.config, "mail") for _ in range(3)]
        return await asyncio.gather(*(each.run_once(NOW) for each in deliverers))

    reports = asyncio.run(both())
    assert sum(report.sent for report in reports) == 12
    assert len({message.message_id for message in server.received}) == len(server.received) == 12


@on_one_store
def test_a_shutdown_lets_the_message_at_hand_come_to_its_end(desk, server):
    desk.queue(5)

    async def stop_early():
        task = asyncio.create_task(desk.delivery.run_once(NOW))
        await asyncio.to_thread(server.wait_until, "DATA")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(stop_early())
    assert "sending" not in {row.state for row in desk.rows()}
    desk.deliver(LATER)
    ids = [message.message_id for message in server.received]
    assert len(ids) == len(set(ids)) == 5
    assert desk.possible_duplicates() == 0


def test_without_a_mail_server_alerts_are_files(engine, tmp_path):
    desk = Desk(engine, tmp_path)
    desk.queue(2)
    assert desk.deliver().sent == 2
    files = sorted((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert all(file.name.startswith("20261124T080000Z-StoryOpened-desk-") for file in files)
    assert desk.rows()[0].last_reply.startswith("written to mail/20261124T080000Z-StoryOpened")
    assert b"X-Lendwatch-Event: StoryOpened\r\n" in files[0].read_bytes()


def test_a_file_written_but_not_recorded_makes_no_second_file(engine, tmp_path):
    desk = Desk(engine, tmp_path)
    desk.queue()
    desk.deliver()
    file = next((tmp_path / "mail").iterdir())
    before = file.stat()
    with engine.begin() as connection:  # as a crash between the write and the commit leaves it
        connection.exec_driver_sql("UPDATE outbox SET state = 'pending'")
        connection.exec_driver_sql("DELETE FROM delivery")
    assert desk.deliver(LATER).sent == 1
    assert list((tmp_path / "mail").iterdir()) == [file]
    assert file.stat().st_mtime_ns == before.st_mtime_ns


@on_one_store
def test_a_mail_folder_that_cannot_be_written_makes_alerts_wait(engine, tmp_path):
    (tmp_path / "mail").write_text("a file where the folder should be")
    desk = Desk(engine, tmp_path)
    desk.queue()
    report = desk.deliver()
    assert (report.sent, report.deferred) == (0, 1)
    assert "cannot write" in report.problem


def test_an_idle_run_does_not_wait_for_whoever_writes(engine, tmp_path):
    desk = Desk(engine, tmp_path)
    with engine.begin() as writer:
        stored_event(writer)
        assert desk.deliver().sent == 0


def tried(settings, told=None):
    """Send the trial; what each channel said, in `told` also where one fails."""
    told = [] if told is None else told

    async def each_line():
        async for line in send_trial(settings, settings.subscriptions[0], NOW):
            told.append(line)

    asyncio.run(each_line())
    return told


def test_a_trial_mail_goes_the_way_alerts_go(tmp_path, server):
    settings = config(tmp_path, mail=options(server))
    told = tried(settings)
    assert told == ["test mail for desk@example.org: 250 queued"]
    assert server.received[0].mail["X-Lendwatch-Event"] == "Test"
    server.script("RCPT", "550 5.1.1 no such user")
    with pytest.raises(DeliveryRefused, match=r"desk@example.org: 550 5.1.1 no such user"):
        tried(settings)
    server.script("RCPT", "450 later")
    with pytest.raises(DeliveryDeferred):
        tried(settings)


@on_one_store
def test_what_was_sent_while_the_store_was_locked_is_recorded_by_the_next_run(
    engine, database_url, tmp_path
):
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 100"))
    holder = sqlite3.connect(
        make_url(database_url).database, isolation_level=None, check_same_thread=False
    )

    class LockedOnAccepting(SmtpServer):
        def accept(self, message):
            if not self.received:
                holder.execute("BEGIN IMMEDIATE")
            super().accept(message)

    with LockedOnAccepting() as server:
        desk = Desk(engine, tmp_path, options(server))
        desk.queue(2)
        report = desk.deliver()
        assert "the store cannot be reached" in report.problem
        holder.rollback()
        assert desk.deliver(LATER).sent == 2
    ids = [message.message_id for message in server.received]
    assert len(ids) == len(set(ids)) == 2
    assert desk.possible_duplicates() == 0
