"""What must hold between the keys of one source, beyond the type of each.

Works on the values as written, so that one wrong key does not hide another."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from seeds.addresses import url_mistake
from seeds.crontabs import cron_mistake
from seeds.mistakes import Place, did_you_mean, quote
from seeds.models import Watchlist
from seeds.patterns import pattern_mistake
from seeds.problems import Mistake
from seeds.selectors import selector_mistake
from seeds.times import parse_duration, timezone_mistake, write_duration

# A feed that is asked more often than this gains nothing and looks like an attack.
SHORTEST_EVERY = timedelta(minutes=1)
Found = Iterator[tuple[Place, Mistake]]


def source_mistakes(entry: Mapping[str, Any], watchlist: Watchlist | None) -> Found:
    """Find what is wrong in one source as written, with places inside it.

    `watchlist` None (it could not be loaded): names of platforms are not checked."""
    yield from _address(entry)
    yield from _timing(entry)
    yield from _selectors(entry)
    yield from _rendering(entry)
    yield from _patterns(entry)
    yield from _kind(entry)
    yield from _platforms(entry, watchlist)


def _address(entry: Mapping[str, Any]) -> Found:
    url = entry.get("url")
    if isinstance(url, str) and (wrong := url_mistake(url, search=entry.get("kind") == "search")):
        yield ("url",), wrong


def _timing(entry: Mapping[str, Any]) -> Found:
    every, cron = entry.get("every"), entry.get("cron")
    if every is not None and cron is not None:
        yield ("cron",), Mistake("both `every` and `cron`", "keep one of them")
    if every is None and cron is None:
        yield (), Mistake("says nowhere when to look", "add `every: 15m` or `cron: '0 8 * * *'`")
    length = _length(every)
    if length is not None and length < SHORTEST_EVERY:
        shortest = write_duration(SHORTEST_EVERY)
        yield ("every",), Mistake(f"{every} is too short", f"at least {shortest}")
    jitter = _length(entry.get("jitter"))
    if length and jitter and jitter > length:
        yield ("jitter",), Mistake(f"{entry['jitter']} is longer than every", "make it shorter")
    if isinstance(cron, str) and (wrong := cron_mistake(cron)):
        yield ("cron",), wrong
    zone = entry.get("timezone")
    if isinstance(zone, str) and (wrong := timezone_mistake(zone)):
        yield ("timezone",), wrong


def _length(written: Any) -> timedelta | None:
    try:
        return parse_duration(written) if isinstance(written, str) else None
    except ValueError:
        return None  # the type of the key says so already


def _selectors(entry: Mapping[str, Any]) -> Found:
    selectors = entry.get("selectors")
    for key, selector in selectors.items() if isinstance(selectors, Mapping) else ():
        if isinstance(selector, str) and (wrong := selector_mistake(selector)):
            yield ("selectors", key), wrong


def _rendering(entry: Mapping[str, Any]) -> Found:
    """What only a browser does; and how a page is unrolled."""
    selectors, unroll = entry.get("selectors"), entry.get("unroll")
    if entry.get("browser") not in {True, "auto"}:
        if isinstance(selectors, Mapping) and selectors.get("ready"):
            yield ("selectors", "ready"), Mistake("only a browser waits", "add `browser: true`")
        for key in ("unroll", "block"):
            if entry.get(key) is not None:
                yield (key,), Mistake("only a browser does this", "add `browser: true`")
    if not isinstance(unroll, Mapping):
        return
    click, scroll = unroll.get("click"), unroll.get("scroll")
    if bool(click) == (scroll is True):
        problem = "both `scroll` and `click`" if click else "neither `scroll` nor `click`"
        yield ("unroll",), Mistake(problem, "write `scroll: true`, or `click:` and a selector")
    if isinstance(click, str) and (wrong := selector_mistake(click)):
        yield ("unroll", "click"), wrong
    if entry.get("kind") in {"feed", "sitemap"}:
        yield ("unroll",), Mistake("only listings, searches and pages unroll", "remove it")


def _patterns(entry: Mapping[str, Any]) -> Found:
    for key in ("include", "exclude"):
        patterns = entry.get(key)
        for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
            if isinstance(pattern, str) and (wrong := pattern_mistake(pattern)):
                yield (key, index), wrong


def _kind(entry: Mapping[str, Any]) -> Found:
    kind = entry.get("kind")
    if entry.get("platforms") and kind in {"feed", "sitemap", "listing", "page"}:
        yield ("platforms",), Mistake("only a search asks by platform", "remove it")


def _platforms(entry: Mapping[str, Any], watchlist: Watchlist | None) -> Found:
    names = entry.get("platforms")
    if watchlist is None or not isinstance(names, list):
        return
    watched = [each.name for each in watchlist.platforms if each.watched]
    for index, name in enumerate(names):
        if isinstance(name, str) and name not in watched:
            remedy = did_you_mean(name, watched) or "use a watched name from platforms.yaml"
            yield ("platforms", index), Mistake(f"no watched platform {quote(name)}", remedy)
