"""The upstream at the transport's seam, with answers that a test gives."""

from collections.abc import Callable

import httpx

from tests.support.httpx_transports import HTTPXTransport

Answer = Callable[[httpx.Request], httpx.Response]


class ScriptedTransport(HTTPXTransport):
    """Answers as told and keeps the requests."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []
        self.is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)

    async def aclose(self) -> None:
        self.is_closed = True
