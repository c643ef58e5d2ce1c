"""What the fold counts of the traces that doctoring leaves."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from seeds.fold import fold
from seeds.fold.signals import Invisible, Signals

SHARED = Path(os.environ.get("LENDWATCH_SHARED") or Path(__file__).resolve().parents[2] / "shared")
NOTHING = Signals(0, 0, 0, 0, Invisible(), 0, 0, 0, 0, 0)


def seen(text: str) -> Signals:
    """The signals of a text without its plain measures."""
    return replace(fold(text).signals, han=0, traditional=0, simplified=0)


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("", {}),
        ("普通的文字,没有什么。Plain English, too.", {}),
        ("機(jī)制與費(fèi)用", {"annotations": 2}),
        ("傳統的 催收，不再有效。", {"gaps": 1, "cuts": 1}),
        ("傳統的\u3000催收，不再有效。", {"gaps": 1, "cuts": 1}),
        ("首页 新闻 财经 股票", {"gaps": 3}),
        ("姓名\t张三，\t李四", {"gaps": 1}),
        ("他说\t催收，不再有效。", {"gaps": 1}),
        ("一行标题 没有句子\n下一行，才有。", {"gaps": 1}),
        ("他说，表格  两栏。", {"gaps": 1}),
        ("段尾。\n\u3000\u3000段首。", {}),
        ("用 AI 技术，很好。", {}),
        ("用\u200b钱\u200d宝\ufeff", {"invisible": Invisible(zero_width=3)}),
        ("用\u00ad钱宝", {"invisible": Invisible(soft_hyphens=1)}),
        ("\u202e用钱宝\u202c", {"invisible": Invisible(bidi=2)}),
        ("用\ufe00钱\U000e0101宝", {"invisible": Invisible(variation_selectors=2)}),
        ("用\x00钱\u3164宝", {"invisible": Invisible(other=2)}),
        ("A&amp;B&nbsp;C", {"entities": 2}),
        ("⼈⼯智能,金额", {"lookalikes": 2}),
        ("３６０借条Ａpp", {"wide": 4}),
    ],
)
def test_each_trace_is_counted_and_nothing_else(text, signals):
    assert seen(text) == replace(NOTHING, **signals)


@pytest.mark.parametrize(
    ("text", "traditional", "simplified"),
    [
        ("人工智能", 0, 0),
        ("皇后在里面", 0, 0),
        ("國際", 2, 0),
        ("国际", 0, 2),
        ("國际貸款", 2, 1),
        ("借钱錢", 1, 1),
    ],
)
def test_characters_that_only_one_script_has_are_counted(text, traditional, simplified):
    signals = fold(text).signals
    assert (signals.traditional, signals.simplified) == (traditional, simplified)


def test_densities_are_for_each_han_character():
    signals = fold("機(jī)制的 好,").signals
    assert signals.han == 4
    assert signals.annotation_density == pytest.approx(1 / 4)
    assert signals.cut_density == pytest.approx(1 / 4)
    assert fold("").signals.annotation_density == 0
    assert fold("abc").signals.cut_density == 0


def test_a_mixture_is_the_rarer_scripts_share():
    assert fold("國際国际").signals.mixture == pytest.approx(0.5)
    assert fold("國際").signals.mixture == 0
    assert fold("人").signals.mixture == 0
    assert Invisible(1, 2, 3, 4, 5).total == 15


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "seed/article.txt").is_file(), reason="no seed article here")
def test_the_seed_article_shows_how_it_was_doctored():
    signals = fold((SHARED / "seed/article.txt").read_text("utf-8")).signals
    assert signals.annotations == 133
    assert 0.05 < signals.annotation_density < 0.12
    assert signals.cuts >= 1
    assert signals.mixture < 0.02
