"""Hand a message over as one signed POST (Standard Webhooks 1.0), to the subscription's address.

A receiver tells a second copy by `webhook-id`, which is the same on every attempt, and that the
message is ours by `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import hmac
import time
from typing import Self

from crawler.egress import allowed_networks
from crawler.outcomes import FetchRefused
from crawler.posting import Answer, AnswerLost, NotSent, Poster
from monitor.alerts.cleaning import one_line
from monitor.alerts.handover import BeforeDot, Claim, DeliveryDeferred, Replies, Reply
from monitor.alerts.receivers import receiver, unsaid
from monitor.config import Config
from monitor.config_rules import SECRET_PREFIX
from monitor.masking import mask

_REPLY_LENGTH = 300
# "Not now", in words of HTTP; 5xx too. Any other 4xx is about the message or the address.
_LATER = frozenset({408, 425, 429})
GONE = 410


class Webhooks:
    """The subscriptions' receivers, for one run: one that does not answer is asked once in it."""

    def __init__(self, config: Config) -> None:
        self._urls = {each.name: each.webhook for each in config.subscriptions if each.webhook}
        self._secret = config.webhooks.secret
        self._agent = config.crawl.user_agent.format(contact=config.crawl.contact)
        self._poster = Poster(allowed_networks(config.crawl), config.webhooks.timeout)
        self._silent: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        await self._poster.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._poster.__aexit__()

    async def hand_over(self, claim: Claim, content: bytes, before_dot: BeforeDot) -> Replies:
        """Post `content`; `before_dot` puts on record that it may arrive from here on.

        Raises DeliveryDeferred when the receiver takes nothing at the moment."""
        url = self._urls[claim.subscription]
        if url in self._silent:
            raise DeliveryDeferred(self._silent[url])

        async def before_sending() -> None:
            await before_dot(claim.recipients)

        headers = _headers(claim.message_id, content, self._secret, int(time.time()))
        headers["User-Agent"] = self._agent
        try:
            answer = await self._poster.post(url, content, headers, before_sending)
        except FetchRefused as refusal:
            reply = Reply("refused", _line(url, str(refusal)))
        except NotSent as problem:
            self._silent[url] = _line(url, str(problem))
            raise DeliveryDeferred(self._silent[url]) from problem
        except AnswerLost as problem:
            self._silent[url] = _line(url, f"{problem}; it may have arrived")
            reply = Reply("unknown", self._silent[url])
        else:
            if answer.status >= 500 or answer.status in _LATER:
                self._silent[url] = _line(url, _told(answer, url))
                raise DeliveryDeferred(self._silent[url], answer.wait)
            reply = _reply(answer, url)
        return dict.fromkeys(claim.recipients, reply)


def _headers(message_id: str, body: bytes, secret: str, now: int) -> dict[str, str]:
    identity = f"msg_{message_id.strip('<>').partition('@')[0]}"
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": identity,
        "webhook-timestamp": str(now),
    }
    if secret:
        headers["webhook-signature"] = f"v1,{signature(secret, identity, now, body)}"
    return headers


def signature(secret: str, identity: str, timestamp: int, body: bytes) -> str:
    """What a receiver that knows `secret` (`whsec_` and base64) computes as well, in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{identity}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _reply(answer: Answer, url: str) -> Reply:
    told = _told(answer, url)
    if 200 <= answer.status < 300:
        return Reply("sent", _line(url, told))
    if 300 <= answer.status < 400:
        leads = unsaid(answer.location, url)[:100]
        told += f" leads to {leads!r}, and no redirect is followed; correct webhook"
    if answer.status == GONE:
        told += "; its owner wants no more: correct the subscription's webhook, or take it out"
    return Reply("refused", _line(url, told))


def _told(answer: Answer, url: str) -> str:
    text = mask(unsaid(f"{answer.status} {answer.reason} {answer.text}".strip(), url))
    return one_line(text, 120)


def _line(url: str, text: str) -> str:
    return one_line(f"{receiver(url)}: {unsaid(text, url)}", _REPLY_LENGTH)
