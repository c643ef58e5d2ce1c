"""A folder beside a target to make it in, so that the target appears whole or not at all.

It is locked while somebody works in it and has one name for one target: what a killed process left
is found and removed by the next that makes the same thing."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.store.problems import StoreLocked

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """An empty folder on the disk of `target`, gone at the end of the block unless it was moved.

    StoreLocked when another process is making the same target."""
    folder = target.with_name(f".{target.name}.unfinished")
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, _FOLDER)
    try:
        _take(descriptor, folder, target)
        for left in folder.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path, target: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        same = os.path.samestat(os.fstat(descriptor), folder.stat())
    except (BlockingIOError, FileNotFoundError):
        same = False
    # Whoever had it before has renamed or removed it meanwhile.
    if not same:
        raise StoreLocked(f"{target} is being written by another process; try again later")
