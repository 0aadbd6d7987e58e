"""The middleware around the vendor's calls that makes faults happen."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.sandbox.errors import ErrorBody
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.faults.body_changes import change_body, first_half
from gateway.sandbox.faults.connections import SCOPE_KEY, Connection
from gateway.sandbox.faults.fault import Fault
from gateway.sandbox.http.operations import Operations
from gateway.sandbox.http.responses import JsonResponse


class BufferedResponse(msgspec.Struct):
    """A response that is held back until it is complete."""

    start: Message = {}
    body: bytes = b""

    async def send(self, message: Message) -> None:
        """Store a message that the application sends."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


class FaultMiddleware:
    """Applies faults: delays add up, the oldest fault that loses the response wins, all others change it."""

    def __init__(
        self,
        app: ASGIApp,
        active_faults: ActiveFaults,
        operations: Operations,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take the application of the calls, the active faults, the operations, and how to sleep for some seconds."""
        self._app = app
        self._active_faults = active_faults
        self._operations = operations
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a call."""
        faults = self._faults(scope)
        if not faults:
            await self._app(scope, receive, send)
            return
        if delay_ms := sum(fault.delay_ms for fault in faults):
            await self._sleep(delay_ms / 1000)
        losing = next((fault for fault in faults if fault.loses_response), None)
        if losing and not losing.after:
            await _lose_response(losing, scope, receive, send)
            return
        response = BufferedResponse()
        await self._app(scope, receive, response.send)
        if losing:
            await _lose_response(losing, scope, receive, send)
            return
        response.body = change_body(response.body, faults)
        await _send_response(response, any(fault.truncated for fault in faults), scope, send)

    def _faults(self, scope: Scope) -> tuple[Fault, ...]:
        if scope["type"] != "http" or not self._active_faults.all():
            return ()
        operation = self._operations.name_of(scope)
        return (
            self._active_faults.trigger(operation, scope["path"].removeprefix(scope["root_path"])) if operation else ()
        )


async def _lose_response(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.reset or fault.status is None:
        await _connection(scope).reset()
        return
    envelope = ErrorBody(fault.status, fault.error_code, f"[0401-{fault.error_code}]: Fault switched on in the sandbox")
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    await JsonResponse(envelope, fault.status, headers)(scope, receive, send)


async def _send_response(response: BufferedResponse, is_truncated: bool, scope: Scope, send: Send) -> None:
    headers = MutableHeaders(scope=response.start)
    if "content-length" in headers:
        headers["content-length"] = str(len(response.body))
    await send(response.start)
    if not (is_truncated and response.body):
        await send({"type": "http.response.body", "body": response.body})
        return
    connection = _connection(scope)
    # Called in process there is no connection to break: the short body is the end.
    await send({"type": "http.response.body", "body": first_half(response.body), "more_body": connection.is_real})
    await connection.close()


def _connection(scope: Scope) -> Connection:
    connection: Connection = scope[SCOPE_KEY]
    return connection
