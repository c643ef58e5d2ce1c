"""Page text made fit for headers, lines and addresses."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as some

from monitor.alerts.cleaning import header_text, one_line, visible
from monitor.alerts.entry import link

encoded_words = some.sampled_from(["=?", "?=", "utf-8", "?q?", "?b?", "=0ABcc:", "x", " ", "催"])
tricky = some.lists(encoded_words, max_size=30).map("".join)


@given(some.one_of(some.text(max_size=300), tricky))
def test_no_text_reads_otherwise_in_a_header_than_it_was_written(text):
    value = header_text(text, 120)
    mail = EmailMessage(policy=default)
    mail["Subject"] = value
    again = message_from_bytes(mail.as_bytes(), policy=default)
    assert again.keys() == ["Subject"]
    assert "".join(str(again["Subject"]).split()) == "".join(value.split())
    assert len(value) <= 120


@given(some.text(max_size=300), some.integers(2, 50))
def test_one_line_is_one_visible_line(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("用\u200b钱\u2060宝", "用钱宝"),
        ("\u202e收催", "收催"),
        ("机(jī)制", "机(jī)制"),
        ("a\tb\nc", "a b\nc"),
        ("\x1b[31m红", "[31m红"),
        ("𠮷野家 😀", "𠮷野家 😀"),
    ],
)
def test_what_cannot_be_seen_is_dropped_and_nothing_else(text, seen):
    assert visible(text) == seen


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://例子.中国/a?x=1", "xn--fsqu00a.xn--fiqs8s"),
        ("https://аррӏе.com/login", "xn--80ak6aa92e.com"),  # Cyrillic look-alikes
        ("https://example.com/%E5%82%AC", "example.com"),
        ("https://example.com:8443/a", "example.com"),
    ],
)
def test_an_address_shows_the_host_it_really_leads_to(url, host):
    shown = link(url)
    assert shown.host == host
    assert host in shown.url
    assert shown.url.isascii()
