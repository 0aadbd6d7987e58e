"""What a fleet says of values that one of its processes keeps."""

from typing import Protocol

from gateway.cache.keys import Owner


class Guard(Protocol):
    """Says what may be kept and told although other processes write; one process alone needs none."""

    def is_fresh(self, loaded_at: float) -> bool:
        """Whether what was loaded at that reading of the clock may be told now."""
        ...

    def is_held(self, owner: Owner) -> bool:
        """Whether nothing that is read of the owner may be kept, because a write is under way elsewhere."""
        ...

    def name(self, owner: Owner) -> object:
        """Something that is kept as long as anything of the owner is: while it lives, events find the owner."""
        ...
