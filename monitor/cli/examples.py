"""Whether the rules of the seeds mean what the examples beside them say."""

from monitor.config import Config
from seeds.examples import example_problems
from seeds.models import Seeds
from seeds.problems import SeedError


def must_mean_its_examples(config: Config, seeds: Seeds) -> None:
    """Raise SeedError with every example that the rule beside it reads otherwise than it says."""
    problems = list(example_problems(config.seeds, seeds.watchlist))
    if problems:
        raise SeedError(problems)
