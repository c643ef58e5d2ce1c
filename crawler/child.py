"""Ask a child process that fetches: a reactor can run only once in a process, and loading one
takes longer than most commands."""

import subprocess
import sys


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
