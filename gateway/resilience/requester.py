"""For whom upstream calls are sent, and what one request may still send."""

from math import inf

from gateway.errors import LimitExceeded

Headers = tuple[tuple[str, str], ...]


class Requester:
    """One player's or anonymous caller's request, as upstream calls see it.

    `headers` are forwarded. `player` tells players apart and is never a token; `source`, by which calls that wait take
    turns, is the player or, of callers without a token, their address. Reads may be sent again before `retry_until`, a
    time of the event loop. `reads` bounds how many are sent; None is no bound.
    """

    __slots__ = ("_reads_left", "headers", "player", "retry_until", "source")

    def __init__(
        self,
        headers: Headers,
        player: str = "",
        *,
        source: str = "",
        retry_until: float = inf,
        reads: int | None = None,
    ) -> None:
        self.headers = headers
        self.player = player
        self.source = source
        self.retry_until = retry_until
        self._reads_left = inf if reads is None else reads

    def __repr__(self) -> str:
        return f"Requester({self.player[:8]})"

    @property
    def may_read(self) -> bool:
        """Whether one more read may be sent."""
        return self._reads_left > 0

    def require_read(self) -> None:
        """Raises LimitExceeded where no more reads may be sent."""
        if self._reads_left <= 0:
            raise LimitExceeded("The operation needs too many upstream calls. Ask for fewer chains at a time.")

    def count_read(self) -> None:
        """Count a read that is sent."""
        self._reads_left -= 1
