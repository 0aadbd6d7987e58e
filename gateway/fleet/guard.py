"""What this process may keep and tell although others of its fleet write: the cache's guard."""

import math

from gateway.cache.keys import Owner
from gateway.events.player_directory import PlayerDirectory
from gateway.fleet.holds import Holds
from gateway.fleet.owner_names import OwnerName, OwnerNames
from gateway.store.shared.silence import Silence


class FleetGuard:
    """The `Guard` of a process in a fleet. On a hit it costs two comparisons, and no command to the store."""

    def __init__(self, silence: Silence, names: OwnerNames, holds: Holds, directory: PlayerDirectory) -> None:
        self._silence = silence
        self._names = names
        self._holds = holds
        self._directory = directory
        self._forgotten_at = -math.inf

    def is_fresh(self, loaded_at: float) -> bool:
        """Whether what was loaded then may be told now: all events up to shortly before have come."""
        return loaded_at > self._forgotten_at and self._silence.is_fresh(loaded_at)

    def is_held(self, owner: Owner) -> bool:
        """Whether a write of the player is under way elsewhere."""
        if not len(self._holds):
            return False
        return self._holds.any_of((self._names.of(owner).tag, *self._directory.tags(owner)))

    def name(self, owner: Owner) -> OwnerName:
        """The owner's name, by which events find them."""
        return self._names.of(owner)

    def forget_all(self) -> None:
        """Tell nothing any more that was loaded up to now."""
        self._forgotten_at = self._silence.clock()
