"""Serve the web app from inside the supervisor's loop."""

import contextlib
import socket
from collections.abc import Iterator

import structlog
import uvicorn
from fastapi import FastAPI

from monitor.config import WebOptions

# A client that does not read its answer does not keep us from stopping.
GRACE_SECONDS = 2

log = structlog.get_logger()


class PortTaken(Exception):
    """The web pages cannot be served where they should; set another host or port."""


class WebServer:
    """Listens from its making on, so that a taken port is known before anything is started."""

    def __init__(self, app: FastAPI, options: WebOptions) -> None:
        self._socket = _listen(options)
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,  # ours
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = _Server(config)
        host = f"[{options.host}]" if ":" in options.host else options.host
        log.info("health", url=f"http://{host}:{options.port}/health")

    async def serve(self) -> None:
        """Answer until `stop` is called."""
        await self._server.serve([self._socket])

    def stop(self) -> None:
        """Let `serve` return."""
        self._server.should_exit = True


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the supervisor decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(options: WebOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family)
    except OSError as error:
        raise PortTaken(
            f"cannot listen on port {options.port} of {options.host}:"
            f" {error.strerror}; set another web.port or web.host in lendwatch.yaml"
        ) from error
