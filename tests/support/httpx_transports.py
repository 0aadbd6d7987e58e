"""Between our requests and those of httpx, in both directions."""

import math
from typing import Any

import httpx

from gateway.http.httpx_adapter import HTTPXAdapter
from gateway.http.messages import Request, RequestLimits, RequestTemplate, Response
from gateway.http.transport import Transport

_WRITTEN_BY_US = frozenset({"host", "content-length", "transfer-encoding"})


class HTTPXTransport(httpx.AsyncBaseTransport):
    """A base of transports that are written with httpx's objects and used with ours."""

    async def send(self, request: Request) -> Response:
        return await HTTPXAdapter(self).send(request)


class OverOurTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests through one of our transports."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        pairs = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        headers = [pair for pair in pairs if pair[0].lower() not in _WRITTEN_BY_US]
        timeouts = request.extensions.get("timeout", {}).items()
        limits: dict[str, Any] = {f"{name}_seconds": math.inf if one is None else one for name, one in timeouts}
        template = RequestTemplate(str(request.url), headers, RequestLimits(**limits))
        answer = await self._inner.send(template.request(request.method, body=body))
        response = httpx.Response(answer.status, headers=list(answer.headers), stream=httpx.ByteStream(answer.body))
        await response.aread()
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()
