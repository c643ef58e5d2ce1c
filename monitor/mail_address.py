"""The mail addresses a configuration may name: plain ones, that cannot smuggle a command."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from seeds.mistakes import quote, refuse

# RFC 5321's dot-atom, without its quoted strings: nobody has such an address, attacks do.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")


def _address(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    local, _, domain = text.rpartition("@")
    lengths = len(local) <= 64 and len(text) <= 254  # RFC 5321, 4.5.3.1
    if lengths and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return text
    if any(not each.isprintable() for each in text):
        raise refuse(f"{quote(value)} holds a line break or control character", "delete it")
    if "<" in text:
        inner = text.partition("<")[2].rstrip("> ")
        raise refuse(f"{quote(value)} has a name beside the address", f"write only {inner}")
    if not text.isascii():
        raise refuse(f"{quote(value)} is not ASCII", "write the domain in its xn-- form")
    raise refuse(f"{quote(value)} is not a mail address", "write it as in name@example.org")


MailAddress = Annotated[
    str,
    BeforeValidator(_address),
    WithJsonSchema({"type": "string", "pattern": r"^[^@\s]+@[^@\s]+$", "maxLength": 254}),
]
