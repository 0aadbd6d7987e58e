"""The GraphQL endpoint: HTTP in, one operation, HTTP out."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from graphql import OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.errors import AccessError, BadRequest, GatewayError
from gateway.execution.documents import DocumentRefused, Operation
from gateway.execution.executor import Executor, Result
from gateway.execution.failures import PublicError, present, present_failure
from gateway.identity import Identity, Visitor
from gateway.payment import PaymentPage
from gateway.player import Player
from gateway.player.services import Services
from gateway.schema.context import Context
from gateway.telemetry.log import request_id
from gateway.web.requests import GRAPHQL_RESPONSE, JSON, GraphQLRequest, HttpRefusal, read_request, response_media_type

EXECUTION_HEADER = "x-gateway-execution"
"""Tells how an operation was run: `compiled`, or `reference` for strawberry's executor."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Within how many seconds an operation is answered."""

    query_seconds: float = 3
    mutation_seconds: float = 8


class ClientGone(Exception):
    """The client hung up; nobody reads the answer."""


class GraphQLEndpoint:
    """`POST` and `GET` of GraphQL over HTTP, with the media types and status codes of that specification."""

    def __init__(
        self,
        *,
        executor: Executor,
        identity: Identity,
        services: Services,
        payment_page: PaymentPage,
        deadlines: Deadlines,
    ) -> None:
        self._executor = executor
        self._identity = identity
        self._services = services
        self._payment_page = payment_page
        self._deadlines = deadlines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that hung up gets nothing."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except HttpRefusal as refusal:
            response = _failed(refusal.status, refusal.error, headers=refusal.headers)
        except (ClientGone, ClientDisconnect):
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method not in {"GET", "POST"}:
            raise HttpRefusal(405, BadRequest("Use POST, or GET for queries."), {"allow": "GET, POST"})
        media_type = response_media_type(request.headers.get("accept"))
        asked = await read_request(request)
        try:
            operation = self._executor.operation(asked.query, asked.operation_name or None)
        except DocumentRefused as refused:
            return _answer(Result(None, tuple(refused.errors), is_request_error=True), media_type)
        if request.method == "GET" and operation.kind is not OperationType.QUERY:
            raise HttpRefusal(405, BadRequest("GET is for queries: send this operation with POST."), {"allow": "POST"})
        try:
            visitor = await self._visitor(request)
        except GatewayError as error:
            return _failed_access(error, media_type)
        return _answer(await self._run(request, operation, asked, visitor), media_type)

    async def _visitor(self, request: Request) -> Visitor:
        peer = request.client.host if request.client else None
        return await self._identity.visitor(request.headers.items(), peer)

    async def _run(self, request: Request, operation: Operation, asked: GraphQLRequest, visitor: Visitor) -> Result:
        is_query = operation.kind is OperationType.QUERY
        seconds = self._deadlines.query_seconds if is_query else self._deadlines.mutation_seconds
        player = Player(visitor, self._services, deadline=asyncio.get_running_loop().time() + seconds)
        now = datetime.fromtimestamp(self._services.now(), UTC)
        run = self._executor.execute(operation, asked.variables, Context(player, now, self._payment_page))
        # A write is carried to its end even when nobody waits for the answer.
        return await (_while_connected(request, player, run) if is_query else run)


async def _while_connected(request: Request, player: Player, run: Coroutine[None, None, Result]) -> Result:
    """Await `run`; when the client hangs up, let go of what its doors wait for. Raises ClientGone.

    The run itself is not cancelled: the executor would leave coroutines behind that never began.
    """
    running = asyncio.ensure_future(run)
    gone = asyncio.ensure_future(_disconnected(request))
    await asyncio.wait((running, gone), return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        gone.cancel()
        return running.result()
    player.abandon()
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
