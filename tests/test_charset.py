"""Charsets: whatever the labels say, the text comes out."""

import json
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.charset import codec_of, decode
from crawler.page import Page

CORPUS = Path(os.environ.get("LENDWATCH_SHARED", Path(__file__).parents[2] / "shared")) / "corpus"
HANS = "某借贷平台的催收人员给借款人的家人打电话，监管部门说这样的做法违反了有关规定。"
HANT = "某借貸平台的催收人員給借款人的家人打電話，監管部門說這樣的做法違反了有關規定。"
JA = "これは日本語の文章です。貸金業者の取り立てについて、新しい規制が始まりました。"
LABELS = ["", "utf-8", "gb2312", "big5", "iso-8859-1", "shift_jis", "utf-7", "no-such-charset"]


def page(body: bytes, content_type: str = "text/html", *, rendered: bool = False) -> Page:
    url = "http://a.com/"
    headers = {"content-type": content_type}
    return Page(url, url, 200, headers, body, datetime(2026, 11, 24, tzinfo=UTC), rendered)


def labelled(label: str) -> str:
    return f"text/html; charset={label}" if label else "text/html"


def html(text: str, meta: str = "", padding: int = 0) -> str:
    head = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{'<!-- x -->' * padding}{head}<title>t</title></head><p>{text}</p>"


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (HANS, "utf-8"),
        (HANT, "utf-8"),
        (HANS, "gb2312"),
        (HANS, "gb18030"),
        (HANT, "gbk"),
        (HANT, "big5"),
        (HANT + "嘅咗喺嚟", "big5hkscs"),
        (JA, "cp932"),
        (HANS + "𠮷䶮", "gb18030"),
        (HANS, "utf-16"),
    ],
)
def test_the_bytes_decide_whatever_the_label(text, codec, label):
    for meta in ("", label):
        body = html(text, meta).encode(codec)
        assert decode(page(body, labelled(label))).text.removeprefix("\ufeff") == html(text, meta)


def test_header_and_meta_may_both_be_wrong_in_any_way():
    """Every encoding under every pair of labels, from a title's length up: 4,700 pages."""
    labels = [*LABELS, "gbk", "gb18030", "big5-hkscs", "utf-16", "euc-kr"]
    simplified, traditional = ("用钱宝催收投诉", HANS), ("用錢寶催收投訴", HANT, HANT + "嘅咗喺嚟")
    shared = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
    wrong = [
        (text, codec, header, meta)
        for texts, codecs in ((simplified, ("gb2312",)), (traditional, ("gbk", "big5hkscs")))
        for text in texts
        for codec in (*shared, *codecs)
        for header in labels
        for meta in labels
        if decode(page(html(text, meta).encode(codec), labelled(header))).text.removeprefix(
            "\ufeff"
        )
        != html(text, meta)
    ]
    assert wrong == []


@pytest.mark.parametrize("padding", [0, 10, 1000, 20_000])
def test_a_label_is_found_wherever_it_stands(padding):
    """Latin text says nothing by itself: only the meta tag tells that it is Cyrillic."""
    text = html("Взыскание долгов", "windows-1251", padding)
    assert decode(page(text.encode("cp1251"))).text == text


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("Les prêts à la consommation sont très réglementés", "cp1252", "iso-8859-1"),
        ("Les prêts à la consommation sont très réglementés", "cp1252", ""),
        ("대부업체의 불법 추심에 대한 새로운 규제가 시작되었다", "cp949", "euc-kr"),
        (JA, "euc_jp", "euc-jp"),
        ("Взыскание долгов и кредиты", "koi8-r", "koi8-r"),
        ("Účet a půjčka", "iso8859-2", "iso-8859-2"),
    ],
)
def test_other_languages_are_read_by_their_label(text, codec, label):
    assert decode(page(html(text).encode(codec), labelled(label))).text == html(text)


def test_a_byte_order_mark_wins_and_goes():
    for codec in ("utf-8-sig", "utf-16"):
        decoded = decode(page(html(HANS).encode(codec), labelled("big5")))
        assert decoded.text == html(HANS)
    assert decode(page(html(HANS).encode("utf-16-be"))).text == html(HANS)


def test_utf_7_is_never_decoded():
    body = b"<title>+ADw-script+AD4-alert(1)</title>"
    decoded = decode(page(body, labelled("utf-7")))
    assert decoded.text == body.decode("ascii")
    assert "utf-7" in decoded.notes[0]
    assert codec_of("UTF-7") is None
    assert codec_of("unicode-1-1-utf-7") is None


def test_a_few_bad_bytes_do_not_make_utf_8_another_charset():
    body = html(HANS * 20).encode()
    for broken in (body[:-5] + b"\xe5\x82", body + "评论".encode("gbk"), body + b"\xff\xfe\x80"):
        decoded = decode(page(broken, labelled("gbk")))
        assert decoded.charset == "utf-8"
        assert HANS in decoded.text
        assert any("unreadable" in note for note in decoded.notes)


def test_a_page_that_calls_itself_wrong_is_noted():
    decoded = decode(page(html(HANS, "gb2312").encode()))
    assert decoded.notes == ("declared gb2312, is utf-8",)
    assert decode(page(html(HANS, "gbk").encode("gbk"), labelled("GB2312"))).notes == ()


def test_a_handful_of_bytes_that_happen_to_be_utf_8_are_read_by_their_label():
    assert decode(page("<p>联通</p>".encode("gbk"), labelled("gbk"))).text == "<p>联通</p>"
    assert decode(page("<p>中</p>".encode(), labelled("gbk"))).text == "<p>中</p>"
    assert decode(page("<p>café</p>".encode(), labelled("gbk"))).text == "<p>café</p>"


def test_a_browsers_text_is_utf_8_and_ascii_is_itself():
    assert decode(
        page(html(HANS, "gb2312").encode(), labelled("big5"), rendered=True)
    ).text == html(HANS, "gb2312")
    assert decode(page(b"", labelled("gbk"))).text == ""
    assert decode(page(b"plain", labelled("gbk"))).text == "plain"


def test_an_xml_declaration_is_a_label():
    text = '<?xml version="1.0" encoding="windows-1251"?><rss><title>Долги</title></rss>'
    assert decode(page(text.encode("cp1251"), "application/xml")).text == text


@given(st.binary(max_size=400), st.sampled_from(LABELS))
def test_any_bytes_become_text(body, label):
    assert isinstance(decode(page(body, labelled(label))).text, str)


@given(st.text(alphabet=HANS, min_size=30, max_size=200), st.sampled_from(["gbk", "utf-8"]))
def test_any_chinese_text_survives(text, codec):
    assert decode(page(html(text).encode(codec))).text == html(text)


def test_a_page_of_100_kilobytes_takes_about_a_millisecond():
    body = html((HANS + "<br>") * 1200).encode("gbk")
    decode(page(body))
    started = time.process_time()
    for _ in range(20):
        decode(page(body, labelled("utf-8")))
    assert (time.process_time() - started) / 20 < 0.01  # measured 1 ms; room for a busy machine


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")
def test_real_pages_are_read_with_their_labels_removed_and_swapped():
    wrong = []
    total = 0
    for body, codec in real_pages():
        bare = re.sub(rb"(?i)charset|encoding", b"xx", body)
        for label in ("", "utf-8", "gb2312", "big5", "iso-8859-1"):
            total += 2
            for sent in (body, bare):
                if decode(page(sent, labelled(label))).charset != codec:
                    wrong.append((sent[:60], codec, label))
    assert total > 500
    assert not wrong


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")
def test_snippets_of_real_articles_are_told_apart_without_a_label():
    """Forty characters, no markup: GBK always, Big5 at 99 % (its errors are all-Latin lines)."""
    for folder, codec, least in (("zh_pages_gne", "gb18030", 1.0), ("zh_pages_tw", "big5", 0.98)):
        right = total = 0
        for line in (CORPUS / folder / "truth.jsonl").read_text("utf-8").splitlines():
            body = json.loads(line)["body"]
            for start in range(0, len(body) - 40, 40):
                snippet = body[start : start + 40]
                encoded = snippet.encode(codec, "ignore")
                total += 1
                right += decode(page(encoded)).text == encoded.decode(codec)
        assert right >= least * total, (folder, right, total)


def real_pages():
    for folder in ("zh_pages_gne", "zh_pages_tw"):
        for file in sorted((CORPUS / folder / "pages").iterdir()):
            body = file.read_bytes()
            yield body, "big5hkscs" if file.name.startswith(("TTV", "UDN")) else "utf-8"
            text = decode(page(body)).text
            for codec in ("gb18030", "big5hkscs"):
                encoded = text.encode(codec, "ignore")
                # A Simplified page in Big5 is mostly holes: nobody serves that.
                if len(encoded.decode(codec)) > 0.98 * len(text):
                    yield encoded, codec
    for name, codec in (("Big5", "big5hkscs"), ("GB2312", "gb18030")):
        for file in sorted((CORPUS / "feeds" / "zh_legacy_encodings" / name).iterdir()):
            yield file.read_bytes(), codec
