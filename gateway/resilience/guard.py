"""The policies around every upstream call: window, breaker, one retry for reads. Each call of the client has its own.

Windows and breakers are this process's. Each process of a fleet finds out by itself, at the cost of a few calls each,
and no call waits for a shared store.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from gateway.errors import (
    AccessError,
    GatewayError,
    LimitExceeded,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.resilience.breaker import Breaker, NotAdmitted, State
from gateway.resilience.events import ResilienceEvents
from gateway.resilience.requester import Requester
from gateway.resilience.retry_budget import RetryBudget
from gateway.resilience.windows import Windows

T = TypeVar("T")

_ANSWERS = (AccessError, Refusal)
"""Errors with which the upstream answers as it should."""

_FAILURES = (UpstreamTimeout, UpstreamUnavailable, UpstreamInvalid, OutcomeUnknown)
_RETRIED = (UpstreamTimeout, UpstreamUnavailable)


@dataclass(frozen=True, slots=True)
class Policies:
    """The settings; None turns a policy off.

    `window_seconds` is the longest window, `breaker_percent` the share of failures that opens a breaker,
    `breaker_seconds` the time until its probe, and `retry_percent` the share of reads that may be sent again.
    """

    window_seconds: float | None = None
    breaker_percent: int | None = None
    breaker_seconds: float = 5
    retry_percent: int | None = None


class Guard:
    """Applies the policies to the calls of these names; for one event loop.

    `clock` is monotonic and `random` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        calls: Iterable[str],
        policies: Policies,
        events: ResilienceEvents,
        *,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._calls = {call: _GuardedCall(call, policies, events, clock, random) for call in calls}

    def read(
        self, call: str, requester: Requester, send: Callable[[], Awaitable[T]], *, is_page: bool = False
    ) -> Coroutine[None, None, T]:
        """Send a read, and once more where it failed and there is time and budget.

        `is_page` says that it is a later page of a list. Raises what `send` raises; RateLimited and UpstreamUnavailable
        without sending it; LimitExceeded, at once, where the request has sent too many.
        """
        # A list has a bound of its own, and half of one is of no use.
        if not is_page and requester.reads_left <= 0:
            raise LimitExceeded("The operation needs too many upstream calls. Ask for fewer chains at a time.")
        return self._calls[call].read(requester, send)

    async def write(self, call: str, requester: Requester, send: Callable[[], Awaitable[T]]) -> T:
        """Send a write, never twice.

        Raises what `send` raises; RateLimited and UpstreamUnavailable with `is_unsent` where it was not sent.
        """
        return await self._calls[call].send(requester, send, _Attempt.WRITE)


class _Attempt(Enum):
    READ = "read"
    RETRY = "retry"
    WRITE = "write"


class _GuardedCall:
    """The state of the policies for one call."""

    __slots__ = ("_breaker", "_budget", "_call", "_clock", "_events", "_windows")

    def __init__(
        self,
        call: str,
        policies: Policies,
        events: ResilienceEvents,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._call = call
        self._clock = clock
        self._events = events
        self._budget = RetryBudget(policies.retry_percent)
        self._windows = None if policies.window_seconds is None else Windows(policies.window_seconds, clock)
        self._breaker = Breaker(
            policies.breaker_percent,
            policies.breaker_seconds,
            random=random,
            on_change=events.breaker(call),
        )

    async def read(self, requester: Requester, send: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self.send(requester, send, _Attempt.READ)
        except _RETRIED as error:
            if not self._may_retry(error, requester):
                raise
        return await self.send(requester, send, _Attempt.RETRY)

    async def send(self, requester: Requester, send: Callable[[], Awaitable[T]], attempt: _Attempt) -> T:
        is_closed = self._breaker.state is State.CLOSED and not (self._windows and self._windows.are_open)
        is_probe = not is_closed and self._admit(requester.player, is_write=attempt is _Attempt.WRITE)
        if attempt is not _Attempt.WRITE:
            requester.reads_left -= 1
        if attempt is _Attempt.READ:
            self._budget.save()
        try:
            result = await send()
        except BaseException as error:
            self._ended(error, requester.player, is_probe=is_probe)
            raise
        self._answered(is_probe=is_probe)
        return result

    def _may_retry(self, error: GatewayError, requester: Requester) -> bool:
        """Whether a read that failed may be sent again, which then counts against the budget."""
        if error.retry_after_seconds is not None or self._breaker.state is State.OPEN:
            return False
        if requester.reads_left <= 0 or asyncio.get_running_loop().time() >= requester.retry_until:
            self._events.retry(self._call, "too_late")
            return False
        if not self._budget.spend():
            self._events.retry(self._call, "no_budget")
            return False
        self._events.retry(self._call, "sent")
        return True

    def _admit(self, player: str, *, is_write: bool) -> bool:
        """Let a call through; gives whether it is a breaker's probe. Raises RateLimited and UpstreamUnavailable."""
        windows, breaker = self._windows, self._breaker
        now = self._clock()
        window = windows and windows.running(player, now)
        if window:
            raise self._unsent("window", window.error(now))
        if breaker.state is State.CLOSED:
            return False
        try:
            return breaker.admit(now, is_write=is_write)
        except NotAdmitted as refused:
            raise self._unsent(refused.reason, refused.error) from None

    def _unsent(self, reason: str, error: GatewayError) -> GatewayError:
        error.is_unsent = True
        self._events.not_sent(self._call, reason)
        return error

    def _answered(self, *, is_probe: bool) -> None:
        now = self._clock()
        if is_probe:
            self._breaker.probe_succeeded(now)
        self._breaker.rates.count(now)
        if self._windows is not None:
            self._windows.answered()

    def _ended(self, error: BaseException, player: str, *, is_probe: bool) -> None:
        """Note an error. What tells nothing of the upstream, like no free connection, counts neither way."""
        if isinstance(error, _ANSWERS):
            self._answered(is_probe=is_probe)
        elif isinstance(error, _FAILURES):
            self._breaker.failed(self._clock(), is_probe=is_probe)
        elif is_probe:
            self._breaker.probe_ended()
        seconds = error.wait_seconds if isinstance(error, GatewayError) else None
        if seconds is not None and self._windows is not None:
            is_for_everybody = self._windows.open(player, seconds, is_rate_limit=isinstance(error, RateLimited))
            self._events.window(self._call, seconds, is_for_everybody=is_for_everybody)
