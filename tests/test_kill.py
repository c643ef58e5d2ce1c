"""kill -9 at random moments of a crawl, of the intake and of a delivery, then a restart: the
store and the mail are what an undisturbed run makes them. Real processes, sites and mail server.

LENDWATCH_SEED repeats a run whose seed a failure printed."""

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from distinct_articles import distinct_article
from plain_site import PlainSite, plain_sites
from serving import Store, eventually, free_port, store_of
from smtp_server import SmtpServer
from workspaces import Workspace

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

# Two sites with texts of their own, one that copies a third of the first beside its own.
EACH, COPIED = 24, 8
STORIES = 3 * EACH - COPIED
# How long a round may wait for its moment; when nothing is left to do it never comes.
ROUND_SECONDS = 20


@dataclass(frozen=True)
class Final:
    """What a workspace came to, without the numbers that depend on the order of arrival."""

    articles: Counter[str]  # by address: how often it is stored
    logged: Counter[str]
    stories: frozenset[frozenset[str]]  # each by the addresses of its articles
    opened: Counter[str]  # rows in the outbox for StoryOpened, by address of the story's lead
    unsent: int


@pytest.fixture(scope="module")
def sites() -> Iterator[list[PlainSite]]:
    with plain_sites(3) as made:
        for number, site in enumerate(made):
            first = number * EACH
            texts = [distinct_article(each) for each in range(first, first + EACH)]
            if number == 2:
                texts[:COPIED] = [distinct_article(each) for each in range(COPIED)]
            for each in texts:
                site.pages[f"/{each.number}.html"] = ("text/html; charset=utf-8", each.html())
            site.feed("/feed.xml", {f"/{each.number}.html": each.title for each in texts})
        yield made


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, sites: list[PlainSite]) -> Final:
    with SmtpServer() as server:
        workspace = watching(tmp_path_factory.mktemp("undisturbed"), sites, server)
        workspace.run("crawl")
        with store_of(workspace) as store:
            final = final_of(store)
    assert len(final.stories) == len(final.opened) == STORIES
    assert set(final.articles.values()) == set(final.logged.values()) == {1}
    assert len(final.articles) == 3 * EACH
    assert len(server.received) == STORIES
    return final


def watching(
    folder: Path, sites: list[PlainSite], server: SmtpServer, **config: object
) -> Workspace:
    mail = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "a@example.com"}
    workspace = Workspace(folder, {"mail": mail, "web": {"port": free_port()}, **config})
    for number, site in enumerate(sites):
        workspace.add(f"site-{number}", "feed", f"{site.url}/feed.xml")
    return workspace.write()


def final_of(store: Store) -> Final:
    articles = store.rows("SELECT url, story_id FROM article")
    stories: dict[int, set[str]] = {}
    for row in articles:
        stories.setdefault(row["story_id"], set()).add(row["url"])
    opened = store.rows(
        "SELECT a.url FROM outbox o JOIN event e ON e.id = o.event_id"
        " JOIN article a ON a.id = e.article_id WHERE e.kind = 'StoryOpened'"
    )
    return Final(
        articles=Counter(row["url"] for row in articles),
        logged=Counter(row["url"] for row in store.rows("SELECT url FROM article_log")),
        stories=frozenset(map(frozenset, stories.values())),
        opened=Counter(row["url"] for row in opened),
        unsent=store.count("outbox", "state <> 'sent'"),
    )


class Rounds:
    """Starts `lendwatch` again and again, and kills it and its children each time."""

    def __init__(
        self, workspace: Workspace, store: Store, server: SmtpServer, sites: list[PlainSite]
    ) -> None:
        self.seed = int(os.environ.get("LENDWATCH_SEED") or random.randrange(1_000_000))
        print(f"LENDWATCH_SEED={self.seed}")
        self.chance = random.Random(self.seed)
        self.kills = 0
        self._workspace = workspace
        self._store = store
        self._server = server
        self._sites = sites

    def in_a_crawl(self) -> None:
        self._round(lambda: sum(len(site.requests) for site in self._sites), 3, 30)

    def in_the_intake(self) -> None:
        self._round(lambda: self._store.count("article"), 1, 25)

    def in_a_delivery(self) -> None:
        self._round(lambda: len(self._server.commands), 2, 60)

    def _round(self, progress: Callable[[], int], least: int, most: int) -> None:
        """Kill when `progress` has grown by a random number, or all is done."""
        wanted = progress() + self.chance.randint(least, most)
        process = self._workspace.start(self.chance.choice(["crawl", "serve"]))
        try:
            eventually(
                lambda: progress() >= wanted or process.poll() is not None or self._done(),
                ROUND_SECONDS,
                pause=0.02,
            )
        finally:
            if process.poll() is None:
                self.kills += 1
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _done(self) -> bool:
        mailed = self._store.count("outbox", "state = 'sent'")
        return mailed >= STORIES and self._store.count("article") == 3 * EACH


@contextmanager
def disturbed(
    folder: Path, sites: list[PlainSite], database: str, undisturbed: Final
) -> Iterator[Rounds]:
    """A workspace to kill rounds in; afterwards one whole pass, and all must be as it should."""
    with ExitStack() as stack:
        server = stack.enter_context(SmtpServer())
        workspace = watching(folder, sites, server, database=database)
        store = stack.enter_context(store_of(workspace))
        rounds = Rounds(workspace, store, server, sites)
        yield rounds
        workspace.run("crawl")
        final = final_of(store)
        assert final.articles == undisturbed.articles
        assert final.logged == undisturbed.logged
        assert final.stories == undisturbed.stories
        assert set(final.opened.values()) == {1}
        assert len(final.opened) == STORIES
        assert final.unsent == 0
        assert_mailed_once(store, server)
        assert "Traceback" not in workspace.logs()
        assert store.count("crawl", "state = 'running'") == 0
        print(f"{rounds.kills} kills, seed {rounds.seed}")


def assert_mailed_once(store: Store, server: SmtpServer) -> None:
    copies = Counter(message.message_id for message in server.received)
    wanted = {row["message_id"] for row in store.rows("SELECT message_id FROM outbox")}
    assert set(copies) == wanted
    query = "SELECT message_id FROM delivery WHERE outcome = 'unknown'"
    counted = {row["message_id"] for row in store.rows(query)}
    doubled = {message_id for message_id, times in copies.items() if times > 1}
    assert doubled <= counted, "a second copy that nobody knows of"


@ON_SQLITE
def test_kills_in_a_crawl_lose_and_double_nothing(
    tmp_path: Path, sites: list[PlainSite], database_url: str, undisturbed: Final
) -> None:
    with disturbed(tmp_path, sites, database_url, undisturbed) as rounds:
        for _ in range(3):
            rounds.in_a_crawl()


@ON_SQLITE
def test_kills_in_the_intake_lose_and_double_nothing(
    tmp_path: Path, sites: list[PlainSite], database_url: str, undisturbed: Final
) -> None:
    with disturbed(tmp_path, sites, database_url, undisturbed) as rounds:
        for _ in range(3):
            rounds.in_the_intake()


@ON_SQLITE
def test_kills_in_a_delivery_lose_nothing_and_double_only_what_is_counted(
    tmp_path: Path, sites: list[PlainSite], database_url: str, undisturbed: Final
) -> None:
    with disturbed(tmp_path, sites, database_url, undisturbed) as rounds:
        for _ in range(3):
            rounds.in_a_delivery()


@ON_POSTGRESQL
def test_kills_anywhere_lose_and_double_nothing_on_postgresql(
    tmp_path: Path, sites: list[PlainSite], database_url: str, undisturbed: Final
) -> None:
    with disturbed(tmp_path, sites, database_url, undisturbed) as rounds:
        rounds.in_a_crawl()
        rounds.in_the_intake()
        rounds.in_a_delivery()
