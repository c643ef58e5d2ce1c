"""Alembic's entry: runs the scripts on the connection, and in the transaction, it is given."""

from alembic import context

from monitor.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite rolls DDL back like PostgreSQL does, once a transaction is really begun (engine.py).
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
