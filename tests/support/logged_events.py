"""What the gateway logs, which a test can wait for."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]
"""The name of a logged event under `event`, its level, and its fields."""


class LoggedEvents(logging.Handler):
    """The events of the gateway since it was made."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Event] = []
        self._has_come = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        fields = record.__dict__.get("event_fields", {})
        self.all.append({"event": record.getMessage(), "level": record.levelname, **fields})
        self._has_come.set()

    async def until(self, name: str, **fields: object) -> Event:
        """Wait for an event with these fields, if it was not logged yet; gives the first."""
        async with asyncio.timeout(60):
            while True:
                for one in self.all:
                    if one["event"] == name and fields.items() <= one.items():
                        return one
                self._has_come.clear()
                await self._has_come.wait()


@contextmanager
def logged_events() -> Iterator[LoggedEvents]:
    """Listen to what the gateway logs in this event loop."""
    logger, handler = logging.getLogger("gateway"), LoggedEvents()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
