"""Streams over HTTP: one operation's results as they come, in the format that the client takes."""

from collections.abc import Callable
from contextlib import aclosing
from typing import NamedTuple

from starlette.types import Message, Receive, Send

from gateway.errors import LimitExceeded, Overloaded
from gateway.execution.engine import Result
from gateway.web.graphql.calls import Call, ClientGone
from gateway.web.graphql.connections import Connection, Connections, GoingAway
from gateway.web.responses import EncodedResponse, HeaderPairs, error_response

KEEP_ALIVE_SECONDS = 15.0
"""How often a stream says something; proxies cut connections that are silent for longer, often after a minute."""


class StreamFormat(NamedTuple):
    """How a stream is written: its type, what it begins with, a heartbeat, a result, and its two ends."""

    content_type: str
    opening: bytes
    heartbeat: bytes
    result: Callable[[Result], bytes]
    completion: bytes
    going_away: Callable[[], bytes]

    @property
    def headers(self) -> HeaderPairs:
        """What a stream is told with: no cache stores it, and no proxy holds it back."""
        return (
            (b"content-type", self.content_type.encode()),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        )

    def refusal(self, result: Result) -> EncodedResponse:
        """The whole stream of an operation that could not be run."""
        body = self.opening + self.result(result) + self.completion
        return EncodedResponse(200, (*self.headers, (b"content-length", b"%d" % len(body))), body)


class _Completed(Exception):
    """The operation is over."""


class Streams:
    """Answers operations as streams."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def respond(self, call: Call, written: StreamFormat, receive: Receive, send: Send) -> None:
        """Stream a call until it is over, its client hangs up, or the gateway ends. Raises what nobody foresaw."""
        try:
            connection = self._connections.open(send)
        except Overloaded as error:
            call.refuse(error)
            await error_response(503, error, headers={"retry-after": "1"}).send(send)
            return
        try:
            self._connections.assign(connection, call.player)
        except LimitExceeded as error:
            self._connections.close(connection)
            call.refuse(error)
            await error_response(429, error).send(send)
            return
        try:
            reason = await _Stream(connection, written).run(call, receive)
        finally:
            self._connections.close(connection)
            await connection.aclose()
        if not isinstance(reason, _Completed | ClientGone | GoingAway):
            raise reason


class _Stream:
    """One stream, and what is written to it."""

    def __init__(self, connection: Connection, written: StreamFormat) -> None:
        self._connection = connection
        self._format = written

    async def run(self, call: Call, receive: Receive) -> Exception:
        """Write until there is a reason to end, and return that."""
        headers = list(self._format.headers)
        await self._connection.send_if_possible({"type": "http.response.start", "status": 200, "headers": headers})
        # A heartbeat at once: some browsers wait for a byte before they tell that the stream is open.
        await self._connection.send_if_possible(_body(self._format.opening + self._format.heartbeat))
        self._connection.run_alongside(_watch(receive))
        self._connection.run_alongside(self._keep_alive())
        self._connection.deliver(call, self._deliver(call))
        reason = await self._connection.until_end()
        if isinstance(reason, _Completed):
            await self._end(self._format.completion)
        elif isinstance(reason, GoingAway):
            await self._end(self._format.going_away())
        return reason

    async def _keep_alive(self) -> None:
        while True:
            await self._connection.pause(KEEP_ALIVE_SECONDS)
            await self._connection.send(_body(self._format.heartbeat))

    async def _deliver(self, call: Call) -> None:
        try:
            async with aclosing(call.results()) as results:
                async for result in results:
                    await self._connection.send(_body(self._format.result(result)))
        except ClientGone:
            return
        self._connection.end(_Completed())

    async def _end(self, body: bytes) -> None:
        await self._connection.send_if_possible({"type": "http.response.body", "body": body})


def _body(data: bytes) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _watch(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    raise ClientGone
