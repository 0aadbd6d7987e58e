"""Whose values are not kept at the moment, because a write is under way on another process."""

from collections.abc import Callable, Iterable

from cachetools import TTLCache

HOLD_SECONDS = 10.0
"""For how long a write counts as under way whose end is not heard of: as long as its lease."""

MOST_HELD = 100_000


class Holds:
    """Writes under way elsewhere, by the tags of whose they are; `clock` is in seconds of any origin."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._held: TTLCache[bytes, frozenset[bytes]] = TTLCache(MOST_HELD, HOLD_SECONDS, clock)

    def begin(self, tags: Iterable[bytes], write: bytes) -> None:
        """Take in that a write begins."""
        for tag in tags:
            self._held[tag] = self._held.get(tag, frozenset()) | {write}

    def end(self, tags: Iterable[bytes], write: bytes) -> None:
        """Take in that a write ended; harmless where its beginning was not heard of."""
        for tag in tags:
            left = self._held.pop(tag, frozenset()) - {write}
            if left:
                self._held[tag] = left

    def any_of(self, tags: Iterable[bytes]) -> bool:
        """Whether a write of any of these is under way."""
        return any(tag in self._held for tag in tags)

    def __len__(self) -> int:
        """How many tags are held; some of them may be over."""
        return len(self._held)
