"""A real mail server on loopback that does what a test scripts, and remembers what it accepted.

    with SmtpServer() as server:
        server.script("RCPT", "550 no such user", when="bad@example.org")
        server.script("DOT", ACCEPT_AND_DROP)

Stages, in the order of a session: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA (the command),
CONTENT (the first line of it), DOT (all of it). An action is a reply line, or one of the constants.
Each is used once; what is not scripted is answered as any server would.
"""

import asyncio
import base64
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USUAL = "<as usual>"
DROP = "<drop the connection>"
STALL = "<say nothing until the client goes away>"
ACCEPT_AND_DROP = "<take the message, drop the connection instead of replying>"
ACCEPT_AND_STALL = "<take the message, never reply>"
REPLY_AND_DROP = "<take the message, reply 250, drop the connection>"


@dataclass(frozen=True)
class Received:
    """One accepted message."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


@dataclass
class Step:
    stage: str
    action: str
    when: str


class Hangup(Exception):
    """The script says to drop the connection."""


@dataclass
class SmtpServer:
    """Listens on 127.0.0.1 while the `with` block runs; `port` says where."""

    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    credentials: tuple[str, str] | None = None
    received: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._steps: list[Step] = []
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._stopping: asyncio.Event | None = None

    def script(self, stage: str, *actions: str, when: str = "") -> None:
        """Use `actions`, one each time `stage` is reached (with `when` in the command)."""
        self._steps += [Step(stage, action, when) for action in actions]

    def wait_for(self, count: int, seconds: float = 20) -> None:
        """Return when `count` messages were accepted."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.received) >= count, seconds)
        assert enough, f"{len(self.received)} messages after {seconds} s, not {count}"

    def wait_for_commands(self, count: int, seconds: float = 20) -> None:
        """Return when `count` commands (and stages) were seen, over all connections."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.commands) >= count, seconds)
        assert enough, f"{len(self.commands)} commands after {seconds} s, not {count}"

    def wait_until(self, command: str, seconds: float = 20) -> None:
        """Return when a command beginning with `command` (or a stage's name) was seen."""
        with self._changed:
            seen = self._changed.wait_for(
                lambda: any(each.startswith(command) for each in self.commands), seconds
            )
        assert seen, f"no {command} within {seconds} s: {self.commands}"

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._serve(started),), daemon=True
        )
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._stopping is not None
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stopping = asyncio.Event()
        self._sessions: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._session, "127.0.0.1", self.port, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stopping.wait()
        server.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        self.connections += 1
        try:
            await _Session(self, reader, writer).run()
        except (Hangup, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            self._sessions.discard(task)

    def next_action(self, stage: str, line: str) -> str | None:
        self._note(line or stage)
        for step in self._steps:
            if step.stage == stage and step.when in line:
                self._steps.remove(step)
                return None if step.action == USUAL else step.action
        return None

    def accept(self, message: Received) -> None:
        with self._changed:
            self.received.append(message)
            self._changed.notify_all()

    def _note(self, line: str) -> None:
        with self._changed:
            self.commands.append(line)
            self._changed.notify_all()


class _Session:
    """One client's conversation."""

    def __init__(
        self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.secure = server.tls is not None
        self.known = server.credentials is None
        self.sender = ""
        self.recipients: list[str] = []

    async def run(self) -> None:
        await self._answer("CONNECT", "", "220 ready")
        while line := (await self.reader.readline()).decode().rstrip("\r\n"):
            verb = line.split(" ", 1)[0].upper()
            if verb == "QUIT":
                self.server.next_action("QUIT", line)
                await self._say("221 bye")
                return
            await getattr(self, f"_on_{verb.lower()}", self._unknown)(line)

    async def _on_ehlo(self, line: str) -> None:
        offers = ["server", "8BITMIME"]
        if self.server.starttls and not self.secure:
            offers.append("STARTTLS")
        if self.server.credentials and (self.secure or not self.server.starttls):
            offers.append("AUTH PLAIN")
        reply = "".join(f"250-{offer}\r\n" for offer in offers[:-1]) + f"250 {offers[-1]}"
        await self._answer("EHLO", line, reply)

    async def _on_helo(self, line: str) -> None:
        await self._answer("HELO", line, "250 server")

    async def _on_starttls(self, line: str) -> None:
        if await self._answer("STARTTLS", line, "220 go ahead"):
            assert self.server.starttls is not None
            await self.writer.start_tls(self.server.starttls)
            self.secure = True

    async def _on_auth(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self.known = (user, password) == self.server.credentials
        await self._answer("AUTH", line, "235 welcome" if self.known else "535 5.7.8 bad password")

    async def _on_mail(self, line: str) -> None:
        if not self.known:
            await self._say("530 5.7.0 authentication required")
            return
        if await self._answer("MAIL", line, "250 ok"):
            self.sender, self.recipients = _address(line), []

    async def _on_rcpt(self, line: str) -> None:
        if await self._answer("RCPT", line, "250 ok"):
            self.recipients.append(_address(line))

    async def _on_rset(self, line: str) -> None:
        await self._answer("RSET", line, "250 ok")
        self.recipients = []

    async def _on_data(self, line: str) -> None:
        if not await self._answer("DATA", line, "354 go on"):
            return
        lines = []
        while (text := await self.reader.readline()) != b".\r\n":
            if not text.endswith(b"\r\n"):
                raise Hangup
            if not lines:
                await self._answer("CONTENT", "", None)
            lines.append(text[1:] if text.startswith(b".") else text)
        await self._on_dot(Received(self.sender, tuple(self.recipients), b"".join(lines)))
        self.recipients = []

    async def _on_dot(self, message: Received) -> None:
        action = self.server.next_action("DOT", "")
        if action in {ACCEPT_AND_DROP, ACCEPT_AND_STALL, REPLY_AND_DROP, None}:
            self.server.accept(message)
        if action in {None, REPLY_AND_DROP}:
            await self._say("250 queued")
        if action in {DROP, ACCEPT_AND_DROP, REPLY_AND_DROP}:
            raise Hangup
        if action in {STALL, ACCEPT_AND_STALL}:
            await self._stall()
        if action and not action.startswith("<"):
            await self._say(action)

    async def _unknown(self, line: str) -> None:
        await self._answer("OTHER", line, "502 what?")

    async def _answer(self, stage: str, line: str, usual: str | None) -> bool:
        """Reply as scripted, or as usual; True when it was as usual."""
        action = self.server.next_action(stage, line)
        if action == DROP:
            raise Hangup
        if action == STALL:
            await self._stall()
        reply = usual if action is None else action
        if reply is not None:
            await self._say(reply)
        if reply and reply.startswith("421"):
            raise Hangup
        return action is None

    async def _stall(self) -> None:
        while await self.reader.read(4096):
            pass
        raise Hangup

    async def _say(self, reply: str) -> None:
        self.writer.write(reply.encode() + b"\r\n")
        await self.writer.drain()


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def self_made_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for localhost, by name only; returns the server's context and the authority's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lendwatch tests")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, chain
