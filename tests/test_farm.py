"""How likely a page is a content farm's, and why."""

import json

import pytest
from shared_corpus import shared_file

from seeds.farm import FarmLikelihood, Reason, ReasonKind, label, likelihood, summary
from seeds.farm.wording import LABELS


@pytest.mark.corpus
def test_the_seed_is_a_content_farm_page_for_its_annotations_before_all() -> None:
    found = likelihood("用錢寶2024又開始催收了", shared_file("seed/article.txt").read_text("utf-8"))
    assert found.score >= 0.9
    assert (found.reasons[0].kind, found.reasons[0].count) == (ReasonKind.ANNOTATIONS, 133)


def test_a_page_without_text_is_no_farm_for_no_reason() -> None:
    assert likelihood("", "") == FarmLikelihood()
    assert likelihood("标题", " \n\u200b") == FarmLikelihood()


def test_a_likelihood_survives_json() -> None:
    found = FarmLikelihood(
        0.97, (Reason(ReasonKind.ANNOTATIONS, 133, 7.0), Reason(ReasonKind.CONTACT, 1, 1.0, "QQ"))
    )
    assert FarmLikelihood.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_every_kind_of_reason_has_words_in_both_languages() -> None:
    assert set(LABELS) == set(ReasonKind)


def test_a_likelihood_is_said_in_one_line_of_english_or_chinese() -> None:
    found = FarmLikelihood(
        0.97,
        (
            Reason(ReasonKind.ANNOTATIONS, 133, 7.0),
            Reason(ReasonKind.TITLE_REPEATED, 3, 1.0),
            Reason(ReasonKind.SOURCED, 1, -0.5),
            Reason(ReasonKind.DISCLAIMER, 1, 0.4),
        ),
    )
    assert summary(found) == (
        "likely a content farm (0.97): 133 pinyin annotations, title repeated 3 times, disclaimer"
    )
    assert summary(found, "zh") == (
        "很可能是内容农场（0.97）：夹注拼音133处，正文重复标题3次，免责声明1处"
    )
    assert summary(FarmLikelihood(0.02)) == "unlikely a content farm (0.02)"
    assert summary(FarmLikelihood(0.3), "zh") == "疑似内容农场（0.30）"
    assert label(Reason(ReasonKind.CONTACT, 1, 1.0)) == "1 contact line"
