"""What a page shows when no article can be read out of it: its title and its visible lines."""

from crawler.article import ExtractionFailed
from crawler.extract.facts import read_facts
from crawler.extract.read import read
from crawler.page import Page


def shown(page: Page) -> tuple[str, str]:
    """Title and visible lines of any page; both empty when it is no markup."""
    try:
        document = read(page)
        return read_facts(document.root).document_title, "\n".join(
            line.text for line in document.layout.lines
        )
    except (ExtractionFailed, RecursionError):
        return "", ""
