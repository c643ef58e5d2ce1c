"""A worker's log: one JSON object a line on stderr, Scrapy's and Twisted's lines included."""

import logging
import sys

import structlog
from twisted.python.log import PythonLoggingObserver

# What these say below this level is for their authors: a line for each request and component.
_QUIET = {
    "scrapy": logging.WARNING,
    "scrapy-playwright": logging.ERROR,
    "asyncio": logging.WARNING,
    "twisted": logging.ERROR,
}


def log_to_stderr() -> None:
    """Set up structlog and the standard logging to write the same form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    PythonLoggingObserver("twisted").start()  # type: ignore[no-untyped-call]
