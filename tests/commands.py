"""`lendwatch` commands in processes of their own, without what each takes to import.

Starting Python and importing what a command needs takes a second or two of a core, most of it the
same each time. So a process that has imported all of it, and has done nothing else, forks one for
each command: it has its own arguments, folder, environment, streams and end, as if a shell had
started it. What is settled before `main` (the encoding of the locale, PYTHON*) is not: tests of
that start `COMMAND` themselves."""

import atexit
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "monitor.cli.main"]
_LARGEST = 1 << 20  # bytes of a call: its arguments and its environment


def run_command(
    *arguments: str,
    stdin: bytes = b"",
    cwd: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    timeout: float = 300,
) -> "subprocess.CompletedProcess[str]":
    """Run `lendwatch ARGUMENTS` and wait for its end, at most `timeout` seconds."""
    call = {"arguments": arguments, "cwd": str(cwd or Path.cwd()), "environment": {**environment}}
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        status = _prepared().run(call, (given, out, err), timeout)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(
            ["lendwatch", *arguments], status, out.read().decode(), err.read().decode()
        )


class _Prepared:
    """The process that has imported everything; one command at a time."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with theirs:
            theirs.set_inheritable(True)
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                start_new_session=True,  # Ctrl-C is for pytest, whose end ends this too
            )
        atexit.register(self._end)

    def run(self, call: Mapping[str, Any], streams: tuple[IO[bytes], ...], timeout: float) -> int:
        message = json.dumps(call).encode()
        with self._lock:
            socket.send_fds(self._ours, [message], [each.fileno() for each in streams])
            self._ours.settimeout(None)
            pid = json.loads(self._received())
            self._ours.settimeout(timeout)
            try:
                return int(json.loads(self._received()))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                self._ours.settimeout(None)
                self._received()
                raise subprocess.TimeoutExpired(call["arguments"], timeout) from None

    def _end(self) -> None:
        self._ours.close()
        self._process.wait()

    def _received(self) -> bytes:
        received = self._ours.recv(_LARGEST)
        assert received, "the process that starts commands has ended"
        return received


@cache
def _prepared() -> _Prepared:
    return _Prepared()


def _serve(calls: socket.socket) -> None:
    """Fork a command for each call until the other side is closed; in the command, return."""
    while True:
        message, streams, _, _ = socket.recv_fds(calls, _LARGEST, 3)
        if not message:
            sys.exit()
        pid = os.fork()
        if pid == 0:
            calls.close()
            _become(json.loads(message), streams)
            return
        for each in streams:
            os.close(each)
        calls.send(json.dumps(pid).encode())
        _, status = os.waitpid(pid, 0)
        calls.send(json.dumps(os.waitstatus_to_exitcode(status)).encode())


def _become(call: Mapping[str, Any], streams: list[int]) -> None:
    os.setsid()
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    os.chdir(call["cwd"])
    os.environ.clear()
    os.environ.update(call["environment"])
    time.tzset()
    sys.argv[1:] = call["arguments"]


def _import_all() -> None:
    """Import every module that a command may, but for the crawler's: it has a process of its own."""
    import monitor

    for module in pkgutil.walk_packages(monitor.__path__, "monitor."):
        import_module(module.name)


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    _import_all()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    from monitor.cli.main import main

    main()
