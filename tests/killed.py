"""Kill a process before its n-th statement to a store, or its n-th touch of a file."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, event

_TOUCHES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect"}


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


def killed_at_step(step: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do `work` in a process that kills itself before its n-th touch of a file in `folder`; False:
    it got through."""
    child = os.fork()
    if child == 0:
        touched = 0

        def count(what: str, arguments: tuple[object, ...]) -> None:
            nonlocal touched
            if what in _TOUCHES and any(str(folder) in str(each) for each in arguments):
                touched += 1
                if touched == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        status = 1
        with suppress(Exception):
            work()
            status = 0
        os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
