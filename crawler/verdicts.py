"""What a site's robots.txt said, for those who ask after a fetch. Fetches nothing."""

from crawler.options import CrawlOptions
from crawler.robots import CACHE, Rules, product_token
from crawler.urls import HostileUrl, split_url


def robots_verdict(url: str, options: CrawlOptions) -> str:
    """In a few words, whether robots.txt lets us fetch `url`, and how fast."""
    rules = _rules(url)
    if rules is None:
        return "robots.txt was not asked for"
    agent = product_token(options.user_agent)
    if not rules.allow(url, agent):
        return f"refused to {agent}: {rules.reason}"
    pace = max(rules.delay(agent), options.delay.total_seconds())
    why = "allowed" if rules.parser is not None else f"allowed: {rules.reason}"
    return f"{why}; a request each {pace:g} s"


def named_sitemaps(url: str) -> list[str]:
    """The sitemaps that the robots.txt of the URL's host names, as it writes them."""
    rules = _rules(url)
    return list(rules.parser.sitemaps) if rules is not None and rules.parser is not None else []


def _rules(url: str) -> Rules | None:
    try:
        parts = split_url(url)
    except HostileUrl:
        return None
    return CACHE.get(f"{parts.scheme}://{parts.netloc}")
