"""Alerts as signed POSTs: to a real server, through the egress guard, beside mail."""

import asyncio
import json
import socket
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alert_fixtures import COLLECTION, NOW, config, stored_event, subscription
from network_site import Answer, NetworkSite
from serving import eventually
from smtp_server import SmtpServer
from test_delivery import Desk as MailDesk
from test_delivery import on_one_store, options, tried

from monitor.alerts import outbox
from monitor.alerts.deliver import Delivery, deliver_once
from monitor.alerts.handover import DeliveryRefused
from monitor.alerts.webhook import signature
from monitor.config import WebhookOptions
from monitor.doctor import examine
from seeds.loader import PACKAGED, load_seeds

SECRET = "whsec_" + b64encode(bytes(range(32))).decode()
LOCAL = {"allow_addresses": ("127.0.0.0/8",), "contact": "ops@example.org"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running


class Desk(MailDesk):
    """A subscription on both channels, whose webhook is a path of `site`."""

    def __init__(self, engine, folder, site, path="/hook", mail=None, crawl=LOCAL, **about):
        url = site if isinstance(site, str) else f"{site.url}{path}"
        about |= {"channels": ("mail", "webhook"), "webhook": url}
        super().__init__(engine, folder, mail, ("a@example.org",), **about)
        options = self.config.crawl.model_copy(update=crawl)
        hooks = WebhookOptions(secret=SECRET, timeout=timedelta(seconds=2))
        self.config = self.config.model_copy(update={"crawl": options, "webhooks": hooks})

    def deliver(self, now=NOW):
        return asyncio.run(deliver_once(self.engine, self.config, now))

    def states(self):
        """How the row of each channel stands."""
        return {row.channel: row.state for row in self.rows()}

    def reply(self):
        (told,) = (row.last_reply for row in self.rows() if row.channel == "webhook")
        return told


def test_an_alert_is_posted_signed_and_says_what_the_mail_says(engine, tmp_path):
    with NetworkSite({"/hook?key=geheim": Answer(204, b"")}) as site:
        desk = Desk(engine, tmp_path, site, "/hook?key=geheim")
        desk.queue()
        report = desk.deliver()
        desk.deliver(LATER)
    assert (report.sent, desk.states()) == (2, {"mail": "sent", "webhook": "sent"})
    (post,) = site.requests
    identity, sent_at = post.headers["webhook-id"], int(post.headers["webhook-timestamp"])
    assert (
        post.headers["webhook-signature"] == f"v1,{signature(SECRET, identity, sent_at, post.body)}"
    )
    assert abs(sent_at - datetime.now(UTC).timestamp()) < 60
    assert identity.startswith("msg_")
    assert post.headers["user-agent"] == "lendwatch/0.1 (+ops@example.org)"
    told = json.loads(post.body)
    assert told.keys() == {"type", "timestamp", "subscription", "data"}
    assert (told["type"], told["subscription"]) == ("StoryOpened", desk.subscription.name)
    data = told["data"]
    assert data["article"]["url"] == "https://news.example.com/0.html"
    assert (data["platforms"], data["topics"]) == (
        sorted(COLLECTION.platforms),
        {"collection": "high"},
    )
    assert len(data["excerpt"]) <= 200
    assert "geheim" not in str(desk.attempts()) + desk.reply()
    (written,) = (tmp_path / "mail").glob("*.eml")
    assert "webhook" not in written.read_text("utf-8")


def test_a_signature_is_what_the_standard_s_own_example_has():
    """From the specification's reference libraries."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    expected = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == expected


@on_one_store
@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        (Answer(410, b"gone"), "refused", "410 X gone; its owner wants no more: correct"),
        (Answer(404, "打13812345678".encode()), "refused", "404 X 打138********"),
        (Answer(302, b"", {"Location": "http://169.254.169.254/"}), "refused", "no redirect is followed"),
        (Answer(500, b"oops"), "pending", "500 X oops"),
        (Answer(429, b"", {"Retry-After": "7200"}), "pending", "429"),
        (Answer(503, b"", {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}), "pending", "503"),
        (Answer(200, b"ok", wait=5), "pending", "it may have arrived"),
        (Answer(200, b"x" * 50_000_000), "sent", "200 X xxx"),
        (Answer(200, b"x" * 100, drip=0.5), "sent", "200 X"),
    ],
)  # fmt: skip
def test_each_answer_has_its_end(engine, tmp_path, answer, state, says):
    with NetworkSite({"/hook": answer}) as site:
        desk = Desk(engine, tmp_path, site)
        desk.queue(2)
        desk.deliver()
        asked = len(site.requests)
    hooks = [row for row in desk.rows() if row.channel == "webhook"]
    assert {row.state for row in hooks} == {state}
    assert all(says in row.last_reply for row in hooks)
    assert {row.state for row in desk.rows() if row.channel == "mail"} == {"sent"}
    if state == "pending":
        assert asked == 1, "the second message waits with the first"
        if "Retry-After" in answer.headers:
            assert min(row.due_at for row in hooks) >= NOW + timedelta(hours=2)
    assert desk.possible_duplicates() == (1 if "arrived" in says else 0)


KEYED = "/hook/geheim?key=geheim%20too"
REPEATED = f"Cannot POST /hook/geheim (key=geheim too) {KEYED}".encode()


@on_one_store
@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, REPEATED),
        Answer(500, REPEATED),
        Answer(308, b"", {"Location": f"https://elsewhere.example{KEYED}"}),
    ],
)
def test_the_key_in_an_address_stays_unsaid(engine, tmp_path, answer):
    with NetworkSite({KEYED: answer}) as site:
        desk = Desk(engine, tmp_path, site, KEYED)
        desk.queue()
        desk.deliver()
    assert f"{answer.status} X" in desk.reply()
    assert "geheim" not in desk.reply() + str(desk.attempts())


@on_one_store
def test_no_connection_is_told_without_the_key_and_is_no_second_copy(engine, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connects, and never says hello
        desk = Desk(engine, tmp_path, f"https://127.0.0.1:{silent.getsockname()[1]}{KEYED}")
        desk.queue()
        desk.deliver()
    assert "no connection" in desk.reply()
    assert "geheim" not in desk.reply() + str(desk.attempts())
    assert desk.possible_duplicates() == 0


def test_a_lost_answer_is_followed_by_the_same_message(engine, tmp_path):
    answers = iter([Answer(200, b"", wait=5), Answer(200)])
    with NetworkSite({"/hook": lambda _: next(answers)}) as site:
        desk = Desk(engine, tmp_path, site)
        desk.queue()
        desk.deliver()
        desk.deliver(LATER)
    first, second = site.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert desk.states() == {"mail": "sent", "webhook": "sent"}


PATIENT = WebhookOptions(secret=SECRET, timeout=timedelta(seconds=40))


def test_nobody_waits_for_somebody_else_s_receiver(engine, tmp_path, server):
    """The slow receiver answers when all mail is out: were that waited for, it never would."""

    def after_all_mail(_):
        eventually(lambda: len(server.received) == 3, 20)
        return Answer(204, b"")

    with (
        NetworkSite({"/hook": Answer(204, b"")}) as site,
        NetworkSite({"/hook": after_all_mail}) as dead,
    ):
        mail = options(server)
        slow, fine = (
            Desk(engine, tmp_path, dead, mail=mail),
            Desk(engine, tmp_path, site, mail=mail, name="fine"),
        )
        slow.queue(2)
        with engine.begin() as connection:
            outbox.enqueue(connection, stored_event(connection), (fine.subscription,), NOW)
        both = slow.config.model_copy(
            update={
                "subscriptions": (slow.subscription, fine.subscription),
                "webhooks": PATIENT,
            }
        )
        asyncio.run(deliver_once(engine, both, NOW))
    assert len(site.requests) == 1
    assert len(server.received) == 3
    assert {row.state for row in slow.rows()} == {"sent"}


@on_one_store
def test_mail_that_falls_due_while_a_receiver_is_silent_does_not_wait(engine, tmp_path, server):
    """As `serve` has it: a delivery for each channel. The mail is decided when the POST has come."""
    told = subscription(name="later", to=("b@example.org",))

    def after_a_later_mail(_):
        with engine.begin() as connection:
            given = replace(COLLECTION, url="https://news.example.com/later.html")
            outbox.enqueue(connection, stored_event(connection, given), (told,), NOW)
        eventually(lambda: len(server.received) == 2, 20)
        return Answer(204, b"")

    async def deliver(settings):
        hooks = asyncio.create_task(Delivery(engine, settings, "webhook").run_once(NOW))
        mail = Delivery(engine, settings, "mail")
        while not hooks.done():
            await mail.run_once(NOW)
        return await hooks

    with NetworkSite({"/hook": after_a_later_mail}) as site:
        desk = Desk(engine, tmp_path, site, mail=options(server))
        desk.queue()
        both = {"subscriptions": (desk.subscription, told), "webhooks": PATIENT}
        report = asyncio.run(deliver(desk.config.model_copy(update=both)))
    assert (report.sent, report.possible_duplicates) == (1, 0)
    assert {row.state for row in desk.rows()} == {"sent"}


@pytest.mark.parametrize(
    ("secret", "level", "says"), [("", "note", "are not signed"), (SECRET, "ok", "are signed")]
)
def test_the_doctor_says_whether_webhooks_are_signed(tmp_path, secret, level, says):
    hook = {"channels": ("mail", "webhook"), "webhook": "https://h.example/geheim"}
    settings = config(tmp_path, subscription(**hook)).model_copy(
        update={"webhooks": WebhookOptions(secret=secret)}
    )
    (found,) = [each for each in examine(settings, load_seeds(PACKAGED)) if "webhooks" in each.what]
    assert (found.level, says in found.what) == (level, True)
    assert "geheim" not in found.what


def test_the_doctor_says_which_webhooks_go_unencrypted(tmp_path):
    hook = {"channels": ("webhook",), "webhook": "http://h.example/geheim"}
    settings = config(tmp_path, subscription(**hook))
    told = [each for each in examine(settings, load_seeds(PACKAGED)) if "encrypt" in each.what]
    assert [(each.level, each.remedy) for each in told] == [("note", "write https:// if it has it")]
    assert "geheim" not in told[0].what


@on_one_store
def test_a_digest_is_one_post(engine, tmp_path):
    with NetworkSite({"/hook": Answer(204, b"")}) as site:
        desk = Desk(engine, tmp_path, site, when="digest")
        desk.queue(3)
        desk.deliver(NOW + timedelta(days=1))
    (post,) = site.requests
    told = json.loads(post.body)
    assert told["type"] == "Digest"
    assert [each["type"] for each in told["data"]["alerts"]] == ["StoryOpened"] * 3


@on_one_store
def test_personal_data_is_masked(engine, tmp_path):
    given = replace(
        COLLECTION, title="催收员电话13812345678", body="用钱宝催收,手机13812345678,QQ:123456789"
    )
    with NetworkSite({"/hook": Answer(204, b"")}) as site:
        desk = Desk(engine, tmp_path, site)
        with engine.begin() as connection:
            outbox.enqueue(connection, stored_event(connection, given), (desk.subscription,), NOW)
        desk.deliver()
    body = site.requests[0].body.decode()
    assert "138********" in body
    assert "13812345678" not in body
    assert "123456789" not in body


@on_one_store
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8099/x", "http://[::ffff:10.0.0.1]/x", "http://localhost:8099/"]
)
def test_only_public_addresses_are_posted_to(engine, tmp_path, url):
    desk = Desk(engine, tmp_path, url, crawl={"contact": "ops@example.org"})
    desk.queue()
    desk.deliver()
    assert desk.states() == {"mail": "sent", "webhook": "refused"}
    assert "BLOCKED_ADDRESS" in desk.reply()


@on_one_store
def test_a_subscription_that_lost_its_webhook_says_so(engine, tmp_path):
    with NetworkSite({"/hook": Answer(204, b"")}) as site:
        desk = Desk(engine, tmp_path, site)
        desk.queue()
        without = subscription(name=desk.subscription.name, to=("a@example.org",))
        asyncio.run(deliver_once(engine, config(tmp_path, without), NOW))
    assert desk.states() == {"mail": "sent", "webhook": "refused"}
    assert "has no webhook any more" in desk.reply()
    assert site.requests == []


@on_one_store
def test_a_trial_goes_to_both(engine, tmp_path):
    with NetworkSite({"/hook": Answer(200, b"thanks")}) as site:
        desk = Desk(engine, tmp_path, site)
        mail, hook = tried(desk.config)
        assert mail.startswith("test mail for a@example.org: written to mail/")
        assert hook == f"test webhook for {site.url}: {site.url}: 200 X thanks"
        site.pages["/hook"] = Answer(403)
        with pytest.raises(DeliveryRefused, match="403"):
            tried(desk.config)
    assert json.loads(site.requests[0].body)["type"] == "Test"


@on_one_store
def test_a_trial_tries_every_channel_though_one_fails(engine, tmp_path, server):
    server.script("RCPT", "550 5.1.1 no such user")
    told = []
    with NetworkSite({"/hook": Answer(200, b"thanks")}) as site:
        desk = Desk(engine, tmp_path, site, mail=options(server))
        with pytest.raises(DeliveryRefused, match=r"a@example.org: 550 5.1.1 no such user"):
            tried(desk.config, told)
    assert told == [f"test webhook for {site.url}: {site.url}: 200 X thanks"]
