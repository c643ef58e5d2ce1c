"""Be a child process that fetches once, and answers whoever asked (see crawler/child.py)."""

import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.reactor import install_reactor
from twisted.internet import task
from twisted.internet.defer import Deferred

from crawler.lifeline import die_with_parent
from crawler.logs import log_to_stderr


def answer_parent(answer: Callable[[bytes], Coroutine[Any, Any, str]]) -> None:
    """Run `answer` on the question in a reactor, and print what it gives."""
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
