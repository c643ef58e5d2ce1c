"""Insert many small rows past SQLAlchemy, which takes longer to name their values than the store to
take them. Who writes a table calls it; nobody else."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table


def insert_integers(connection: Connection, table: Table, rows: Sequence[tuple[int, ...]]) -> None:
    """Insert rows of a table whose columns are all integers, in the table's order of columns."""
    sign = "%s" if connection.dialect.name == "postgresql" else "?"
    into = f"{table.name} ({', '.join(table.columns.keys())})"
    places = ", ".join(sign for _ in table.columns)
    connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({places})", list(rows))  # noqa: S608
