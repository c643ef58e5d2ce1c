"""Who is sending: a name for this deliverer that others can ask about after it died."""

import os
import socket
import uuid
from pathlib import Path


def new_owner() -> str:
    """Name this deliverer: host, process, when the process began, and which deliverer in it."""
    pid = os.getpid()
    return f"{socket.gethostname()}|{pid}|{_began(pid)}|{uuid.uuid4().hex[:8]}"


def is_alive(owner: str) -> bool:
    """Say whether `owner` may still be sending.

    Of another host nothing is known: it counts as alive, and its claims run out by themselves.
    A process id alone would mistake a newcomer for the dead, so the start time must agree."""
    host, pid, began, _which = owner.split("|")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it exists and is somebody else's
    return _began(int(pid)) == began and not _is_zombie(int(pid))


def _stat(pid: int) -> list[str]:
    """Fields 3 and up of /proc/PID/stat; none where there is no such thing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _began(pid: int) -> str:
    fields = _stat(pid)
    return fields[19] if fields else ""  # field 22: start time in ticks since boot


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[:1] == ["Z"]
