"""Server-sent events: one operation's results as they come, in graphql-sse's "distinct connections mode"."""

from contextlib import aclosing

import msgspec
from starlette.types import Receive, Send

from gateway.errors import Overloaded
from gateway.execution.engine import Result
from gateway.web.graphql.calls import Call, ClientGone
from gateway.web.graphql.connections import Connection, Connections, GoingAway
from gateway.web.graphql.requests import EVENT_STREAM
from gateway.web.graphql.results import graphql_response
from gateway.web.responses import EncodedResponse, encoded_response, error_response

KEEP_ALIVE_SECONDS = 15.0
"""How often a stream sends something: proxies close silent connections, often after a minute."""

_HEADERS = [
    (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_COMMENT = b":\n\n"
# EventSource passes only events with data to its page, even if that is empty.
_COMPLETE = b"event: complete\ndata: \n\n"

_encode = msgspec.json.Encoder().encode


class _Completed(Exception):
    """The operation is over."""


class EventStreams:
    """Answers operations as event streams."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def respond(self, call: Call, receive: Receive, send: Send) -> None:
        """Stream a call until it ends, its client disconnects, or the gateway shuts down. Raises unexpected errors."""
        try:
            connection = self._connections.open(send)
        except Overloaded as error:
            await error_response(503, error, headers={"retry-after": "1"}).send(send)
            return
        try:
            reason = await _stream(connection, call, receive)
        finally:
            self._connections.close(connection)
            await connection.aclose()
        if not isinstance(reason, _Completed | ClientGone | GoingAway):
            raise reason


def refusal(result: Result) -> EncodedResponse:
    """The whole stream of an operation that was not executed."""
    return encoded_response(_next(result) + _COMPLETE, status=200, media_type=EVENT_STREAM).plus(*_HEADERS[1:])


async def _stream(connection: Connection, call: Call, receive: Receive) -> Exception:
    await connection.send_if_possible({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    connection.run_alongside(_watch(receive))
    connection.run_alongside(_keep_alive(connection))
    connection.deliver(call, _deliver(connection, call))
    reason = await connection.until_end()
    if isinstance(reason, _Completed):
        await connection.send_if_possible({"type": "http.response.body", "body": _COMPLETE})
    elif isinstance(reason, GoingAway):
        # No `complete`, so that the client connects again elsewhere.
        await connection.send_if_possible({"type": "http.response.body"})
    return reason


async def _watch(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    raise ClientGone


async def _keep_alive(connection: Connection) -> None:
    while True:
        # The first one at once: some browsers report a stream as open after its first byte only.
        await _write(connection, _COMMENT)
        await connection.pause(KEEP_ALIVE_SECONDS)


async def _deliver(connection: Connection, call: Call) -> None:
    try:
        async with aclosing(call.results()) as results:
            async for result in results:
                await _write(connection, _next(result))
    except ClientGone:
        return
    connection.end(_Completed())


async def _write(connection: Connection, body: bytes) -> None:
    await connection.send({"type": "http.response.body", "body": body, "more_body": True})


def _next(result: Result) -> bytes:
    return b"event: next\ndata: " + _encode(graphql_response(result)) + b"\n\n"
