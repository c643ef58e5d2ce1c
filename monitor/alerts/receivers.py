"""Who is told on which channel, as it stands in the record of deliveries."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from monitor.config import Config

CHANNELS = ("mail", "webhook")
Recipients = Mapping[str, tuple[str, ...]]


def recipients(config: Config) -> Mapping[str, Recipients]:
    """The recipients of each subscription, by channel and subscription."""
    return {
        "mail": {each.name: each.to for each in config.subscriptions},
        "webhook": {
            each.name: (receiver(each.webhook),) for each in config.subscriptions if each.webhook
        },
    }


def receiver(url: str) -> str:
    """A webhook's server. Its path and query stay unsaid: they often hold the key to it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def unsaid(text: str, url: str) -> str:
    """`text` without a webhook's path and query, which answers and errors like to repeat."""
    parts = urlsplit(url)
    said = {parts.path, *parts.query.split("&")}
    for part in sorted(said | {unquote(each) for each in said}, key=len, reverse=True):
        if part not in {"", "/"}:
            text = text.replace(part, "…")
    return text
