"""Overwrite in the mails that were written as files what must no longer be known."""

import os
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from crawler.evidence.reading import comparable
from monitor.durable import sync
from monitor.forgetting.words import MARK, overwrite

_TAG = re.compile(r"<[^>]*>")


def mails_saying(folder: Path, wanted: str) -> Iterator[Path]:
    """The files whose headers or text say `wanted` (a form that `comparable` gave)."""
    for path in sorted(folder.glob("*.eml")):
        if any(wanted in comparable(each) for each in _texts(_parsed(path.read_bytes()))):
            yield path


def remove_unfinished(folder: Path) -> None:
    """Remove what killed processes left of mails they were writing; nobody may be writing one."""
    for path in folder.glob(".*.eml.*"):
        path.unlink()


def overwrite_mail(path: Path, wanted: str) -> None:
    """Write the file anew, under its name, without it."""
    message = _parsed(path.read_bytes())
    for part in message.walk():
        _overwrite_headers(part, wanted)
        if part.get_content_maintype() != "text":
            continue
        content = part.get_content()
        made = overwrite(content, wanted)
        if wanted in comparable(_TAG.sub("", made)):
            made = MARK
        if made != content:
            part.set_content(made, subtype=part.get_content_subtype(), cte="base64")
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync(path.parent)


def _parsed(raw: bytes) -> EmailMessage:
    return BytesParser(policy=policy.SMTP.clone(cte_type="7bit")).parsebytes(raw)


def _texts(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        yield from map(str, part.values())
        if part.get_content_maintype() == "text":
            content = part.get_content()
            yield content
            yield _TAG.sub("", content)


def _overwrite_headers(part: EmailMessage, wanted: str) -> None:
    for name in set(part.keys()):
        values = [str(each) for each in part.get_all(name, [])]
        made = [overwrite(each, wanted) for each in values]
        if made != values:
            del part[name]
            for each in made:
                part[name] = each
