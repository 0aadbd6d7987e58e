"""Cross-origin requests: which web pages may call, and what they may send and read."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from gateway.identity.origins import AllowedOrigins

EXPOSED_HEADERS = ("Age", "ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Gateway-Execution", "X-Request-Id")
"""Response headers that pages may read."""

PREFLIGHT_SECONDS = 86_400
"""How long browsers may remember the answer to a preflight request."""


def with_cors(app: ASGIApp, origins: AllowedOrigins, headers: Sequence[str]) -> ASGIApp:
    """The app for pages of these origins, which may send these headers (`*`: any); the app alone where none may."""
    if not (origins.is_any or origins.pattern):
        return app
    return CORSMiddleware(
        app,
        allow_origins=["*"] if origins.is_any else [],
        allow_origin_regex=origins.pattern or None,
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=headers,
        expose_headers=EXPOSED_HEADERS,
        max_age=PREFLIGHT_SECONDS,
    )
