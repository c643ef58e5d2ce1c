"""How a worker process is bound to the one that started it."""

import ctypes
import os
import signal
import sys

# Environment variable: the process id of the supervisor that starts a worker.
PARENT = "LENDWATCH_SUPERVISOR_PID"

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends (Linux; elsewhere its closed pipe tells).

    SIGKILL, because there is nobody left to report to, and what was not committed is fetched
    again. The kernel counts the *thread* that started us as the parent: a supervisor must start
    workers from a thread that lives as long as they may, its main thread. It says who it is in
    PARENT: one that died while we were starting has left us to another process already."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.environ.get(PARENT) or str(os.getppid())
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent != str(os.getppid()):
        os.kill(os.getpid(), signal.SIGKILL)


def leave_terminal() -> None:
    """Move to a session of our own: Ctrl+C on the supervisor's terminal is for the supervisor.

    Started by hand with jobs typed in, a worker stays, and Ctrl+C stops it."""
    if not sys.stdin.isatty() and os.getpgrp() != os.getpid():
        os.setsid()
