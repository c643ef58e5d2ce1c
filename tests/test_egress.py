"""The egress guard: what is public, what is refused, and that nothing reaches a refused address."""

import ipaddress

import pytest
from network_crawl import LOCAL, fetch, fetch_all
from network_site import Answer, NetworkSite
from test_urls import HOSTILE

from crawler.egress import (
    BlockedAddress,
    UrlRefused,
    allowed_networks,
    check_address,
    check_addresses,
    check_url,
)
from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused, Outcome

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.1",
    "223.5.5.5",
    "2400:3200::1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]
NOT_PUBLIC = [
    ("0.0.0.0", "this host"),
    ("0.1.2.3", "this host"),
    ("10.0.0.1", "private"),
    ("100.64.0.1", "carrier-internal"),
    ("100.100.100.200", "carrier-internal"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "cloud host"),
    ("169.254.169.254", "link-local"),
    ("169.254.170.2", "link-local"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.8", "reserved"),
    ("192.0.0.192", "reserved"),
    ("192.0.2.1", "documentation"),
    ("192.88.99.1", "6to4"),
    ("192.168.1.1", "private"),
    ("198.18.0.1", "benchmarking"),
    ("198.19.255.255", "benchmarking"),
    ("198.51.100.1", "documentation"),
    ("203.0.113.1", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("::", "this host"),
    ("::1", "this host"),
    ("::127.0.0.1", "loopback"),
    ("::8.8.8.8", "not in the public IPv6 range"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:7f00:1", "loopback"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:169.254.169.254", "link-local"),
    ("::ffff:0:127.0.0.1", "not in the public IPv6 range"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::169.254.169.254", "link-local"),
    ("64:ff9b:1::8.8.8.8", "not in the public IPv6 range"),
    ("100::1", "not in the public IPv6 range"),
    ("2002:7f00:1::", "loopback"),
    ("2002:808:808::", "6to4"),
    ("2001:0:4136:e378:8000:63bf:80ff:fffe", "loopback"),
    ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", "Teredo"),
    ("2001:20::1", "reserved"),
    ("2001:db8::1", "documentation"),
    ("2400:3200::5efe:7f00:1", "loopback"),
    ("2400:3200::200:5efe:a00:1", "private"),
    ("3fff::1", "documentation"),
    ("4000::1", "not in the public IPv6 range"),
    ("fc00::1", "not in the public IPv6 range"),
    ("fd00:ec2::254", "not in the public IPv6 range"),
    ("fe80::1", "not in the public IPv6 range"),
    ("fe80::1%eth0", "network zone"),
    ("fec0::1", "not in the public IPv6 range"),
    ("ff02::1", "not in the public IPv6 range"),
    ("2130706433", "not an IP address"),
    ("127.1", "not an IP address"),
    ("0177.0.0.1", "not an IP address"),
    ("", "not an IP address"),
]
LITERALS = [
    "http://127.0.0.1/",
    "http://127.0.0.1:8080/x",
    "http://[::1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://0.0.0.0/",
]
ONE = CrawlOptions(**{**LOCAL.model_dump(), "allow_addresses": ("127.0.0.1/32",)})


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address):
    check_address(address)


@pytest.mark.parametrize(("address", "reason"), NOT_PUBLIC)
def test_any_other_address_is_refused_by_name(address, reason):
    with pytest.raises(BlockedAddress, match="BLOCKED_ADDRESS") as caught:
        check_address(address)
    assert reason in str(caught.value)
    assert address in str(caught.value)


def test_allow_addresses_opens_what_it_names_and_no_more():
    allow = allowed_networks(CrawlOptions(allow_addresses=("10.1.0.0/16", "fd00::5", "127.0.0.1")))
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00::5", "127.0.0.1"):
        check_address(address, allow)
    for address in ("10.2.0.1", "fd00::6", "127.0.0.2"):
        with pytest.raises(BlockedAddress):
            check_address(address, allow)


def test_one_private_address_among_public_ones_refuses_the_host():
    check_addresses("a.com", ["8.8.8.8", "1.1.1.1"])
    with pytest.raises(BlockedAddress, match=r"10\.0\.0\.1 .* the name a\.com leads there"):
        check_addresses("a.com", ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize("url", LITERALS)
def test_a_literal_private_host_is_refused_without_a_look_up(url):
    with pytest.raises(BlockedAddress):
        check_url(url)


@pytest.mark.parametrize("url", [*HOSTILE, "http://a.com:22/", "http://a.com:6379/"])
def test_a_hostile_url_is_refused_with_its_own_name(url):
    with pytest.raises(UrlRefused) as caught:
        check_url(url)
    assert caught.value.outcome is Outcome.HOSTILE_URL


def test_an_address_as_a_name_is_refused_on_every_path_and_nothing_arrives():
    """Page, redirect, robots redirect and name, towards a canary that must hear nothing."""
    with NetworkSite({"*": Answer()}, host="127.0.0.2") as canary:
        port = canary.port
        to_canary = Answer(302, b"", {"Location": f"http://127.0.0.2:{port}/secret"})
        to_name = Answer(307, b"", {"Location": f"http://inside.test:{port}/"})
        pages = {"/robots.txt": Answer(404), "/r": to_canary, "/n": to_name, "/ok": Answer()}
        with NetworkSite(pages) as site, NetworkSite({"*": to_canary}) as robots_site:
            refused = [
                f"http://127.0.0.2:{port}/",
                f"http://inside.test:{port}/",
                f"http://mixed.test:{port}/",
                f"http://[::ffff:127.0.0.2]:{port}/",
                f"{site.url}/r",
                f"{site.url}/n",
                f"{robots_site.url}/page",
            ]
            names = {"inside.test": ["127.0.0.2"], "mixed.test": ["127.0.0.1 127.0.0.2"]}
            results = fetch_all([*refused, f"{site.url}/ok"], ONE, names)
        assert canary.connections == 0
    assert {url: results[url].outcome for url in refused} == dict.fromkeys(
        refused, Outcome.BLOCKED_ADDRESS
    )
    assert f"hop 2: {site.url}/r → http://127.0.0.2:{port}/secret" in results[refused[4]].message
    assert results[f"{site.url}/ok"].outcome is Outcome.OK


def test_a_name_that_changes_its_address_is_never_followed_there():
    """DNS rebinding: the look-up that was checked is the one that is connected to."""
    with (
        NetworkSite({"*": Answer()}) as site,
        NetworkSite({"*": Answer()}, host="127.0.0.2") as canary,
    ):
        for port in (site.port, canary.port):
            answers = {"turn.test": ["127.0.0.1", "127.0.0.2"]}
            fetch_all([f"http://turn.test:{port}/{n}" for n in range(3)], ONE, answers)
        assert site.connections > 0
        assert canary.connections == 0


def test_a_redirect_to_cloud_metadata_is_named_with_its_hop():
    metadata = "http://169.254.169.254/latest/meta-data/"
    with NetworkSite({"/a": Answer(302, b"", {"Location": metadata})}) as site:
        ended = fetch(f"{site.url}/a")
    assert ended.outcome is Outcome.BLOCKED_ADDRESS
    assert f"[hop 2: {site.url}/a → {metadata}]" in ended.message


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "//127.0.0.2:{port}/",
        r"http:\\127.0.0.2:{port}\x",
        "http://2130706434:{port}/",
        "http://u:p@127.0.0.2:{port}/",
        "http://127.2:{port}/",
        "/\\127.0.0.2:{port}/",
    ],
)
def test_a_redirect_in_any_disguise_reaches_nothing(location):
    with NetworkSite({"*": Answer()}, host="127.0.0.2") as canary:
        pages = {"/a": Answer(302, b"", {"Location": location.format(port=canary.port)})}
        with NetworkSite(pages) as site:
            ended = fetch(f"{site.url}/a", ONE)
        assert canary.connections == 0
    assert ended.outcome.is_failure


def test_a_proxy_from_the_environment_is_not_used(monkeypatch):
    with (
        NetworkSite({"*": Answer()}, host="127.0.0.2") as canary,
        NetworkSite({"/a": Answer()}) as site,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, canary.url)
        assert fetch(f"{site.url}/a").outcome is Outcome.OK
        assert canary.connections == 0


def test_allow_addresses_must_be_networks():
    with pytest.raises(ValueError, match="intranet"):
        allowed_networks(CrawlOptions(allow_addresses=("intranet",)))


def test_a_refusal_is_no_plain_error():
    assert issubclass(BlockedAddress, FetchRefused)
    assert ipaddress.ip_network("127.0.0.1/32") in allowed_networks(ONE)
