"""Hand over what is due: claim a message, compose it, send it, record what became of it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from monitor.alerts import outbox
from monitor.alerts.compose import Composer
from monitor.alerts.eml import MailFolder
from monitor.alerts.handover import (
    Claim,
    ClaimLost,
    DeliveryDeferred,
    DeliveryRefused,
    Replies,
    Reply,
)
from monitor.alerts.owner import is_alive, new_owner
from monitor.alerts.receivers import CHANNELS, recipients
from monitor.alerts.smtp import FINAL_DOT, MailServer
from monitor.config import Config

if TYPE_CHECKING:
    from monitor.alerts.webhook import Webhooks

# How long a shutdown waits for the message that is being handed over. What takes longer is left
# to the next start, which finds in the store how far it had come.
GRACE_SECONDS = 5

log = structlog.get_logger()
Way: TypeAlias = "MailServer | MailFolder | Webhooks"
T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one run did, in messages; `problem` says why nobody could be reached, else empty.

    `possible_duplicates`: messages whose final reply was lost, and that are sent again."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    possible_duplicates: int = 0
    next_due_at: datetime | None = None
    problem: str = ""


async def deliver_once(engine: Engine, config: Config, now: datetime) -> DeliveryReport:
    """Hand over what is due on every channel, and say what all did together.

    Beside each other: a receiver that does not answer must not keep mail waiting."""
    runs = (Delivery(engine, config, channel).run_once(now) for channel in CHANNELS)
    reports = await asyncio.gather(*runs)
    return DeliveryReport(
        sent=sum(each.sent for each in reports),
        deferred=sum(each.deferred for each in reports),
        refused=sum(each.refused for each in reports),
        possible_duplicates=sum(each.possible_duplicates for each in reports),
        next_due_at=min((each.next_due_at for each in reports if each.next_due_at), default=None),
        problem="; ".join(dict.fromkeys(each.problem for each in reports if each.problem)),
    )


class Delivery:
    """Hands over what is due on one channel: by mail server or as files, or to webhooks.

    Any number may work on one store: a message belongs to whoever claims it."""

    def __init__(
        self,
        engine: Engine,
        config: Config,
        channel: str,
        final_dot: timedelta = FINAL_DOT,
    ) -> None:
        self._engine = engine
        self._channel = channel
        self._config = config
        self._final_dot = final_dot
        self._owner = new_owner()
        self._to = recipients(config)[channel]
        self._composer = Composer(config)
        # Handed over but not yet on record because the store was away: recorded before all else.
        self._unrecorded: list[tuple[Claim, Replies]] = []

    async def run_once(self, now: datetime) -> DeliveryReport:
        """Hand over everything that is due at `now`, message by message.

        A store that cannot be reached is a problem of the report, not an error: the next run
        finds everything where it was."""
        run = _Run(now)
        try:
            await self._deliver(run)
            return run.report(await self._read(outbox.next_due_at, self._channel))
        except OperationalError as error:
            run.problem = f"the store cannot be reached: {error.orig}"
            log.warning("nothing can be delivered at the moment", problem=run.problem)
            return run.report(None)

    async def _deliver(self, run: "_Run") -> None:
        await self._record_leftovers(run)
        if not await self._read(outbox.has_work, self._channel, run.began_at):
            return
        put_back, unknown = await self._store(outbox.recover, self._is_alive, run.began_at)
        if put_back:
            log.warning("a deliverer died; its messages are sent again", messages=put_back)
        run.possible_duplicates += unknown
        if not await self._read(outbox.is_due, self._channel, run.began_at):
            return  # what others are sending: no connection is opened for nothing
        async with way_out(self._config, self._channel, self._final_dot) as way:
            while await _to_the_end(self._next(way, run)):
                pass

    async def _next(self, way: Way, run: "_Run") -> bool:
        """Deliver the message that has been due longest; False when none is left to deliver."""
        claim = await self._store(outbox.claim, self._owner, self._to, run.began_at, self._channel)
        if claim is not None:
            await self._one(claim, way, run)
        return claim is not None

    def _is_alive(self, owner: str) -> bool:
        return owner == self._owner or is_alive(owner)

    async def _one(self, claim: Claim, way: Way, run: "_Run") -> None:
        try:
            replies = await self._hand_over(claim, way, run)
        except DeliveryRefused as refusal:
            reason = str(refusal)
            await self._store(outbox.refuse, claim, reason, run.now())
            run.refused += 1
        except DeliveryDeferred as problem:
            reason = str(problem)
            if claim.channel == "mail":  # one server for all mail; a webhook is one subscription's
                run.problem = reason
            run.deferred += await self._store(
                outbox.postpone, claim, reason, run.now(), problem.wait
            )
            log.warning("nothing can be delivered at the moment", problem=reason)
        except ClaimLost as lost:
            log.warning("claim lost", reason=str(lost))
        else:
            await self._record(claim, replies, run)

    async def _hand_over(self, claim: Claim, way: Way, run: "_Run") -> Replies:
        async def before_dot(recipients: tuple[str, ...]) -> None:
            await self._store(outbox.record_dot, claim, recipients, run.now())

        try:
            content = await self._read(self._composer.compose, claim, run.now())
            return await way.hand_over(claim, content, before_dot)
        except (DeliveryRefused, DeliveryDeferred, ClaimLost):
            raise
        except DBAPIError as error:
            log.warning("the store failed before a message was sent", reason=str(error))
            return dict.fromkeys(claim.recipients, Reply("deferred", "the store failed"))
        except Exception as error:  # the edge: one message must not stop the others
            log.exception("delivery failed", message_id=claim.message_id)
            text = f"{type(error).__name__}: {error}; this is a bug, the log has the details"
            return dict.fromkeys(claim.recipients, Reply("deferred", text))

    async def _record(self, claim: Claim, replies: Replies, run: "_Run") -> None:
        self._unrecorded.append((claim, replies))
        await self._record_leftovers(run)

    async def _record_leftovers(self, run: "_Run") -> None:
        while self._unrecorded:
            claim, replies = self._unrecorded[0]
            try:
                outcome = await self._store(outbox.finish, claim, replies, run.now())
            except ClaimLost as lost:
                log.warning("claim lost", reason=str(lost))
            else:
                run.count(outcome, replies)
                _log(claim, outcome, replies)
            self._unrecorded.pop(0)

    async def _store(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Do `work` in one transaction, off the loop: the store may keep us waiting."""

        def transaction() -> T:
            with self._engine.begin() as connection:
                return work(connection, *args, **named)

        return await asyncio.to_thread(transaction)

    async def _read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Do `work`, which only reads, without waiting for whoever writes."""

        def transaction() -> T:
            with self._engine.connect() as connection:
                return work(connection.execution_options(lendwatch_read=True), *args, **named)

        return await asyncio.to_thread(transaction)


def _log(claim: Claim, outcome: str, replies: Replies) -> None:
    log.info(
        claim.channel,
        outcome=outcome,
        subscription=claim.subscription,
        events=claim.event_ids,
        attempt=claim.attempts,
        replies={recipient: reply.text for recipient, reply in replies.items()},
    )


class _Run:
    """The counts of one run and its clock: the caller's `now`, moved on as time passes."""

    def __init__(self, now: datetime) -> None:
        self.began_at = now
        self._began = time.monotonic()
        self.sent = self.deferred = self.refused = self.possible_duplicates = 0
        self.problem = ""

    def now(self) -> datetime:
        return self.began_at + timedelta(seconds=time.monotonic() - self._began)

    def count(self, outcome: str, replies: Replies) -> None:
        self.sent += outcome == "sent"
        self.deferred += outcome == "deferred"
        self.refused += outcome == "refused"
        self.possible_duplicates += any(reply.outcome == "unknown" for reply in replies.values())

    def report(self, next_due_at: datetime | None) -> DeliveryReport:
        return DeliveryReport(
            sent=self.sent,
            deferred=self.deferred,
            refused=self.refused,
            possible_duplicates=self.possible_duplicates,
            next_due_at=next_due_at,
            problem=self.problem,
        )


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await `work`; when we are cancelled, give it a moment to come to its end first."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({task}, timeout=GRACE_SECONDS)
        if not done:
            task.cancel()
        raise


def way_out(config: Config, channel: str, final_dot: timedelta = FINAL_DOT) -> Way:
    """How a channel's messages leave: as POSTs, by the configured mail server, or as files in
    `mail/`."""
    if channel == "webhook":
        # Its egress guard brings Scrapy along, which is too slow to load for mail alone.
        from monitor.alerts.webhook import Webhooks  # noqa: PLC0415

        return Webhooks(config)
    if config.mail.host:
        return MailServer(config.mail, final_dot)
    return MailFolder(config.workspace / "mail")
