"""Windows: times in which no call is sent, because the upstream said when to come back (RFC 9110, 10.2.3)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TLRUCache

from gateway.errors import GatewayError, RateLimited, UpstreamUnavailable

MOST_PLAYERS = 10_000
"""Players of one call whose windows are remembered; the longest unused leave first."""

SEVERAL = 3
"""So many different players who are told to wait, one after the other, make a window for everybody."""


@dataclass(frozen=True, slots=True)
class Window:
    """No call until `ends_at`; `requested_until` is what the upstream said, which may be later (monotonic seconds)."""

    ends_at: float
    requested_until: float
    is_rate_limit: bool

    def error(self, now: float) -> GatewayError:
        """What a call in the window is answered with."""
        seconds = math.ceil(self.requested_until - now)
        error: GatewayError = RateLimited(seconds) if self.is_rate_limit else UpstreamUnavailable()
        error.retry_after_seconds = seconds
        return error


_NONE = Window(-math.inf, -math.inf, is_rate_limit=False)


class Windows:
    """The windows of one call: of single players, and of everybody.

    One is at most `longest_seconds` long, whatever the upstream says; 0 keeps none.
    """

    # A limit that the upstream sets for our address shows itself by refusing different players in a row. One player's
    # own limit does not: calls of others succeed in between. So nobody can close a call for others by exceeding theirs.

    def __init__(self, longest_seconds: float, clock: Callable[[], float]) -> None:
        self._longest_seconds = longest_seconds
        self._clock = clock
        self._players: TLRUCache[str, Window] = TLRUCache(MOST_PLAYERS, lambda _, window, __: window.ends_at, clock)
        self._everybody = _NONE
        self._limited_in_a_row: dict[str, Window] = {}
        self.are_open = False
        """Whether a window may be running: else nobody has to look."""

    def open(self, player: str, seconds: float, *, is_rate_limit: bool) -> bool:
        """Open the player's window; gives whether it made one for everybody."""
        now = self._clock()
        window = Window(now + min(seconds, self._longest_seconds), now + seconds, is_rate_limit)
        self._players[player] = window
        self.are_open = True
        self._limited_in_a_row[player] = window
        if len(self._limited_in_a_row) < SEVERAL:
            return False
        # All were told to come back at some time; none was told to come back before the first of these.
        self._everybody = min(self._limited_in_a_row.values(), key=lambda one: one.ends_at)
        self._limited_in_a_row.clear()
        return True

    def answered(self) -> None:
        """Note that a call got an answer: a caller who is told to wait is told so for themselves."""
        if self._limited_in_a_row:
            self._limited_in_a_row.clear()

    def running(self, player: str, now: float) -> Window | None:
        """The window that a call of the player falls into."""
        if now < self._everybody.ends_at:
            return self._everybody
        self._players.expire()
        self.are_open = bool(self._players)
        return self._players.get(player)
