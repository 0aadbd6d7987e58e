"""How often players and addresses may ask for what goes upstream, and how it is told."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cachetools import LRUCache
from msgspec import Struct
from msgspec.structs import replace

from gateway.admission.rate_limit import RateLimit
from gateway.errors import RateLimited
from gateway.telemetry import log

logger = logging.getLogger(__name__)

BURST_SECONDS = 10.0
"""So many seconds' worth may come at once."""

NEW_TOKEN_BURST_SECONDS = 0.5
NEW_TOKEN_SHARE = 0.95
"""New tokens get so much of their rate, so that it holds for any ten seconds with the burst included."""

MOST_ACCEPTED = 20_000
"""Credentials that are known to be accepted, about 300 bytes each."""


class Limit(StrEnum):
    """The limits: of a player, of an address, and of an address's tokens that the upstream has not accepted yet."""

    PLAYER_CALLS = "player_calls"
    PLAYER_MUTATIONS = "player_mutations"
    ADDRESS_CALLS = "address_calls"
    ADDRESS_MUTATIONS = "address_mutations"
    NEW_TOKEN_CALLS = "new_token_calls"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Rates:
    """So many a second; None is no limit."""

    player_calls: float | None = None
    player_mutations: float | None = None
    address_calls: float | None = None
    address_mutations: float | None = None
    new_token_calls: float | None = None


class Source(Struct, frozen=True, gc=False):
    """Who asks: a player and an address; an empty one is not limited. `is_new` is a token that nobody has verified."""

    player: str
    address: str
    is_new: bool


class LimitRefusal(NamedTuple):
    """A limit that refuses, and in how many seconds to come again."""

    limit: Limit
    seconds: int


class RateLimits:
    """All limits of one process; `clock` is in seconds and monotonic, `count` counts refusals by the limit's name."""

    def __init__(self, rates: Rates, clock: Callable[[], float], count: Callable[[str], None] = lambda _: None) -> None:
        self._limits = {
            limit: _rate_limit(limit, rate, clock)
            for limit in Limit
            if (rate := getattr(rates, limit.value)) is not None
        }
        self._count = count
        self._accepted: LRUCache[str, None] = LRUCache(MOST_ACCEPTED)

    def admit_calls(self, source: Source) -> None:
        """Let a request go upstream and count its first call. Raises RateLimited."""
        self._admit(self._keys(source, Limit.PLAYER_CALLS, Limit.ADDRESS_CALLS))

    def refusal(self, source: Source) -> LimitRefusal | None:
        """Which limit would refuse a request that goes upstream now; counts nothing."""
        return self._refusal(self._keys(source, Limit.PLAYER_CALLS, Limit.ADDRESS_CALLS))

    def count_refusal(self, limit: Limit) -> None:
        """Count and log a request that a limit refuses."""
        self._count(limit.value)
        log.event(logger, logging.WARNING, "rate_limited", limit=limit.value)

    def count_call(self, source: Source) -> None:
        """Count one more call of a request that was let go."""
        for limit, key in self._keys(source, Limit.PLAYER_CALLS, Limit.ADDRESS_CALLS):
            self._limits[limit].count(key)

    def give_back_call(self, source: Source) -> None:
        """Take back a call that was counted and not sent."""
        for limit, key in self._keys(source, Limit.PLAYER_CALLS, Limit.ADDRESS_CALLS):
            self._limits[limit].give_back(key)

    def admit_mutation(self, source: Source) -> None:
        """Let a mutation go and count it. Raises RateLimited."""
        self._admit(self._keys(replace(source, is_new=False), Limit.PLAYER_MUTATIONS, Limit.ADDRESS_MUTATIONS))

    def accept(self, source: Source) -> None:
        """Note that the upstream has accepted the player's token."""
        if source.is_new and Limit.NEW_TOKEN_CALLS in self._limits:
            self._accepted[source.player] = None

    def refuse(self, source: Source) -> None:
        """Note that the upstream does not accept the player's token."""
        self._accepted.pop(source.player, None)

    def headers(self, source: Source, *, is_mutation: bool) -> tuple[tuple[bytes, bytes], ...]:
        """`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) of the player's own limit."""
        name = Limit.PLAYER_MUTATIONS if is_mutation else Limit.PLAYER_CALLS
        limit = self._limits.get(name)
        if limit is None or not source.player:
            return ()
        label, quota = name.value.replace("_", "-"), limit.quota(source.player)
        window = math.ceil(limit.burst / limit.per_second)
        return (
            (b"ratelimit-policy", f'"{label}";q={int(limit.burst)};w={window}'.encode()),
            (b"ratelimit", f'"{label}";r={quota.left};t={math.ceil(quota.whole_in_seconds)}'.encode()),
        )

    def _keys(self, source: Source, of_player: Limit, of_address: Limit) -> list[tuple[Limit, str]]:
        keys = [(of_player, source.player), (of_address, source.address)]
        if source.is_new and Limit.NEW_TOKEN_CALLS in self._limits and source.player not in self._accepted:
            keys.append((Limit.NEW_TOKEN_CALLS, source.address))
        return [(limit, key) for limit, key in keys if key and limit in self._limits]

    def _admit(self, keys: list[tuple[Limit, str]]) -> None:
        refusal = self._refusal(keys)
        if refusal is not None:
            self.count_refusal(refusal.limit)
            raise RateLimited(refusal.seconds)
        for limit, key in keys:
            self._limits[limit].count(key)

    def _refusal(self, keys: list[tuple[Limit, str]]) -> LimitRefusal | None:
        for limit, key in keys:
            seconds = self._limits[limit].wait_seconds(key)
            if seconds > 0:
                return LimitRefusal(limit, math.ceil(seconds))
        return None


def _rate_limit(limit: Limit, rate: float, clock: Callable[[], float]) -> RateLimit:
    if limit is Limit.NEW_TOKEN_CALLS:
        return RateLimit(rate * NEW_TOKEN_SHARE, rate * NEW_TOKEN_BURST_SECONDS, clock)
    return RateLimit(rate, rate * BURST_SECONDS, clock)
