"""What the policies do, as metrics and log lines tell it."""

import logging
from collections.abc import Callable, Iterable

from gateway.resilience.breaker import State
from gateway.telemetry import log
from gateway.telemetry.metrics import Metrics, Sample

logger = logging.getLogger(__name__)

REASONS = ("window", "breaker", "recovery")
"""Why a call was not sent."""

RETRIES = ("sent", "no_budget", "too_late")
"""What became of a read that could be sent again."""


class ResilienceEvents:
    """Counts and logs what the policies do; labels are names of calls and the sets above."""

    def __init__(self, metrics: Metrics, calls: Iterable[str]) -> None:
        calls = tuple(calls)
        self._not_sent = metrics.tally(
            "gateway_upstream_not_sent", "Upstream calls that were not sent, and why.", call=calls, reason=REASONS
        )
        self._retries = metrics.tally(
            "gateway_upstream_retries",
            "Upstream reads that failed and could be sent again.",
            call=calls,
            result=RETRIES,
        )
        self._windows = metrics.tally(
            "gateway_upstream_windows",
            "Times in which a call was not sent because the upstream said when to come back.",
            call=calls,
            whose=("player", "everybody"),
        )
        self._breakers = metrics.tally(
            "gateway_upstream_breakers", "Changes of breakers.", call=calls, state=[one.value for one in State]
        )
        self._open = dict.fromkeys(calls, False)
        metrics.watch(self._samples)

    def not_sent(self, call: str, reason: str) -> None:
        """Count a call that was not sent. It is not logged: there are as many as players ask."""
        self._not_sent.count(call, reason)

    def retry(self, call: str, result: str) -> None:
        """Count a read that failed and could be sent again; its failure is in the log."""
        self._retries.count(call, result)

    def window(self, call: str, seconds: float, *, is_for_everybody: bool) -> None:
        """Count and log a window."""
        whose = "everybody" if is_for_everybody else "player"
        self._windows.count(call, whose)
        log.event(logger, logging.WARNING, "upstream_window", call=call, seconds=seconds, whose=whose)

    def breaker(self, call: str) -> Callable[[State], None]:
        """Counts and logs the changes of a call's breaker."""

        def changed(state: State) -> None:
            self._open[call] = state is State.OPEN
            self._breakers.count(call, state.value)
            level = logging.WARNING if state is State.OPEN else logging.INFO
            log.event(logger, level, "upstream_breaker", call=call, state=state.value)

        return changed

    def _samples(self) -> Iterable[Sample]:
        is_open = sum(self._open.values())
        yield Sample("gateway_upstream_breakers_open", "Calls whose breaker is open now.", is_open)
