"""A bare ASGI application that answers the same bytes to everything."""

import os
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http.content_coding import compress


def constant(body: bytes, *, is_compressed: bool = False) -> ASGIApp:
    """Read the request, answer `body`."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if is_compressed:
        headers.append((b"content-encoding", b"gzip"))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        while (await receive()).get("more_body"):
            continue
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def lifespan(receive: Receive, send: Send) -> None:
    """Start and end without doing anything."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def from_environment() -> ASGIApp:
    """The application as `uvicorn --factory` starts it."""
    body, is_compressed = Path(os.environ["BENCH_ANSWER"]).read_bytes(), "BENCH_GZIP" in os.environ
    return constant(compress(body) if is_compressed else body, is_compressed=is_compressed)
