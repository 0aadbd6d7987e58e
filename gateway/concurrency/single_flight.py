"""Single flight: callers who ask for the same thing at the same time share one run of it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

from gateway.concurrency.deadline import Deadline
from gateway.errors.internal import FlightEnded

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class SingleFlight(Generic[K]):
    """Runs under way by key, within groups; for one event loop, used from its thread only.

    Each run is a task that this object owns, in a copy of the context of the caller who started it. No caller is the
    run's parent: any of them may be cancelled, and the others still get the result.
    """

    # The rules:
    #
    # 1. A run is joined only while it is attached, that is, in `_groups`. It is detached when it ends, when its last
    #    caller leaves, and by `detach`. So nobody joins a run that is being cancelled or that read an older state.
    # 2. A caller waits on a future of their own, never on the task: cancelling the caller then cancels that future
    #    only. The last one to leave cancels the task, because nobody wants its result any more.
    # 3. `on_result` is called within the run, before any waiter is told, and only if the run is attached then. What
    #    it stores is there before the first caller goes on, and a detached run stores nothing.
    # 4. Waiters are told by the task's done callback, not by the run itself: then the task holds the result or error.

    def __init__(self) -> None:
        self._groups: dict[Hashable, dict[K, _Flight[K]]] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._is_closed = False

    async def join(
        self,
        key: K,
        start: Callable[[], Awaitable[T]],
        *,
        group: Hashable = None,
        on_result: Callable[[T], None] | None = None,
        keep_running: bool = False,
        deadline: Deadline | None = None,
    ) -> T:
        """Wait for the run of `key` in `group`, starting it with `start()` when none is under way.

        All callers get its result or its error. `on_result` is called with the result before any caller sees it,
        unless the run was detached meanwhile. When the last caller is cancelled the run is cancelled too, unless
        `keep_running`. The caller who starts the run decides on `on_result` and `keep_running`. One key always stands
        for one type of result.

        Raises: what `start()` raises; FlightEnded when the run ended without a result; TimeoutError when the caller's
        `deadline` expires, which counts as the caller being cancelled.
        """
        flight = self._groups.get(group, {}).get(key)
        if flight is None:
            flight = self._start(group, key, start, on_result, keep_running=keep_running)
        waiter = asyncio.get_running_loop().create_future() if deadline is None else deadline.begin()
        flight.waiters[waiter] = None
        try:
            await waiter
        finally:
            del flight.waiters[waiter]
            if deadline is not None:
                deadline.end(waiter)
            if not flight.waiters and not flight.keep_running and not flight.task.done():
                # Detached at once and not when the task ends: nobody may join a run that is being cancelled.
                self._detach(flight)
                flight.task.cancel()
        if flight.task.cancelled():
            raise FlightEnded
        result: T = flight.task.result()
        return result

    def in_flight(self, group: Hashable = None) -> tuple[K, ...]:
        """Keys of the group that a caller would join now."""
        return tuple(self._groups.get(group, ()))

    def is_in_flight(self, key: K, group: Hashable = None) -> bool:
        """Whether a caller would join a run rather than start one."""
        return key in self._groups.get(group, ())

    def detach(self, key: K, group: Hashable = None) -> None:
        """Let the run of `key`, if any, serve only those who wait for it already; its `on_result` is not called."""
        flight = self._groups.get(group, {}).get(key)
        if flight is not None:
            self._detach(flight)

    async def aclose(self) -> None:
        """End every run, detached ones too; callers who wait or come later get FlightEnded."""
        self._is_closed = True
        for flight in [flight for flights in self._groups.values() for flight in flights.values()]:
            self._detach(flight)
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(
        self,
        group: Hashable,
        key: K,
        start: Callable[[], Awaitable[T]],
        on_result: Callable[[T], None] | None,
        *,
        keep_running: bool,
    ) -> "_Flight[K]":
        if self._is_closed:
            raise FlightEnded
        flight = _Flight(group, key, keep_running=keep_running)
        # Attached before the task exists: an eager task factory may finish the run within create_task.
        self._groups.setdefault(group, {})[key] = flight
        task = asyncio.get_running_loop().create_task(self._run(flight, start, on_result))
        flight.task = task
        task.add_done_callback(partial(self._finished, flight))
        self._tasks.add(task)
        return flight

    async def _run(
        self, flight: "_Flight[K]", start: Callable[[], Awaitable[T]], on_result: Callable[[T], None] | None
    ) -> T:
        try:
            result = await start()
            if on_result is not None and flight.is_attached:
                on_result(result)
            return result
        finally:
            self._detach(flight)

    def _finished(self, flight: "_Flight[K]", task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if flight.is_attached:
            # It was cancelled before its first step.
            self._detach(flight)
        if not task.cancelled():
            # Retrieved here: asyncio would report the error of a run that nobody waits for any more as never retrieved.
            task.exception()
        for waiter in flight.waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _detach(self, flight: "_Flight[K]") -> None:
        if flight.is_attached:
            flight.is_attached = False
            flights = self._groups[flight.group]
            del flights[flight.key]
            if not flights:
                del self._groups[flight.group]


class _Flight(Generic[K]):
    """One run under way, and the futures of those who wait for it, in the order in which they came."""

    __slots__ = ("group", "is_attached", "keep_running", "key", "task", "waiters")

    task: asyncio.Task[Any]

    def __init__(self, group: Hashable, key: K, *, keep_running: bool) -> None:
        self.group = group
        self.key = key
        self.keep_running = keep_running
        self.is_attached = True
        self.waiters: dict[asyncio.Future[None], None] = {}
