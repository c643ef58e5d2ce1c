"""Column types that the store's tables share."""

from sqlalchemy import BigInteger, Integer

# 64-bit everywhere, and SQLite's own rowid where it is the key.
Big = BigInteger().with_variant(Integer, "sqlite")
