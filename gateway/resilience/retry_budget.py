"""A retry budget: which share of the reads may be sent twice (Google, "Site Reliability Engineering", chapter 21)."""

MOST_SAVED = 100.0
"""Retries that can be saved up: chance lets failures come in bunches."""

SAVED_AT_FIRST = 10.0


class RetryBudget:
    """Each call saves `percent` of one retry; None allows no retry."""

    def __init__(self, percent: int | None) -> None:
        self._share = (percent or 0) / 100
        self._saved = SAVED_AT_FIRST if percent else 0.0

    def save(self) -> None:
        """Note a call that is sent for the first time."""
        if self._saved < MOST_SAVED:
            self._saved += self._share

    def spend(self) -> bool:
        """Take one retry, if there is one."""
        if self._saved < 1:
            return False
        self._saved -= 1
        return True
