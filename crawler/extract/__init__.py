"""From a page to an article. `extract` is the one entry; each file beside it is one step."""

from crawler.extract.assemble import extract

__all__ = ["extract"]
