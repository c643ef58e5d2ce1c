"""One supervisor a store."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from sqlalchemy import Engine

from crawler.log.engine import open_engine
from monitor.lock import Holder, StoreHeld, holder, holding

HOLD = """
import sys
from crawler.log.engine import open_engine
from monitor.lock import holding
with holding(open_engine(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold_in_another_process(database: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_the_second_supervisor_is_told_who_holds_the_store(database_url: str) -> None:
    other = hold_in_another_process(database_url)
    engine = open_engine(database_url)
    try:
        with pytest.raises(StoreHeld) as held, holding(engine):
            pass
        assert f"pid {other.pid} on host {socket.gethostname()}" in str(held.value)
        assert (
            holder(engine) == held.value.holder == Holder("serve", other.pid, socket.gethostname())
        )
    finally:
        other.communicate()
        engine.dispose()


def test_a_killed_supervisor_holds_nothing(database_url: str) -> None:
    other = hold_in_another_process(database_url)
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    engine = open_engine(database_url)
    with holding(engine):
        pass
    engine.dispose()


def test_nobody_holds_a_store_that_is_not_served(engine: Engine) -> None:
    assert holder(engine) is None
    with holding(engine):
        pass
    assert holder(engine) is None
