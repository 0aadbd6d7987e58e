"""Who asked lately for everything to be read anew: a player may ask so again after some seconds."""

import time
from collections.abc import Callable
from math import ceil

from cachetools import TTLCache

from gateway.cache.keys import Owner

REFRESH_SECONDS = 5.0
"""From one refresh of an owner to the next: as long as their points live, so that it is seldom more than they cost."""

_MOST_OWNERS = 20_000


class Refreshes:
    """When owners refreshed last, on this process; `clock` is in seconds and monotonic."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._allowed_at: TTLCache[Owner, float] = TTLCache(_MOST_OWNERS, REFRESH_SECONDS, timer=clock)

    def admit(self, owner: Owner) -> int | None:
        """Count a refresh; where it comes too soon, the whole seconds until the next is allowed."""
        allowed_at = self._allowed_at.get(owner)
        if allowed_at is not None:
            return max(1, ceil(allowed_at - self._clock()))
        self._allowed_at[owner] = self._clock() + REFRESH_SECONDS
        return None
