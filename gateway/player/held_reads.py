"""Reads that failed and were answered with a copy: they are not sent again for some seconds."""

import time
from collections.abc import Callable

from cachetools import TLRUCache

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import CacheGeneration

HELD_SECONDS = 4.0
"""For how long at most: with the second for which a response is cached, the player sees what is new after five."""

_MOST_READS = 20_000

_Held = tuple[float, CacheGeneration]


class HeldReads:
    """Reads that are not to be sent yet; the longest unused leave first. `clock` is in seconds and monotonic."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: TLRUCache[tuple[Owner, CacheKey], _Held] = TLRUCache(
            _MOST_READS, lambda _, held, __: held[0], clock
        )

        self.are_held = False
        """Whether a read may be held: else nobody has to look."""

    def hold(self, owner: Owner, key: CacheKey, lifetime: float, generation: CacheGeneration) -> None:
        """Hold a read for the `lifetime` of its copy, HELD_SECONDS at most, while the owner's generation is current."""
        self.are_held = True
        self._held[owner, key] = (self._clock() + min(lifetime, HELD_SECONDS), generation)

    def is_held(self, owner: Owner, key: CacheKey) -> bool:
        """Whether a read is not to be sent yet."""
        self._held.expire()
        self.are_held = bool(self._held)
        held = self._held.get((owner, key))
        return held is not None and held[1].is_current
