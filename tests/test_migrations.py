from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from monitor.store.models import Base
from monitor.store.upgrade import MIGRATIONS
from monitor.store.version import HEAD, REVISIONS

pytest_plugins = ["database_fixtures"]


def test_the_constant_revisions_are_those_of_the_scripts() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [HEAD]
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS


def test_a_migrated_store_has_the_schema_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and name.startswith("search_"))
                )
            },
        )
        assert compare_metadata(context, Base.metadata) == []
