"""Hand a message over as a file, where no mail server is configured."""

import asyncio
import os
import re
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.alerts.digest import digest_moment
from monitor.alerts.handover import BeforeDot, Claim, DeliveryDeferred, Replies, Reply
from monitor.durable import sync


class MailFolder:
    """A folder that every message becomes one `.eml` file in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held open between messages."""

    async def hand_over(self, claim: Claim, content: bytes, before_dot: BeforeDot) -> Replies:
        """Write `content`; a message that a crash left written but unrecorded makes no second file.

        No point of no return to record: writing the same file again changes nothing."""
        del before_dot
        path = self._folder / file_name(claim, content)
        try:
            await asyncio.to_thread(write_once, path, content)
        except OSError as error:
            raise DeliveryDeferred(f"cannot write {path}: {error.strerror or error}") from error
        return {
            recipient: Reply("sent", f"written to {path.parent.name}/{path.name}")
            for recipient in claim.recipients
        }


def file_name(claim: Claim, content: bytes) -> str:
    """Name the file after time, event and subscription, the same for every attempt."""
    at = digest_moment(claim.digest) if claim.digest else claim.created_at
    found = re.search(rb"^X-Lendwatch-Event: ([A-Za-z]+)\r?$", content, re.MULTILINE)
    event = found[1].decode() if found else "Alert"
    # Subscription names are slugs, but a store may hold one from before it was renamed to that.
    subscription = re.sub(r"[^\w-]", "_", claim.subscription)[:60]
    identity = sha256(claim.message_id.encode()).hexdigest()[:8]
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{event}-{subscription}-{identity}.eml"


def write_once(path: Path, content: bytes) -> None:
    """Write `path` whole and durably or not at all; what already stands there stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync(path.parent)
