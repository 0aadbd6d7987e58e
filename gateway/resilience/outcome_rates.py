"""How many calls succeeded and failed in the last ten seconds, counted by seconds."""

from collections import deque

SECONDS = 10
"""For how many seconds calls are counted."""


class OutcomeRates:
    """Counts over the last `SECONDS`, the present second among them."""

    def __init__(self) -> None:
        self._second = 0
        self._succeeded = self._failed = 0
        self._earlier: deque[tuple[int, int, int]] = deque(maxlen=SECONDS - 1)

    def count(self, now: float, *, is_failure: bool = False) -> None:
        """Count one call."""
        second = int(now)
        if second != self._second:
            self._earlier.append((self._second, self._succeeded, self._failed))
            self._second, self._succeeded, self._failed = second, 0, 0
        if is_failure:
            self._failed += 1
        else:
            self._succeeded += 1

    def totals(self, now: float) -> tuple[int, int]:
        """How many calls there were, and how many of them failed."""
        seconds = [*self._earlier, (self._second, self._succeeded, self._failed)]
        recent = [one for one in seconds if one[0] > now - SECONDS]
        failures = sum(failed for _, _, failed in recent)
        return failures + sum(succeeded for _, succeeded, _ in recent), failures
