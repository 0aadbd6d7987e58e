"""Flow control of a connection: reading that is held back, and clients that are too slow."""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """Reading that goes on only where neither the application is behind nor data is held back."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self.is_held = False
        self._is_behind = False

    def hold(self) -> None:
        """Stop reading until `release`."""
        self.is_held = True
        super().pause_reading()

    def release(self) -> None:
        """Read on, unless the application is behind."""
        self.is_held = False
        if not self._is_behind:
            super().resume_reading()

    def pause_reading(self) -> None:
        self._is_behind = True
        super().pause_reading()

    def resume_reading(self) -> None:
        if self._is_behind:
            self._is_behind = False
            if not self.is_held:
                super().resume_reading()


class Timer:
    """Calls `expire` some time after `start`, unless it is stopped or started for something else before."""

    def __init__(self, loop: asyncio.AbstractEventLoop, expire: Callable[[], None]) -> None:
        self._loop = loop
        self._expire = expire
        self._handle: asyncio.TimerHandle | None = None
        self._subject: object = None

    def start(self, seconds: float, subject: object = None) -> None:
        """Start, or go on if it counts for the same subject."""
        if self._handle is not None and self._subject is subject:
            return
        self.stop()
        self._subject = subject
        self._handle = self._loop.call_later(seconds, self._call)

    def stop(self) -> None:
        """Stop and forget the subject."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _call(self) -> None:
        self._handle = None
        self._expire()


class WriteWatch:
    """Ends a connection whose client reads nothing for so many seconds while data waits for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, seconds: float) -> None:
        self._transport = transport
        self._seconds = seconds
        self._timer = Timer(loop, self._check)
        self._left = 0

    def start(self) -> None:
        """Start: there is more to write than the connection accepts."""
        self._left = self._transport.get_write_buffer_size()
        self._timer.start(self._seconds)

    def stop(self) -> None:
        """Stop: the client reads again."""
        self._timer.stop()

    def _check(self) -> None:
        if self._transport.get_write_buffer_size() < self._left:
            self.start()
        else:
            self._transport.abort()
