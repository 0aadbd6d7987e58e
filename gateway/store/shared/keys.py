"""The names of keys in the store: `lg1:<project>:…`, and nothing in them but tags."""

from gateway.cache.keys import Owner
from gateway.store.ports import RecordKey
from gateway.store.tags import Tags

FORMAT = "lg1"
"""The format of everything in the store; a release that breaks it takes another one."""


class Keys:
    """Names keys of one project. What is in braces decides the slot of a cluster: a player's records share one."""

    def __init__(self, project_id: int, tags: Tags) -> None:
        self.tags = tags
        self._prefix = f"{FORMAT}:{project_id}:"
        # In one slot, so that a cluster answers for both in one round trip.
        self.bus = f"{self._prefix}{{bus}}"
        self.epoch = f"{self._prefix}{{bus}}:epoch"

    def record(self, key: RecordKey, table: str) -> str:
        """The record of a write; `table` is `k` with a key, `w` without."""
        scope = self.tags.scope(key.kind, key.scope).hex()
        return f"{self._prefix}{{{scope}}}:{table}:{self.tags.record(*key).hex()}"

    def lost_orders(self, player_id: str) -> str:
        """The player's lost orders."""
        return f"{self._prefix}{{{self.tags.player(player_id).hex()}}}:l"

    def lost_record(self, player_id: str, record: str, table: str) -> str:
        """The record of a lost order, by the tag that is in the list of them."""
        return f"{self._prefix}{{{self.tags.player(player_id).hex()}}}:{table}:{record}"

    def ticket(self, order_id: int) -> str:
        """Who may poll an order next."""
        return f"{self._prefix}{{o{order_id}}}:t"

    def confirmation(self, owner: Owner) -> str:
        """The player that a credential was accepted for."""
        return f"{self._prefix}c:{self.tags.owner(owner).hex()}"

    def webhook(self, key: bytes) -> str:
        """Whether a webhook was applied."""
        return f"{self._prefix}wh:{self.tags.blind(key).hex()}"

    def relay(self, key: bytes) -> str:
        """Whether a webhook was relayed, or is being."""
        return f"{self._prefix}wr:{self.tags.blind(key).hex()}"
