"""lendwatch beside changedetection.io and urlwatch: the same sites, the same thirty days.

    python -m tests.bench.bench_peers --environments DIR [--days 30] [--hours 12] [--only NAME …]

Each peer is installed into an environment of its own under DIR (once; from the package index). It
watches every article's address from the tick on which the article appeared, and is run once a tick:
urlwatch as its users run it, with the filter `html2text`; changedetection.io by its own update
worker without its web server. Each of them a second time with a selector for the article, set by
hand for every site. lendwatch crawls every tick and chooses itself what to look at again.

One line a tool. `edits`, `removed`, `restored`: true events that it told of, of those that its own
looks could tell, of those that happened; `false` alerts, by what they were about; what was told of again while nothing had
changed counts as false, too. An edit that changes no conclusion is neither. `requests` are all that
the sites were sent, a true event told. Then, on sites where nothing happens, the CPU milliseconds
of one check of an article that is unchanged: on quiet sites (the bytes are the same) and on
restless ones (counters and advertisements differ; there the peers have their selectors, or nothing
would be unchanged to them). Ours holds the whole crawl, its list, the intake and the follower."""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from quarter import LIFE, events_of, monitored
from timeline_script import (
    MATERIAL,
    SITES,
    START,
    Look,
    Script,
    Step,
    Truth,
    quarter,
    scripted,
    truths,
)
from timeline_site import TimelineSite, timeline_sites

PACKAGES = {
    "changedetection.io": ("changedetection.io==0.60.*", "time-machine"),
    "urlwatch": ("urlwatch==2.29", "html2text"),
}
# What holds the article, by layout (tests/timeline_site.py::LAYOUTS).
SELECTORS = ("article", "div.main", "td.text", "section.news")
DRIVER = Path(__file__).with_name("peer_changedetection.py")


@dataclass
class Score:
    """What one tool told, held against what its own looks could tell."""

    told: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def line(self, name: str) -> str:
        caught = " ".join(
            f"{kind} {self.told[kind]}/{self.true[kind]}/{self.happened[kind]}"
            for kind in ("edits", "removed", "restored")
        )
        about = ", ".join(f"{kind} {count}" for kind, count in self.false.most_common())
        per_true = self.requests / max(1, self.told.total())
        return (
            f"{name:34} {caught}; false {self.false.total()}"
            f"{f' ({about})' if about else ''}; requests {per_true:.1f} a true event"
        )


Alert = tuple[datetime, int]  # when, and of which article


def scored(script: Script, looks: list[Look], alerts: Iterable[Alert], requests: int) -> Score:
    """Hold a peer's alerts against the truth: the first fitting one tells of an event."""
    score = Score(requests=requests, happened=_happened(script))
    left = [each for each in truths(script, looks) if each.kind != "ArticleEdited" or each.material]
    for each in (each for each in left if not each.may_be_missed):
        score.true[_named(each)] += 1
    by_article: dict[int, list[Look]] = {}
    for look in looks:
        by_article.setdefault(look.article, []).append(look)
    for at, article in sorted(alerts):
        fitting = [each for each in left if each.article == article and _tells(each, at, looks)]
        if fitting:
            left.remove(fitting[0])
            score.told[_named(fitting[0])] += 1
            score.true[_named(fitting[0])] += fitting[0].may_be_missed
        elif about := _about(by_article[article], at):
            score.false[about] += 1
    return score


def _happened(script: Script) -> Counter[str]:
    """What truly happens, by kind, whoever looks; edits that change a conclusion."""
    edits = sum(each.do in MATERIAL for each in script.steps)
    kinds = Counter(kind for kind, *_ in scripted(script))
    return Counter(edits=edits, removed=kinds["ArticleRemoved"], restored=kinds["ArticleRestored"])


def _named(truth: Truth) -> str:
    names = {"ArticleEdited": "edits", "ArticleRemoved": "removed", "ArticleRestored": "restored"}
    return names[truth.kind]


def _tells(truth: Truth, at: datetime, looks: list[Look]) -> bool:
    """A removal may be told from the first look on that found the article gone."""
    if truth.kind == "ArticleRemoved":
        return truth.since <= at <= truth.latest
    return truth.at <= at <= truth.latest


def _about(looks: list[Look], at: datetime) -> str:
    """What a false alert was about; empty for an edit that is true and changes no conclusion."""
    index = max(number for number, look in enumerate(looks) if look.at <= at)
    now = looks[index].shows
    if now.what == "blocked":
        return "outage or wall"
    if now.what == "gone":
        return "gone for a moment, or told again"
    before = next((each.shows for each in reversed(looks[:index])), now)
    if before.what != "article":
        return "end of an outage or wall" if before.what == "blocked" else "back after a moment"
    if (before.copy.text, before.copy.meta) != (now.copy.text, now.copy.meta):
        return ""
    return "script or dress" if before.copy.dress != now.copy.dress else "counters, layout, script"


class ChangeDetection:
    """changedetection.io's update worker."""

    def __init__(self, environment: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(environment / "bin" / "python"), str(DRIVER), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            text=True,
        )
        self.cpu = 0.0

    def check(self, now: datetime, watches: dict[str, str]) -> set[str]:
        order = json.dumps({"now": now.isoformat(), "watches": watches})
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        self.cpu = told["cpu"]
        return set(told["alerts"])

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class UrlWatch:
    """The command, run anew each time, as cron would."""

    def __init__(self, environment: Path, folder: Path) -> None:
        self._command = environment / "bin" / "urlwatch"
        self._folder = folder
        self._known: dict[str, str] = {}
        self.cpu = 0.0

    def check(self, now: datetime, watches: dict[str, str]) -> set[str]:
        self._known.update(watches)
        jobs = [
            {"url": url, "filter": [*([{"css": selector}] if selector else []), "html2text"]}
            for url, selector in self._known.items()
        ]
        jobs_file = self._folder / "urls.yaml"
        jobs_file.write_text(yaml.safe_dump_all(jobs, allow_unicode=True), encoding="utf-8")
        began = _children()
        done = subprocess.run(
            [
                *(self._command, "--urls", jobs_file, "--config", self._folder / "c.yaml"),
                *("--cache", self._folder / "cache.db"),
            ],
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.cpu += _children() - began
        return set(re.findall(r"^\d+\. (?:CHANGED|ERROR): (\S+)$", done.stdout, re.MULTILINE))

    def close(self) -> None:
        """Nothing runs between two checks."""


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


Peer = ChangeDetection | UrlWatch
PEERS: dict[str, Callable[[Path, Path], Peer]] = {
    "changedetection.io": ChangeDetection,
    "urlwatch": UrlWatch,
}


def environment_of(folder: Path, name: str) -> Path:
    """The peer's own virtual environment, made when it is not there."""
    environment = folder.resolve() / name
    ready = environment / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [environment / "bin" / "pip", "install", "--quiet", *PACKAGES[name]]
        subprocess.run(pip, check=True)
        ready.touch()
    return environment


def peer_through(
    peer: Peer, script: Script, sites: TimelineSite, every: timedelta, by_hand: bool
) -> Score:
    """Run a peer through the script, each article watched from its first tick on."""
    alerts: list[Alert] = []
    now = START
    while now <= START + timedelta(days=script.days):
        sites.move(now)
        watches = watches_of(script, sites, now, by_hand)
        for url in peer.check(now, watches):
            alerts.append((now, sites.article_at(url)))
        now += every
    return scored(script, sites.looks, alerts, sites.requests.total())


def watches_of(script: Script, sites: TimelineSite, now: datetime, by_hand: bool) -> dict[str, str]:
    """Addresses of the articles that appeared by now, and the selector for each."""
    return {
        sites.url_of(number): SELECTORS[site % len(SELECTORS)] if by_hand else ""
        for number, site in script.sites.items()
        if script.own(number, now).what != "nothing"
    }


def ours_through(script: Script, every: timedelta) -> Score:
    """lendwatch over the same script; what it tells of edits says itself whether they matter."""
    with (
        tempfile.TemporaryDirectory() as folder,
        timeline_sites(script) as sites,
        monitored(Path(folder), sites, every) as monitor,
    ):
        now = START
        while now <= START + timedelta(days=script.days):
            sites.move(now)
            monitor.at(now)
            now += every
        alerts = []
        for event in events_of(Path(folder), sites):
            slight = event.kind == "ArticleEdited" and not event.details.get("material")
            if event.kind in LIFE and event.article is not None and not slight:
                alerts.append((event.at - (event.at - START) % every, event.article))
        return scored(script, sites.looks, alerts, sites.requests.total())


def still(restless: bool, articles: int) -> Script:
    """So many articles on two sites, of which nothing changes."""
    sites = (0, 2) if restless else (1, 5)
    steps = [Step(-1 - n / 50, sites[n % 2], n, "appears") for n in range(articles)]
    return Script(steps, 30)


Check = Callable[[datetime], float]  # one round at that time; CPU seconds of the tool so far

ROUNDS, STILL = 23, 80


def still_cpu(environments: Path, restless: bool) -> dict[str, float]:
    """CPU milliseconds of a check by tool: rounds after the third, in which what is made once is
    made. All tools in turn, round by round: whatever else the machine does meets all of them."""
    script = still(restless, STILL)
    with ExitStack() as stack:
        tools = {
            name: _peer_still(stack, name, environments, script, restless)
            if name in PEERS
            else _ours_still(stack, script)
            for name in ("lendwatch", *PEERS)
        }
        spent: dict[str, list[float]] = {name: [] for name in tools}
        for turn in range(ROUNDS):
            now = START + timedelta(hours=12 * turn)
            for name, (sites, check) in tools.items():
                sites.move(now)
                spent[name].append(check(now))
    checks = STILL * (ROUNDS - 3)
    return {name: 1000 * (each[-1] - each[2]) / checks for name, each in spent.items()}


def _peer_still(
    stack: ExitStack, name: str, environments: Path, script: Script, restless: bool
) -> tuple[TimelineSite, Check]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    sites = stack.enter_context(timeline_sites(script))
    peer = stack.enter_context(closing(PEERS[name](environment_of(environments, name), folder)))

    def check(now: datetime) -> float:
        peer.check(now, watches_of(script, sites, now, restless))
        return peer.cpu

    return sites, check


def _ours_still(stack: ExitStack, script: Script) -> tuple[TimelineSite, Check]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    sites = stack.enter_context(timeline_sites(script))
    used = [each for each in range(SITES) if script.articles_of(each)]
    monitor = stack.enter_context(monitored(folder, sites, timedelta(hours=12), used))

    def check(now: datetime) -> float:
        cpu: float = monitor.at(now, "all")["cpu"]
        return cpu

    return sites, check


def main() -> None:
    arguments = argparse.ArgumentParser(description="lendwatch beside its peers")
    arguments.add_argument("--environments", type=Path, required=True)
    arguments.add_argument("--days", type=float, default=30)
    arguments.add_argument("--hours", type=float, default=12)
    arguments.add_argument("--only", nargs="*", default=["lendwatch", *PEERS, "still"])
    asked: Any = arguments.parse_args()
    asked.environments.mkdir(parents=True, exist_ok=True)
    script, every = quarter(asked.days), timedelta(hours=asked.hours)
    if "lendwatch" in asked.only:
        print(ours_through(script, every).line("lendwatch"), flush=True)
    for name, made in PEERS.items():
        for by_hand in (False, True) if name in asked.only else ():
            environment = environment_of(asked.environments, name)
            folder = Path(tempfile.mkdtemp())
            with timeline_sites(script) as sites, closing(made(environment, folder)) as peer:
                score = peer_through(peer, script, sites, every, by_hand)
            shutil.rmtree(folder)
            print(score.line(name + ", selectors by hand" * by_hand), flush=True)
    if "still" in asked.only:
        quiet, restless = (still_cpu(asked.environments, each) for each in (False, True))
        for name in quiet:
            print(
                f"{name:34} CPU an unchanged check: quiet {quiet[name]:.2f} ms, "
                f"restless {restless[name]:.2f} ms; ours {quiet['lendwatch'] / quiet[name]:.3f} and "
                f"{restless['lendwatch'] / restless[name]:.3f} of it",
                flush=True,
            )


if __name__ == "__main__":
    main()
