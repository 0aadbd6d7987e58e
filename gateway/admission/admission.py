"""Admission of upstream calls: each kind adapts to its own latency, and none takes the room of the others."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping

from gateway.admission.call_gate import SHORT_WAIT_SECONDS, CallGate, TotalCount
from gateway.concurrency.timers import CallLater, Timer, call_later
from gateway.errors import Overloaded
from gateway.telemetry import log
from gateway.telemetry.metrics import Sample

logger = logging.getLogger(__name__)

SHARE = 0.75
"""The part of all connections that calls of one kind may take at most: a bulkhead. The others have the rest."""


class Admission:
    """Admits upstream calls of the kinds `calls`, with `connections` under way at most, for one event loop.

    A call goes at once while its kind is below its limit. Otherwise it waits for a moment in its owner's line, or is
    refused. Of the kinds with calls waiting, the one with the fewest calls under way is next.
    """

    def __init__(
        self,
        calls: Iterable[str],
        *,
        connections: int = 100,
        clock: Callable[[], float] = time.monotonic,
        call_later: CallLater = call_later,
    ) -> None:
        self.now = clock
        self._call_later = call_later
        self._total = TotalCount(connections)
        most = max(1, int(connections * SHARE))
        self.gates: Mapping[str, CallGate] = {call: CallGate(most, self._total, clock) for call in calls}
        self._timer: Timer | None = None
        self._waited = self._refused = 0
        self._expected: Counter[str] = Counter()
        self._is_expecting = False

    async def wait(self, call: str, owner: Hashable) -> None:
        """Wait until a call of this kind may go; it has to `leave`. Raises Overloaded."""
        gate = self.gates[call]
        try:
            waiter = gate.enqueue(owner)
            self._waited += 1
            self._watch()
            await self._turn_of(gate, waiter)
        except Overloaded as error:
            error.call = call
            self.count_refusals((call,))
            raise

    def refusal_seconds(self, calls: Collection[str], owner: Hashable) -> int | None:
        """In how many seconds to come again, where each of these calls would be refused at once; else None.

        Then the caller is expected to send them in this turn of the loop or the next one, and they count as coming.
        Otherwise all requests that arrive at once would find the same free place.
        """
        found = [(call, self.gates[call]) for call in calls]
        if all(gate.refuses(owner, self._expected[call]) for call, gate in found):
            return max(gate.retry_after_seconds for _, gate in found)
        self._expected.update(calls)
        if not self._is_expecting:
            self._is_expecting = True
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._expect_none)
        return None

    def _expect_none(self) -> None:
        self._is_expecting = False
        self._expected.clear()

    def count_refusals(self, calls: Iterable[str]) -> None:
        """Count and log calls that are refused."""
        for call in calls:
            gate = self.gates[call]
            self._refused += 1
            log.event(logger, logging.WARNING, "overloaded", call=call, limit=gate.limit.value, waiting=gate.waiting)

    def leave(self, call: str, seconds: float, *, is_answered: bool, is_late: bool = False) -> None:
        """End a call that took so long, and let others go."""
        self.gates[call].leave(seconds, is_answered=is_answered, is_late=is_late)
        if self._timer is not None:
            self._admit()

    def samples(self) -> Iterator[Sample]:
        """The limit of each kind, its calls under way and waiting, and how many waited and were refused so far."""
        for call, gate in self.gates.items():
            of_call = (("call", call),)
            yield Sample("gateway_upstream_limit", "Calls that may be under way.", gate.limit.value, labels=of_call)
            yield Sample("gateway_upstream_under_way", "Calls under way.", gate.under_way, labels=of_call)
            yield Sample("gateway_upstream_waiting", "Calls that wait to go.", gate.waiting, labels=of_call)
        yield Sample("gateway_upstream_waits", "Calls that had to wait.", self._waited, is_count=True)
        yield Sample("gateway_upstream_refusals", "Calls that were refused.", self._refused, is_count=True)

    async def _turn_of(self, gate: CallGate, waiter: "asyncio.Future[None]") -> None:
        try:
            await waiter
        except Overloaded:
            raise
        except BaseException:  # a cancellation, or GeneratorExit: a coroutine that is closed never resumes
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                # It was let go in the same turn of the loop.
                gate.leave(0.0, is_answered=False)
                self._admit()
            gate.forget(waiter)
            raise

    def _admit(self) -> None:
        while self._total.under_way < self._total.most:
            ready = [gate for gate in self.gates.values() if gate.waiting and gate.has_room]
            if not ready:
                return
            min(ready, key=lambda gate: gate.under_way).grant()

    def _watch(self) -> None:
        """Look again and again for calls that have waited for too long, while any wait."""
        if self._timer is None:
            self._timer = self._call_later(SHORT_WAIT_SECONDS / 3, self._look)

    def _look(self) -> None:
        self._timer = None
        for gate in self.gates.values():
            gate.refuse_overdue()
        if any(gate.waiting for gate in self.gates.values()):
            self._watch()
