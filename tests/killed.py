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

    def watch(count: Callable[[], None]) -> None:
        event.listen(Engine, "before_cursor_execute", lambda *_: count())

    return _killed(statement, watch, work)


def killed_at_step(step: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do `work` in a process that kills itself before its n-th touch of a file in `folder`; False:
    it got through."""

    def watch(count: Callable[[], None]) -> None:
        def touched(what: str, arguments: tuple[object, ...]) -> None:
            if what in _TOUCHES and any(str(folder) in str(each) for each in arguments):
                count()

        sys.addaudithook(touched)

    return _killed(step, watch, work)


def _killed(
    moment: int, watch: Callable[[Callable[[], None]], None], work: Callable[[], object]
) -> bool:
    child = os.fork()
    if child == 0:
        counted = 0

        def count() -> None:
            nonlocal counted
            counted += 1
            if counted == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        watch(count)
        status = 1
        with suppress(Exception):
            work()
            status = 0
        os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
