"""What a backup says of itself: made by which version, holding which members, each with its hash."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationError

from crawler.places import CONFIG_FILE, DATABASE_FILE, EVIDENCE_FOLDER, SECRETS_FILE
from seeds.models import Declaration

MANIFEST = "manifest.json"
# A backup of a later form says so here, and is refused by name.
FORMAT = 1
# A member takes about 150 bytes of it: room for some 400,000.
MANIFEST_BYTES = 64 * 1024 * 1024
STORES: Mapping[str, str] = {"sqlite": DATABASE_FILE, "postgresql": "store.dump"}
# By the first part of the name: how many parts a name there may have, what it ends in, and the
# largest that any file of ours gets. The store has no limit but the disk's.
_ROOTS: Mapping[str, tuple[int, int, tuple[str, ...], int]] = {
    "seeds": (2, 5, (".yaml",), 16 * 1024 * 1024),
    EVIDENCE_FOLDER: (3, 3, (".warc.gz", ".warc.gz.open"), 4 * 1024 * 1024 * 1024),
    "mail": (2, 2, (".eml",), 64 * 1024 * 1024),
}
_FILES: Mapping[str, int | None] = {
    CONFIG_FILE: 16 * 1024 * 1024,
    "scrapy.cfg": 1024 * 1024,
    **dict.fromkeys(STORES.values()),
}


class BackupRefused(Exception):
    """The file is no backup that can be restored; the message says why. Nothing was written."""


class Member(Declaration):
    """One file: its name with `/` between folders, its bytes, and their SHA-256 in hex."""

    name: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Declaration):
    """All of a backup. `revision` is the store's schema; `waiting` how many mails were not handed
    over when it was made."""

    format: int
    lendwatch: str
    revision: str
    store: Literal["sqlite", "postgresql"]
    made_at: datetime
    waiting: int = Field(ge=0)
    members: tuple[Member, ...]


def written(manifest: Manifest) -> bytes:
    """The manifest as it stands in the archive."""
    return manifest.model_dump_json(indent=1).encode()


def read_manifest(raw: bytes) -> Manifest:
    """The manifest of those bytes. Raises BackupRefused."""
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BackupRefused(f"{MANIFEST} cannot be read ({place}: {first['msg']})") from error


def name_mistake(name: str) -> str:
    """Why no backup of ours holds a member of that name; "" when one may."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or any(each in {"", ".", ".."} for each in parts):
        return "leads out of the folder"
    if not name.isprintable() or any(each.startswith(".") for each in parts):
        return "is no name that a backup gives"
    if parts[-1] == SECRETS_FILE:
        return "is a file of secrets, which no backup holds"
    if name in _FILES:
        return ""
    least, most, suffixes, _ = _ROOTS.get(parts[0], (1, 0, (), 0))
    if least <= len(parts) <= most and name.endswith(suffixes):
        return ""
    return "is no file of a workspace"


def most_bytes(name: str) -> int | None:
    """The largest that a member of this (sound) name may be; None: what the disk has room for."""
    return _FILES[name] if name in _FILES else _ROOTS[name.split("/", maxsplit=1)[0]][3]
