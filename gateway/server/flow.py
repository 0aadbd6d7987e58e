"""How fast a connection is read and written: reading that is held, and clients that take too long."""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """Reading that the application cannot resume while data is held back."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self.is_held = False

    def hold(self) -> None:
        """Stop reading until `release`."""
        self.is_held = True
        self.pause_reading()

    def release(self) -> None:
        """Read on."""
        self.is_held = False
        self.resume_reading()

    def resume_reading(self) -> None:
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
        """Begin to count, or go on where it counts for the same subject."""
        if self._handle is not None and self._subject is subject:
            return
        self.stop()
        self._subject = subject
        self._handle = self._loop.call_later(seconds, self._call)

    def stop(self) -> None:
        """Forget what it counted."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _call(self) -> None:
        self._handle = None
        self._expire()


class WriteWatch:
    """Ends a connection whose client takes nothing of what waits for it for so many seconds."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, seconds: float) -> None:
        self._transport = transport
        self._seconds = seconds
        self._timer = Timer(loop, self._check)
        self._left = 0

    def start(self) -> None:
        """Watch from now on: there is more to write than the connection takes."""
        self._left = self._transport.get_write_buffer_size()
        self._timer.start(self._seconds)

    def stop(self) -> None:
        """The client reads again."""
        self._timer.stop()

    def _check(self) -> None:
        if self._transport.get_write_buffer_size() < self._left:
            self.start()
        else:
            self._transport.abort()
