"""Waiting for the answer of a write that is under way elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from gateway.concurrency.timers import CallLater, call_later
from gateway.store.events import EventTags
from gateway.store.pauses import wait_at_most
from gateway.store.ports import Begun, Found, RecordKey

LOOK_SECONDS = 0.5
"""How often a record is read while no event about it arrives: events may be lost."""


class AnswerSignals:
    """Wakes those who wait for records' answers, by the records' tags; for one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, set[asyncio.Event]] = {}

    def answered(self, record: bytes) -> None:
        """Take in that a record has its answer, or is gone."""
        for signal in self._waiting.get(record, ()):
            signal.set()

    def wake_all(self) -> None:
        """Take in that events were missed: any record may have its answer."""
        for record in self._waiting:
            self.answered(record)

    @contextmanager
    def listening(self, record: bytes) -> Iterator[asyncio.Event]:
        """A signal that is set each time that the record may have its answer."""
        signal = asyncio.Event()
        self._waiting.setdefault(record, set()).add(signal)
        try:
            yield signal
        finally:
            self._waiting[record].discard(signal)
            if not self._waiting[record]:
                del self._waiting[record]


class AnswerWaiter:
    """Waits for writes that are under way elsewhere; `clock` is in seconds of any origin."""

    def __init__(
        self, signals: AnswerSignals, tags: EventTags, clock: Callable[[], float], call_later: CallLater = call_later
    ) -> None:
        self._signals = signals
        self._tags = tags
        self._clock = clock
        self._call_later = call_later

    async def wait(self, key: RecordKey, look: Callable[[], Awaitable[Begun]], until: float) -> Begun:
        """What `look` finds once it is not BUSY any more, or at the time `until` (of the clock).

        `look` is a `begin` under the same attempt: where the first write was dropped, this one may be sent. It is asked
        at once, after each signal and every LOOK_SECONDS. Raises what it raises.
        """
        with self._signals.listening(self._tags.record(*key)) as signal:
            begun = await look()
            while begun.found is Found.BUSY and (left := until - self._clock()) > 0:
                await wait_at_most(signal, min(left, LOOK_SECONDS), self._call_later)
                begun = await look()
            return begun
