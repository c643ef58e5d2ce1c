"""How well sentences are read: platforms and debt collection, against plain substring search.

Twelve writers wrote and labelled some 2,350 sentences without sight of the rules or the code: four
in the first round (news and regulators; forums; content farms; traps for string matchers), five in
the second, asked for harder ones: half of those about collection without the word 催收, one writer
without any usual word, a third near misses. Half of the first round were labelled a second time by
somebody who saw the texts only, and nine dropped as doubtful; the others have one label. Each round
was dealt into two lots by the SHA-256 of the texts before anybody tuned. The tuned lot is the first
round, and the half of the second that rules were written from and the wording learned from; of the
other half (unseen) nobody has read a mistake. Its figures were taken seven times, while the wording
came to be. Two more writers' 260 sentences (V6 and V7, four in five of those about collection without
the word) came when all was done, with one label each: unseen then (platforms precision 1.000 and
recall .922, collection .990 and .756), opened for the reading of names, and tuned since. A last
writer's 346 (V8) were dealt in two by their SHA-256: one half is tuned, the other unseen.

Writers were told to hide names in ever new ways, so four lots (X1 to X4, 931 sentences) were written
since after the usual kinds only, by one hand that mended the rules, too: X1 before reading them, the
others knowing them. Each but the last was halved by SHA-256: the sealed half was
measured first, then the other opened and tuned on; of the sealed ones only totals were seen again. Labels have one reader; two
of X2 (sales of bad loans) and some severities of X1 were changed by one rule for both halves after
the first look at totals. First figures of what stayed sealed (platforms precision and recall,
collection precision and recall): X1 .924 .986 1.000 .956, X2 .953 .976 1.000 .923, X3 .982 1.000
.972 .972, X4 1.000 .983 .985 .971. X5 (200 of the usual kinds, by a stranger to rules and code, with one
label each, all sealed) came when the rules stood: 1.000 .993 .991 .927, severity .948.

Three more strangers' lots are opened and tuned on since. Z1 (200 sentences) was first measured unseen
(.969 .969 .946 .935), and so was AA1 (200, by somebody who knew neither the rules nor the code; the
rules were measured on it once before anybody who mends them had read it: .980 .932 .966 .904,
severity .80). Of Y1 (160) only a figure taken when it was open already is known (.978 .989 1.000
.986). AB1 and AB2 (206) are everyday kinds by
one hand that mends the rules, measured before anything was mended or learned for them and tuned since
(platforms precision and recall, collection, severity): AB1 .953 .953 1.000 .823 .863, AB2 1.000 .944 .932
.854 .878; without names in blanks and rows and without learned severities .947 .837 and 1.000 .889,
severity .725 and .756. DD1 (200, by somebody who knew neither the rules nor the code)
was measured when names in rows and learned severities were done and opened after: 1.000 .981 .992 .977; its
severities were labelled by another scale and seventeen of them put to ours. AA3 (150, written and
measured likewise) gave .988 .964 .955 .941, severity .83; what was mended after it was mended by
kinds of disguises made from the names, too. Of the unseen lot only totals were seen while AA1 and
AA3 were learned from. While the lessons of the
other two were drawn, the reasons and names (not the texts) of some changed
readings of the unseen lot were seen, and three rules put right by them: its figures since are no
longer quite those of a lot that nobody looked at."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from labelled_sentences import (
    LAST,
    TUNED,
    UNSEEN,
    USUAL,
    Read,
    by_matcher,
    judge,
    read_sentences,
)

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

WATCHLIST = load_watchlist(PACKAGED)


def by_substring() -> Read:
    """What most monitors do: look for the names and for 催收, as they are written."""
    names: dict[str, str] = {}
    for platform in WATCHLIST.platforms:
        if platform.watched:
            aliases = (each.name for each in platform.aliases)
            for name in (platform.name, platform.traditional, *aliases):
                if name:
                    names[name] = platform.name

    def read(text: str) -> tuple[frozenset[str], str | None]:
        found = frozenset(owner for name, owner in names.items() if name in text)
        return found, "low" if "催收" in text else None

    return read


def main() -> None:
    """Print the figures of every lot and both readers."""
    unseen = list(read_sentences(UNSEEN))
    lots = {
        "tuned": list(read_sentences(TUNED)),
        "unseen, hidden on purpose": [each for each in unseen if not each.id.startswith(USUAL)],
        "unseen, usual kinds": [each for each in unseen if each.id.startswith(USUAL)],
        "unseen, usual kinds, last": [each for each in unseen if each.id.startswith(LAST)],
    }
    readers = {"lendwatch": by_matcher(Matcher(WATCHLIST)), "substring": by_substring()}
    for lot, sentences in lots.items():
        for name, read in readers.items():
            platforms, collection, severity = judge(sentences, read)
            print(
                f"sentences {lot} ({len(sentences)}) {name}:"
                f" platform precision {platforms.precision:.3f} recall {platforms.recall:.3f},"
                f" collection precision {collection.precision:.3f} recall {collection.recall:.3f}"
                + (f", severity right {severity:.3f}" if name == "lendwatch" else "")
            )


if __name__ == "__main__":
    main()
