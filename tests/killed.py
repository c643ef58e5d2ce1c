"""Kill a process before its n-th statement to a store."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Engine, event


def killed_at(statement: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process that kills itself before its n-th statement; False: it got through."""
    child = os.fork()
    if child == 0:
        executed = 0

        def count(*_: object) -> None:
            nonlocal executed
            executed += 1
            if executed == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", count)
        status = 1
        with suppress(Exception):
            work()
            status = 0
        os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
