"""The egress guard: whether an address may be talked to. One function for every path out.

Chain: EgressMiddleware stands first, DOWNLOADER_MIDDLEWARES order 10 (before robots), so that
every hop of a redirect passes it; crawler.download and crawler.proxy ask `check_address` again
about the very address they connect to."""

import ipaddress
from functools import lru_cache
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused, Outcome
from crawler.urls import HostileUrl, UrlParts, split_url

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA IPv4 Special-Purpose Address Registry (2025-10), IPv4 multicast and class E, and the
# public address at which every Azure machine finds its own host.
_SPECIAL_V4 = tuple(
    (ipaddress.IPv4Network(network), reason)
    for network, reason in {
        "0.0.0.0/8": "this host",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier-internal (CGNAT, cloud services)",
        "127.0.0.0/8": "loopback",
        "168.63.129.16/32": "a cloud host",
        "169.254.0.0/16": "link-local (cloud metadata)",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved for protocols",
        "192.0.2.0/24": "documentation",
        "192.31.196.0/24": "AS112",
        "192.52.193.0/24": "AMT",
        "192.88.99.0/24": "6to4 relay",
        "192.168.0.0/16": "private",
        "192.175.48.0/24": "AS112",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
    }.items()
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# What is special inside 2000::/3 (IANA IPv6 Special-Purpose Address Registry).
_SPECIAL_V6 = tuple(
    (ipaddress.IPv6Network(network), reason)
    for network, reason in {
        "2001::/32": "a Teredo tunnel",
        "2001::/23": "reserved for protocols",
        "2001:db8::/32": "documentation",
        "2002::/16": "a 6to4 tunnel",
        "2620:4f:8000::/48": "AS112",
        "3fff::/20": "documentation",
    }.items()
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
# The interface identifiers of ISATAP (RFC 5214): ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
# Ports that the Fetch standard ("bad port") keeps web clients from: mail, shells, databases, …
_BAD_PORTS = frozenset(
    {1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101}
    | {102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389}
    | {427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636}
    | {989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211}
)


class BlockedAddress(FetchRefused):
    """BLOCKED_ADDRESS: the address is not public, and `allow_addresses` does not name it."""

    outcome = Outcome.BLOCKED_ADDRESS


class UrlRefused(FetchRefused):
    """The URL itself is hostile: nothing was looked up or connected to."""

    outcome = Outcome.HOSTILE_URL


def allowed_networks(options: CrawlOptions) -> tuple[IPNetwork, ...]:
    """`allow_addresses` as networks. Raises ValueError, which names the entry."""
    return tuple(ipaddress.ip_network(entry, strict=False) for entry in options.allow_addresses)


def check_url(url: str, allow: tuple[IPNetwork, ...] = ()) -> UrlParts:
    """Refuse a URL that is not plain http(s), or whose host is a non-public literal address.

    A host name passes: its addresses are checked when they are connected to.
    Raises UrlRefused or BlockedAddress."""
    try:
        parts = split_url(url)
    except HostileUrl as error:
        raise UrlRefused(str(error)) from error
    if parts.port in _BAD_PORTS:
        raise UrlRefused(f"{url[:200]!r} names port {parts.port}, where no web server listens")
    if parts.literal:
        check_address(parts.host, allow)
    return parts


@lru_cache(maxsize=4096)
def check_address(address: str, allow: tuple[IPNetwork, ...] = ()) -> None:
    """Refuse an IP address that is not public, whatever it is wrapped in.

    Raises BlockedAddress, which names the address and why it is not public."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError as error:
        raise BlockedAddress(f"BLOCKED_ADDRESS {address!r} is not an IP address") from error
    inner = _embedded(ip)
    if any(_within(candidate, allow) for candidate in (ip, inner) if candidate is not None):
        return
    if reason := _why_not_public(ip, inner):
        raise BlockedAddress(
            f"BLOCKED_ADDRESS {address} is {reason}; only public addresses are crawled "
            "(allow_addresses in lendwatch.yaml opens named networks)"
        )


@lru_cache(maxsize=4096)  # of its own: what is refused raises, and that is not remembered
def is_public(address: str) -> bool:
    """Whether an IP address is public, whatever `allow_addresses` opens."""
    try:
        check_address(address)
    except BlockedAddress:
        return False
    return True


def check_addresses(host: str, addresses: list[str], allow: tuple[IPNetwork, ...] = ()) -> None:
    """Refuse a host when any of its addresses is not public: a mixed answer is an attack."""
    for address in addresses:
        try:
            check_address(address, allow)
        except BlockedAddress as error:
            raise BlockedAddress(f"{error}; the name {host} leads there") from error


class EgressMiddleware:
    """Refuses hostile URLs and literal private addresses, at every hop, before anything else."""

    def __init__(self, allow: tuple[IPNetwork, ...]) -> None:
        self._allow = allow

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook: read CrawlOptions from the setting LENDWATCH_OPTIONS."""
        return cls(allowed_networks(crawler.settings["LENDWATCH_OPTIONS"]))

    def process_request(self, request: Request) -> None:
        """Let the request pass or raise; a proxy named by a page's making is dropped."""
        request.meta.pop("proxy", None)
        try:
            check_url(request.url, self._allow)
        except FetchRefused as error:
            raise with_hops(error, request) from error

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell, for an address refused while connecting, through which hops it was reached."""
        if isinstance(exception, BlockedAddress) and not exception.located:
            raise with_hops(exception, request) from exception


def with_hops(error: FetchRefused, request: Request) -> FetchRefused:
    """The same refusal, its message naming the URL and the redirects that led to it."""
    hops = [*request.meta.get("redirect_urls", ()), request.url]
    path = " → ".join(hop[:200] for hop in hops)
    told = type(error)(f"{error} [hop {len(hops)}: {path}]")
    told.located = True
    return told


def _embedded(ip: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to this IPv6 address end at, if it carries one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    number = int(ip)
    if ip in _MAPPED or ip in _NAT64 or number >> 32 == 0:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return None


def _within(ip: IPAddress, networks: tuple[IPNetwork, ...]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)


def _why_not_public(ip: IPAddress, inner: ipaddress.IPv4Address | None) -> str | None:
    if inner is not None and (reason := _special_v4(inner)):
        return f"{reason} ({inner} inside)"
    if isinstance(ip, ipaddress.IPv4Address):
        return _special_v4(ip)
    if ip.scope_id is not None:
        return "bound to a network zone"
    if ip in _MAPPED or ip in _NAT64:
        return None  # the address inside is public, and it is the one that is reached
    if ip not in _GLOBAL_V6:
        return "not in the public IPv6 range"
    return next((reason for network, reason in _SPECIAL_V6 if ip in network), None)


def _special_v4(ip: ipaddress.IPv4Address) -> str | None:
    return next((reason for network, reason in _SPECIAL_V4 if ip in network), None)
