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


def _patterns(entry: Mapping[str, Any]) -> Found:
    for key in ("include", "exclude"):
        patterns = entry.get(key)
        for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
            if isinstance(pattern, str) and (wrong := pattern_mistake(pattern)):
                yield (key, index), wrong


def _kind(entry: Mapping[str, Any]) -> Found:
    kind = entry.get("kind")
    selectors = entry.get("selectors")
    chosen = selectors if isinstance(selectors, Mapping) else {}
    if entry.get("browser") is True and kind in {"feed", "sitemap"}:
        yield ("browser",), Mistake(f"a {kind} needs no browser", "remove it")
    if chosen.get("ready") and entry.get("browser") is not True:
        yield ("selectors", "ready"), Mistake("only a browser waits", "add `browser: true`")
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
