"""From events to a message: a mail (headers, text, HTML) or JSON. Reads the store, writes nothing."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.alerts.cleaning import header_text
from monitor.alerts.digest import digest_moment
from monitor.alerts.entry import Entry, entry
from monitor.alerts.facts import Facts, read_facts
from monitor.alerts.handover import Claim, DeliveryRefused
from monitor.alerts.payload import alert_payload, digest_payload
from monitor.alerts.plan import message_id
from monitor.alerts.render import render
from monitor.alerts.why import topic_titles, why
from monitor.config import Config, Subscription

# On the wire 7 bit: no server has to convert anything and no signature breaks on the way. A file
# is read by people and by grep, so its text stands as it is.
WIRE = SMTP.clone(cte_type="7bit")
FILE = SMTP.clone(cte_type="8bit")

# What a mail list shows of a subject at most; the whole title stands in the mail.
SUBJECT = 120


class Composer:
    """Writes the mail of a claimed message. One for each configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._subscriptions = {each.name: each for each in config.subscriptions}

    @cached_property
    def _titles(self) -> dict[str, str]:
        # When there is something to write, and not before: the seeds take 0.05 s to read.
        return topic_titles(self._config.seeds)

    def compose(self, connection: Connection, claim: Claim, now: datetime) -> bytes:
        """Write the message of `claim`, ready for the wire: a mail, or a webhook's JSON.

        The same message says the same on every attempt, but for its date and for what the store
        has learnt since (more copies). DeliveryRefused when nobody is subscribed any more."""
        subscription = self._subscriptions.get(claim.subscription)
        if subscription is None:
            raise DeliveryRefused(
                f"no subscription is named {claim.subscription} any more; put it back into"
                " lendwatch.yaml and retry, or leave the alert as it is"
            )
        facts = [read_facts(connection, event_id) for event_id in claim.event_ids]
        timezone = subscription.timezone or self._config.timezone
        entries = [
            entry(each, why(each, subscription, self._titles), self._titles, timezone)
            for each in facts
        ]
        if claim.channel == "webhook":
            return self._payload(claim, facts, entries, timezone)
        mail = _envelope(self._config, subscription, claim.message_id, now)
        if claim.digest:
            at = digest_moment(claim.digest)
            _fill_digest(mail, facts, entries, subscription, _day(at, timezone))
        else:
            _fill_alert(mail, facts[0], entries[0], subscription)
        return mail.as_bytes()

    def _payload(
        self, claim: Claim, facts: Sequence[Facts], entries: Sequence[Entry], timezone: str
    ) -> bytes:
        if not claim.recipients:
            raise DeliveryRefused(
                f"subscription {claim.subscription} has no webhook any more; put it back into"
                " lendwatch.yaml and retry, or leave the alert as it is"
            )
        if claim.digest:
            at = digest_moment(claim.digest)
            return digest_payload(claim.subscription, facts, entries, at, _day(at, timezone))
        return alert_payload(claim.subscription, facts[0], entries[0])


def _day(at: datetime, timezone: str) -> str:
    return f"{at.astimezone(ZoneInfo(timezone)):%Y-%m-%d}"


def test_message(config: Config, subscription: Subscription, now: datetime) -> EmailMessage:
    """Write the mail of `lendwatch alerts test`: the chrome of an alert without an event."""
    identity = message_id("test", subscription.name, now.isoformat())
    mail = _envelope(config, subscription, identity, now)
    mail["Subject"] = f"【测试】lendwatch 邮件通道正常：{subscription.name}"
    mail["X-Lendwatch-Event"] = "Test"
    _add_parts(mail, "test", subscription=subscription, sender=config.mail.sender)
    return mail


def _envelope(
    config: Config, subscription: Subscription, identity: str, now: datetime
) -> EmailMessage:
    mail = EmailMessage(policy=WIRE if config.mail.host else FILE)
    name = subscription.name
    mail["From"] = Address("lendwatch", addr_spec=config.mail.sender)
    mail["To"] = tuple(Address(addr_spec=address) for address in subscription.to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = identity
    mail["X-Lendwatch-Subscription"] = header_text(name, 80)
    # RFC 2919 section 2: `localhost` for a list whose owner has no domain for it.
    mail["List-Id"] = f"lendwatch {name} <{name}.lendwatch.localhost>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    mail["X-Auto-Response-Suppress"] = "All"  # the same in Exchange's words
    mail["Precedence"] = "bulk"
    return mail


def _fill_alert(mail: EmailMessage, facts: Facts, shown: Entry, subscription: Subscription) -> None:
    event, story = facts.event, facts.story
    mail["Subject"] = header_text(_subject(facts, shown), SUBJECT)
    mail["X-Lendwatch-Event"] = event.kind.value
    number = _story_of(facts)
    if number is not None:
        mail["X-Lendwatch-Story"] = str(number)
    if story is not None:
        # Nobody sends the mail this refers to: it only makes mail programs show the alerts of
        # one story together.
        mail["References"] = message_id("story", story.id, story.opened_at.isoformat())
    _add_parts(mail, "alert", entry=shown, subscription=subscription)


def _story_of(facts: Facts) -> int | None:
    return facts.story.id if facts.story is not None else facts.event.story_id


def _subject(facts: Facts, shown: Entry) -> str:
    event = facts.event
    about = "、".join(sorted(event.platforms)[:2])
    if len(event.platforms) > 2:
        about += "等"
    topic = shown.topics[0] if shown.topics else ""
    head = " · ".join(part for part in (about, topic) if part)
    return f"【{shown.kind}】{head}：{shown.title}" if head else f"【{shown.kind}】{shown.title}"


def _fill_digest(
    mail: EmailMessage,
    facts: Sequence[Facts],
    entries: Sequence[Entry],
    subscription: Subscription,
    day: str,
) -> None:
    subject = f"【每日摘要】{subscription.name}：{len(entries)} 条（{day}）"
    mail["Subject"] = header_text(subject, SUBJECT)
    mail["X-Lendwatch-Event"] = "Digest"
    stories = dict.fromkeys(number for number in map(_story_of, facts) if number)
    if stories:
        mail["X-Lendwatch-Story"] = ", ".join(str(story) for story in stories)
    sections: dict[str, list[Entry]] = {}
    for shown in entries:
        sections.setdefault(shown.kind, []).append(shown)
    _add_parts(
        mail, "digest", sections=sections, count=len(entries), day=day, subscription=subscription
    )


def _add_parts(mail: EmailMessage, template: str, **context: Any) -> None:
    """Add the text part first, for whoever reads text, and HTML as its alternative."""
    text, html = render(template, context)
    encoding = None if mail.policy.cte_type == "7bit" else "8bit"
    mail.set_content(text, cte=encoding)
    mail.add_alternative(html, subtype="html", cte=encoding)
