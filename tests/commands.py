"""`lendwatch` in processes of their own, without what each takes to import.

Starting Python and importing what a command needs takes one to two seconds of a core, the same each
time. So a process that has imported all of it, and has done nothing else, forks one for each start:
with arguments, folder, environment, streams, session and end of its own, as if a shell had started
it. What Python settles before it comes to `main` (the encoding of the locale, PYTHON*) and what a
process holds in memory is not its own: tests of those start `COMMAND` themselves."""

import atexit
import gc
import json
import os
import pkgutil
import runpy
import select
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
PROGRAM = "monitor.cli.main"
_LARGEST = 1 << 20  # bytes of a request: mostly an environment


class Started:
    """A process that was started here: what tests use of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ends = os.pidfd_open(pid)

    def poll(self) -> int | None:
        return self._status(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._status(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _status(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._ends], [], [], timeout)[0]:
            self.returncode = _prepared().ask({"reap": self.pid})
            os.close(self._ends)
        return self.returncode


def start(
    *arguments: str,
    output: IO[bytes],
    errors: IO[bytes] | None = None,
    stdin: IO[bytes] | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    program: str | Path = PROGRAM,
) -> Started:
    """Start `lendwatch ARGUMENTS`, or another program of the tests, in a session of its own.

    Without `errors` they go to `output`, too; without `stdin` there is nothing to read."""
    call = {
        "program": str(program),
        "arguments": arguments,
        "cwd": str(cwd or Path.cwd()),
        "environment": {**environment},
    }
    with Path(os.devnull).open("rb") as nothing:
        streams = (stdin or nothing, output, errors or output)
        return Started(_prepared().ask(call, [each.fileno() for each in streams]))


def run_command(
    *arguments: str,
    stdin: bytes = b"",
    cwd: Path | None = None,
    timeout: float = 300,
) -> "subprocess.CompletedProcess[str]":
    """Run `lendwatch ARGUMENTS` and wait for its end, at most `timeout` seconds."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        process = start(*arguments, output=out, errors=err, stdin=given, cwd=cwd)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(
            ["lendwatch", *arguments], status, out.read().decode(), err.read().decode()
        )


class _Prepared:
    """The process that has imported everything, and is asked to start others."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                start_new_session=True,  # Ctrl-C is for pytest, whose end ends this too
            )
        atexit.register(self._end)

    def ask(self, request: Mapping[str, Any], files: list[int] | None = None) -> int:
        with self._lock:
            socket.send_fds(self._ours, [json.dumps(request).encode()], files or [])
            answer = self._ours.recv(_LARGEST)
        assert answer, "the process that starts others has ended"
        return int(answer)

    def _end(self) -> None:
        self._ours.close()
        self._process.wait()


@cache
def _prepared() -> _Prepared:
    return _Prepared()


def _serve(requests: socket.socket) -> str:
    """Answer until the other side is closed; return in each process that is started, with the name
    of its program."""
    while True:
        message, streams, _, _ = socket.recv_fds(requests, _LARGEST, 3)
        if not message:
            sys.exit()
        request = json.loads(message)
        if "reap" in request:
            _, status = os.waitpid(request["reap"], 0)
            requests.send(b"%d" % os.waitstatus_to_exitcode(status))
            continue
        begun, told = os.pipe()
        pid = os.fork()
        os.close(told if pid else begun)
        if pid == 0:
            requests.close()
            os.setsid()
            os.close(told)
            return _become(request, streams)
        os.read(begun, 1)  # until it is the leader of its own group, which may be killed at once
        for each in (begun, *streams):
            os.close(each)
        requests.send(b"%d" % pid)


def _become(call: Mapping[str, Any], streams: list[int]) -> str:
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    os.chdir(call["cwd"])
    os.environ.clear()
    os.environ.update(call["environment"])
    time.tzset()
    sys.argv[:] = [call["program"], *call["arguments"]]
    return str(call["program"])


def _import_all() -> None:
    """Import all that a command may, but for the crawler's: its crawls have a process each."""
    for module in pkgutil.walk_packages([str(ROOT / "monitor")], "monitor."):
        import_module(module.name)


def _run(program: str) -> None:
    try:
        if program == PROGRAM:
            import_module(PROGRAM).main()
        else:
            sys.path.insert(0, str(Path(program).parent))
            runpy.run_path(program, run_name="__main__")
        status: Any = 0
    except SystemExit as end:
        status = end.code
    # To take down what was forked would cost more than most commands do.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    _import_all()
    gc.freeze()  # or each process's first look for garbage copies all of it
    _run(_serve(socket.socket(fileno=int(sys.argv[1]))))
