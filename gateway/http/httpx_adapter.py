"""Our requests over a transport of httpx: where a test or the embedded sandbox stands in for the network."""

import math

import httpx

from gateway.concurrency.streams import read_bounded
from gateway.http.messages import Request, RequestLimits, Response
from gateway.http.transport import MAX_BODY_BYTES

_TIMEOUTS = (
    ("connect", "connect_seconds"),
    ("pool", "pool_seconds"),
    ("read", "read_seconds"),
    ("write", "write_seconds"),
    ("total", "total_seconds"),
)
"""The names of our bounds in the `timeout` extension of httpx; `total` is ours, and other transports ignore it."""


class HTTPXAdapter:
    """Sends requests through a transport of httpx, which it closes. Its errors are those of that transport."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def send(self, request: Request) -> Response:
        """Send the request and return the whole response. Raises DecodingError when the body is too large."""
        limits = request.template.limits
        response = await self._transport.handle_async_request(
            httpx.Request(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body or None,
                extensions={"timeout": _timeouts(limits)},
            )
        )
        try:
            max_bytes = MAX_BODY_BYTES if limits.max_body_bytes is None else limits.max_body_bytes
            body = await read_bounded(response.aiter_bytes(), max_bytes)
        finally:
            await response.aclose()
        if body is None:
            raise httpx.DecodingError("the response is too large")
        return Response(response.status_code, response.headers.raw, body)

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()


def _timeouts(limits: RequestLimits) -> dict[str, float | None]:
    """The bounds as httpx writes them: a missing one is the transport's, None is no bound."""
    given = ((name, getattr(limits, field)) for name, field in _TIMEOUTS)
    return {name: None if seconds == math.inf else seconds for name, seconds in given if seconds is not None}
