"""A watchlist's edition: other when texts may mean something else, and only then."""

import pytest

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.edition import edition
from seeds.models import Alias, Examples, Platform, TermGroup, Topic, Watchlist

PLATFORM = Platform(name="米袋钱包", aliases=(Alias(name="米袋", needs=("借款",)),))
TOPIC = Topic(name="collection", title="催收", groups=(TermGroup(terms=("催收",)),))
WATCHLIST = Watchlist(platforms=(PLATFORM,), topics=(TOPIC,))


def with_platform(**changes):
    return Watchlist(platforms=(PLATFORM.model_copy(update=changes),), topics=(TOPIC,))


def test_the_same_watchlist_has_the_same_edition_in_every_process():
    assert edition(load_watchlist(PACKAGED)) == Matcher(load_watchlist(PACKAGED)).edition
    assert len(edition(WATCHLIST)) == 16


@pytest.mark.parametrize(
    "changed",
    [
        with_platform(watched=False),
        with_platform(kind="licensed-consumer-finance"),
        with_platform(name="米袋"),
        with_platform(aliases=(Alias(name="米袋", needs=("还款",)),)),
        with_platform(aliases=(Alias(name="米袋", needs=("借款",), near=20),)),
        Watchlist(platforms=(PLATFORM,), topics=(TOPIC.model_copy(update={"threshold": 9.0}),)),
        Watchlist(platforms=(PLATFORM,), topics=()),
    ],
)
def test_a_changed_rule_changes_the_edition(changed):
    assert edition(changed) != edition(WATCHLIST)


@pytest.mark.parametrize(
    "changed",
    [
        with_platform(note="renamed in 2024"),
        with_platform(operator="某公司", traditional="米袋錢包"),
        with_platform(
            aliases=(Alias(name="米袋", needs=("借款",), examples=Examples(counts=("米袋借款",))),)
        ),
        Watchlist(platforms=(PLATFORM,), topics=(TOPIC.model_copy(update={"title": "讨债"}),)),
    ],
)
def test_what_decides_no_mention_leaves_the_edition(changed):
    assert edition(changed) == edition(WATCHLIST)
