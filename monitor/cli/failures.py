"""From an error to what a person reads on stderr and a script in the exit code."""

import errno
import os
import sys
import traceback

DONE, FAILED, USAGE, TRY_AGAIN = 0, 1, 2, 75

# By class name up the inheritance, so that no module is loaded only to recognise its error.
STATUS = {
    "SeedError": USAGE,
    "QueryError": USAGE,
    "UsageProblem": USAGE,
    "StoreHeld": TRY_AGAIN,
    "StoreLocked": TRY_AGAIN,
    "BeingWritten": TRY_AGAIN,
    "StoreError": FAILED,
    "EvidenceMissing": FAILED,
    "CommandFailed": FAILED,
    "DeliveryDeferred": TRY_AGAIN,
    "DeliveryRefused": FAILED,
    "PortTaken": USAGE,
    "TrialFailed": FAILED,
}

# What the system refuses, and what a person does about it. The rest are our mistakes.
REMEDIES = {
    errno.ENOSPC: "free some space, then run it again",
    errno.EDQUOT: "free some space, then run it again",
    errno.EACCES: "give this user the right to it, or name another place",
    errno.EPERM: "give this user the right to it, or name another place",
    errno.EROFS: "name a place that can be written to",
    errno.ENOENT: "check the path",
    errno.EEXIST: "name another path",
    errno.ENOTDIR: "name another path",
    errno.EISDIR: "name a file in it",
    errno.ENAMETOOLONG: "name a shorter path",
    errno.EIO: "look at the disk and its mount",
}


class UsageProblem(Exception):
    """The command was asked for something it cannot do; the message says what to ask instead."""


class CommandFailed(Exception):
    """The command did not do all it was asked; the message names what failed."""


def exit_status_of(error: Exception) -> int:
    """Print `error` on stderr and give the exit status it stands for.

    An error nobody expected keeps its traceback under LENDWATCH_DEBUG=1; without it a person
    gets one line and the way to the rest."""
    for ancestor in type(error).__mro__:
        status = STATUS.get(ancestor.__name__)
        if status is not None:
            # Mistakes in files begin with the file and the line, for editors to jump to.
            mistakes = ancestor.__name__ == "SeedError"
            print(error if mistakes else f"lendwatch: {error}", file=sys.stderr)
            return status
    if isinstance(error, OSError) and error.errno in REMEDIES:
        where = f"{error.filename}: " if error.filename else ""
        remedy = REMEDIES[error.errno]
        print(f"lendwatch: {where}{error.strerror}; {remedy}", file=sys.stderr)
        return FAILED
    if os.environ.get("LENDWATCH_DEBUG"):
        traceback.print_exception(error)
    else:
        print(
            f"lendwatch: {type(error).__name__}: {error}\n"
            "this is a mistake in lendwatch; LENDWATCH_DEBUG=1 shows where",
            file=sys.stderr,
        )
    return FAILED
