"""`lendwatch`: run a command, and turn what goes wrong into a line and an exit code."""

import os
import sys

from monitor.cli.app import app
from monitor.cli.failures import exit_status_of


def main() -> None:
    """Run `lendwatch`; every expected failure is one line on stderr and an exit code."""
    try:
        app(prog_name="lendwatch")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # `lendwatch export | head`: the reader has enough. Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - one of the four edges
        sys.exit(exit_status_of(error))


if __name__ == "__main__":
    main()
