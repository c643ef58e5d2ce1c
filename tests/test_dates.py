"""Dates and times of day, as a table: text, fetch time, expected moment."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import date_forms
from crawler.dates import find_dates, parse_clock, parse_date, parse_epoch

FETCHED_AT = datetime(2024, 11, 9, 4, 0, 30, tzinfo=UTC)  # noon of 9 November in Shanghai

ABSOLUTE = [
    ("2024年11月8日 22:41", "2024-11-08T22:41:00+08:00", "minute"),
    ("2024年11月8日22:41:19", "2024-11-08T22:41:19+08:00", "second"),
    ("2024年11月8日（星期五）22:41", "2024-11-08T22:41:00+08:00", "minute"),
    ("2024/11/08(五) 12:30", "2024-11-08T12:30:00+08:00", "minute"),
    ("2024年11月8日晚上10点41分", "2024-11-08T22:41:00+08:00", "minute"),
    ("2024年11月8日下午3點半", "2024-11-08T15:30:00+08:00", "minute"),
    ("2024年11月8日凌晨12点05分", "2024-11-08T00:05:00+08:00", "minute"),
    ("2024年11月8日中午12点05分", "2024-11-08T12:05:00+08:00", "minute"),
    ("2024年11月8日晚上10点", "2024-11-08T22:00:00+08:00", "day"),
    ("2024年11月8日", "2024-11-08T00:00:00+08:00", "day"),
    ("2024-11-08 22:41:19 瀏覽 作者:羿若鷺", "2024-11-08T22:41:19+08:00", "second"),
    ("2024.11.8", "2024-11-08T00:00:00+08:00", "day"),
    ("發稿時間：2013/08/13 11:24", "2013-08-13T11:24:00+08:00", "minute"),
    ("民國113年11月8日", "2024-11-08T00:00:00+08:00", "day"),
    ("中華民國 113 年 11 月 8 日 上午 9:05", "2024-11-08T09:05:00+08:00", "minute"),
    ("113/11/08", "2024-11-08T00:00:00+08:00", "day"),
    ("103-12-12 08:30", "2014-12-12T08:30:00+08:00", "minute"),
    ("中華民國一百一十三年十一月八日", "2024-11-08T00:00:00+08:00", "day"),
    ("202411/08 14:24:29", "2024-11-08T14:24:29+08:00", "second"),  # spans without white space
    ("二〇二四年十一月八日", "2024-11-08T00:00:00+08:00", "day"),
    ("二○二三年二月二十八日", "2023-02-28T00:00:00+08:00", "day"),
    ("2024-11-08T14:41:19Z", "2024-11-08T14:41:19+00:00", "second"),
    ("2024-11-08T22:41:19.123+08:00", "2024-11-08T22:41:19+08:00", "second"),
    ("2019-09-07T13:43:45+0800", "2019-09-07T13:43:45+08:00", "second"),
    ("Fri, 08 Nov 2024 22:41:19 GMT", "2024-11-08T22:41:19+00:00", "second"),
    ("November 8, 2024 10:41 PM", "2024-11-08T22:41:00+08:00", "minute"),
    ("10:41 PM, Nov. 8, 2024", "2024-11-08T22:41:00+08:00", "minute"),
    ("8 Nov 2024", "2024-11-08T00:00:00+08:00", "day"),
    ("8. November 2024, 12:01 Uhr", "2024-11-08T12:01:00+08:00", "minute"),
    ("8 de noviembre de 2024", "2024-11-08T00:00:00+08:00", "day"),
    ("08.11.2024", "2024-11-08T00:00:00+08:00", "day"),
    ("20241108224119", "2024-11-08T22:41:19+08:00", "second"),
    ("20241108", "2024-11-08T00:00:00+08:00", "day"),
    ("1731076879", "2024-11-08T22:41:19+08:00", "second"),
    ("1731076879000", "2024-11-08T22:41:19+08:00", "second"),
    ("2014/12/13 星期六 18:13", "2014-12-13T18:13:00+08:00", "minute"),
    ("发布时间：18-03-0823:16", "2018-03-08T23:16:00+08:00", "minute"),
    ("2024-11-08 25:99", "2024-11-08T00:00:00+08:00", "day"),
    ("2024-11-08 24:00", "2024-11-09T00:00:00+08:00", "minute"),
]

RELATIVE = [
    ("11月8日", "2024-11-08T00:00:00+08:00", "day"),
    ("11月8日 22:41", "2024-11-08T22:41:00+08:00", "minute"),
    ("11-08 22:41", "2024-11-08T22:41:00+08:00", "minute"),
    ("12月31日 10:00", "2023-12-31T10:00:00+08:00", "minute"),  # not seven weeks ahead
    ("昨天 22:41", "2024-11-08T22:41:00+08:00", "minute"),
    ("昨晚10点", "2024-11-08T22:00:00+08:00", "day"),
    ("去年11月8日", "2023-11-08T00:00:00+08:00", "day"),
    ("前年 12月8日", "2022-12-08T00:00:00+08:00", "day"),
    ("前天", "2024-11-07T00:00:00+08:00", "day"),
    ("今日 08:15", "2024-11-09T08:15:00+08:00", "minute"),
    ("3小时前", "2024-11-09T09:00:00+08:00", "day"),
    ("半小時前", "2024-11-09T11:30:00+08:00", "day"),
    ("5分钟前", "2024-11-09T11:55:00+08:00", "minute"),
    ("刚刚", "2024-11-09T12:00:00+08:00", "minute"),
    ("三天前", "2024-11-06T00:00:00+08:00", "day"),
    ("2 weeks ago", "2024-10-26T00:00:00+08:00", "day"),
    ("yesterday", "2024-11-08T00:00:00+08:00", "day"),
]

IMPOSSIBLE = [
    "1970-01-01",
    "1970-01-01 08:00:00",
    "2099-01-01",
    "2024-11-11",  # two days after the fetch
    "2024-02-30",
    "2024年13月1日",
    "11-08",
    "192.168.1.11",
    "v1.10.21",
    "400-820-8820",
    "第12页",
    "12345678901",
    "",
]


@pytest.mark.parametrize(("text", "at", "precision"), ABSOLUTE)
def test_a_written_date_keeps_its_time_of_day_and_offset(text, at, precision):
    moment = parse_date(text, FETCHED_AT)
    assert (moment.at.isoformat(), moment.precision, moment.dated) == (at, precision, True)


@pytest.mark.parametrize(("text", "at", "precision"), RELATIVE)
def test_a_date_without_its_year_is_counted_from_the_fetch(text, at, precision):
    moment = parse_date(text, FETCHED_AT)
    assert (moment.at.isoformat(), moment.precision, moment.dated) == (at, precision, False)


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_an_impossible_date_is_unknown(text):
    assert parse_date(text, FETCHED_AT) is None


def test_all_dates_of_a_line_are_found_in_order():
    line = "發稿時間：2013/08/13 11:24 最新更新：2013/08/13 12:30"
    found = list(find_dates(line, FETCHED_AT))
    assert [f.moment.at.strftime("%H:%M") for f in found] == ["11:24", "12:30"]
    assert line[found[1].start : found[1].end] == "2013/08/13 12:30"


def test_a_leap_day_without_a_year_is_the_last_one_there_was():
    moment = parse_date("2月29日", FETCHED_AT)
    assert moment.at.date().isoformat() == "2024-02-29"
    assert parse_date("2月29日", datetime(2025, 6, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [("晚上10点41分", 22 + 41 / 60), ("22:41", 22 + 41 / 60), ("下午3點半", 15.5)],
)
def test_a_time_of_day_alone_is_read(text, hours):
    assert parse_clock(text) == timedelta(hours=hours)


def test_an_epoch_of_another_length_is_refused():
    assert parse_epoch("173107687", FETCHED_AT) is None
    assert parse_epoch("１７３１０７６８７９", FETCHED_AT) is None


@given(
    st.text(
        alphabet="0123456789年月日点分前昨今晚上下午:/-. TZ+民國秒小时天个一二十〇", max_size=40
    )
)
def test_any_text_gives_a_believable_date_or_none(text):
    moment = parse_date(text, FETCHED_AT)
    assert moment is None or (
        moment.at.tzinfo is not None
        and moment.at.year >= 1994
        and moment.at <= FETCHED_AT + timedelta(days=1)
    )


_PIECES = [
    *"0123456789年月日号點点分秒./-:： 　今去前昨晚大，的字二十〇零○廿民國国Tx",
    *("2024", "113", "11", "中华民國", "去年", "大前天", "昨晚", "下午", "Today", "yesterday"),
    *("Jan", "August", "août", "ſept", "de março de", "12th of", "GMT+8", "(星期一)", "１", "٣"),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_no_day_is_missed_for_how_it_begins(pieces):
    """The quick look at a day's first character lets every form through."""
    text = "".join(pieces)
    absolute = date_forms.ABSOLUTE
    all_tried = re.compile(absolute.pattern.removeprefix(date_forms.BEGINS), absolute.flags)
    assert all_tried.pattern != absolute.pattern
    found = [(each.span(), each.groups()) for each in absolute.finditer(text)]
    assert found == [(each.span(), each.groups()) for each in all_tried.finditer(text)]
