"""Load the watchlist of a seeds folder, every name checked. Needs none of the source rules."""

from pathlib import Path

from seeds.claims import claim_problems, list_problems, term_problems
from seeds.models import Watchlist
from seeds.problems import Problem, SeedError
from seeds.watchlist_files import PLATFORMS_FILE, TOPICS_FILE, read_watchlist

__all__ = ["PLATFORMS_FILE", "TOPICS_FILE", "check_watchlist", "load_watchlist"]


def load_watchlist(folder: Path) -> Watchlist:
    """Load the watchlist of a seeds folder; SeedError with every problem in its two files."""
    watchlist, problems = check_watchlist(folder)
    if watchlist is None:
        raise SeedError(problems)
    return watchlist


def check_watchlist(folder: Path) -> tuple[Watchlist | None, tuple[Problem, ...]]:
    """Read the watchlist of a seeds folder, or tell all that is wrong with it."""
    return read_watchlist(folder, (claim_problems, term_problems, list_problems))
