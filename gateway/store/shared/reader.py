"""Reads what other processes of the fleet tell: one stream, all of it, in its order."""

import asyncio
import logging

from gateway.concurrency.timers import CallLater, call_later
from gateway.store.errors import StoreUnavailable
from gateway.store.events import ReceivedEvent, decode
from gateway.store.merging import merge
from gateway.store.pauses import pause
from gateway.store.ports import EventListener
from gateway.store.shared.client import Client, load_script
from gateway.store.shared.connections import Reply
from gateway.store.shared.epoch import Epoch
from gateway.store.shared.keys import Keys
from gateway.store.shared.silence import Silence
from gateway.telemetry import log

logger = logging.getLogger(__name__)

MOST_EVENTS = 1000
"""Events that one read brings; more than that, and this process is behind."""

BLOCK_SECONDS = 0.7
"""How long a read waits for events: a silent fleet costs each process three commands a second, and lost data is noticed
within one."""

PAUSE_SECONDS = 0.005
"""Between reads, so that events that come in a burst come in one read."""

RETRY_SECONDS = 0.25
"""After a read that failed."""

START = "0-0"


class BusReader:
    """Passes the events of the other processes of the fleet to a listener; for one event loop.

    After a broken connection it reads on where it was. Where events were missed (the stream was trimmed beyond that, or
    the store lost its data) the listener forgets all. Events that come in one read and differ only in what changed
    are passed as one.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        epoch: Epoch,
        silence: Silence,
        listener: EventListener,
        *,
        sender: bytes,
        call_later: CallLater = call_later,
    ) -> None:
        self._client = client
        self._keys = keys
        self._epoch = epoch
        self._silence = silence
        self._listener = listener
        self._sender = sender
        self._call_later = call_later
        self._look_script = load_script("look")
        self._position: str | None = None
        self._is_position_sure = False
        self._is_silent = False
        self._task: asyncio.Task[None] | None = None
        epoch.on_lost(self._restart)
        client.metrics.silence = lambda: silence.seconds

    def start(self) -> None:
        """Begin to read, from what comes next."""
        self._task = asyncio.create_task(self._run())

    async def aclose(self) -> None:
        """Read no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.read()
            except Exception as error:
                if not isinstance(error, StoreUnavailable):
                    # The listener fails at forgetting, too: hearing nothing more would be worse.
                    log.event(logger, logging.ERROR, "bus_read_failed", error=error)
                self._is_position_sure = False
                self._note_silence()
                await pause(RETRY_SECONDS, self._call_later)
            else:
                self._is_silent = False
                await pause(PAUSE_SECONDS, self._call_later)

    async def read(self) -> None:
        """Wait for events and tell them. Raises StoreUnavailable."""
        if not self._is_position_sure:
            await self._find_position()
        sent_at = self._silence.clock()
        wait = ("XREAD", "COUNT", MOST_EVENTS, "BLOCK", round(BLOCK_SECONDS * 1000), "STREAMS")
        commands = [(*wait, self._keys.bus, self._position or START), ("GET", self._keys.epoch)]
        reply, epoch = await self._client.batch("read", self._keys.bus, commands, seconds=BLOCK_SECONDS)
        self._epoch.saw(epoch)
        await self._epoch.refresh()
        if not self._is_position_sure:
            # The store lost its data meanwhile: the new stream is read from its start.
            return
        entries = next(iter(reply.values())) if reply else []
        self._tell(entries)
        if not entries:
            # Nothing came until the wait was over.
            self._silence.heard_until(sent_at + BLOCK_SECONDS)
        elif len(entries) < MOST_EVENTS:
            self._silence.heard_until(sent_at)
        else:
            self._is_position_sure = False

    async def _find_position(self) -> None:
        """Find out whether events were trimmed that were not read yet, or where the stream is at the start."""
        [first, _, last, removed], _ = await self._client.script(self._look_script, [self._keys.bus])
        await self._epoch.refresh()
        if self._position is None:
            self._position = last.decode()
        elif _is_gap(self._position, first.decode(), last.decode(), int(removed)):
            self._client.metrics.missed()
            log.event(logger, logging.WARNING, "bus_gap")
            self._position = last.decode()
            self._listener.forget_all()
        self._is_position_sure = True

    def _restart(self) -> None:
        """Read the stream of a store that lost its data from the start, so that nothing of it is missed."""
        self._position, self._is_position_sure = START, False
        self._listener.forget_all()

    def _tell(self, entries: list[Reply]) -> None:
        heard: list[ReceivedEvent] = []
        for name, fields in entries:
            event = decode(fields[fields.index(b"e") + 1]) if b"e" in fields else None
            self._position = name.decode()
            if event is None:
                # Whose it is cannot be said.
                self._client.metrics.count_event(None)
                self._listener.forget_all()
            elif event.sender != self._sender:
                heard.append(event)
        for event in merge(heard):
            self._client.metrics.count_event(event.known_kind)
            self._tell_one(event)

    def _tell_one(self, event: ReceivedEvent) -> None:
        try:
            self._listener.receive(event)
        except Exception as error:
            log.event(logger, logging.ERROR, "bus_event_failed", error=error)
            self._listener.forget_all()

    def _note_silence(self) -> None:
        if self._silence.is_stale and not self._is_silent:
            self._is_silent = True
            log.event(logger, logging.ERROR, "bus_silent", seconds=round(self._silence.seconds, 3))


def _is_gap(position: str, first: str, last: str, removed: int) -> bool:
    """Whether a stream that begins with `first` misses something that was published after `position`."""
    if _number(last) < _number(position):
        return True
    if not first:
        return _number(last) > _number(position)
    return removed > 0 and _number(first) > _number(position)


def _number(name: str) -> tuple[int, int]:
    milliseconds, _, rest = name.partition("-")
    return int(milliseconds), int(rest)
