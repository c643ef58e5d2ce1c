"""Fill the templates. Everything is escaped; styles are moved into the elements for mail readers."""

from collections.abc import Mapping
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.alerts.wording import WHEN

_ENVIRONMENT = Environment(
    loader=PackageLoader("monitor.alerts"),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Media queries cannot be inlined and stay in the head, for phones and dark screens. Nothing is
# ever loaded.
_INLINER = css_inline.CSSInliner(
    keep_at_rules=True, load_remote_stylesheets=False, remove_inlined_selectors=True
)


def page(template: str, context: Mapping[str, Any]) -> str:
    """Fill the template of a page that stands alone: nothing is loaded, everything is escaped."""
    return _ENVIRONMENT.get_template(template).render(context)


def render(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Fill `template` ("alert", "digest", "test"); returns (text, HTML)."""
    values = {"when": WHEN, **context}
    text = _ENVIRONMENT.get_template(f"{template}.txt").render(values)
    html = _ENVIRONMENT.get_template(f"{template}.html").render(values)
    return text, _INLINER.inline(html)
