"""The store: tables, migrations, the search index."""
