"""The tables of known sentences and of what was new. Each has one writing file, named beside it."""

from sqlalchemy import JSON, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from crawler.log.tables import Base
from monitor.store.columns import Big


class SentenceMarkRow(Base):
    """What a known sentence, or a fact, of a platform's stories is looked up by, and who had it.

    Written by `monitor/stories/sentences.py`."""

    __tablename__ = "sentence_mark"

    mark: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # -1: no sentence's

    __table_args__ = ({"sqlite_with_rowid": False},)


class SentenceSketchRow(Base):
    """An article's sentences as hashes, in order. Written by `monitor/stories/sentences.py`."""

    __tablename__ = "sentence_sketch"

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"), primary_key=True)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)  # see monitor/stories/sketch.py


class ClauseSpreadRow(Base):
    """A platform (hashed) whose stories have a clause. Written by `monitor/stories/sentences.py`."""

    __tablename__ = "clause_spread"

    clause: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    subject: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class NoveltyRow(Base):
    """What was new in an article that opened a story, when it did.

    Written by `monitor/stories/sentences.py`."""

    __tablename__ = "novelty"

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("article.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(Text)  # new, partly, recycled
    ground: Mapped[str] = mapped_column(Text)  # see monitor/stories/novelty.py
    share: Mapped[float]  # of new sentences by length, 0 to 1
    of_article_id: Mapped[int | None] = mapped_column(Big)  # whom it repeats most
    # Offsets of the new sentences in the text of revision 1: [[start, end], …]
    sentences: Mapped[list[list[int]]] = mapped_column(JSON)
