"""A limit on how much one player may have open at a time."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.errors import LimitExceeded


class OpenLimit:
    """At most `most` for each key. None is no limit, and an empty key is not counted."""

    def __init__(self, what: str, most: int | None, refused: Callable[[], None] = lambda: None) -> None:
        self._what = what
        self._most = most
        self._refused = refused
        self._open: Counter[str] = Counter()

    def add(self, key: str) -> None:
        """Count one until it is removed. Raises LimitExceeded."""
        if not key:
            return
        if self._most is not None and self._open[key] >= self._most:
            self._refused()
            raise LimitExceeded(f"This player has {self._most} {self._what} already. End one of them first.")
        self._open[key] += 1

    def remove(self, key: str) -> None:
        """Count one less."""
        if key:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    @contextmanager
    def take(self, key: str) -> Iterator[None]:
        """Count one while the context is open. Raises LimitExceeded."""
        self.add(key)
        try:
            yield
        finally:
            self.remove(key)
