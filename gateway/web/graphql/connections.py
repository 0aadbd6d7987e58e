"""Connections that stay open: what ends one, how it is written to, and how many there may be."""

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import suppress

from graphql import OperationType
from starlette.types import Message, Send

from gateway.admission.open_limit import OpenLimit
from gateway.concurrency.timeouts import LONGEST_TIMER_SECONDS, expire, within
from gateway.concurrency.timers import CallLater, Timer
from gateway.errors import Overloaded
from gateway.telemetry.metrics import Sample
from gateway.web.graphql.calls import Call, ClientGone

CLIENT_WRITE_SECONDS = 20.0
"""How long a client may read nothing before it counts as gone."""

CLOSE_SECONDS = 1.0
"""How long the first and the last message to a client may take."""

LAST_ANSWERS_SECONDS = 3.0
"""How long queries and mutations on a connection may still take when the gateway shuts down."""


class GoingAway(Exception):
    """The gateway is shutting down; clients should connect again."""


class Connection:
    """One socket or one stream. The first reason that is given ends it; mutations in flight are finished."""

    __slots__ = ("_background", "_call_later", "_deliveries", "_is_last", "_reason", "_send", "_timers", "_waits")

    def __init__(self, send: Send, call_later: CallLater) -> None:
        self._send = send
        self._call_later = call_later
        self._reason: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self._background: list[asyncio.Task[None]] = []
        self._deliveries: dict[asyncio.Task[None], Call] = {}
        self._timers: list[Timer] = []
        self._waits: list[asyncio.Timeout] = []
        self._is_last = False

    @property
    def deliveries(self) -> int:
        """The number of calls in flight, including those that the client does not wait for any more."""
        return len(self._deliveries)

    def end(self, reason: Exception) -> None:
        """End it for this reason; a later reason changes nothing."""
        if not self._reason.done():
            self._reason.set_result(reason)

    def go_away(self, seconds: float) -> None:
        """End it as soon as what has one answer is answered, and after so many seconds in any case."""
        self._is_last = True
        self.end_in(seconds, GoingAway())
        self._end_if_answered()

    def end_in(self, seconds: float, reason: Exception) -> Timer:
        """End it after so many seconds."""
        timer = self._call_later(min(seconds, LONGEST_TIMER_SECONDS), lambda: self.end(reason))
        self._timers.append(timer)
        return timer

    async def pause(self, seconds: float) -> None:
        """Wait for so many seconds."""
        over = asyncio.Event()
        timer = self._call_later(seconds, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()

    def run_alongside(self, work: Coroutine[None, None, None]) -> None:
        """Run a task while it is open. An error of the task ends it."""
        task = asyncio.ensure_future(work)
        self._background.append(task)
        task.add_done_callback(self._background_done)

    def deliver(self, call: Call, work: Coroutine[None, None, None]) -> None:
        """Run the delivery of a call, which is abandoned if the connection ends first."""
        task = asyncio.ensure_future(work)
        self._deliveries[task] = call
        task.add_done_callback(self._delivery_done)

    async def until_end(self) -> Exception:
        """Wait for the reason to end, and deliver nothing from then on."""
        try:
            return await self._reason
        finally:
            self._reason.cancel()
            for timer in self._timers:
                timer.cancel()
            for task in self._background:
                task.cancel()
            for call in self._deliveries.values():
                call.abandon()
            for wait in self._waits:
                expire(wait)

    async def send(self, message: Message) -> None:
        """Write to the client as fast as it reads. Raises ClientGone if it does not read, and after the end."""
        if self._reason.done():
            raise ClientGone
        try:
            async with within(CLIENT_WRITE_SECONDS, self._call_later) as wait:
                self._waits.append(wait)
                try:
                    await self._send(message)
                finally:
                    self._waits.remove(wait)
        # ASGI servers raise OSError for a client that has disconnected.
        except (TimeoutError, OSError):
            self.end(ClientGone())
            raise ClientGone from None

    async def send_if_possible(self, message: Message) -> None:
        """Write the first or last message, whether or not the client still reads."""
        with suppress(TimeoutError, OSError):
            async with within(CLOSE_SECONDS, self._call_later):
                await self._send(message)

    async def aclose(self) -> None:
        """Wait for the deliveries, because mutations are finished. Raises what any of them raised."""
        await asyncio.gather(*self._deliveries)

    def _background_done(self, task: asyncio.Task[None]) -> None:
        self._background.remove(task)
        self._failed(task)

    def _delivery_done(self, task: asyncio.Task[None]) -> None:
        # A failed one stays, so that closing raises its error even if something else ended the connection.
        if not self._failed(task):
            del self._deliveries[task]
            self._end_if_answered()

    def _end_if_answered(self) -> None:
        if self._is_last and all(call.kind is OperationType.SUBSCRIPTION for call in self._deliveries.values()):
            self.end(GoingAway())

    def _failed(self, task: asyncio.Task[None]) -> bool:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.end(error)
        return error is not None


class Connections:
    """All open connections, at most `limit`, and of each player as many as `of_players` allows."""

    def __init__(self, *, limit: int, of_players: OpenLimit, call_later: CallLater) -> None:
        self._limit = limit
        self._of_players = of_players
        self._call_later = call_later
        self._open: dict[Connection, str] = {}
        self._is_draining = False
        self._all_closed = asyncio.Event()

    def open(self, send: Send) -> Connection:
        """Add one. Raises Overloaded."""
        if self._is_draining:
            raise Overloaded("The gateway is shutting down. Connect again in a moment.")
        if len(self._open) >= self._limit:
            raise Overloaded("Too many connections are open. Try again in a moment.")
        connection = Connection(send, self._call_later)
        self._open[connection] = ""
        return connection

    def assign(self, connection: Connection, player: str) -> None:
        """Count one for its player, who is known by now. Raises LimitExceeded."""
        self._of_players.add(player)
        self._open[connection] = player

    def close(self, connection: Connection) -> None:
        """Remove one."""
        self._of_players.remove(self._open.pop(connection, ""))
        if not self._open:
            self._all_closed.set()

    async def drain(self) -> None:
        """End all connections, once queries and mutations on them are answered, and refuse new ones."""
        self._is_draining = True
        for connection in self._open:
            connection.go_away(LAST_ANSWERS_SECONDS)
        if self._open:
            self._all_closed.clear()
            with suppress(TimeoutError):
                async with within(LAST_ANSWERS_SECONDS + 2 * CLOSE_SECONDS, self._call_later):
                    await self._all_closed.wait()

    def samples(self) -> Iterable[Sample]:
        """The number of open connections."""
        yield Sample("gateway_connections", "Open sockets and event streams.", len(self._open))
