"""For whom upstream calls are sent, and what one request may still send."""

from math import inf

Headers = tuple[tuple[str, str], ...]


class Requester:
    """One player's or anonymous caller's request, as upstream calls see it.

    `headers` are forwarded. `player` tells players apart and is never a token; `source`, by which calls that wait take
    turns, is the player or, of callers without a token, their address. Reads may be sent again before `retry_until`, a
    time of the event loop. `reads` bounds how many are sent; None is no bound. `reads_left` counts them down.
    """

    __slots__ = ("headers", "player", "reads_left", "retry_until", "source")

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
        self.reads_left = inf if reads is None else reads

    def __repr__(self) -> str:
        return f"Requester({self.player[:8]})"
