"""Hostile addresses in every disguise: what a page, a redirect or a feed may try to lead us to."""

from ipaddress import IPv4Address

INSIDE = (
    "127.0.0.1",
    "127.0.0.2",
    "169.254.169.254",
    "10.0.0.1",
    "192.168.1.1",
    "100.100.100.200",
    "0.0.0.0",
)
INSIDE_V6 = (
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "fc00::1",
    "ff02::1",
    "fec0::1",
    "100::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2400:3200::5efe:7f00:1",
    "64:ff9b:1::a00:1",
)
TURNING = (*INSIDE, "192.0.0.192", "168.63.129.16", "198.18.0.1", "172.16.0.1")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_SCHEMES = ("file", "ftp", "gopher", "dict", "ldap", "tftp", "sftp", "jar:http", "ws", "ssh")
_PORTS = (22, 25, 6379, 11211)

# What the local DNS answers: name → one answer a question, the last one from then on.
NAMES: dict[str, list[list[str]]] = {
    **{f"inside{n}.evil.com": [[address]] for n, address in enumerate((*INSIDE, *INSIDE_V6))},
    **{f"mixed{n}.evil.com": [["93.184.216.34", address]] for n, address in enumerate(INSIDE)},
    "metadata.google.internal": [["169.254.169.254"]],
    "instance-data.ec2.internal": [["169.254.169.254"]],
    # Rebinding: an honest answer first, then one that leads inside.
    **{f"turn{n}.evil.com": [["93.184.216.34"], [each]] for n, each in enumerate(TURNING)},
}


def disguises(address: str) -> list[str]:
    """One IPv4 address in the forms that one parser or another reads as it."""
    ip = IPv4Address(address)
    a, b, c, d = (int(part) for part in address.split("."))
    high, low = int(ip) >> 16, int(ip) & 0xFFFF
    hosts = [
        address,
        f"{address}.",
        str(int(ip)),
        hex(int(ip)),
        f"0{int(ip):o}",
        ".".join(hex(part) for part in (a, b, c, d)),
        ".".join(f"0{part:o}" for part in (a, b, c, d)),
        ".".join(f"{part:03}" for part in (a, b, c, d)),
        f"{a}.{int(ip) & 0xFFFFFF}",
        f"{a}.{b}.{low}",
        address.translate(_FULL_WIDTH),
        address.translate(_CIRCLED),
        address.replace(".", "。"),
        "".join(f"%{ord(character):02x}" for character in address),
        f"[::ffff:{address}]",
        f"[::ffff:{high:x}:{low:x}]",
        f"[0:0:0:0:0:ffff:{address}]",
        f"[::{high:x}:{low:x}]",
        f"[64:ff9b::{high:x}:{low:x}]",
        f"[2002:{high:x}:{low:x}::]",
        f"evil.com@{address}",
        f"{address}:80\\@evil.com",
        f"evil.com\\@{address}",
        f"evil.com:80#@{address}",
        f"evil.com%00.{address}",
    ]
    return [f"http://{host}/{'x' if number % 2 else ''}" for number, host in enumerate(hosts)]


FORMS: tuple[str, ...] = (
    *(form for address in INSIDE for form in disguises(address)),
    *(f"http://[{address}]/" for address in INSIDE_V6),
    "http://[fe80::1%25lo]/",
    *(f"{scheme}://127.0.0.1/etc/passwd" for scheme in _SCHEMES),
    *(f"http://site.news-of-today.com:{port}/" for port in _PORTS),
    *(f"http://{name}/" for name in NAMES if not name.startswith("turn")),
    *(f"https://{name}/" for name in list(NAMES)[:12]),
    "http://localhost/",
    "http://localhost:8080/",
    "http://LOCALHOST./",
    "http://ip6-localhost/",
    "//127.0.0.2/scheme-relative",
    "\\\\127.0.0.2\\share",
    "http:\\\\127.0.0.2\\x",
    "http:127.0.0.2/x",
    "http:///127.0.0.2/x",
    " http://127.0.0.2/",
    "ht\ttp://127.0.0.2/",
)
