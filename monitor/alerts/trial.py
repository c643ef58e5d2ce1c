"""One test mail, handed over the way alerts go, with nothing put on record."""

from datetime import datetime

from monitor.alerts.compose import test_message
from monitor.alerts.deliver import way_out
from monitor.alerts.handover import Claim, DeliveryDeferred, DeliveryRefused
from monitor.config import Config, Subscription


async def send_trial_mail(config: Config, subscription: Subscription, now: datetime) -> str:
    """Hand a test mail over to everyone in `subscription`; returns what the other side said.

    DeliveryDeferred or DeliveryRefused, naming each recipient, when it did not go to all."""
    mail = test_message(config, subscription, now)
    claim = Claim(
        message_id=mail["Message-ID"],
        subscription=subscription.name,
        channel="mail",
        digest=None,
        row_ids=(),
        event_ids=(),
        attempts=1,
        created_at=now,
        owner="",
        recipients=subscription.to,
    )
    async with way_out(config) as way:
        replies = await way.hand_over(claim, mail.as_bytes(), _nothing_on_record)
    failed = {to: reply for to, reply in replies.items() if reply.outcome != "sent"}
    if failed:
        told = "; ".join(f"{to}: {reply.text}" for to, reply in failed.items())
        refused = any(reply.outcome == "refused" for reply in failed.values())
        raise (DeliveryRefused if refused else DeliveryDeferred)(told)
    return next(reply.text for reply in replies.values())


async def _nothing_on_record(_recipients: tuple[str, ...]) -> None:
    """A test mail is not worth a record: if its reply is lost, the user sends another."""
