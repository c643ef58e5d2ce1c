"""The table of what is learned about site furniture."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from crawler.log.tables import Base
from monitor.store.columns import Big


class LineCountRow(Base):
    """In how many stories of a site a line stood, counted until it is furniture.

    Written by `monitor/stories/furniture.py`."""

    __tablename__ = "line_count"

    hash: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    site: Mapped[str] = mapped_column(Text, primary_key=True)  # as in `article`; "" if unknown
    stories: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)
