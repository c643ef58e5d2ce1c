"""Sentences with their truth, and how well something reads them.

`labelled_sentences.jsonl` was written by strangers to the rules and then tuned on and learned
from (its last lot, DD1, was measured blind first: platforms 1.000 and .981, precision and recall,
collection .992 and .977); `unseen_sentences.jsonl` by the same hands, drawn apart before anybody tuned, and none of its
mistakes read since (tests/bench/bench_sentences.py says how). What `USUAL` tells apart was written
after the kinds of names and wordings that people use, not to hide them in new ways. All are invented: what they tell of
real companies never happened."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from seeds.match import Matcher

FOLDER = Path(__file__).parent
TUNED = FOLDER / "labelled_sentences.jsonl"
UNSEEN = FOLDER / "unseen_sentences.jsonl"
# For learning only: written by those who write the rules, labelled for collection alone.
WORDED = FOLDER / "worded_sentences.jsonl"
FILLERS = FOLDER / "filler_sentences.jsonl"
NAMED = FOLDER / "worded_names.yaml"
# How the ids begin of sentences of the usual kinds, and of the last lot of those.
USUAL, LAST = "X", "X5"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text, the watched platforms it mentions, and how severe its debt collection is
    (None: it is not about that)."""

    id: str
    text: str
    platforms: frozenset[str]
    severity: str | None


Read = Callable[[str], tuple[frozenset[str], str | None]]


@dataclass(slots=True)
class Tally:
    """Right, wrongly found and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    mistakes: list[str] = field(default_factory=list)

    def count(self, found: frozenset[str], truth: frozenset[str], sentence: Sentence) -> None:
        """Compare what was found in a sentence with what is there."""
        self.right += len(found & truth)
        self.wrong += len(found - truth)
        self.missed += len(truth - found)
        if found != truth:
            signs = [f"+{each}" for each in found - truth] + [f"-{each}" for each in truth - found]
            self.mistakes.append(f"{sentence.id} {' '.join(signs)} {sentence.text}")

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.right / (self.right + self.missed) if self.right else 0.0


def read_sentences(path: Path) -> Iterator[Sentence]:
    """Read a file of labelled sentences."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Sentence(row["id"], row["text"], frozenset(row["platforms"]), row["severity"])


def learned_from() -> str:
    """Name what `python -m tests.learn_wording` learns from, as its file does."""
    return sha256(TUNED.read_bytes() + WORDED.read_bytes()).hexdigest()[:16]


def names_learned_from() -> str:
    """Name what `python -m tests.learn_names` learns from, as its file does."""
    return sha256(TUNED.read_bytes() + NAMED.read_bytes()).hexdigest()[:16]


def fillers_learned_from() -> str:
    """Name what `python -m tests.learn_filler` learns from, as its file does."""
    return sha256(FILLERS.read_bytes() + TUNED.read_bytes() + WORDED.read_bytes()).hexdigest()[:16]


def by_matcher(matcher: Matcher) -> Read:
    """The product's own reading."""

    def read(text: str) -> tuple[frozenset[str], str | None]:
        found = matcher.match("", text)
        severity = found.topics.get("collection")
        return frozenset(found.platforms), severity.value if severity else None

    return read


def judge(sentences: Iterable[Sentence], read: Read) -> tuple[Tally, Tally, float]:
    """Tally platforms and collection, and give the share of right severities among the texts that
    are about collection and were found to be."""
    platforms, collection = Tally(), Tally()
    severities = []
    for each in sentences:
        found, severity = read(each.text)
        platforms.count(found, each.platforms, each)
        about = frozenset({"collection"})
        collection.count(
            about if severity else frozenset(), about if each.severity else frozenset(), each
        )
        if severity and each.severity:
            severities.append(severity == each.severity)
    return platforms, collection, sum(severities) / max(1, len(severities))
