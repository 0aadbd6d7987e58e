"""The circuit breaker of one call (Nygard, "Release It!"): while most calls fail, none but a probe is sent."""

import math
from collections.abc import Callable
from enum import Enum

from gateway.errors import UpstreamUnavailable
from gateway.resilience.outcome_rates import SECONDS, OutcomeRates

LEAST_CALLS = 20
"""So many calls in the last ten seconds are needed to judge."""

JITTER = 0.2
"""By how large a share of it the time until the probe is shorter, at random: processes do not probe together."""

RECOVERY_SECONDS = 3.0
"""How long after a successful probe calls are let through by and by."""

LEAST_RATE = 10.0
"""Calls a second that count as normal at least."""


class State(Enum):
    """What a breaker lets through: everything, a probe, or more and more."""

    CLOSED = "closed"
    OPEN = "open"
    RECOVERING = "recovering"


class NotAdmitted(Exception):
    """The call may not be sent; `seconds` says when to come back."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = UpstreamUnavailable()
        self.error.retry_after_seconds = max(1, math.ceil(seconds))


class Breaker:
    """Opens when `failures_percent` of the calls of the last ten seconds failed; None never opens.

    After about `open_seconds` one call is let through as a probe. Once it succeeds, calls come back by and by: 1.5
    times the normal rate in the first second, 2.5 times in the second, 3.5 times in the third, then all. Normal is
    what succeeded in the ten seconds before it opened. `random` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        failures_percent: int | None,
        open_seconds: float,
        *,
        random: Callable[[], float],
        on_change: Callable[[State], None],
    ) -> None:
        self.state = State.CLOSED
        self.rates = OutcomeRates()
        self._failures_percent = failures_percent
        self._open_seconds = open_seconds
        self._random = random
        self._on_change = on_change
        self._is_probing = False
        self._probe_at = math.inf
        self._recovering_since = -math.inf
        self._normal_rate = LEAST_RATE
        self._admitted = 0

    def admit(self, now: float, *, is_write: bool) -> bool:
        """Let a call through where the breaker is not closed; gives whether it is the probe. Raises NotAdmitted."""
        if self.state is State.OPEN:
            if self._is_probing or now < self._probe_at:
                raise NotAdmitted("breaker", self._probe_at - now)
            self._is_probing = True
            return True
        elapsed = now - self._recovering_since
        if elapsed >= RECOVERY_SECONDS:
            self._set(State.CLOSED)
        elif self._admitted >= 1 + self._normal_rate * elapsed * (1 + elapsed / 2) and not is_write:
            raise NotAdmitted("recovery", RECOVERY_SECONDS - elapsed)
        self._admitted += 1
        return False

    def failed(self, now: float, *, is_probe: bool) -> None:
        """Count a failure, which may open the breaker."""
        if is_probe:
            self._open(now)
            return
        self.rates.count(now, is_failure=True)
        if self.state is State.OPEN or self._failures_percent is None:
            return
        calls, failures = self.rates.totals(now)
        if calls >= LEAST_CALLS and failures * 100 >= calls * self._failures_percent:
            self._normal_rate = max(LEAST_RATE, (calls - failures) / SECONDS)
            self._open(now)

    def probe_succeeded(self, now: float) -> None:
        """Let calls through again, by and by."""
        self._is_probing = False
        self.rates = OutcomeRates()
        self._recovering_since = now
        self._admitted = 0
        self._set(State.RECOVERING)

    def probe_ended(self) -> None:
        """Note that the probe told nothing: the next call is one."""
        self._is_probing = False

    def _open(self, now: float) -> None:
        self._is_probing = False
        self._probe_at = now + self._open_seconds * (1 - JITTER * self._random())
        if self.state is not State.OPEN:
            self._set(State.OPEN)

    def _set(self, state: State) -> None:
        self.state = state
        self._on_change(state)
