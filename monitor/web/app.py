"""The HTTP side of `lendwatch serve`."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

Report = Callable[[], dict[str, Any]]

# Nothing served here is meant to be framed, cached or run.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def build_app(report: Report) -> FastAPI:
    """The web app; `report` gives the health endpoint's answer and may block.

    No interactive documentation: it loads scripts from other hosts."""
    app = FastAPI(title="lendwatch", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def harden(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    @app.get("/health")
    def health() -> JSONResponse:
        """200 while the supervisor works, with what needs a person under `problems`."""
        return JSONResponse(report())

    return app
