"""The directory: which owners are one player's, and which owners know an order.

A webhook names a player; what is cached is filed under owners, which are digests of credentials. The directory leads
from one to the other. Only what is certain may be written into it: a credential that the gateway verified or that the
upstream accepted on a call that needs one, or a signed webhook. Anybody can claim another player's id in a token.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from gateway.cache.keys import Owner

K = TypeVar("K", bound=str | int)

MOST_ID_CHARACTERS = 256
"""A longer player id is not remembered; the vendor's are UUIDs or the studio's own (client contract, 6.1)."""

MOST_OWNERS = 16
"""Credentials of one player, or for one order, that are remembered; the longest unused leaves first."""

MOST_KEYS = 4
"""Ids that one credential may have: the token's subject, and the studio's own id in webhooks (client contract, 8.4)."""

MOST_ORDERS = 64
"""Orders of one credential that are remembered."""


_KEY_BYTES = 500
"""Charged for each player or order on top of its id; a test measures it."""

_TAG_BYTES = 200
"""Charged for each player's tag."""

_OWNER_BYTES = 330
"""Charged for each owner of a player or order."""


class PlayerDirectory:
    """Players and orders with their owners, within `max_bytes`; those longest unused leave first.

    `tag_of` names players between the processes of a fleet.
    """

    def __init__(self, *, max_bytes: int = 24 * 2**20, tag_of: Callable[[str], bytes] | None = None) -> None:
        self._tag_of = tag_of
        self._players: _Links[str] = _Links(max_bytes // 2, most_keys=MOST_KEYS, tag_of=tag_of)
        self._orders: _Links[int] = _Links(max_bytes // 2, most_keys=MOST_ORDERS)

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything remembered; never above `max_bytes`."""
        return int(self._players.currsize + self._orders.currsize)

    def link(self, player_id: str, owner: Owner) -> None:
        """Remember that the owner is this player's, and that it was used last."""
        if 0 < len(player_id) <= MOST_ID_CHARACTERS:
            self._players.link(player_id, owner)

    def owners(self, player_id: str) -> tuple[Owner, ...]:
        """The owners of a player, the latest used last."""
        return self._players.owners_of(player_id)

    def player_id(self, owner: Owner) -> str | None:
        """The id that the owner was last linked with, or None where it never was."""
        ids = self._players.keys_of(owner)
        return ids[-1] if ids else None

    def owners_of_same_player(self, owner: Owner) -> frozenset[Owner]:
        """All owners of the same player, this one among them."""
        ids = self._players.keys_of(owner)
        return frozenset((owner, *(one for player_id in ids for one in self.owners(player_id))))

    def tags(self, owner: Owner) -> tuple[bytes, ...]:
        """The tags of the player whose owner this is; none in a gateway that is alone."""
        return tuple(map(self._tag_of, self._players.keys_of(owner))) if self._tag_of else ()

    def owners_tagged(self, tag: bytes) -> tuple[Owner, ...]:
        """The owners of the player that a tag names."""
        return self._players.owners_tagged(tag)

    @contextmanager
    def pin(self, owner: Owner) -> Iterator[None]:
        """Keep what is known of the owner while somebody listens, who may send nothing for hours."""
        player_ids = self._players.keys_of(owner)
        self._players.pin(player_ids)
        try:
            yield
        finally:
            self._players.unpin(player_ids)

    def link_order(self, order_id: int, owner: Owner) -> None:
        """Remember that the owner placed or read this order."""
        self._orders.link(order_id, owner)

    def owners_of_order(self, order_id: int) -> tuple[Owner, ...]:
        """The owners that are known to know the order, the latest used last."""
        return self._orders.owners_of(order_id)

    def forget(self, owner: Owner) -> None:
        """Forget an owner: its credential is not accepted any more."""
        self._players.unlink_all(owner)
        self._orders.unlink_all(owner)


class _Linked(NamedTuple):
    """The owners of one key, and what they are charged with it."""

    owners: tuple[Owner, ...]
    charged_bytes: int


class _Links(LRUCache[K, _Linked], Generic[K]):
    """Keys and owners, many to many, readable from both sides, within a number of bytes."""

    def __init__(self, max_bytes: int, *, most_keys: int, tag_of: Callable[[K], bytes] | None = None) -> None:
        super().__init__(max_bytes, getsizeof=lambda linked: linked.charged_bytes)
        self._tag_of = tag_of
        self._tagged: dict[bytes, K] = {}
        self._keys: dict[Owner, tuple[K, ...]] = {}
        self._most_keys = most_keys
        self._pinned: Counter[K] = Counter()

    def owners_of(self, key: K) -> tuple[Owner, ...]:
        return self[key].owners if key in self else ()

    def owners_tagged(self, tag: bytes) -> tuple[Owner, ...]:
        return self.owners_of(self._tagged[tag]) if tag in self._tagged else ()

    def __setitem__(self, key: K, linked: _Linked) -> None:
        super().__setitem__(key, linked)
        if self._tag_of is not None:
            self._tagged[self._tag_of(key)] = key

    def __delitem__(self, key: K) -> None:
        super().__delitem__(key)
        if self._tag_of is not None:
            del self._tagged[self._tag_of(key)]

    def keys_of(self, owner: Owner) -> tuple[K, ...]:
        return self._keys.get(owner, ())

    def link(self, key: K, owner: Owner) -> None:
        """Link both, each the other's latest; what is one too many on either side goes."""
        owners, keys = self.owners_of(key), self.keys_of(owner)
        if owners[-1:] == (owner,) and keys[-1:] == (key,):
            return
        self._unlink(key, owner)
        if len(self.owners_of(key)) == MOST_OWNERS:
            self._unlink(key, owners[0])
        if len(self.keys_of(owner)) == self._most_keys:
            self._unlink(keys[0], owner)
        self._keys[owner] = (*self.keys_of(owner), key)
        self._put(key, (*self.owners_of(key), owner))

    def unlink_all(self, owner: Owner) -> None:
        """Unlink the owner from everything."""
        for key in self.keys_of(owner):
            self._unlink(key, owner)

    def pin(self, keys: Iterable[K]) -> None:
        """Keep these keys as long as there are others that can make room."""
        self._pinned.update(keys)

    def unpin(self, keys: Iterable[K]) -> None:
        """Undo one `pin` of these keys."""
        for key in keys:
            self._pinned[key] -= 1
            if not self._pinned[key]:
                del self._pinned[key]

    def popitem(self) -> tuple[K, _Linked]:
        """Make room: the key goes that is longest unused; one that is pinned counts as used once it is met."""
        for _ in range(len(self)):
            key, linked = super().popitem()
            if key not in self._pinned:
                break
            self[key] = linked
        else:
            key, linked = super().popitem()
        for owner in linked.owners:
            self._drop(owner, key)
        return key, linked

    def _unlink(self, key: K, owner: Owner) -> None:
        owners = self.owners_of(key)
        if owner in owners:
            self._put(key, tuple(one for one in owners if one != owner))
            self._drop(owner, key)

    def _put(self, key: K, owners: tuple[Owner, ...]) -> None:
        # Taken out first: making room for the new value must not evict the key that it is for.
        self.pop(key, None)
        if owners:
            key_bytes = _KEY_BYTES + (0 if self._tag_of is None else _TAG_BYTES)
            self[key] = _Linked(owners, key_bytes + sys.getsizeof(key) + len(owners) * _OWNER_BYTES)

    def _drop(self, owner: Owner, key: K) -> None:
        keys = tuple(one for one in self._keys[owner] if one != key)
        if keys:
            self._keys[owner] = keys
        else:
            del self._keys[owner]
