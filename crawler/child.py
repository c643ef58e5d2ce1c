"""Ask a child process that fetches: a reactor can run only once in a process."""

import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.reactor import install_reactor
from twisted.internet import task
from twisted.internet.defer import Deferred

from crawler.lifeline import die_with_parent
from crawler.logs import log_to_stderr


class TrialFailed(Exception):
    """The child that fetches died or gave no answer: its last words are the message."""


def ask_child(module: str, question: str, seconds: float) -> bytes:
    """The answer of `python -m module`, which reads the question from standard input.

    The child does not outlive the answer. Raises TrialFailed."""
    try:
        child = subprocess.run(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", module],
            input=question.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TrialFailed(f"no answer within {seconds:.0f} s (crawl.crawl_timeout)") from error
    if child.returncode != 0 or not child.stdout:
        raise TrialFailed(child.stderr.decode("utf-8", "replace")[-2000:])
    return child.stdout


def answer_parent(answer: Callable[[bytes], Coroutine[Any, Any, str]]) -> None:
    """Be that child: run `answer` on the question in a reactor, and print what it gives."""
    die_with_parent()
    output = os.dup(1)
    os.dup2(2, 1)
    log_to_stderr()
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")

    async def speak() -> None:
        with os.fdopen(output, "w", encoding="utf-8") as stream:
            stream.write(await answer(sys.stdin.buffer.read()))

    def run(_reactor: object) -> Deferred[None]:
        return deferred_from_coro(speak())

    task.react(run)
