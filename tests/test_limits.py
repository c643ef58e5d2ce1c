"""Bombs, drips and loops: each ends by its name, in bounded time and memory."""

import gzip
import resource
import ssl
import time
import zlib
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from network_crawl import LOCAL, fetch, fetch_all
from network_site import Answer, NetworkSite

from crawler.options import CrawlOptions
from crawler.outcomes import Outcome, of_error, of_status

ROBOTS = {"/robots.txt": Answer(404)}
# Without the time in its header: the same bytes, and the same name of a test, in every process.
packed = partial(gzip.compress, mtime=0)
PAGE = "<html><body>催收新闻</body></html>".encode()


def options(**changed):
    return CrawlOptions(**{**LOCAL.model_dump(), **changed})


def brotli_bomb(megabytes: int) -> bytes:
    compressor = brotli.Compressor(quality=9)
    zeros = bytes(1024 * 1024)
    return b"".join(compressor.process(zeros) for _ in range(megabytes)) + compressor.finish()


def gzip_bomb(megabytes: int) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    return b"".join(compressor.compress(zeros) for _ in range(megabytes)) + compressor.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (packed(PAGE), "gzip"),
        (packed(PAGE), "X-GZIP"),
        (zlib.compress(PAGE), "deflate"),
        (brotli.compress(PAGE), "br"),
        (packed(brotli.compress(PAGE)), "br, gzip"),
        (packed(PAGE), "gzip, identity"),
        (PAGE, "identity"),
        (PAGE, ""),
    ],
)
def test_a_page_in_up_to_two_encodings_is_read(body, encoding):
    with NetworkSite({**ROBOTS, "/a": Answer(200, body, {"Content-Encoding": encoding})}) as site:
        ended = fetch(f"{site.url}/a")
    assert ended.outcome is Outcome.OK
    assert ended.response.body == PAGE


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (packed(packed(packed(PAGE))), "gzip, gzip, gzip"),
        (PAGE, "gzip"),
        (PAGE, "br"),
        (PAGE, "zstd"),
        (PAGE, "lzma"),
        (PAGE, "gzip, rot13"),
    ],
)
def test_an_encoding_that_is_unknown_broken_or_stacked_is_refused(body, encoding):
    with NetworkSite({**ROBOTS, "/a": Answer(200, body, {"Content-Encoding": encoding})}) as site:
        assert fetch(f"{site.url}/a").outcome is Outcome.ENCODING


@pytest.mark.parametrize(("bomb", "encoding"), [(brotli_bomb, "br"), (gzip_bomb, "gzip")])
def test_a_decompression_bomb_of_300_megabytes_takes_no_memory(bomb, encoding):
    body = bomb(300)
    with NetworkSite({**ROBOTS, "/a": Answer(200, body, {"Content-Encoding": encoding})}) as site:
        fetch(f"{site.url}/robots.txt")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert fetch(f"{site.url}/a").outcome is Outcome.TOO_LARGE
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 32 * 1024  # kilobytes


def test_a_bomb_inside_a_bomb_is_stopped_at_its_first_layer():
    body = packed(brotli_bomb(50))
    with NetworkSite({**ROBOTS, "/a": Answer(200, body, {"Content-Encoding": "br, gzip"})}) as site:
        assert fetch(f"{site.url}/a", options(page_bytes=4096)).outcome is Outcome.TOO_LARGE


LONG = b"x" * 3000
CHUNKED = Answer(
    body=b"bb8\r\n" + LONG + b"\r\n0\r\n\r\n",
    headers={"Transfer-Encoding": "chunked"},
    chunked=True,
)


@pytest.mark.parametrize("answer", [Answer(body=LONG), CHUNKED])
def test_a_page_beyond_the_limit_is_refused_announced_or_not(answer):
    with NetworkSite({**ROBOTS, "/a": answer}) as site:
        assert fetch(f"{site.url}/a", options(page_bytes=2000)).outcome is Outcome.TOO_LARGE
        assert fetch(f"{site.url}/a", options(page_bytes=4000)).outcome is Outcome.OK


def test_one_byte_a_moment_ends_at_the_deadline():
    with NetworkSite({**ROBOTS, "/a": Answer(200, PAGE, drip=0.1)}) as site:
        started = time.monotonic()
        ended = fetch(f"{site.url}/a", options(timeout=timedelta(seconds=1)))
    assert ended.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 2.5


def test_the_deadline_covers_all_hops_of_a_redirect():
    hops = {f"/{n}": Answer(302, b"", {"Location": f"/{n + 1}"}, wait=0.4) for n in range(10)}
    with NetworkSite({**ROBOTS, **hops}) as site:
        started = time.monotonic()
        ended = fetch(f"{site.url}/0", options(timeout=timedelta(seconds=1)))
        assert len(site.requests) <= 5
    assert ended.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 2.5


def test_a_redirect_chain_is_followed_to_the_limit_and_no_further():
    hops = {f"/{n}": Answer(302, b"", {"Location": f"/{n + 1}"}) for n in range(30)}
    with NetworkSite({**ROBOTS, **hops, "/10": Answer()}) as site:
        assert fetch(f"{site.url}/0").outcome is Outcome.OK
        assert fetch(f"{site.url}/0", options(redirects=9)).outcome is Outcome.REDIRECTS
    with NetworkSite({**ROBOTS, **hops, "/11": Answer()}) as site:
        ended = fetch(f"{site.url}/0")
        assert site.paths()[-1] == "/10"
    assert ended.outcome is Outcome.REDIRECTS
    assert f"{site.url}/0 was redirected 11 times" in ended.message


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(302, b"", {"Location": "/a"}), Outcome.REDIRECTS),
        (Answer(302, b""), Outcome.REDIRECTS),
        (Answer(200, b"short", close_early=True), Outcome.BROKEN),
        (Answer(404), Outcome.NOT_FOUND),
        (Answer(410), Outcome.GONE),
        (Answer(403), Outcome.BLOCKED),
        (Answer(500), Outcome.SERVER_ERROR),
        (Answer(304, b""), Outcome.UNCHANGED),
        (Answer(200, b""), Outcome.OK),
        (Answer(200, PAGE, {"X-Long": "y" * 30_000}), Outcome.OK),
        (Answer(200, PAGE, {"X-Bytes": "\xc4\xe3"}), Outcome.OK),
    ],
)
def test_each_ending_has_its_name(answer, outcome):
    with NetworkSite({**ROBOTS, "/a": answer}) as site:
        assert fetch(f"{site.url}/a").outcome is outcome


def test_a_plain_server_behind_https_is_a_tls_failure():
    with NetworkSite({"*": Answer()}, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as site:
        ended = fetch(f"https://127.0.0.1:{site.port}/")
    assert ended.outcome is Outcome.TLS


def test_a_certificate_nobody_signed_is_a_tls_failure(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "site.pem"
    pem.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with NetworkSite({"*": Answer()}, tls=context) as site:
        ended = fetch(f"https://127.0.0.1:{site.port}/")
        assert site.requests == []
    assert ended.outcome is Outcome.TLS
    assert "certificate verify failed" in ended.message
    assert "object at" not in ended.message


def test_statuses_and_errors_have_outcomes():
    assert of_status(299) is Outcome.OK
    assert of_status(418) is Outcome.CLIENT_ERROR
    assert of_error(RuntimeError("x")) is Outcome.FAILED
    assert Outcome.BLOCKED.is_failure
    assert not Outcome.BLOCKED.says_about_page
    assert Outcome.GONE.says_about_page


def test_a_crawl_of_failures_leaves_the_others_alone():
    pages = {
        **ROBOTS,
        "/drip": Answer(200, PAGE, drip=0.5),
        "/cut": Answer(200, PAGE, close_early=True),
    }
    with NetworkSite({**pages, "*": Answer()}) as site:
        urls = [f"{site.url}/{name}" for name in ("cut", "drip", "1", "2", "3")]
        results = fetch_all(urls, options(timeout=timedelta(seconds=1)))
    assert [results[url].outcome for url in urls[2:]] == [Outcome.OK] * 3


def test_a_soak_over_every_failure_leaves_no_descriptor_open():
    pages = {
        **ROBOTS,
        "/cut": Answer(200, PAGE, close_early=True),
        "/loop": Answer(302, b"", {"Location": "/loop"}),
        "/inside": Answer(302, b"", {"Location": "http://10.0.0.1/"}),
        "/bomb": Answer(200, gzip_bomb(9), {"Content-Encoding": "gzip"}),
        "/bad": Answer(200, PAGE, {"Content-Encoding": "br"}),
        "/500": Answer(500),
    }
    with NetworkSite({**pages, "*": Answer()}) as site:
        kinds = [site.url + path for path in [*pages, "/ok"]] + [
            "http://10.0.0.1/",
            "http://127.1/",
        ]
        fetch_all(kinds)
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(3):
            fetch_all(
                [f"{url}?{n}" if url.endswith("/ok") else url for n in range(20) for url in kinds]
            )
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
