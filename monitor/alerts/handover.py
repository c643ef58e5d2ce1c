"""What the outbox, the mail server's side and the file side tell each other. Values only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Outcome = Literal["sent", "deferred", "refused", "unknown"]


class DeliveryRefused(Exception):
    """This message can never be handed over as it is: stop, and show it."""


class DeliveryDeferred(Exception):
    """No message can be handed over at the moment: try again later, after `wait` at the soonest."""

    def __init__(self, reason: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.wait = wait


class ClaimLost(Exception):
    """Another deliverer took the message over while this one stood still: do not send."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How one recipient's hand-over ended, in the server's words or ours.

    `unknown`: the reply to the final dot was lost, the message may have arrived."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One message that its owner alone may send now, and to whom it is still to go."""

    message_id: str
    subscription: str
    channel: str
    digest: str | None
    row_ids: tuple[int, ...]
    event_ids: tuple[int, ...]
    attempts: int  # this one included
    created_at: datetime
    owner: str
    recipients: tuple[str, ...]  # those that neither have it nor refused it


# Awaited before the final dot with the recipients it is for; raises ClaimLost.
BeforeDot = Callable[[tuple[str, ...]], Awaitable[None]]
Replies = Mapping[str, Reply]
