"""The durable queue: one row an alert, one owner a message, on both stores."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alert_fixtures import (
    COLLECTION,
    NOW,
    delivery_rows,
    event,
    outbox_rows,
    stored_event,
    stored_source_event,
    subscription,
)
from sqlalchemy import select

from monitor.alerts import outbox
from monitor.alerts.backoff import GIVE_UP_AFTER, retry_at
from monitor.alerts.handover import ClaimLost, Reply
from monitor.alerts.outbox_view import possible_duplicates
from monitor.alerts.plan import plan
from monitor.alerts.preview import preview
from monitor.events import EventKind
from monitor.store.models import OutboxRow
from seeds.models import Severity

LEASE = outbox.LEASE
TO = {"desk": ("a@example.org", "b@example.org")}
DIGEST = subscription(when="digest")
SENT = Reply("sent", "250 ok")
LATER = Reply("deferred", "451 later")
NEVER = Reply("refused", "550 no such user")
LOST = Reply("unknown", "the reply to the final dot was lost")


def alive(_owner):
    return True


def dead(_owner):
    return False


@pytest.fixture
def connection(engine):
    with engine.begin() as opened:
        yield opened


def queued(connection, *subscriptions, count=1, now=NOW):
    return [
        outbox.enqueue(
            connection, stored_event(connection), subscriptions or (subscription(),), now
        )
        for _ in range(count)
    ]


def given_article(number):
    return stored_like(url=f"https://news.example.com/{number}.html")


def stored_like(**changes):
    return replace(COLLECTION, **changes)


def test_an_event_makes_one_row_for_each_subscription_and_channel(connection):
    happened = stored_event(connection)
    told = (subscription(), subscription(name="law"), subscription(name="x", platforms=("借呗",)))
    assert outbox.enqueue(connection, happened, told, NOW) == 2
    rows = outbox_rows(connection)
    assert [(row.subscription, row.channel, row.state, row.due_at) for row in rows] == [
        ("desk", "mail", "pending", NOW),
        ("law", "mail", "pending", NOW),
    ]
    assert rows[0].message_id != rows[1].message_id


def test_the_same_event_again_adds_nothing(connection):
    happened = stored_event(connection)
    assert outbox.enqueue(connection, happened, (subscription(),), NOW) == 1
    later = NOW + timedelta(minutes=5)
    assert outbox.enqueue(connection, happened, (subscription(),), later) == 0
    assert [row.due_at for row in outbox_rows(connection)] == [NOW]


def test_what_is_rolled_back_was_never_queued(engine):
    with engine.begin() as connection:
        happened = stored_event(connection)
    with engine.connect() as connection:
        outbox.enqueue(connection, happened, (subscription(),), NOW)
        connection.rollback()
    with engine.begin() as connection:
        assert outbox_rows(connection) == []


def test_baseline_events_are_never_queued(connection):
    happened = stored_event(connection, details={"baseline": True})
    assert happened.baseline
    assert outbox.enqueue(connection, happened, (subscription(), DIGEST), NOW) == 0


def test_a_digest_row_is_due_at_the_next_time_of_day(connection):
    queued(connection, DIGEST)
    row = outbox_rows(connection)[0]
    assert row.due_at == datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    assert row.digest == "desk @ mail @ 2026-11-25T00:30:00+00:00"


def test_a_template_sibling_waits_for_the_digest_of_an_instant_subscription(connection):
    happened = stored_event(connection, stored_like(relation="template-sibling", of=1))
    outbox.enqueue(connection, happened, (subscription(),), NOW)
    assert outbox_rows(connection)[0].digest is not None


def test_a_message_id_is_the_same_whenever_it_is_derived():
    first, again = (plan(event(), (subscription(),), now)[0] for now in (NOW, NOW + LEASE))
    assert first.message_id == again.message_id
    other = plan(event(happened_at=NOW + LEASE), (subscription(),), NOW)[0]
    assert other.message_id != first.message_id, "another workspace's event 1 is another message"


def test_nothing_is_claimed_before_it_is_due(connection):
    queued(connection, DIGEST)
    assert outbox.claim(connection, "me", TO, NOW, "mail") is None
    assert not outbox.has_work(connection, "mail", NOW)
    assert outbox.next_due_at(connection, "mail") == datetime(2026, 11, 25, 0, 30, tzinfo=UTC)


def test_a_claimed_message_is_nobody_elses(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    assert claimed.recipients == TO["desk"]
    assert outbox.claim(connection, "you", TO, NOW, "mail") is None
    assert [row.phase for row in delivery_rows(connection)] == ["connecting", "connecting"]


def test_a_message_everyone_has_is_sent(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    outbox.record_dot(connection, claimed, claimed.recipients, NOW)
    replies = dict.fromkeys(claimed.recipients, SENT)
    assert outbox.finish(connection, claimed, replies, NOW) == "sent"
    row = outbox_rows(connection)[0]
    assert (row.state, row.sent_at, row.last_reply) == ("sent", NOW, "250 ok")
    assert row.claimed_by is None


def test_a_refused_recipient_neither_loses_nor_repeats_the_mail_of_the_other(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    replies = {"a@example.org": SENT, "b@example.org": NEVER}
    assert outbox.finish(connection, claimed, replies, NOW) == "refused"
    row = outbox_rows(connection)[0]
    assert (row.state, row.sent_at) == ("refused", NOW)
    assert row.last_reply == "a@example.org: 250 ok; b@example.org: 550 no such user"
    assert outbox.retry(connection, None, NOW) == 1
    assert outbox.claim(connection, "me", TO, NOW, "mail").recipients == ("b@example.org",)


def test_a_deferred_recipient_is_tried_again_alone(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    replies = {"a@example.org": SENT, "b@example.org": LATER}
    assert outbox.finish(connection, claimed, replies, NOW) == "deferred"
    due_at = outbox.next_due_at(connection, "mail")
    assert NOW + timedelta(seconds=45) <= due_at <= NOW + timedelta(seconds=75)
    again = outbox.claim(connection, "me", TO, due_at, "mail")
    assert again.recipients == ("b@example.org",)
    assert again.message_id == claimed.message_id
    assert outbox.finish(connection, again, {"b@example.org": SENT}, due_at) == "sent"


def test_refused_and_deferred_together_end_refused_when_the_deferred_one_has_it(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    replies = {"a@example.org": LATER, "b@example.org": NEVER}
    assert outbox.finish(connection, claimed, replies, NOW) == "deferred"
    due_at = outbox.next_due_at(connection, "mail")
    again = outbox.claim(connection, "me", TO, due_at, "mail")
    assert again.recipients == ("a@example.org",)
    assert outbox.finish(connection, again, {"a@example.org": SENT}, due_at) == "refused"


def test_a_message_deferred_for_three_days_is_refused_and_can_be_retried(connection):
    queued(connection)
    now, attempts = NOW, 0
    while (claimed := outbox.claim(connection, "me", TO, now, "mail")) is not None:
        attempts += 1
        outbox.finish(connection, claimed, dict.fromkeys(claimed.recipients, LATER), now)
        now = max(now, outbox.next_due_at(connection, "mail") or now)
    row = outbox_rows(connection)[0]
    assert (row.state, row.last_reply) == ("refused", "451 later")
    assert GIVE_UP_AFTER <= now - NOW <= GIVE_UP_AFTER + timedelta(hours=5)
    assert 18 <= attempts <= 30
    assert outbox.retry(connection, [row.id], now) == 1
    claimed = outbox.claim(connection, "me", TO, now, "mail")
    assert outbox.finish(connection, claimed, dict.fromkeys(TO["desk"], LATER), now) == "deferred"


def test_waiting_grows_and_is_spread():
    waits = [retry_at("<m>", attempt, NOW) - NOW for attempt in range(1, 8)]
    assert waits[:4] == sorted(waits[:4])
    assert waits[-1] >= timedelta(hours=3)
    assert len({retry_at(f"<{n}>", 1, NOW) for n in range(20)}) == 20
    assert retry_at("<m>", 9, NOW, unreachable=True) - NOW < timedelta(minutes=19)


def test_a_digest_carries_all_that_is_due_and_keeps_what_it_carries(connection):
    for number in range(3):
        outbox.enqueue(connection, stored_event(connection, given_article(number)), (DIGEST,), NOW)
    due_at = outbox.next_due_at(connection, "mail")
    claimed = outbox.claim(connection, "me", TO, due_at, "mail")
    assert len(claimed.event_ids) == 3
    outbox.finish(connection, claimed, dict.fromkeys(TO["desk"], LATER), due_at)
    # an alert that was decided before the digest and committed after its first attempt
    outbox.enqueue(connection, stored_event(connection, given_article(9)), (DIGEST,), NOW)
    late = outbox.claim(connection, "me", TO, due_at, "mail")
    assert len(late.event_ids) == 1
    assert late.message_id != claimed.message_id
    again = outbox.claim(connection, "me", TO, due_at + timedelta(minutes=2), "mail")
    assert (again.event_ids, again.message_id) == (claimed.event_ids, claimed.message_id)


def test_what_a_dead_sender_had_not_sent_is_due_at_once(connection):
    queued(connection)
    outbox.claim(connection, "gone", TO, NOW, "mail")
    assert outbox.recover(connection, alive, NOW) == (0, 0)
    assert outbox.recover(connection, dead, NOW) == (1, 0)
    assert outbox.claim(connection, "me", TO, NOW, "mail").recipients == TO["desk"]
    assert possible_duplicates(connection) == 0


def test_what_a_dead_sender_may_have_sent_is_sent_again_and_counted(connection):
    queued(connection)
    claimed = outbox.claim(connection, "gone", TO, NOW, "mail")
    outbox.record_dot(connection, claimed, claimed.recipients[:1], NOW)
    assert outbox.recover(connection, dead, NOW) == (1, 1)
    assert possible_duplicates(connection) == 1, "one recipient of two was past the dot"
    again = outbox.claim(connection, "me", TO, NOW, "mail")
    assert (again.message_id, again.recipients) == (claimed.message_id, TO["desk"])
    line = outbox.list_outbox(connection)[0]
    assert line.possible_duplicates == 1
    assert [each.outcome for each in line.deliveries] == ["unknown", "deferred", None, None]


def test_a_sender_that_stood_still_too_long_may_not_send(connection):
    queued(connection)
    slow = outbox.claim(connection, "slow", TO, NOW, "mail")
    late = NOW + LEASE
    assert outbox.recover(connection, alive, late) == (1, 0)
    taken = outbox.claim(connection, "fast", TO, late, "mail")
    with pytest.raises(ClaimLost):
        outbox.record_dot(connection, slow, slow.recipients, late)
    outbox.record_dot(connection, taken, taken.recipients, late)


def test_a_lost_claim_cannot_be_finished_either(connection):
    queued(connection)
    slow = outbox.claim(connection, "same", TO, NOW, "mail")
    outbox.recover(connection, dead, NOW)
    outbox.claim(connection, "same", TO, NOW, "mail")
    with pytest.raises(ClaimLost):
        outbox.finish(connection, slow, dict.fromkeys(slow.recipients, SENT), NOW)


def test_when_nobody_can_be_reached_all_that_is_due_waits_and_nothing_counts_as_tried(connection):
    for number in range(3):
        outbox.enqueue(
            connection, stored_event(connection, given_article(number)), (subscription(),), NOW
        )
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    assert outbox.postpone(connection, claimed, "cannot be reached", NOW) == 3
    rows = outbox_rows(connection)
    assert {(row.state, row.last_reply) for row in rows} == {("pending", "cannot be reached")}
    assert [row.attempts for row in rows] == [1, 0, 0]
    assert outbox.claim(connection, "me", TO, NOW, "mail") is None


def test_a_server_away_for_days_ends_in_refused_rows_not_in_silence(connection):
    queued(connection)
    now = NOW
    while (claimed := outbox.claim(connection, "me", TO, now, "mail")) is not None:
        outbox.postpone(connection, claimed, "cannot be reached", now)
        now = max(now, outbox.next_due_at(connection, "mail") or now)
    assert outbox_rows(connection)[0].state == "refused"
    assert now - NOW >= GIVE_UP_AFTER


def test_a_message_that_cannot_be_written_is_refused_with_the_reason(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", {}, NOW, "mail")
    outbox.refuse(connection, claimed, "no subscription is named desk any more", NOW)
    row = outbox_rows(connection)[0]
    assert (row.state, row.last_reply) == ("refused", "no subscription is named desk any more")


def test_the_outbox_is_listed_newest_first_and_by_state(connection):
    queued(connection)
    outbox.enqueue(
        connection,
        stored_source_event(connection, EventKind.SOURCE_FAILING, failures=3),
        (subscription(events=(EventKind.SOURCE_FAILING,)),),
        NOW,
    )
    lines = outbox.list_outbox(connection)
    assert [(line.event, line.title) for line in lines] == [
        ("SourceFailing", "portal"),
        ("StoryOpened", COLLECTION.title),
    ]
    assert outbox.list_outbox(connection, "refused") == []
    assert len(outbox.list_outbox(connection, "pending", limit=1)) == 1


def test_retry_leaves_sent_alerts_alone(connection):
    queued(connection)
    claimed = outbox.claim(connection, "me", TO, NOW, "mail")
    outbox.finish(connection, claimed, dict.fromkeys(TO["desk"], SENT), NOW)
    assert outbox.retry(connection, [claimed.row_ids[0]], NOW) == 0


def test_many_claimers_at_once_never_share_a_message(engine):
    count = 12
    with engine.begin() as connection:
        for number in range(count):
            told = (subscription(), DIGEST.model_copy(update={"name": "law"}))
            outbox.enqueue(connection, stored_event(connection, given_article(number)), told, NOW)
        due_at = connection.scalar(select(OutboxRow.due_at).where(OutboxRow.subscription == "law"))
    claims, lock = [], threading.Lock()

    def claim_all(owner):
        while True:
            with engine.begin() as connection:
                claimed = outbox.claim(connection, owner, TO, due_at, "mail")
            if claimed is None:
                return
            with lock:
                claims.append(claimed)

    threads = [threading.Thread(target=claim_all, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = [row_id for claimed in claims for row_id in claimed.row_ids]
    assert len(rows) == len(set(rows)) == 2 * count
    assert len(claims) == count + 1, "the digest is one message, whoever claims it"


def test_a_preview_decides_without_queueing(connection):
    weak = stored_event(connection, stored_like(topics={"collection": Severity.LOW}))
    copy = stored_event(connection, given_article(1), EventKind.STORY_SPREAD, {"relation": "exact"})
    told = (subscription(min_severity=Severity.HIGH), subscription(name="all"))
    lines = preview(connection, told, 10)
    assert lines[0].event == copy, "newest first"
    decisions = {(line.event.id, line.subscription): line.decision for line in lines}
    assert "already alerted" in decisions[copy.id, "all"].reason
    assert decisions[weak.id, "desk"].reason == "severity low is below high"
    assert decisions[weak.id, "all"].route == "instant"
    ways = {(line.event.id, line.subscription): line.channels for line in lines}
    assert ways[weak.id, "all"] == ("mail",)
    assert ways[weak.id, "desk"] == ()
    assert outbox_rows(connection) == []
