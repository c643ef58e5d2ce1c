"""Where visits that are no crawls (`sources discover`, `sources test`) keep how they behaved."""

import structlog

from crawler.context import StoreNotReady, store_of
from crawler.guestbook import ConductStore

log = structlog.get_logger(__name__)


def conduct_store_of(database: str, source: str) -> ConductStore | None:
    """The store of the workspace's crawls; None when there is none, or none that is ready."""
    if not database:
        return None
    try:
        return ConductStore(store_of(database), source)
    except StoreNotReady as error:
        log.warning("conduct.unkept", reason=str(error))
        return None
