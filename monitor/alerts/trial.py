"""One test message a channel, handed over the way alerts go, with nothing put on record."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from monitor.alerts.compose import test_message
from monitor.alerts.deliver import way_out
from monitor.alerts.handover import Claim, DeliveryDeferred, DeliveryRefused
from monitor.alerts.payload import trial_payload
from monitor.alerts.plan import message_id
from monitor.alerts.receivers import recipients
from monitor.config import Config, Subscription


async def send_trial(
    config: Config, subscription: Subscription, now: datetime
) -> AsyncIterator[str]:
    """Hand a test message to everyone in `subscription`; what each channel's other side said.

    Every channel is tried. Then DeliveryDeferred or DeliveryRefused, naming each recipient, when
    it did not go to all."""
    problems = []
    for claim, content in _messages(config, subscription, now):
        try:
            said = await _handed_over(config, claim, content)
        except (DeliveryDeferred, DeliveryRefused) as problem:
            problems.append(problem)
        else:
            yield f"test {claim.channel} for {', '.join(claim.recipients)}: {said}"
    if problems:
        refused = any(isinstance(problem, DeliveryRefused) for problem in problems)
        raise (DeliveryRefused if refused else DeliveryDeferred)("; ".join(map(str, problems)))


async def _handed_over(config: Config, claim: Claim, content: bytes) -> str:
    """What the other side said when it took the message from all recipients."""
    async with way_out(config, claim.channel) as way:
        replies = await way.hand_over(claim, content, _nothing_on_record)
    failed = {to: reply for to, reply in replies.items() if reply.outcome != "sent"}
    if failed:
        reasons = "; ".join(f"{to}: {reply.text}" for to, reply in failed.items())
        refused = any(reply.outcome == "refused" for reply in failed.values())
        raise (DeliveryRefused if refused else DeliveryDeferred)(reasons)
    return next(reply.text for reply in replies.values())


def _messages(
    config: Config, subscription: Subscription, now: datetime
) -> Iterator[tuple[Claim, bytes]]:
    for channel in subscription.channels:
        if channel == "mail":
            mail = test_message(config, subscription, now)
            identity, content = mail["Message-ID"], mail.as_bytes()
        else:
            identity = message_id("test", channel, subscription.name, now.isoformat())
            content = trial_payload(subscription.name, now)
        claim = Claim(
            message_id=identity,
            subscription=subscription.name,
            channel=channel,
            digest=None,
            row_ids=(),
            event_ids=(),
            attempts=1,
            created_at=now,
            owner="",
            recipients=recipients(config)[channel][subscription.name],
        )
        yield claim, content


async def _nothing_on_record(_recipients: tuple[str, ...]) -> None:
    """A test message is not worth a record: if its reply is lost, the user sends another."""
