"""Judge CSS and XPath selectors before a page is ever read with them."""

import re

from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from seeds.mistakes import did_you_mean, quote
from seeds.problems import Mistake

# XPath 1.0's core library (W3C REC-xpath-19991116, section 4). No EXSLT: its re: functions run on
# a backtracking engine, its document() reads files. unparsed-text() and env are of XPath 3.
XPATH_FUNCTIONS = frozenset(
    (
        "last",
        "position",
        "count",
        "id",
        "local-name",
        "namespace-uri",
        "name",
        "string",
        "concat",
        "starts-with",
        "contains",
        "substring-before",
        "substring-after",
        "substring",
        "string-length",
        "normalize-space",
        "translate",
        "boolean",
        "not",
        "true",
        "false",
        "lang",
        "number",
        "sum",
        "floor",
        "ceiling",
        "round",
    )
)
_NODE_TESTS = frozenset({"text", "node", "comment", "processing-instruction"})
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"([A-Za-z_][\w.:-]*)\s*\(")
# `and`, `or`, `div`, `mod` may stand before a parenthesis without being called.
_OPERATORS = frozenset({"and", "or", "div", "mod"})
LONGEST_SELECTOR = 1_000


def is_xpath(selector: str) -> bool:
    """Tell XPath from CSS by the first character, as the documentation says."""
    return selector.lstrip().startswith(("/", "("))


def selector_mistake(selector: str) -> Mistake | None:
    """Tell why `selector` can never select anything, or must not, or None."""
    if not selector.strip():
        return Mistake("an empty selector", "fill it in, or remove the key")
    if len(selector) > LONGEST_SELECTOR:
        return Mistake(f"a selector of {len(selector)} characters", "write a shorter one")
    return _xpath_mistake(selector) if is_xpath(selector) else _css_mistake(selector)


def _css_mistake(selector: str) -> Mistake | None:
    try:
        xpath = HTMLTranslator().css_to_xpath(selector)
        etree.XPath(xpath)
    except (SelectorError, etree.XPathError) as error:
        remedy = "correct it; an XPath begins with `/` or `(`"
        return Mistake(f"{quote(selector)} is not a CSS selector: {error}", remedy)
    return None


def _xpath_mistake(selector: str) -> Mistake | None:
    code = _LITERAL.sub("''", selector)
    for name in _CALL.findall(code):
        called = name.rpartition("::")[2]
        if called not in XPATH_FUNCTIONS | _NODE_TESTS | _OPERATORS:
            hint = did_you_mean(called, sorted(XPATH_FUNCTIONS)) or "use XPath 1.0's own functions"
            return Mistake(f"the XPath function {called}() is refused", hint)
    if "$" in code:
        return Mistake(f"a variable in {quote(selector)}", "write the value itself")
    try:
        # Evaluated on an empty page, because unknown prefixes show only then.
        etree.XPath(selector)(etree.Element("html"))
    except (etree.XPathError, ValueError) as error:
        return Mistake(
            f"{quote(selector)} is not XPath 1.0: {error}", "correct it; CSS works as well"
        )
    return None
