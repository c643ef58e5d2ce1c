"""Hand a message to the mail server: one connection for many messages, no outcome guessed.

The final dot is what makes a server accept a message (RFC 5321 4.1.1.4), so it is sent apart
from the content: before it nothing can have been delivered, after it only the reply tells.
"""

import asyncio
import re
import ssl
from datetime import timedelta
from types import TracebackType
from typing import Self

import aiosmtplib

from monitor.alerts.cleaning import one_line
from monitor.alerts.handover import BeforeDot, Claim, DeliveryDeferred, Replies, Reply
from monitor.config import MailOptions

# Servers scan before they answer. Hanging up earlier makes them deliver *and* us send again:
# RFC 5321 4.5.3.2.6 asks for ten minutes.
FINAL_DOT = timedelta(minutes=10)

# Everything before the dot, over all recipients; with the dot it stays below the outbox's lease.
ENVELOPE = timedelta(minutes=4)

# Long enough for the longest reply anybody wants to read in a table.
_REPLY_LENGTH = 300

_LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)


class MailServer:
    """A conversation with the configured server, opened when needed and kept for a batch."""

    def __init__(self, options: MailOptions, final_dot: timedelta = FINAL_DOT) -> None:
        self._options = options
        self._final_dot = final_dot.total_seconds()
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            await client.quit(timeout=5)  # a courtesy: everything is on record already
        except (aiosmtplib.SMTPException, OSError):
            client.close()

    async def hand_over(self, claim: Claim, content: bytes, before_dot: BeforeDot) -> Replies:
        """Offer `content` to every recipient of `claim`; `before_dot` puts the point of no
        return on record.

        Raises DeliveryDeferred when the server cannot be talked to at all."""
        envelope = _Envelope(claim.recipients)
        try:
            async with asyncio.timeout(ENVELOPE.total_seconds()):
                client = await self._open_envelope(envelope)
                if not envelope.accepted or not await _start_content(client, envelope):
                    return envelope.replies
                client.protocol.write(_dot_stuffed(content))  # type: ignore[union-attr]
                await before_dot(tuple(envelope.accepted))
        except TimeoutError as error:
            self._hang_up()
            raise DeliveryDeferred(
                f"{self._place()} is too slow: no answer in time ({_told(error)})"
            ) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            self._hang_up()
            envelope.answer_all("deferred", f"connection lost before the message: {_told(error)}")
            return envelope.replies
        except BaseException:
            self._hang_up()  # the claim is lost or we are stopped: never send the dot
            raise
        await self._finish_content(client, envelope)
        return envelope.replies

    async def _open_envelope(self, envelope: "_Envelope") -> aiosmtplib.SMTP:
        """Name sender and recipients, on the open connection or, when it has died, on a new one."""
        reused = self._client is not None and self._client.is_connected
        client = await self._connected()
        try:
            await _name_sender(client, self._options.sender, envelope)
        except _LOST:
            if not reused:
                raise
            self._hang_up()
            client = await self._connected()
            await _name_sender(client, self._options.sender, envelope)
        if client.is_connected:
            await _name_recipients(client, envelope)
        return client

    async def _finish_content(self, client: aiosmtplib.SMTP, envelope: "_Envelope") -> None:
        protocol = client.protocol
        try:
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            protocol.write(b".\r\n")
        except aiosmtplib.SMTPException as error:
            self._hang_up()
            envelope.answer_all("deferred", f"connection lost before the final dot: {_told(error)}")
            return
        try:
            reply = await protocol.read_response(timeout=self._final_dot)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._hang_up()
            envelope.answer_all("unknown", f"the reply to the final dot was lost: {_told(error)}")
            return
        envelope.answer_accepted(reply.code, reply.message)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        options = self._options
        client = aiosmtplib.SMTP(
            hostname=options.host,
            port=options.port,
            username=options.username or None,
            password=options.password or None,
            timeout=options.timeout.total_seconds(),
            use_tls=options.security == "tls",
            start_tls=options.security == "starttls",
            tls_context=None if options.security == "none" else ssl.create_default_context(),
        )
        try:
            await client.connect()
            await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            raise DeliveryDeferred(self._unreachable(error)) from error
        self._client = client
        return client

    def _unreachable(self, error: Exception) -> str:
        place, told = self._place(), _told(error)
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return f"{place} refused the user name or password ({told}); correct mail.username or LENDWATCH_MAIL_PASSWORD"
        if _is_certificate_error(error):
            return f"the certificate of {place} cannot be trusted ({told}); correct mail.host, or name the authority's file in SSL_CERT_FILE"
        if "STARTTLS" in told:
            return f"{place} offers no STARTTLS; set mail.security to tls (port 465), or to none for a server on this machine"
        return f"{place} cannot be reached: {told}"

    def _place(self) -> str:
        return f"mail server {self._options.host}:{self._options.port}"

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


class _Envelope:
    """Who is offered the message and what became of each."""

    def __init__(self, recipients: tuple[str, ...]) -> None:
        self.recipients = recipients
        self.accepted: list[str] = []
        self.replies: dict[str, Reply] = {}

    def answer(self, recipient: str, code: int, message: str) -> None:
        self.replies[recipient] = _reply(code, message)

    def answer_accepted(self, code: int, message: str) -> None:
        for recipient in self.accepted:
            self.answer(recipient, code, message)

    def answer_all(self, outcome: str, text: str) -> None:
        """Answer for everyone the server has not given a final answer for."""
        for recipient in self.recipients:
            if recipient not in self.replies:
                self.replies[recipient] = Reply(outcome, text)  # type: ignore[arg-type]


async def _name_sender(client: aiosmtplib.SMTP, sender: str, envelope: _Envelope) -> None:
    try:
        await client.mail(sender)
    except aiosmtplib.SMTPSenderRefused as refusal:
        if refusal.code == 421:  # closing for its own reasons: as good as a lost connection
            raise aiosmtplib.SMTPServerDisconnected(f"421 {refusal.message}") from refusal
        for recipient in envelope.recipients:
            envelope.answer(recipient, refusal.code, f"sender {sender}: {refusal.message}")


async def _name_recipients(client: aiosmtplib.SMTP, envelope: _Envelope) -> None:
    for recipient in envelope.recipients:
        if recipient in envelope.replies:
            continue
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as refusal:
            envelope.answer(recipient, refusal.code, refusal.message)
        else:
            envelope.accepted.append(recipient)
    if not envelope.accepted and client.is_connected:
        await client.rset()


async def _start_content(client: aiosmtplib.SMTP, envelope: _Envelope) -> bool:
    reply = await client.execute_command(b"DATA")
    if reply.code == 354:
        return True
    envelope.answer_accepted(reply.code, reply.message)
    if client.is_connected:
        await client.rset()
    return False


def _reply(code: int, message: str) -> Reply:
    text = f"{code} {one_line(message, _REPLY_LENGTH)}"
    if 200 <= code < 300:
        return Reply("sent", text)
    # Only a clear 5xx is final; anything that is no SMTP reply at all may pass.
    return Reply("refused" if 500 <= code < 600 else "deferred", text)


def _dot_stuffed(content: bytes) -> bytes:
    """Make `content` safe between 354 and the final dot (RFC 5321 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _told(error: BaseException) -> str:
    code = getattr(error, "code", "")
    return one_line(f"{code} {error}".strip() or type(error).__name__, _REPLY_LENGTH)


def _is_certificate_error(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__
    return False
