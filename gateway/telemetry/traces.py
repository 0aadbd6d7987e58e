"""Traces: whether a request is traced is decided first; its events are noted, and reported once it is answered."""

import re
import time
from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import NamedTuple

from gateway.telemetry import log

MAX_CALLS = 200
"""Upstream calls that one trace holds."""

_PARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


class Parent(NamedTuple):
    """The span of somebody else that a request belongs to (W3C Trace Context)."""

    trace_id: int
    span_id: int
    is_sampled: bool


def parse_parent(header: bytes) -> Parent | None:
    """The parent that a `traceparent` names; None where it is not valid (W3C Trace Context, 3.2.2)."""
    found = _PARENT.fullmatch(header)
    if found is None:
        return None
    version, trace, span, flags, more = found.groups()
    parent = Parent(int(trace, 16), int(span, 16), bool(int(flags, 16) & 1))
    is_valid = version != b"ff" and parent.trace_id and parent.span_id and not (more and version == b"00")
    return parent if is_valid else None


class NotedCall:
    """One attempt of an upstream call: when, and how it ended. Times are in nanoseconds of Unix time."""

    __slots__ = ("began_ns", "ended_ns", "error", "name", "span_id", "status")

    def __init__(self, name: str, span_id: int, began_ns: int) -> None:
        self.name = name
        self.span_id = span_id
        self.began_ns = began_ns
        self.ended_ns: int | None = None
        self.status: int | None = None
        self.error: str | None = None


class Trace:
    """One traced request. It is filled while the request runs, and holds nothing of what a player sends.

    `events` counts what a subscription told. It is current in the context that makes it, and in tasks begun there.
    """

    __slots__ = (
        "_clock",
        "_random",
        "_tokens",
        "began_ns",
        "calls",
        "events",
        "is_over",
        "parent",
        "span_id",
        "trace_id",
    )

    def __init__(
        self,
        trace_id: int,
        parent: Parent | None,
        random: Callable[[int], int],
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.trace_id = trace_id
        self.parent = parent
        self.span_id = _new_id(random, 64)
        self.began_ns = clock()
        self.calls: list[NotedCall] = []
        self.events = 0
        self.is_over = False
        self._random = random
        self._clock = clock
        self._tokens: tuple[Token[Trace | None], Token[str]] = (
            current_trace.set(self),
            log.trace_id.set(f"{trace_id:032x}"),
        )

    def begin_call(self, name: str) -> NotedCall | None:
        """Note that an upstream call begins; None where it is not told any more.

        What goes on for others, such as the poller of an order, keeps the trace of whom it was begun for.
        """
        if self.is_over or len(self.calls) >= MAX_CALLS:
            return None
        call = NotedCall(name, _new_id(self._random, 64), self._clock())
        self.calls.append(call)
        return call

    def end_call(self, call: NotedCall) -> None:
        """Note that it ended."""
        call.ended_ns = self._clock()

    def header(self, call: NotedCall) -> str:
        """The `traceparent` that tells the upstream of a call."""
        return f"00-{self.trace_id:032x}-{call.span_id:016x}-01"

    def leave(self) -> None:
        """Make it current no more, in the context in which it was made."""
        ours, logged = self._tokens
        current_trace.reset(ours)
        log.trace_id.reset(logged)

    def end(self) -> int:
        """End it, in any context; the time."""
        self.is_over = True
        return self._clock()


current_trace: ContextVar[Trace | None] = ContextVar("current_trace", default=None)
"""The trace of the current request, if it is traced."""


def new_trace_id(random: Callable[[int], int]) -> int:
    """An id for a trace that nobody else has begun; `random` makes a number of so many bits."""
    return _new_id(random, 128)


def _new_id(random: Callable[[int], int], bits: int) -> int:
    return random(bits) or 1  # 0 is no id
