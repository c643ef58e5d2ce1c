"""The baseline: what one would write in an afternoon with the same libraries.

    python -m tests.bench.naive SITEMAP DATABASE

Scrapy, trafilatura with metadata, an OpenCC call, `re`, and a commit for each page.
"""

import re
import sqlite3
import sys

import scrapy
import trafilatura
from opencc import OpenCC
from scrapy.crawler import CrawlerProcess

from seeds.loader import PACKAGED, load_watchlist

CONVERT = OpenCC("t2s").convert
NAMES = [
    name
    for platform in load_watchlist(PACKAGED).platforms
    if platform.watched
    for name in (platform.name, *(alias.name for alias in platform.aliases))
]
PATTERN = re.compile("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))))


class NaiveSpider(scrapy.spiders.SitemapSpider):
    name = "naive"

    def __init__(self, sitemap: str, database: str) -> None:
        super().__init__()
        self.sitemap_urls = [sitemap]
        self.store = sqlite3.connect(database)
        self.store.execute("CREATE TABLE IF NOT EXISTS article (url, title, date, body, names)")

    def parse(self, response):
        found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        if found is None:
            return
        body = CONVERT(found.text)
        names = set(PATTERN.findall(body))
        values = (response.url, found.title, found.date, body, ",".join(names))
        self.store.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", values)
        self.store.commit()


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(NaiveSpider, sys.argv[1], sys.argv[2])
    process.start()
