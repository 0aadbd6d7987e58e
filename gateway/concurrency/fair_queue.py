"""A queue that is fair to those who wait in it, however much one of them asks for.

Each owner has a line of their own, and the lines are served in turn. This is deficit round robin (Shreedhar and
Varghese, 1995) where all items cost the same, as upstream calls do: then nobody is ever in deficit.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class FairQueue(Generic[T]):
    """Items of many owners. Adding, taking and removing one take the same time however many wait."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, dict[T, None]] = {}
        self._owners: dict[T, Hashable] = {}

    def __len__(self) -> int:
        return len(self._owners)

    def __contains__(self, item: T) -> bool:
        return item in self._owners

    @property
    def oldest(self) -> T:
        """What has waited longest. Raises StopIteration for an empty queue."""
        return next(iter(self._owners))

    def waiting(self, owner: Hashable) -> int:
        """How many items of this owner wait."""
        return len(self._lines.get(owner, ()))

    def add(self, owner: Hashable, item: T) -> None:
        """Put an item at the end of its owner's line."""
        self._lines.setdefault(owner, {})[item] = None
        self._owners[item] = owner

    def take(self) -> T:
        """Remove the first item of the line whose turn it is. Raises StopIteration for an empty queue."""
        owner = next(iter(self._lines))
        line = self._lines.pop(owner)
        item = next(iter(line))
        del line[item], self._owners[item]
        if line:
            self._lines[owner] = line
        return item

    def remove(self, item: T) -> None:
        """Remove an item; harmless for one that is not in the queue."""
        if item in self._owners:
            owner = self._owners.pop(item)
            line = self._lines[owner]
            del line[item]
            if not line:
                del self._lines[owner]

    def displace(self, owner: Hashable) -> T | None:
        """Remove the newest item of the longest line, to make room for one of this owner.

        None where this owner's line would then be as long itself: nobody has to make room for them.
        """
        longest = self._longest_line(owner)
        if longest is None:
            return None
        item = next(reversed(longest))
        self.remove(item)
        return item

    def can_displace(self, owner: Hashable) -> bool:
        """Whether `displace` would remove one for this owner."""
        return self._longest_line(owner) is not None

    def _longest_line(self, owner: Hashable) -> dict[T, None] | None:
        if len(self._lines) == len(self._owners):
            return None
        longest = max(self._lines.values(), key=len)
        return None if len(longest) <= len(self._lines.get(owner, ())) + 1 else longest
