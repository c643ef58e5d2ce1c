"""From a page to an article. `extract` is the entry (`extract_parts` for an article of several
pages); each file beside it is one step."""

from crawler.extract.assemble import extract, extract_parts

__all__ = ["extract", "extract_parts"]
