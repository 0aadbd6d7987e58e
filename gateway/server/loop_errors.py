"""Errors that the event loop reports: failures to accept connections must not flood the log."""

import asyncio
import errno
import logging
from collections.abc import Callable
from typing import Any

from gateway.telemetry import log

logger = logging.getLogger(__name__)

_NO_RESOURCES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_TLS_FAILED = "Fatal error on SSL protocol"
_PAUSE_SECONDS = 10.0
"""The pause between two log lines about connections that cannot be accepted."""


class LoopErrors:
    """An exception handler for event loops; `monotonic` is in seconds of any origin."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._next_at = 0.0

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log an error that the loop reports."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in _NO_RESOURCES:
            self._accept_failed(error)
        elif isinstance(error, ConnectionError | TimeoutError) or _is_of_ended_tls(error, context):
            log.event(logger, logging.DEBUG, "connection_failed", reason=str(error))
        else:
            loop.default_exception_handler(context)

    def _accept_failed(self, error: OSError) -> None:
        if self._monotonic() >= self._next_at:
            self._next_at = self._monotonic() + _PAUSE_SECONDS
            remedy = "raise this process's limit of open files, or lower GATEWAY_CLIENT_CONNECTIONS"
            log.event(logger, logging.WARNING, "accept_failed", reason=str(error), remedy=remedy)


def _is_of_ended_tls(error: object, context: dict[str, Any]) -> bool:
    """Whether the other side broke off a connection with TLS on which something was still to be written.

    uvloop ends the connection as it does for any other loss, but reports a RuntimeError where others are an OSError.
    """
    return isinstance(error, RuntimeError) and str(context.get("message", "")).startswith(_TLS_FAILED)
