"""The messages over one socket, by the `graphql-transport-ws` protocol."""

import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing

from graphql import OperationType
from starlette.types import Receive

from gateway.errors import AccessError, GatewayError, LimitExceeded, TokenExpired, Unauthenticated
from gateway.errors.internal import DocumentInvalid
from gateway.execution.engine import Result
from gateway.identity.caller import Caller
from gateway.player.limits import source_of
from gateway.telemetry import log
from gateway.telemetry.traces import Trace
from gateway.web.graphql.calls import Call, ClientGone
from gateway.web.graphql.connections import Connection
from gateway.web.graphql.graphql_transport_ws_messages import (
    CloseSocket,
    Complete,
    ConnectionAck,
    ConnectionInit,
    Error,
    Next,
    Ping,
    Pong,
    Received,
    Sent,
    Subscribe,
    credentials,
    received,
    sent,
)
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.requests import check_nesting
from gateway.web.graphql.results import graphql_response, public_errors, public_failure
from gateway.web.graphql.senders import sender_of
from gateway.web.operation_reports import Report, invalid, refusal
from gateway.web.request_traces import RequestTraces

logger = logging.getLogger(__name__)

INIT_SECONDS = 10.0
"""Seconds within which a client must send `connection_init`."""

MAX_OPERATIONS = 100
"""How many operations of one socket are in flight at a time."""


class TransportProtocol:
    """One client's messages and the responses; `headers` and `peer` are those of the request for the socket.

    `assign` counts it for its player and raises LimitExceeded. `traces` traces operations, where that is on.
    """

    def __init__(
        self,
        connection: Connection,
        operations: Operations,
        receive: Receive,
        headers: Sequence[tuple[str, str]],
        peer: str | None,
        assign: Callable[[str], None],
        traces: RequestTraces | None = None,
    ) -> None:
        self._traces = traces
        self._connection = connection
        self._operations = operations
        self._receive = receive
        self._headers = headers
        self._sender = sender_of(headers)
        self._peer = peer
        self._assign = assign
        self._is_initialised = False
        self._caller: Caller | None = None
        self._calls: dict[str, Call] = {}

    def start(self) -> None:
        """Read the client's messages while the connection is open."""
        late = CloseSocket(4408, "Connection initialisation timeout")
        self._deadline = self._connection.end_in(INIT_SECONDS, late)
        self._connection.run_alongside(self._listen())

    async def _listen(self) -> None:
        while True:
            await self._handle(await self._next_message())

    async def _next_message(self) -> Received:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise ClientGone
        return received(event.get("text"))

    async def _handle(self, message: Received) -> None:
        match message:
            case ConnectionInit(payload):
                await self._initialise(payload or {})
            case Ping(payload):
                await self._send(Pong(payload))
            case Pong():
                pass
            case Subscribe():
                await self._subscribe(message)
            case _:
                self._complete(message.id)

    async def _initialise(self, payload: dict[str, object]) -> None:
        if self._is_initialised:
            raise CloseSocket(4429, "Too many initialisation requests")
        self._is_initialised = True
        try:
            caller = await self._operations.caller(self._with_credentials(payload), self._peer)
            self._assign(source_of(caller).player)
        except (AccessError, LimitExceeded) as error:
            raise CloseSocket(4403, f"{error.code.value}: {error.message}") from None
        except GatewayError as error:
            raise CloseSocket(1013, f"{error.code.value}: {error.message}") from None
        seconds_left = self._operations.seconds_left(caller)
        if seconds_left <= 0:
            raise TokenExpired
        self._connection.end_in(seconds_left, TokenExpired())
        self._deadline.cancel()
        self._caller = caller
        self._headers = ()
        await self._send(ConnectionAck())

    def _with_credentials(self, payload: dict[str, object]) -> list[tuple[str, str]]:
        """The request's headers, replaced by those in the payload. Raises Unauthenticated."""
        carried = credentials(payload)
        names = {name for name, _ in carried}
        headers = [(name, value) for name, value in self._headers if name not in names]
        for name, value in carried:
            if not isinstance(value, str):
                raise Unauthenticated(f"`{name}` in the payload of connection_init must be a text.")
            headers.append((name, value))
        return headers

    async def _subscribe(self, message: Subscribe) -> None:
        if self._caller is None:
            raise CloseSocket(4401, "Unauthorized")
        if message.id in self._calls:
            raise CloseSocket(4409, f"Subscriber for {message.id} already exists")
        trace = None if self._traces is None else self._traces.begin_operation()
        try:
            await self._begin(message, self._caller, trace)
        finally:
            if trace is not None:
                trace.leave()

    async def _begin(self, message: Subscribe, caller: Caller, trace: Trace | None) -> None:
        try:
            call = await self._call(message, caller)
        except DocumentInvalid as refused:
            self._refused(invalid(refused.errors, message.payload.operation_name), trace)
            await self._send(Error(message.id, public_errors(refused.errors)))
        except GatewayError as error:
            self._refused(refusal(error), trace)
            await self._send(Error(message.id, public_failure(error)))
        else:
            self._calls[message.id] = call
            self._connection.deliver(call, self._deliver(message.id, call, trace))

    def _refused(self, report: Report, trace: Trace | None) -> None:
        self._operations.refused(report)
        log.event(logger, logging.INFO, "operation", **report.log_fields)
        self._end(trace, report)

    def _end(self, trace: Trace | None, report: Report | None) -> None:
        if trace is not None and self._traces is not None:
            self._traces.end_operation(trace, report)

    async def _call(self, message: Subscribe, caller: Caller) -> Call:
        if self._connection.deliveries >= MAX_OPERATIONS:
            raise LimitExceeded(f"{MAX_OPERATIONS} operations may run at a time over one socket.")
        check_nesting(message.payload.variables)
        asked = await self._operations.operation(message.payload, self._sender)
        return self._operations.call(asked.operation, message.payload.variables, caller, asked.use)

    def _complete(self, operation_id: str) -> None:
        call = self._calls.pop(operation_id, None)
        if call is not None:
            call.abandon()

    async def _deliver(self, operation_id: str, call: Call, trace: Trace | None) -> None:
        try:
            async with aclosing(call.results()) as results:
                async for result in results:
                    if result.is_request_error:
                        del self._calls[operation_id]
                        await self._send(Error(operation_id, public_errors(result.errors)))
                        return
                    if call.kind is OperationType.SUBSCRIPTION and _has_expired(result):
                        # The close code makes the client connect again with a new token; an error would not.
                        self._connection.end(TokenExpired())
                        return
                    await self._send(Next(operation_id, graphql_response(result)))
            if not call.is_abandoned:
                # Before the message: the client may use the id again at once.
                del self._calls[operation_id]
                await self._send(Complete(operation_id))
        except ClientGone:
            pass
        finally:
            call.log_end()
            self._end(trace, call.counted)

    async def _send(self, message: Sent) -> None:
        await self._connection.send({"type": "websocket.send", "text": sent(message)})


def _has_expired(result: Result) -> bool:
    return result.data is None and any(isinstance(error.original_error, TokenExpired) for error in result.errors)
