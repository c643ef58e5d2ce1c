"""Scrapy's settings for every crawl; what depends on the source or the options is in tuning.py.

Nothing here is left to Scrapy's defaults that security or politeness hangs on."""

BOT_NAME = "lendwatch"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Both consoles can be reached by any website through a browser on the same machine.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The one client that connects to checked addresses only; all other schemes are refused.
DOWNLOAD_HANDLERS = {
    "http": "crawler.download.CheckedDownloadHandler",
    "https": "crawler.download.CheckedDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER = "crawler.politeness.PoliteDownloader"
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_FAIL_ON_DATALOSS = True

# All that there are: Scrapy's own lists, merged with ours for every crawl, are left out. So nothing a
# page says is followed as an address (no meta refresh), and no proxy comes from the environment.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.egress.EgressMiddleware": 10,
    "crawler.politeness.PolitenessMiddleware": 90,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.defaults.DefaultsMiddleware": 350,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "crawler.limits.BoundedCompressionMiddleware": 590,
    "crawler.limits.BoundedRedirectMiddleware": 600,
    "crawler.limits.SparingCookiesMiddleware": 700,
    "crawler.credentials.CredentialsMiddleware": 720,
}
# crawler.robots obeys RFC 9309; Scrapy's own reads an error page as rules and allows on failure.
ROBOTSTXT_OBEY = False

# crawler.politeness paces every request, over all crawls of a process; Scrapy's own would add to it.
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
# More in flight gains nothing on one core (measured: 16 as fast as 64).
CONCURRENT_REQUESTS = 16
# An asyncio task for each of these is started for every response; a response here gives one item
# (measured on loopback: 1.02 ms CPU a page with Scrapy's 100, 0.60 with 1).
CONCURRENT_ITEMS = 1
# Fetched pages that wait for the pipelines; beyond, fetching pauses. Bounds memory.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 5_000_000
RETRY_TIMES = 2
# Scrapy's list without what only its own HTTP/1.1 client raises: naming that loads the client,
# which takes longer (0.3 s) than a whole small crawl.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

COOKIES_ENABLED = True
COOKIES_DEBUG = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,zh-TW;q=0.8,en;q=0.5",
}

# No request says which page led to it. Nothing asks how deep one lies or whether it was a first one,
# and crawler.urls knows how long an address may be.
SPIDER_MIDDLEWARES = {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50}
# crawler.counts and crawler.guestbook count what is asked for.
EXTENSIONS = {"crawler.guestbook.GuestBook": 0}
ITEM_PIPELINES = {
    "crawler.pipelines.UnchangedPipeline": 100,
    "crawler.pipelines.ExtractPipeline": 200,
    "crawler.pipelines.MentionPipeline": 300,
    "crawler.looking.LookPipeline": 350,
    "crawler.pipelines.LogPipeline": 400,
}

LOG_LEVEL = "INFO"
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads source files at run time
