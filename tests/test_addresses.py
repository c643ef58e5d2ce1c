"""What a source may name as its address: whatever passes here, the crawler can ask for."""

import pytest
from few_in_ci import few_in_ci
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.urls import HostileUrl, canonical_url
from seeds.addresses import url_mistake

REFUSED = [
    "http://2130706433/", "http://127.1/", "http://0177.0.0.1/", "http://0x7f.0.0.1/",
    "http://1.2.3/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/", "http://[fe80::1%25eth0]/", "http://a..b/", "http://-/", "http://a b/",
    "http://a\\@b/", "http://u:p@b.com/", "file:///etc/passwd", "data:text/html,x", "http:///x",
    "http://e.com:0/", "http://e.com:99999/", "http://" + "a" * 300 + ".com/", "http://e.com/\u202e",
]  # fmt: skip
TAKEN = [
    "https://news.example.com/feed.xml?x=1&y=%E7%94%A8",
    "http://127.0.0.1:8080/",
    "http://[2001:db8::1]/",
    "https://用钱宝.中国/新闻",
    "http://xn--pple-43d.com/",
    "http://localhost/",
    "http://a_b.example.com./",
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_cannot_be_fetched_is_refused_with_a_remedy(url):
    wrong = url_mistake(url)
    assert wrong is not None
    assert wrong.remedy


@pytest.mark.parametrize("url", TAKEN)
def test_an_address_that_can_is_taken(url):
    assert url_mistake(url) is None
    assert canonical_url(url)


HOSTS = st.text(alphabet="a1.-_:x0用①。[]%@\u00ad\u200bⅤß٣", max_size=12)


@settings(max_examples=few_in_ci(1000))
@example("][:", ":80/")
@example("[::1]x", "/x")
@given(HOSTS, st.sampled_from(["", "/x", "/x?y=1", ":80/", ":x/"]))
def test_what_check_takes_the_crawler_does_not_refuse(host, rest):
    url = f"http://{host}{rest}"
    if url_mistake(url) is None:
        try:
            canonical_url(url)
        except HostileUrl as error:
            pytest.fail(f"{url!r}: {error}")
