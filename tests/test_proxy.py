"""The browser's proxy over real sockets: what is let through, and what is not."""

import asyncio
import ssl
from pathlib import Path

import pytest
from network_crawl import LOCAL, LoopWithNames
from network_site import Answer, NetworkSite

from crawler.egress import allowed_networks
from crawler.outcomes import Outcome
from crawler.proxy import CheckingProxy, ProxyLimits, browser_arguments

ALLOW = allowed_networks(LOCAL.model_copy(update={"allow_addresses": ("127.0.0.1/32",)}))
CHROMIUM = Path("/usr/bin/chromium")


def through_proxy(talk, limits=None, names=None):
    """Run `talk(proxy, send)`; send(bytes) gives all bytes that come back until the end."""

    async def main():
        async with CheckingProxy(ALLOW, limits) as proxy:

            async def send(data: bytes, then: bytes = b"") -> bytes:
                port = int(proxy.url.rsplit(":", 1)[1])
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(data)
                    if then:
                        await reader.readuntil(b"\r\n\r\n")
                        writer.write(then)
                    return await asyncio.wait_for(reader.read(-1), 10)
                except ConnectionResetError:
                    return b""
                finally:
                    writer.close()

            return await talk(proxy, send)

    with asyncio.Runner(loop_factory=lambda: LoopWithNames(names or {})) as runner:
        return runner.run(main())


def get(url: str, more: str = "") -> bytes:
    return f"GET {url} HTTP/1.1\r\nHost: a\r\nProxy-Connection: keep-alive\r\n{more}\r\n".encode()


def test_a_plain_page_comes_through_once_a_connection():
    with NetworkSite({"/a?b=1": Answer(200, b"hello")}) as site:

        async def talk(proxy, send):
            return await send(
                get(f"{site.url}/a?b=1", "Cookie: x=1\r\n") + get(f"{site.url}/second")
            )

        answer = through_proxy(talk)
        assert site.paths() == ["/a?b=1"]
        headers = site.requests[0].headers
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"\r\nConnection: close\r\n" in answer
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["cookie"] == "x=1"
    assert "proxy-connection" not in headers


def test_a_tunnel_carries_bytes_both_ways():
    with NetworkSite({"/in": Answer(200, b"deep", close_early=True)}) as site:

        async def talk(proxy, send):
            connect = f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            return await send(connect, b"GET /in HTTP/1.1\r\nHost: x\r\n\r\n")

        assert b"deep" in through_proxy(talk)
        assert site.paths() == ["/in"]


@pytest.mark.parametrize(
    "request_line",
    [
        "GET http://127.0.0.2:{port}/ HTTP/1.1",
        "GET http://inside.test:{port}/ HTTP/1.1",
        "GET http://mixed.test:{port}/ HTTP/1.1",
        "GET http://[::ffff:127.0.0.2]:{port}/ HTTP/1.1",
        "GET http://2130706434:{port}/ HTTP/1.1",
        "GET http://a\\@127.0.0.2:{port}/ HTTP/1.1",
        "GET http://u@127.0.0.2:{port}/ HTTP/1.1",
        "CONNECT 127.0.0.2:{port} HTTP/1.1",
        "CONNECT inside.test:{port} HTTP/1.1",
        "CONNECT [::ffff:7f00:2]:{port} HTTP/1.1",
        "CONNECT 127.2:{port} HTTP/1.1",
        "CONNECT 169.254.169.254:80 HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET /etc/passwd HTTP/1.1",
        "POST ftp://127.0.0.2:{port}/ HTTP/1.1",
    ],
)
def test_what_is_refused_reaches_nothing(request_line):
    names = {"inside.test": ["127.0.0.2"], "mixed.test": ["127.0.0.1 127.0.0.2"]}
    with NetworkSite({"*": Answer(200, b"secret")}, host="127.0.0.2") as canary:

        async def talk(proxy, send):
            return await send(
                f"{request_line.format(port=canary.port)}\r\nHost: a\r\n\r\n".encode()
            )

        answer = through_proxy(talk, names=names)
        assert canary.connections == 0
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"secret" not in answer


def test_a_refusal_can_be_asked_for_afterwards():
    async def talk(proxy, send):
        await send(get("http://inside.test:8080/x"))
        return [
            proxy.refusal(f"http://{host}") for host in ("inside.test:8080/", "b.test/", "10.0.0.1")
        ]

    named, other, literal = through_proxy(talk, names={"inside.test": ["10.0.0.1"]})
    assert named.outcome is Outcome.BLOCKED_ADDRESS
    assert "10.0.0.1" in str(named)
    assert other is None
    assert literal.outcome is Outcome.BLOCKED_ADDRESS


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\r\n\r\n"])
def test_nonsense_is_answered_with_400(data):
    async def talk(proxy, send):
        return await send(data)

    assert through_proxy(talk).startswith(b"HTTP/1.1 400")


def test_a_site_that_is_down_is_a_bad_gateway():
    with NetworkSite({}) as site:
        url = site.url

    async def talk(proxy, send):
        return await send(get(url))

    assert through_proxy(talk).startswith(b"HTTP/1.1 502")


def test_a_tunnel_ends_at_its_limits():
    with NetworkSite(
        {"/big": Answer(200, b"x" * 200_000), "/drip": Answer(200, b"x" * 99, drip=1)}
    ) as site:

        async def talk(proxy, send):
            return [await send(get(site.url + path)) for path in ("/big", "/drip")]

        big, drip = through_proxy(talk, ProxyLimits(tunnel_bytes=1000, tunnel_seconds=1.0))
    assert len(big.split(b"\r\n\r\n")[1]) == 1000
    assert len(drip.split(b"\r\n\r\n")[1]) < 5


def test_too_many_connections_are_turned_away():
    with NetworkSite({"/a": Answer(200, b"let in")}) as site:

        async def talk(proxy, send):
            port = int(proxy.url.rsplit(":", 1)[1])
            held = []
            for _ in range(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\r\n\r\n".encode())
                assert b"200" in await reader.readuntil(b"\r\n\r\n")
                held.append(writer)
            refused = await send(get(f"{site.url}/a"))
            for writer in held:
                writer.close()
            return refused

        assert through_proxy(talk, ProxyLimits(connections=2)) == b""
        assert site.paths() == []


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium")
def test_a_browser_cannot_get_past_it(tmp_path):
    """Redirect, frame, fetch, web socket, image and certificate-less https towards a canary."""
    with NetworkSite({"*": Answer(200, b"secret")}, host="127.0.0.2") as canary:
        inside = f"127.0.0.2:{canary.port}"
        page = f"""<body><p id=o>text</p><iframe src=/jump></iframe><img src=http://{inside}/i>
            <iframe src=http://{inside}/f></iframe><link rel=preconnect href=http://{inside}>
            <script>fetch('http://{inside}/x').catch(e => 1); new WebSocket('ws://{inside}/w');
            fetch('https://{inside}/y').catch(e => 1); open('http://{inside}/o');
            navigator.sendBeacon('http://{inside}/b');
            fetch('/ok').then(r => document.body.append('fetched'))</script></body>""".encode()
        jump = Answer(302, b"", {"Location": f"http://{inside}/jumped"})
        with NetworkSite({"/": Answer(200, page), "/jump": jump, "/ok": Answer()}) as site:
            dom = asyncio.run(dump_dom(f"{site.url}/", tmp_path))
            assert {"/", "/jump", "/ok"} <= set(site.paths())
        assert canary.connections == 0
    assert "fetched" in dom
    assert "secret" not in dom


async def dump_dom(url: str, profile: Path) -> str:
    async with CheckingProxy(ALLOW) as proxy:
        browser = await asyncio.create_subprocess_exec(
            str(CHROMIUM),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={profile}",
            "--virtual-time-budget=3000",
            "--dump-dom",
            *browser_arguments(proxy.url),
            url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        out, _ = await asyncio.wait_for(browser.communicate(), 60)
    return out.decode("utf-8", "replace")


def test_tls_goes_through_untouched():
    """The proxy sees no plain text: a handshake is passed on, whatever it is."""
    context = ssl.create_default_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="a.com")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    hello = outgoing.read()
    received: list[bytes] = []

    async def talk(proxy, send):
        async def echo(reader, writer):
            received.append(await reader.readexactly(len(hello)))
            writer.write(b"seen")
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            return await send(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode(), hello)
        finally:
            server.close()

    assert through_proxy(talk) == b"seen"
    assert received == [hello]
