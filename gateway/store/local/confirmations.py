"""Confirmed credentials within one process."""

import time
from collections.abc import Callable
from typing import NamedTuple

from cachetools import TLRUCache

from gateway.cache.keys import Owner

MOST_SECONDS = 3_600.0
"""For how long a credential counts as accepted at most; the token's own end may come before."""

MOST_OWNERS = 50_000


class _Confirmed(NamedTuple):
    player_id: str
    until: float


class LocalConfirmations:
    """`Confirmations` in memory; `clock` is in seconds of any origin."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most_owners: int = MOST_OWNERS) -> None:
        self._clock = clock
        self._confirmed: TLRUCache[Owner, _Confirmed] = TLRUCache(most_owners, lambda _, one, __: one.until, clock)

    async def is_confirmed(self, owner: Owner, player_id: str) -> bool:
        """Whether the credential was accepted for this player id."""
        confirmed = self._confirmed.get(owner)
        return confirmed is not None and confirmed.player_id == player_id

    async def confirm(self, owner: Owner, player_id: str, seconds: float) -> None:
        """Remember that the credential was accepted for this player id."""
        self._confirmed[owner] = _Confirmed(player_id, self._clock() + min(seconds, MOST_SECONDS))

    async def reject(self, owner: Owner) -> None:
        """Forget a credential that is accepted no more."""
        self._confirmed.pop(owner, None)
