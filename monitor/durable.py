"""What is written has to survive a power loss."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have a file on disk, or of a folder the names in it that are new, changed or gone."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
