"""The HTTP side of `lendwatch serve`."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError

Report = Callable[[], dict[str, Any]]

# Nothing served here is meant to be framed, cached, embedded or run. The first three directives
# do not fall back to default-src.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; default-src 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
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
        """200 while the supervisor works, with what needs a person under `problems`; 503 when
        it cannot, because the store cannot be read."""
        try:
            return JSONResponse(report())
        except DBAPIError as error:
            problem = f"the store cannot be read: {error.orig}"
            return JSONResponse({"status": "down", "problems": [problem]}, status_code=503)

    return app
