"""`lendwatch`: run a command, and turn what goes wrong into a line and an exit code."""

import gc
import os
import sys

# Looking for plugins of pydantic's among all installed packages takes 12 ms of every command.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")

from monitor.cli.app import app
from monitor.cli.failures import exit_status_of


def main() -> None:
    """Run `lendwatch`; every expected failure is one line on stderr and an exit code."""
    # Importing makes many objects and no garbage: looking for some every 700 of them takes a tenth
    # of a short command's time, and of the intake's.
    gc.set_threshold(20_000, 20, 50)
    _settle_streams()
    try:
        app(prog_name="lendwatch")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - one of the four edges
        sys.exit(exit_status_of(error))
    finally:
        # The interpreter ends by looking for garbage in all that was loaded: 0.1 s, for nothing.
        gc.freeze()


def _settle_streams() -> None:
    """Let every text be printed: escaped where the encoding is narrow, nowhere when closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        else:
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
