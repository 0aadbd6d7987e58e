"""The GraphQL endpoint: HTTP in, one operation, HTTP out."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
from graphql import OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.errors import AccessError, BadRequest, GatewayError
from gateway.execution.documents import DocumentRefused
from gateway.execution.executor import Execution, Result
from gateway.execution.failures import PublicError, present, present_failure
from gateway.identity import Visitor
from gateway.telemetry.log import request_id
from gateway.web.metrics import OperationMetrics
from gateway.web.operations import Call, Operations
from gateway.web.requests import GRAPHQL_RESPONSE, JSON, HttpRefusal, read_request, response_media_type

EXECUTION_HEADER = "x-gateway-execution"
"""Tells how an operation was run: `compiled`, or `reference` for strawberry's executor."""

_encode = msgspec.json.Encoder().encode


class ClientGone(Exception):
    """The client hung up; nobody reads the answer."""


class _Answered(NamedTuple):
    """An answer, and what was run for it."""

    response: Response
    execution: Execution | None = None
    kind: OperationType | None = None


class GraphQLEndpoint:
    """`POST` and `GET` of GraphQL over HTTP, with the media types and status codes of that specification."""

    def __init__(self, operations: Operations, metrics: OperationMetrics, monotonic: Callable[[], float]) -> None:
        self._operations = operations
        self._metrics = metrics
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that hung up gets nothing."""
        began_at = self._monotonic()
        try:
            answered = await self._respond(Request(scope, receive))
        except HttpRefusal as refusal:
            answered = _Answered(_failed(refusal.status, refusal.error, headers=refusal.headers))
        except (ClientGone, ClientDisconnect):
            return
        self._metrics.operation(answered.execution, answered.kind, self._monotonic() - began_at)
        await answered.response(scope, receive, send)

    async def _respond(self, request: Request) -> _Answered:
        if request.method not in {"GET", "POST"}:
            raise HttpRefusal(405, BadRequest("Use POST, or GET for queries."), {"allow": "GET, POST"})
        media_type = response_media_type(request.headers.get("accept"))
        asked = await read_request(request)
        try:
            operation = self._operations.operation(asked)
        except DocumentRefused as refused:
            return _Answered(_answer(Result(None, tuple(refused.errors), is_request_error=True), media_type))
        if request.method == "GET" and operation.kind is not OperationType.QUERY:
            raise HttpRefusal(405, BadRequest("GET is for queries: send this operation with POST."), {"allow": "POST"})
        try:
            visitor = await self._visitor(request)
        except GatewayError as error:
            return _Answered(_failed_access(error, media_type), kind=operation.kind)
        result = await _result(request, self._operations.call(operation, asked.variables, visitor))
        return _Answered(_answer(result, media_type), result.execution, operation.kind)

    async def _visitor(self, request: Request) -> Visitor:
        peer = request.client.host if request.client else None
        return await self._operations.visitor(request.headers.items(), peer)


async def _result(request: Request, call: Call) -> Result:
    """Run a call; when its client hangs up, abandon it. Raises ClientGone.

    A write is carried to its end even when nobody waits for the answer.
    """
    if call.kind is OperationType.MUTATION:
        return await call.result()
    running = asyncio.ensure_future(call.result())
    gone = asyncio.ensure_future(_disconnected(request))
    await asyncio.wait((running, gone), return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        gone.cancel()
        return running.result()
    call.abandon()
    await running
    raise ClientGone


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


def _answer(result: Result, media_type: str) -> Response:
    errors = present(result.errors, request_id.get())
    if result.is_request_error:
        # The older media type has no status of its own for a request that never ran.
        return _json({"errors": errors}, status=400 if media_type == GRAPHQL_RESPONSE else 200, media_type=media_type)
    body: dict[str, object] = {"data": result.data}
    if errors:
        body["errors"] = errors
    headers = {EXECUTION_HEADER: result.execution.value} if result.execution else None
    return _json(body, status=200, media_type=media_type, headers=headers)


def _failed_access(error: GatewayError, media_type: str) -> Response:
    if isinstance(error, AccessError):
        return _failed(401, error, media_type=media_type, headers={"www-authenticate": "Bearer"})
    return _failed(503, error, media_type=media_type)


def _failed(
    status: int, error: GatewayError, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    errors: list[PublicError] = [present_failure(error, request_id.get())]
    return _json({"errors": errors}, status=status, media_type=media_type, headers=headers)


def _json(
    body: Mapping[str, object], *, status: int, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    sent = {"content-type": f"{media_type}; charset=utf-8", "cache-control": "no-store", **(headers or {})}
    return Response(_encode(body), status, sent)
