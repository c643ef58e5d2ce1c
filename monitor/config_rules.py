"""What must hold between the keys of lendwatch.yaml, beyond the type of each."""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.places import POSTGRES_SCHEMES, seeds_folder
from seeds.addresses import url_mistake
from seeds.documents import Document, entries
from seeds.mistakes import Place, did_you_mean, quote
from seeds.models import Watchlist
from seeds.problems import Mistake
from seeds.times import parse_duration, timezone_mistake

Found = Iterator[tuple[Place, Mistake]]

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
# How to keep a secret, for messages.
_WHERE_SECRETS_GO = "set LENDWATCH_MAIL_PASSWORD, or mail_password in secrets.yaml (mode 0600)"
_WHERE_THE_KEY_GOES = (
    "set LENDWATCH_WEBHOOKS_SECRET, or webhooks_secret in secrets.yaml (mode 0600)"
)
# Standard Webhooks: what a secret begins with, and how many bytes it has in base64.
SECRET_PREFIX = "whsec_"  # noqa: S105 - public: what all secrets begin with
_SECRET_BYTES = range(24, 65)


def config_mistakes(
    document: Document, workspace: Path, watchlist: Watchlist | None
) -> Iterator[tuple[Place, Mistake]]:
    """Find what is wrong in the configuration as written, defaults not filled in.

    `watchlist` None: the names in subscriptions are not checked."""
    value = document.value if isinstance(document.value, Mapping) else {}
    yield from _database(value, document)
    yield from _zone(value.get("timezone"), ("timezone",))
    named = value.get("seeds")
    if isinstance(named, str) and not seeds_folder(workspace, named).is_dir():
        yield ("seeds",), Mistake("no such folder", "correct it; it starts at the workspace")
    yield from _mail(_section(value, "mail"), document)
    yield from _webhooks(_section(value, "webhooks"), document)
    yield from _crawl(_section(value, "crawl"))
    yield from _web(_section(value, "web"))
    yield from _positive(_section(value, "rechecks"), "over", "rechecks")
    for place, entry in entries(document, "subscriptions"):
        yield from _zone(entry.get("timezone"), (*place, "timezone"))
        yield from _names(place, entry, watchlist)
        yield from _channels(place, entry)
    yield from _repeated(document)


def _section(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = value.get(key)
    return section if isinstance(section, Mapping) else {}


def _zone(zone: Any, place: Place) -> Found:
    if isinstance(zone, str) and zone and (wrong := timezone_mistake(zone)):
        yield place, wrong


def _database(value: Mapping[str, Any], document: Document) -> Found:
    database = value.get("database")
    if not isinstance(database, str) or not database:
        return
    remedy = "write sqlite:///file.db or postgresql://user@host/name, or leave it out"
    try:
        parts = urlsplit(database)
    except ValueError as error:
        yield ("database",), Mistake(f"is not an address ({error})", remedy)
        return
    if parts.scheme != "sqlite" and parts.scheme not in POSTGRES_SCHEMES:
        yield ("database",), Mistake(f"{quote(parts.scheme + ':')} is no store of ours", remedy)
    elif parts.scheme == "sqlite" and parts.path in {"", "/", "/:memory:"}:
        yield ("database",), Mistake("a store in memory forgets everything", remedy)
    elif parts.password and ("database",) not in document.origins and _others_read(document.file):
        remedy = f"run: chmod 600 {document.file}, or move it to secrets.yaml or LENDWATCH_DATABASE"
        yield ("database",), Mistake("a password in a file that others can read", remedy)


def _others_read(file: str) -> bool:
    path = Path(file)
    return path.exists() and bool(path.stat().st_mode & 0o077)


def _mail(mail: Mapping[str, Any], document: Document) -> Found:
    password, username = mail.get("password"), mail.get("username")
    if password and ("mail", "password") not in document.origins:
        yield ("mail", "password"), Mistake("a password in this file", _WHERE_SECRETS_GO)
    if (password or username) and mail.get("security") == "none":
        remedy = "write `security: starttls` or `tls`; the password would cross the network openly"
        yield ("mail", "security"), Mistake("a login without TLS", remedy)
    if password and not username:
        yield ("mail", "username"), Mistake("a password without a user name", "add `username:`")
    if mail.get("host") and "sender" not in mail:
        yield ("mail", "sender"), Mistake("is missing", "add `sender:`, the From of every mail")
    yield from _host(mail.get("host"), ("mail", "host"))
    yield from _positive(mail, "timeout", "mail")


def _webhooks(webhooks: Mapping[str, Any], document: Document) -> Found:
    place, secret = ("webhooks", "secret"), webhooks.get("secret")
    if secret and place not in document.origins:
        yield place, Mistake("a secret in this file", _WHERE_THE_KEY_GOES)
    elif isinstance(secret, str) and secret and not _is_key(secret):
        remedy = f"write {SECRET_PREFIX} and 24 to 64 random bytes in base64"
        yield place, Mistake("is no key to sign with", remedy)
    yield from _positive(webhooks, "timeout", "webhooks")


def _is_key(secret: str) -> bool:
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return False
    return secret.startswith(SECRET_PREFIX) and len(key) in _SECRET_BYTES


def _channels(place: Place, entry: Mapping[str, Any]) -> Found:
    """Each channel has its recipients, and there are none for a channel that is not used."""
    channels = entry.get("channels", ["mail"])
    used = channels if isinstance(channels, list) else []
    if "mail" in used and "to" not in entry:
        yield (*place, "to"), Mistake("is missing", "write who is told: [name@example.org]")
    url = entry.get("webhook", "")
    if "webhook" in used and not url:
        remedy = "write where alerts are posted: https://…"
        yield (*place, "webhook"), Mistake("is missing", remedy)
    elif url and "webhook" not in used:
        yield (*place, "webhook"), Mistake("is not used", "write channels: [mail, webhook]")
    if isinstance(url, str) and url and (wrong := url_mistake(url)):
        yield (*place, "webhook"), wrong


def _web(web: Mapping[str, Any]) -> Found:
    yield from _host(web.get("host"), ("web", "host"))


def _host(host: Any, place: Place) -> Found:
    if not isinstance(host, str) or not host or _HOST.fullmatch(host):
        return
    try:
        ip_address(host)  # IPv6 has colons
    except ValueError:
        remedy = "write only the host's name; the port has a key of its own"
        yield place, Mistake(f"{quote(host)} is not a host name", remedy)


def _crawl(crawl: Mapping[str, Any]) -> Found:
    for key in ("timeout", "crawl_timeout"):
        yield from _positive(crawl, key, "crawl")
    yield from _contact(crawl.get("contact"))
    agent = crawl.get("user_agent")
    if isinstance(agent, str):
        if not agent.isascii() or not agent.isprintable():
            remedy = "write it in printable ASCII: it is sent as a header"
            yield ("crawl", "user_agent"), Mistake(f"{quote(agent)} cannot be sent", remedy)
        if "{contact}" not in agent:
            remedy = "put {contact} in it: sites must be able to reach you"
            yield ("crawl", "user_agent"), Mistake("names no contact", remedy)
    allowed = crawl.get("allow_addresses")
    for index, network in enumerate(allowed if isinstance(allowed, list) else ()):
        if isinstance(network, str) and (wrong := _network_mistake(network)):
            yield ("crawl", "allow_addresses", index), wrong


def _contact(contact: Any) -> Found:
    if not isinstance(contact, str) or not contact:
        return
    address = re.fullmatch(r"[^@\s]+@[^@\s]+", contact) is not None
    sound = address or url_mistake(contact) is None
    if not sound or not contact.isascii() or not contact.isprintable():
        remedy = "write a mail address, or an https:// page that tells who you are"
        yield ("crawl", "contact"), Mistake(f"{quote(contact)} is no contact", remedy)


def _network_mistake(network: str) -> Mistake | None:
    try:
        parsed = ip_network(network)
    except ValueError as error:
        return Mistake(str(error), "write an address or a network as in 10.1.0.0/16")
    if parsed.prefixlen == 0:
        return Mistake(f"{network} allows every address", "name the networks you mean")
    return None


def _positive(section: Mapping[str, Any], key: str, above: str) -> Found:
    try:
        length = parse_duration(str(section[key])) if key in section else None
    except ValueError:
        return  # its type says so already
    if length is not None and not length:
        yield (above, key), Mistake("no time at all", "write at least 1s")


def _names(place: Place, entry: Mapping[str, Any], watchlist: Watchlist | None) -> Found:
    if watchlist is None:
        return
    platforms = [each.name for each in watchlist.platforms if each.watched]
    topics = [each.name for each in watchlist.topics]
    yield from _unknown(
        entry.get("platforms"), platforms, (*place, "platforms"), "watched platform"
    )
    yield from _unknown(entry.get("topics"), topics, (*place, "topics"), "topic")


def _unknown(names: Any, known: Iterable[str], place: Place, what: str) -> Found:
    choices = list(known)
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name not in choices:
            remedy = did_you_mean(name, choices) or f"use the name of a {what} in the seeds"
            yield (*place, index), Mistake(f"there is no {what} {quote(name)}", remedy)


def _repeated(document: Document) -> Found:
    first: dict[str, int] = {}
    for place, entry in entries(document, "subscriptions"):
        name = entry.get("name")
        at = (*place, "name")
        if isinstance(name, str) and name in first:
            problem = f"the name {quote(name)} is taken, on line {first[name]}"
            yield at, Mistake(problem, "give one of them another name")
        elif isinstance(name, str):
            first[name] = document.line(at)
