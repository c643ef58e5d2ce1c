"""How severe a short text is, is read from its wording where that is surer than its terms."""

import pytest
from labelled_sentences import learned_from

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.gravity import Gravity, packaged
from seeds.match.wording import SEVERITY, grams_of, text_of
from seeds.models import Severity

MATCHER = Matcher(load_watchlist(PACKAGED))


def test_the_weights_are_those_of_the_sentences():
    """After the sentences changed: `python -m tests.learn_wording`."""
    assert text_of("collection" + SEVERITY).split("\n", 1)[0].endswith(learned_from())


def test_a_text_has_a_margin_for_each_severity():
    gravity = Gravity(
        {"打": (4.0, -2.0, 1.0, 1.0), "谈": (1.0, 1.0, 0.0, -1.0)},
        {"force": (-0.1, 0.0, 0.1)},
        bias=(0.3, 0.2, 0.1),
    )
    assert gravity.margins({"打"}, ()) == pytest.approx((-0.7, 0.7, 0.6))
    assert gravity.margins({"谈", "好"}, ("force",)) == pytest.approx((1.2, 0.2, -0.8))
    assert gravity.margins({"好"}, ("debts",)) == (0.3, 0.2, 0.1)


def test_pairs_tell_why_one_severity_is_likelier():
    told = packaged("collection" + SEVERITY).telling(
        grams_of("催收在我家门口泼油漆，母亲吓得跳楼身亡"), 2, 0
    )
    assert told
    assert all(len(pair) == 2 and pair.isalpha() for pair in told)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("用钱宝回应称已解除与涉事催收公司的合作，并对借款人道歉", Severity.LOW),
        ("借款人被催收人员关在屋里打了一夜，次日在医院去世，警方已立案", Severity.HIGH),
        ("用钱宝的催收天天打给我同事和领导，全公司都知道我欠钱了", Severity.MEDIUM),
    ],
)
def test_short_texts_are_as_severe_as_they_read(text, severity):
    assert MATCHER.match("", text).topics["collection"] is severity


def test_a_term_tells_that_the_whole_text_reads_otherwise():
    text = "借款人被催收人员关在屋里打了一夜，次日在医院去世，警方已立案"
    told = [each.reason for each in MATCHER.match("", text).mentions if each.counted]
    assert [reason for reason in told if "as a whole it reads high rather than medium" in reason]
    article = text + "。本公司主营贷后业务，办公地点在市中心，周边交通便利。" * 20
    told = [each.reason for each in MATCHER.match("", article).mentions]
    assert not [reason for reason in told if "as a whole" in reason]


def test_the_title_of_a_short_text_is_read_with_it():
    short, title = "情况属实，警方已立案侦查。", "借款人被催收逼得跳楼身亡"
    assert MATCHER.match(title, short).topics["collection"] is Severity.HIGH
