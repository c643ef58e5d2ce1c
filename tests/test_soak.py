"""Some hundred fetches that end in every way there is: nothing is left behind. `soak.py` has 5,000."""

from bench.soak import soak

ENDINGS = {
    "kept",
    "skipped",
    "not-found",
    "gone",
    "blocked",
    "captcha",
    "throttled",
    "client-error",
    "server-error",
    "redirects",
    "blocked-address",
    "hostile-url",
    "robots",
    "noindex",
    "too-large",
    "encoding",
    "charset",
    "layout",
    "not-a-page",
    "not-a-feed",
    "dns",
    "tls",
    "refused",
    "timeout",
    "broken",
}


def test_a_soak_over_every_failure_leaves_memory_and_descriptors_flat():
    seen = soak(300)
    assert seen.endings.keys() >= ENDINGS
    start, first, *_, last = seen.points
    assert last.descriptors <= start.descriptors + 2
    # Warm after the first crawl; 300 fetches may leave what 300 pages of logs and caches weigh.
    assert last.resident_bytes - first.resident_bytes < 16 * 1024 * 1024
