"""How log lines look: readable on a terminal, one JSON object a line for machines."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import structlog


def log_to(stream: TextIO, *, level: int = logging.INFO) -> None:
    """Send structlog's lines and the standard library's (APScheduler, uvicorn) to `stream`.

    Values from pages arrive as values, never as format strings; control characters are
    escaped by both renderers, so no page can forge a line."""
    terminal = stream.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(pad_event_to=0, repr_native_str=True)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # APScheduler and uvicorn tell of every job and request at INFO; theirs is not the news.
    root.setLevel(logging.WARNING)


@contextmanager
def log_to_file(path: Path, *, level: int = logging.INFO) -> Iterator[None]:
    """Send the lines to a file, where a person reads the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        log_to(stream, level=level)
        try:
            yield
        finally:
            # What still has something to say afterwards says it on stderr, not to a closed file.
            log_to(sys.stderr, level=logging.WARNING)
