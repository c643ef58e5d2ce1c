"""Why a page that came gave no article, or a list no links: the name its owner can act on. Pure."""

from crawler.article import Article
from crawler.challenges import LONGEST, is_challenge, is_challenge_machinery
from crawler.charset import decode
from crawler.outcomes import Outcome
from crawler.page import Page

Unread = tuple[Outcome, str]

_MARK = "\ufffd"  # what stands for bytes that could not be read
# Of a text's characters: a page cut in mid-character has one, a wrong charset has them everywhere.
_UNREADABLE_SHARE = 0.05
_NOT_PAGES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_OFFICE = ("application/msword", "application/vnd.", "application/octet-stream")
# PDF, ZIP and what is made of it (docx, xlsx), PNG, GIF, JPEG, RAR, 7z, gzip, old Office files.
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
)


def why_no_article(page: Page, problem: str) -> Unread:
    """The outcome of a page out of which no article could be read for `problem`."""
    if is_challenge_machinery(page.body):
        return _captcha(page)
    kind = page.headers.get("content-type", "").strip().lower()
    if page.body.startswith(_MAGIC) or kind.startswith((*_NOT_PAGES, *_OFFICE)):
        return Outcome.NOT_A_PAGE, f"{page.url} is no page but {kind or 'a file'}"
    return _charset(page, decode(page).text) or (Outcome.LAYOUT, problem)


def why_no_text(page: Page, article: Article) -> Unread | None:
    """The outcome of a page whose article is none; None when it is one."""
    short = len(article.body) <= LONGEST
    if is_challenge(article) or (short and _only_machinery(page)):
        return _captcha(page)
    return _charset(page, article.body)


def why_no_list(page: Page, outcome: Outcome, problem: str) -> Unread:
    """The outcome of a feed, sitemap or listing that is none: `outcome`, unless a firewall asks."""
    return _captcha(page) if is_challenge_machinery(page.body) else (outcome, problem)


def _only_machinery(page: Page) -> bool:
    """A firewall's own page is small; a site's with a form to comment is not."""
    return len(page.body) < 16 * 1024 and is_challenge_machinery(page.body)


def _captcha(page: Page) -> Unread:
    return Outcome.CAPTCHA, f"{page.url} asks for a proof of being human; it shows no article"


def _charset(page: Page, text: str) -> Unread | None:
    unreadable = text.count(_MARK)
    if unreadable <= _UNREADABLE_SHARE * len(text):
        return None
    detail = f"{page.url}: {unreadable} of {len(text)} characters cannot be read in any charset"
    return Outcome.CHARSET, detail
