"""From a page to an article. `extract` is the entry (`extract_parts` for an article of several
pages, `extract_around` with what stands beside it); each file beside it is one step."""

from crawler.extract.assemble import extract, extract_around, extract_parts

__all__ = ["extract", "extract_around", "extract_parts"]
