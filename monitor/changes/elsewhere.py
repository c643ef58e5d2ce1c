"""What an address shows, told with what its site shows elsewhere. Pure.

A site without real 404s answers any address: with one page for them all, its front page, or the
list that the article stood in. None of that is an edit of the article."""

import re
from urllib.parse import urlsplit

from monitor.changes.standing import ANOTHER_PAGE, NOTICE, Found, Shown, Standing, kept, standing
from monitor.changes.titles import same_title
from monitor.stories.fingerprint import compact, containment, shingle_hashes
from seeds.fold import fold_text

REDIRECTED = "redirected"
ANY_ADDRESS = "the site's page for any address"

# Two fetches of one page differ in counters and recommendations; under one title in more.
SAME, SAME_TITLED = 0.8, 0.5
# Shorter texts are a site's name: all its pages look alike that way.
LEAST = 10
# As much as a look keeps of a page.
COMPARED = 4_000
_DIGITS = re.compile(r"\d+")
# Findings that leave room for another one: nothing on the page says what it is.
_UNTOLD = frozenset(
    {"nothing read", "another layout", "another page", "a list of other articles", ""}
)


def standing_at(known: Shown, now: Shown, where: tuple[str, str], nowhere: Shown | None) -> Found:
    """Tell what stands at an article's address. `where` are the address that was asked for and the
    one that answered ("": none); `nowhere` is what the site shows at an address that cannot be."""
    found = standing(known, now)
    if found.reason not in _UNTOLD or now.status not in range(200, 300) or shows(known, now):
        return found
    if leads_away(*where):
        return Found(Standing.GONE, REDIRECTED, where[1])
    if nowhere and not shows(known, nowhere) and same_page(now, nowhere):
        return Found(Standing.GONE, ANY_ADDRESS, now.title)
    return found


def shows(known: Shown, page: Shown) -> bool:
    """Whether a page has the known article's own text, or its title over another one."""
    if kept(known.text, page.text) > ANOTHER_PAGE:
        return True
    return same_title(known.title, page.title) and bool(compact(page.text))


def leads_away(url: str, address: str) -> bool:
    """Whether an address led to a front page, or to a folder that the article stood in.

    >>> leads_away("https://e.com/news/2024/1.html", "https://www.e.com/news/")
    True
    """
    asked, answered = urlsplit(url), urlsplit(address)
    if not address or answered.query:
        return False
    folder, own = answered.path.rstrip("/"), asked.path.rstrip("/")
    if folder == own:
        return bool(asked.query) and not own  # `/?id=7` that leads to `/`
    return own.startswith(f"{folder}/")


def same_page(one: Shown, other: Shown) -> bool:
    """Whether two looks show one page."""
    ours, theirs = (compact(fold_text(each.text[:COMPARED])) for each in (one, other))
    titled = same_title(one.title, other.title)
    least, most = sorted((_DIGITS.sub("", each) for each in (ours, theirs)), key=len)
    if titled and least and (least == most or (least in most and len(least) < LEAST)):
        return True  # one title, and of the rest nothing but its counters was read, at least once
    if min(len(ours), len(theirs)) < LEAST:
        return False
    first, second = shingle_hashes(ours), shingle_hashes(theirs)
    shares = containment(first, second), containment(second, first)
    return min(shares) >= SAME or (titled and max(shares) >= SAME_TITLED)


def answers(home: Shown, gone: Shown) -> bool:
    """Whether a site's front page shows that the site answers, while an article is `gone`: it is no
    challenge, and no notice that stands at both."""
    if standing(None, home).standing is not Standing.HERE:
        return False
    return len(compact(home.text)) > NOTICE or not same_page(home, gone)
