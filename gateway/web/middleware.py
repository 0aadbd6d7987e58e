"""Middleware of every request: its id, its log line, and the response to an unexpected error."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import cast

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import GatewayError
from gateway.telemetry import log
from gateway.web.errors import present_failure
from gateway.web.operation_reports import SCOPE_KEY
from gateway.web.request_log import REQUEST_ID, log_request, request_id
from gateway.web.request_traces import RequestTraces

logger = logging.getLogger(__name__)

_CLIENT_GONE = 499
"""The status in the log, as in nginx's, of a request whose client disconnected before the response."""


class DirectRoute:
    """Routes requests and sockets for one path straight to their apps; all others go through the router.

    `root_path` is the path below which a proxy serves the gateway. Some proxies cut it off before they pass a request
    on and some do not; both are served. So is the path with a slash at its end: a redirect would name the wrong scheme
    and host behind a proxy, and clients do not follow one with a POST.
    """

    def __init__(self, path: str, requests: ASGIApp, sockets: ASGIApp, others: ASGIApp, *, root_path: str = "") -> None:
        self._paths = {prefix + path + end for prefix in ("", root_path) for end in ("", "/")}
        self._apps = {"http": requests, "websocket": sockets}
        self._others = others
        self._root_path = root_path

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass one request on."""
        is_ours = scope.get("path") in self._paths and scope.get("method") != "OPTIONS"
        if self._root_path:
            scope["root_path"] = self._root_path
        return (self._apps[scope["type"]] if is_ours else self._others)(scope, receive, send)


class OptionsResponder:
    """Answers `OPTIONS` of every path that exists with its methods.

    Preflight requests of web pages that may call (GATEWAY_CORS_ORIGINS) are answered before.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on every other request."""
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            methods = {method for route in self._routes for method in _methods(route, scope)}
            response = Response(status_code=204 if methods else 404)
            if methods:
                response.headers["allow"] = ", ".join(sorted(methods | {"OPTIONS"}))
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _methods(route: BaseRoute, scope: Scope) -> Iterable[str]:
    """The methods of a route if its path is the request's."""
    match, _ = route.matches(scope)
    is_http = isinstance(route, Route) and match is not Match.NONE
    return (cast(Route, route).methods or {"GET", "HEAD", "POST"}) if is_http else ()


class RequestEnvelope:
    """Adopts or makes the request id, returns it in `X-Request-Id`, logs and traces the request, masks surprises.

    The log names the path without its query string, which may hold variables. A socket is logged when it is closed.
    """

    def __init__(
        self, app: ASGIApp, *, monotonic: Callable[[], float] = time.monotonic, traces: RequestTraces | None = None
    ) -> None:
        self._app = app
        self._monotonic = monotonic
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_at = self._monotonic()
        current = _request_id(scope)
        token = log.request_id.set(current)
        status = 0
        trace = None
        if self._traces is not None:
            client = scope.get("client")
            trace = self._traces.begin(scope["path"], scope["headers"], client[0] if client else None)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID, current.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except HTTPException as refused:
            response = PlainTextResponse(refused.detail, refused.status_code, headers=refused.headers)
            await response(scope, receive, send_with_id)
        except Exception as error:
            log.event(logger, logging.ERROR, "unexpected_error", error=error)
            if status:
                raise
            body = {"errors": [present_failure(GatewayError(), current)]}
            await JSONResponse(body, 500)(scope, receive, send_with_id)
        finally:
            seconds = self._monotonic() - began_at
            log_request(scope["method"], scope["path"], status or _CLIENT_GONE, seconds, scope.get(SCOPE_KEY))
            if trace is not None and self._traces is not None:
                self._traces.end(trace, scope["method"], scope["path"], status or _CLIENT_GONE, scope.get(SCOPE_KEY))
            log.request_id.reset(token)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        began_at = self._monotonic()
        current = _request_id(scope)
        token = log.request_id.set(current)
        observed = _ObservedSocket(receive, send, current)
        try:
            await self._app(scope, observed.receive, observed.send)
        except Exception as error:
            log.event(logger, logging.ERROR, "unexpected_error", error=error)
            if not observed.has_answered:
                # A client that has disconnected gets no response.
                with suppress(OSError):
                    await observed.refuse(500, {"errors": [present_failure(GatewayError(), current)]})
        finally:
            elapsed = round((self._monotonic() - began_at) * 1000, 1)
            log.event(logger, logging.INFO, "socket", path=scope["path"], code=observed.code, milliseconds=elapsed)
            log.request_id.reset(token)


class _ObservedSocket:
    """Observes how a socket ends: its close code, or the status with which it is refused."""

    __slots__ = ("_receive", "_request_id", "_send", "code", "has_answered")

    def __init__(self, receive: Receive, send: Send, current: str) -> None:
        self.code: int | None = None
        self.has_answered = False
        self._receive = receive
        self._send = send
        self._request_id = (REQUEST_ID, current.encode())

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.disconnect" and self.code is None:
            self.code = message["code"]
        return message

    async def send(self, message: Message) -> None:
        match message["type"]:
            case "websocket.accept" | "websocket.http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), self._request_id]}
                self.code = message.get("status")
                self.has_answered = True
            case "websocket.close":
                self.code = message["code"]
        await self._send(message)

    async def refuse(self, status: int, body: object) -> None:
        """Answer the request for the socket with an error."""
        response = JSONResponse(body, status)
        await self.send({"type": "websocket.http.response.start", "status": status, "headers": response.raw_headers})
        await self.send({"type": "websocket.http.response.body", "body": response.body})


def _request_id(scope: Scope) -> str:
    return request_id([value for name, value in scope["headers"] if name == REQUEST_ID])
